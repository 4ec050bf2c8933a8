"""What every file an author writes has in common: strict models over text, problems told at their place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from atencion.errors import Problem, ProblemsFound
from atencion.i18n import _
from atencion.scripts.document import Document, Loc
from atencion.scripts.expressions import Condition, ExpressionError, parse_condition


class Strict(BaseModel):
    """A frozen model in which an unknown key is a problem."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def invalid(
    message: str, expected: str = "", *, under: str = "", offset: int = 0, line: int = 1
) -> PydanticCustomError:
    """A problem of ours inside a validator: `offset` and `line` point into the text, of the key `under` if given.

    `expected` is how to mend it, where the message does not say so by itself.
    """
    context = {"message": message, "expected": expected, "under": under, "offset": offset, "line": line}
    return PydanticCustomError("atencion", "{message}", context)


def _yes_no(value: Any) -> bool:
    words = {"yes": True, "sí": True, "si": True, "true": True, "no": False, "false": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in words:
        raise invalid(_("se esperaba sí o no"), _("yes o no"))
    return words[value.lower()]


def _seconds(value: Any) -> int:
    match = (
        re.fullmatch(r"(?:(\d{1,3})h)?\s*(?:(\d{1,4})m)?\s*(?:(\d{1,5})s)?", value) if isinstance(value, str) else None
    )
    if match is None or not any(match.groups()):
        raise invalid(_("se esperaba un tiempo, como 30s, 2m o 1h 30m"))
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _count(value: Any) -> int:
    if not isinstance(value, str | int) or not re.fullmatch(r"[1-9]\d{0,2}", str(value)):
        raise invalid(_("se esperaba un número de veces, de 1 a 999"))
    return int(value)


def _condition(value: Any) -> Condition:
    if isinstance(value, Condition):
        return value
    if not isinstance(value, str):
        raise invalid(_("se esperaba una condición"), _('como motivo == "factura"'))
    try:
        return parse_condition(value)
    except ExpressionError as error:
        raise invalid(str(error), error.expected, offset=error.offset) from error


def _criterion(value: Any) -> str:
    if isinstance(value, str) and (match := re.fullmatch(r"IC([1-4])\.([1-7])", value)):
        element, number = int(match[1]), int(match[2])
        if number <= CRITERIA_PER_ELEMENT[element]:
            return value
    raise invalid(_("se esperaba un criterio del estándar, de IC1.1 a IC4.7"))


CRITERIA_PER_ELEMENT = {1: 6, 2: 5, 3: 6, 4: 7}
"""ECP0241_2: criteria in each of its four elements."""

SHAPES: dict[str, Callable[[], str]] = {}
"""What each pattern asks for, in words; whoever writes a pattern says so here."""


def shaped(pattern: str, words: Callable[[], str]) -> FieldInfo:
    """A text of a shape that `words` describe."""
    SHAPES[pattern] = words
    return Field(pattern=pattern)  # type: ignore[no-any-return]


Identifier = Annotated[
    str, shaped(r"^[a-z][a-z0-9_]{0,59}$", lambda: _("minúsculas sin tildes, números y _, como motivo_baja"))
]
Slug = Annotated[
    str, shaped(r"^[a-z0-9][a-z0-9_-]{0,79}$", lambda: _("minúsculas sin tildes, números y guiones, como cobro-doble"))
]
NormRef = Annotated[str, shaped(r"^[a-z0-9-]+/[A-Za-z0-9._-]+$", lambda: _("norma/artículo, como ley-10-2025/8.2"))]
Line = Annotated[str, Field(min_length=1, max_length=300)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Seconds = Annotated[int, BeforeValidator(_seconds)]
Count = Annotated[int, BeforeValidator(_count)]
When = Annotated[Condition, BeforeValidator(_condition)]
Criterion = Annotated[str, BeforeValidator(_criterion)]

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], document: Document) -> Model:
    """The document as a model. Raises ProblemsFound with every problem, each at its line and column."""
    try:
        return model.model_validate(document.tree)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(model, document, detail) for detail in details if not _follows(detail, details)]
        raise ProblemsFound(sorted(set(problems), key=lambda found: (found.line, found.column))) from error


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is only found too short because some of its items are wrong, which is told of each."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in details
    )


