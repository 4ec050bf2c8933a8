"""As much of JSON Schema as the schemas of the language use, to tell whether a document follows one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}

_ABOUT = {"$schema", "$defs", "title", "description", "discriminator", "format"}
_SAYS = {"$ref", "type", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "minProperties"}
_HOLDS = {"items", "minItems", "maxItems", "properties", "required", "additionalProperties", "patternProperties"}
KNOWN = _ABOUT | _SAYS | _HOLDS | {"propertyNames", "anyOf", "oneOf", "allOf"}


def wrong(node: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where a document does not follow a schema. Raises AssertionError if the schema says what is not known here."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        yield from wrong(node, target, root, at)
    for one in schema.get("allOf", []):
        yield from wrong(node, one, root, at)
    for key in ("anyOf", "oneOf"):
        fitting = [one for one in schema.get(key, []) if not any(wrong(node, one, root, at))]
        if key in schema and (not fitting or (key == "oneOf" and len(fitting) > 1)):
            yield f"{at}: {len(fitting)} of {key}"
    types = schema.get("type", [])
    allowed = [kind for one in ([types] if isinstance(types, str) else types) for kind in _TYPES[one]]
    if allowed and (not isinstance(node, tuple(allowed)) or (isinstance(node, bool) and bool not in allowed)):
        yield f"{at}: type"
        return
    if "enum" in schema and node not in schema["enum"]:
        yield f"{at}: enum"
    if "const" in schema and node != schema["const"]:
        yield f"{at}: const"
    if isinstance(node, str):
        if "pattern" in schema and not re.search(schema["pattern"], node):
            yield f"{at}: pattern"
        if not schema.get("minLength", 0) <= len(node) <= schema.get("maxLength", 10**9):
            yield f"{at}: length"
    if isinstance(node, list):
        if not schema.get("minItems", 0) <= len(node) <= schema.get("maxItems", 10**9):
            yield f"{at}: items"
        for number, one in enumerate(node):
            yield from wrong(one, schema.get("items", {}), root, f"{at}/{number}")
    if isinstance(node, dict):
        yield from _object(node, schema, root, at)


def _object(node: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    for key in schema.get("required", []):
        if key not in node:
            yield f"{at}: lacks {key}"
    for key, value in node.items():
        yield from wrong(key, schema.get("propertyNames", {}), root, f"{at}/{key}")
        if key in schema.get("properties", {}):
            yield from wrong(value, schema["properties"][key], root, f"{at}/{key}")
            continue
        matching = [one for pattern, one in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        for one in matching:
            yield from wrong(value, one, root, f"{at}/{key}")
        others = schema.get("additionalProperties", True)
        if not matching and others is False:
            yield f"{at}: {key} is unknown"
        elif not matching and isinstance(others, dict):
            yield from wrong(value, others, root, f"{at}/{key}")
