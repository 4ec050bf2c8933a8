"""The JSON Schema of the files an author writes, so that editors complete keys, explain them and mark what is wrong.

It is made from the same models that read the files. What only the whole shows (a step that does not exist, a branch
that is never taken) is for `check` to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from atencion.scripts.actions import ACTIONS, Param
from atencion.scripts.examples import Examples
from atencion.scripts.includes import Fragment, Include, Moment
from atencion.scripts.model import CRITERIA_PER_ELEMENT
from atencion.scripts.protocol import Protocol
from atencion.scripts.reference import MODELS, TYPES, describe, describe_param
from atencion.scripts.texts import LANGUAGES, REGISTERS
from atencion.scripts.values import FieldType

KINDS: dict[str, type[BaseModel]] = {"protocol": Protocol, "fragment": Fragment, "tests": Examples}
"""The files there is a schema of."""

Schema = dict[str, Any]

_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_REF = "#/$defs/"


def schema(kind: str) -> Schema:
    """The JSON Schema (2020-12) of a kind of file, one of `KINDS`."""
    model = KINDS[kind]
    whole = _generated(model)
    defs: Schema = whole.pop("$defs", {})
    if kind != "tests":
        for extra in (Protocol, Include, Moment):
            found = _generated(extra)
            defs |= found.pop("$defs", {})
            defs[extra.__name__] = found
    _explain(model, whole)
    for name, found in defs.items():
        _explain(_model(name), found)
    if kind != "tests":
        _as_authored(whole, defs)
        defs |= {"Say": _say(), "Next": _branches(), "When": _condition(), "Do": _doing()}
    if "FieldType" in defs:
        defs["FieldType"]["description"] = "; ".join(f"{one}: {said}" for one, (said, _example) in TYPES.items())
    if kind == "fragment":
        for found in (*defs.values(), whole):
            _with_params(found)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": MODELS[model.__name__]}
    return {**head, **whole, **({"$defs": defs} if defs else {})}


def _generated(model: type[BaseModel]) -> Schema:
    generator = _Generator(ref_template=_REF + "{model}")
    whole: Schema = _linked(generator.generate(model.__pydantic_core_schema__, mode="validation"))
    return whole


def _linked(node: Any) -> Any:
    """With the parts that many keys share named, and not repeated."""
    if isinstance(node, dict):
        return {"$ref": _REF + node["$comment"]} if "$comment" in node else {k: _linked(v) for k, v in node.items()}
    return [_linked(one) for one in node] if isinstance(node, list) else node


class _Generator(GenerateJsonSchema):
    """What a file may hold, rather than what a model holds once it is read."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        name = getattr(schema["function"]["function"], "__name__", "")
        if name == "listed":
            return {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}
        if name in _SHARED:
            return {"$comment": _SHARED[name]}
        return _READ[name]() if name in _READ else super().function_before_schema(schema)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        found = super().str_schema(schema)
        return found if "pattern" in found else {**found, **_SCALAR}


def _yes_no() -> Schema:
    return {"enum": ["yes", "no", "sí", True, False], "description": "yes o no"}


def _say() -> Schema:
    words = "|".join((*LANGUAGES, *REGISTERS))
    translation = {
        "type": "object",
        "properties": {
            "of": {
                "type": "string",
                "description": "La huella del texto que traduce; la da «atencion protocol render».",
            },
            "text": {"type": "string", "description": "La traducción."},
        },
        "required": ["of", "text"],
        "additionalProperties": False,
    }
    return {
        "anyOf": [
            _SCALAR,
            {
                "type": "object",
                "minProperties": 1,
                "description": f"Variantes: default, o palabras como {words}, o un canal.",
                "properties": {key: {"anyOf": [_SCALAR, translation]} for key in ("default", *LANGUAGES, *REGISTERS)},
                "additionalProperties": {"anyOf": [_SCALAR, translation]},
            },
        ]
    }


def _branches() -> Schema:
    target = {"type": "string", "description": "El paso al que lleva, o «end»."}
    branch = {
        "type": "object",
        "properties": {"when": {"$ref": _REF + "When"}, "goto": target, "times": _count()},
        "required": ["when", "goto"],
        "additionalProperties": False,
    }
    last = {"type": "object", "properties": {"else": target}, "required": ["else"], "additionalProperties": False}
    return {"anyOf": [target, {"type": "array", "minItems": 1, "items": {"anyOf": [branch, last]}}]}