def _problem(model: type[BaseModel], document: Document, detail: ErrorDetails) -> Problem:
    loc = _in_tree(document, detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        message = _("falta «{key}»").format(key=detail["loc"][-1])
        expected = _("añadir «{key}: …»").format(key=detail["loc"][-1])
        return document.problem(loc[:-1] if loc == tuple(detail["loc"]) else loc, message, expected)
    if kind == "extra_forbidden":
        key = str(detail["loc"][-1])
        known = sorted(_keys(model, detail["loc"][:-1]))
        close = difflib.get_close_matches(key, known, 1)
        expected = _("¿quería decir «{key}»?").format(key=close[0]) if close else ", ".join(known)
        return document.problem(loc, _("la clave «{key}» no existe aquí").format(key=key), expected, key=True)
    if kind == "union_tag_invalid":
        loc = (*loc, "kind")
    if kind == "atencion":
        loc = (*loc, context["under"]) if context["under"] else loc
        told, expected = context["message"], context["expected"]
        return inside(document, loc, told, expected, offset=context["offset"], line=context["line"])
    return document.problem(loc, *_words(kind, context, detail.get("input")))


def inside(
    document: Document, loc: Loc, message: str, expected: str = "", *, offset: int = 0, line: int = 1
) -> Problem:
    """A problem within a text: so many characters from its beginning, or at one of its later lines (from 1)."""
    place = document.place(loc)
    if line > 1:
        return Problem(place.file, place.line + line - 1, 1, message, expected)
    return Problem(place.file, place.line, place.column + offset, message, expected)


def _words(kind: str, context: dict[str, Any], given: object) -> tuple[str, str]:
    if kind in {"literal_error", "enum"}:
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", " o ")
        return _("«{value}» no es una opción").format(value=_short(given)), expected
    if kind == "union_tag_invalid":
        value, expected = str(context.get("tag", "")), str(context.get("expected_tags", ""))
        close = difflib.get_close_matches(value, re.findall(r"'([^']*)'", expected), 1)
        hint = _("¿quería decir «{key}»?").format(key=close[0]) if close else expected.replace("'", "")
        return _("«{value}» no es una clase de paso").format(value=_short(value)), hint
    if kind == "union_tag_not_found":
        return _("falta «kind»"), _("la clase de paso: greeting, ask, choice…")
    if kind in {"list_type", "tuple_type"}:
        return _("esto no es una lista"), _("una lista: [a, b] o líneas con «- »")
    if kind in {"model_type", "dict_type", "model_attributes_type", "mapping_type"}:
        return _("esto no es un grupo de claves"), _("clave: valor")
    if kind == "string_type":
        return _("esto no es un texto"), _("un texto")
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        shape = SHAPES[pattern]() if pattern in SHAPES else _("la forma {pattern}").format(pattern=pattern)
        return _("«{value}» no vale").format(value=_short(given)), shape
    if kind in {"string_too_short", "too_short"}:
        return _("está vacío"), _("algo escrito")
    if kind in {"string_too_long", "too_long"}:
        return _("es demasiado largo"), _("{limit} como mucho").format(limit=context.get("max_length"))
    if kind.startswith("int"):
        return _("«{value}» no es un número entero").format(value=_short(given)), _("un número entero")
    if kind.startswith("date"):
        return _("«{value}» no es una fecha").format(value=_short(given)), _("una fecha como 2026-12-28")
    if kind.startswith("time"):
        return _("«{value}» no es una hora").format(value=_short(given)), _('una hora como "08:30"')
    if kind.startswith(("greater", "less")):
        return _("«{value}» está fuera de lo que se admite").format(value=_short(given)), str(
            context.get("ge") or context.get("gt") or context.get("le") or context.get("lt") or ""
        )
    return _("«{value}» no vale ({kind})").format(value=_short(given), kind=kind), _("otro valor")


def _in_tree(document: Document, loc: Iterable[str | int]) -> Loc:
    """The location without the names of union members, which pydantic adds and the file does not have."""
    kept: Loc = ()
    node: Any = document.tree
    for part in loc:
        if isinstance(node, dict) and part in node:
            node = node[str(part)]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            continue
        kept = (*kept, part)
    return kept


def _keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> set[str]:
    """The keys allowed where `loc` points, following models, lists and the tags of unions."""
    models: set[type[BaseModel]] = {model}
    for part in loc:
        if isinstance(part, int):
            continue
        tagged = {found for found in models if part in _tags(found)}
        models = tagged or {inner for found in models for inner in _field_models(found, part)}
    return {info.alias or name for found in models for name, info in found.model_fields.items()}


def _tags(model: type[BaseModel]) -> tuple[str, ...]:
    kind = model.model_fields.get("kind")
    return getattr(kind.annotation, "__args__", ()) if kind is not None else ()


def _field_models(model: type[BaseModel], key: str) -> set[type[BaseModel]]:
    return {
        inner
        for name, info in model.model_fields.items()
        if key in (name, info.alias)
        for inner in _models_in(info.annotation)
    }


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return set().union(*(_models_in(option) for option in getattr(annotation, "__args__", ())))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
