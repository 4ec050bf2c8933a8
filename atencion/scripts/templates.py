"""Texts to say: Jinja2 syntax cut down to naming values, filters of our own and if. Nothing can call, loop or grow.

A text passes an allowlist of syntax when it is loaded, sees plain data only, and is cut off past 64 KiB.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.text import clean_text

MAX_SOURCE = 20_000
MAX_OUTPUT = 64 * 1024

Plain = str | int | bool | Decimal | date | None
Context = Mapping[str, "Plain | Missing | Context"]


class TemplateError(ValueError):
    """A text that may not be used. `line` counts from 1 within the text."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that is not known yet: false in an if, and shown as its label between guillemets when it is said."""

    label: str

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"‹{self.label}›"


@dataclass(frozen=True)
class Template:
    """A text that passed the allowlist. `names` are the dotted names it uses, with the line of each."""

    source: str
    names: Mapping[str, int]

    def render(self, context: Context) -> str:
        """The words to say. Raises AtencionError when a name is not in the context or the text grows past bounds."""
        parts: list[str] = []
        size = 0
        try:
            for part in _compiled(self.source).generate(context):
                size += len(part)
                if size > MAX_OUTPUT:
                    raise AtencionError(_("El texto que hay que decir es demasiado largo."))
                parts.append(part)
        except UndefinedError as error:
            raise AtencionError(_("Al texto le falta un dato: {detail}").format(detail=error.message)) from error
        return clean_text("".join(parts), limit=MAX_OUTPUT).strip()


def parse_template(source: str) -> Template:
    """Reads a text. Raises TemplateError naming what is not allowed and its line."""
    if len(source) > MAX_SOURCE:
        raise TemplateError(_("el texto es demasiado largo (20 000 letras como mucho)"), 1)
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        raise TemplateError(
            _("las llaves no se entienden: {detail}").format(detail=error.message), error.lineno
        ) from error
    except RecursionError:
        raise TemplateError(_("hay demasiados niveles"), 1) from None
    names: dict[str, int] = {}
    for child in tree.body:
        _check(child, names, 0)
    return Template(source, names)


def show(value: object) -> str:
    """A value as it is said to the customer, in the language of the texts: amounts, dates and yes/no in Spanish."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, date):
        return spoken_date(value)
    return "" if value is None else str(value)


def amount(value: Decimal | int) -> str:
    """1234.5 -> 1.234,50 €"""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") + "\u00a0€"


def spoken_date(value: date) -> str:
    """9 de marzo de 2026"""
    return f"{value.day} de {_MONTHS[value.month - 1]} de {value.year}"


_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def phone_groups(value: object) -> str:
    """+34612345678 -> 612 345 678, the groups in which it is read aloud."""
    text = str(value)
    digits = text.removeprefix("+34")
    if digits.isdigit() and len(digits) == 9:
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return text


def spelled(value: object) -> str:
    """A key letter by letter, as it is given over the phone."""
    return " ".join(str(value))


def _kept(function: Callable[[Any], str]) -> Callable[[Any], object]:
    """A filter that lets a missing value through, so that it still says which one is missing."""
    return lambda value: value if isinstance(value, Missing) else function(value)


FILTERS: Mapping[str, Callable[[Any], object]] = {
    "importe": _kept(amount),
    "fecha": _kept(spoken_date),
    "telefono": _kept(phone_groups),
    "deletreo": _kept(spelled),
    "mayuscula": _kept(lambda value: str(value)[:1].upper() + str(value)[1:]),
    "minuscula": _kept(lambda value: str(value)[:1].lower() + str(value)[1:]),
}

_ALLOWED = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Filter,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Const,
)


class _Environment(ImmutableSandboxedEnvironment):
    def is_safe_callable(self, obj: object) -> bool:
        return False

    def getattr(self, obj: object, attribute: str) -> object:
        """Names after a dot are keys of plain data, never attributes of Python objects."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, Missing):
            return obj
        return self.undefined(obj=obj, name=attribute)


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined, autoescape=False, finalize=show, keep_trailing_newline=False, cache_size=0
    )
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    environment.tests = {}
    return environment


@lru_cache(maxsize=2048)
def _compiled(source: str) -> Any:
    return _environment().from_string(source)


def _check(node: nodes.Node, names: dict[str, int], depth: int) -> None:
    if depth > 20:
        raise TemplateError(_("hay demasiados niveles"), node.lineno)
    if not isinstance(node, _ALLOWED):
        message = _("«{what}» no se permite en un texto: solo {{{{ dato }}}}, filtros y si (if)")
        raise TemplateError(message.format(what=type(node).__name__), node.lineno)
    if isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            message = _("el filtro «{name}» no existe; los que hay: {all}")
            raise TemplateError(message.format(name=node.name, all=", ".join(sorted(FILTERS))), node.lineno)
        if node.args or node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise TemplateError(
                _("el filtro «{name}» no lleva nada entre paréntesis").format(name=node.name), node.lineno
            )
    if isinstance(node, nodes.Name | nodes.Getattr):
        names.setdefault(_dotted(node), node.lineno)
        return
    for child in node.iter_child_nodes():
        _check(child, names, depth + 1)


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    raise TemplateError(_("solo se puede nombrar un dato, como cliente.nombre"), node.lineno)