def _condition() -> Schema:
    return {**_SCALAR, "description": 'Una condición: motivo == "factura" and importe > 50.'}


def _count() -> Schema:
    return {"type": ["integer", "string"], "pattern": "^[1-9][0-9]{0,2}$", "minimum": 1, "maximum": 999}


def _criterion() -> Schema:
    return {"enum": [f"IC{one}.{n}" for one, count in CRITERIA_PER_ELEMENT.items() for n in range(1, count + 1)]}


def _doing() -> Schema:
    actions = [
        {
            "type": "object",
            "description": spec.title() + (". Pide identidad comprobada." if spec.verified else "."),
            "properties": {
                name: {
                    "type": "object",
                    "properties": {key: _param(key, param) for key, param in spec.params.items()},
                    "required": [key for key, param in spec.params.items() if param.required],
                    "additionalProperties": False,
                },
                "when": {"$ref": _REF + "When"},
            },
            "required": [name],
            "additionalProperties": False,
        }
        for name, spec in ACTIONS.items()
    ]
    return {"anyOf": actions}


def _param(name: str, param: Param) -> Schema:
    text = {"type": "string", "pattern": r"\{[{%]|\$\{"}
    kind: Schema = {"enum": list(param.options)} if param.options else _SCALAR
    if param.type is FieldType.INTEGER:
        kind = {"type": ["integer", "string"]}
    return {"anyOf": [kind, text] if param.options else [kind], "description": describe_param(name, param)}


def _seconds() -> Schema:
    return {"type": "string", "pattern": "^([0-9]{1,3}h)? *([0-9]{1,4}m)? *([0-9]{1,5}s)?$"}


_SHARED = {"_text": "Say", "_branches": "Next", "_condition": "When", "_doing": "Do"}

_READ: dict[str, Callable[[], Schema]] = {
    "_yes_no": _yes_no,
    "_count": _count,
    "_criterion": _criterion,
    "_seconds": _seconds,
    "_pattern": lambda: dict(_SCALAR),
    "_clock": lambda: {"type": "string"},
}
"""What the readers of `model`, `protocol`, `fields`, `texts`, `actions` and `examples` take."""


def _model(name: str) -> type[BaseModel]:
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        one = waiting.pop()
        if one.__name__ == name and one.__module__.startswith("atencion."):
            return one
        waiting += one.__subclasses__()
    return BaseModel


def _explain(model: type[BaseModel], found: Schema) -> None:
    """Put the Spanish words of the reference where pydantic put the models' own."""
    found.pop("title", None)
    found.pop("description", None)
    if model.__name__ in MODELS:
        found["description"] = MODELS[model.__name__]
    for key, value in found.get("properties", {}).items():
        value.pop("title", None)
        said = describe(model, key)
        if said and "$ref" in value:
            found["properties"][key] = {"allOf": [value], "description": said}
        elif said:
            value["description"] = said


def _as_authored(whole: Schema, defs: Schema) -> None:
    """The effective protocol as it is written: steps that include others, moments, and what a call tells."""
    steps = defs.pop("Protocol")["properties"]["steps"]["items"]
    item = {"anyOf": [steps, {"$ref": _REF + "Include"}]}
    defs["Item"] = item
    several = {"type": "array", "items": {"$ref": _REF + "Item"}}
    whole["properties"]["steps"] = {**several, "minItems": 1, "description": describe(Protocol, "steps")}
    for key in ("before", "after"):
        defs["Include"]["properties"][key]["additionalProperties"] = several
        defs["Include"]["properties"][key].pop("patternProperties", None)
    told = {"type": "object", "description": "Lo que se le dice al fragmento."}
    defs["Call"]["properties"]["with"] = told
    if whole["properties"].pop("paths", None) is not None:
        use = defs["Moment"]["properties"]["use"]
        moments = {"type": "array", "items": {"anyOf": [use, {"$ref": _REF + "Moment"}]}}
        whole["properties"]["moments"] = {**moments, "description": describe(Protocol, "moments")}
    defs.pop("SidePath", None)


def _with_params(found: Schema) -> None:
    """In a fragment, what a key holds may be told by its users: `${name}`."""
    for key, value in list(found.get("properties", {}).items()):
        if key not in ("id", "kind", "steps", "params"):
            said = {"description": value["description"]} if "description" in value else {}
            found["properties"][key] = {"anyOf": [value, {"type": "string", "pattern": r"\$\{"}], **said}
