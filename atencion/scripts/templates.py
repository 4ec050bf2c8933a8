"""Texts to say: Jinja2 syntax cut down to naming values, filters of our own and if. Nothing can call, loop or grow.

A text passes an allowlist of syntax when it is loaded, sees plain data only, and is cut off past 64 KiB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.scripts import spoken
from atencion.text import clean_text

MAX_SOURCE = 20_000
MAX_OUTPUT = 64 * 1024


@dataclass(frozen=True, eq=False)
class Chosen:
    """An option that was chosen: texts compare it by its id, as conditions do, and say its label."""

    id: str
    label: str

    def __eq__(self, other: object) -> bool:
        return self.id == (other.id if isinstance(other, Chosen) else other)

    def __hash__(self) -> int:
        return hash(self.id)

    def __str__(self) -> str:
        return self.label


Plain = str | int | bool | Decimal | date | time | Chosen | tuple[str | Chosen, ...] | None
Context = Mapping[str, "Plain | Missing | Context"]


class TemplateError(ValueError):
    """A text that may not be used. `line` counts from 1 within the text; `expected` is how to mend it."""

    def __init__(self, message: str, line: int, expected: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.expected = expected


@dataclass(frozen=True)
class Missing:
    """A value that is not known yet: false in an if, and shown as its label between guillemets when it is said."""

    label: str

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"‹{self.label}›"


@dataclass(frozen=True)
class Template:
    """A text that passed the allowlist. `names` are the dotted names it uses, with the line of each.

    `comparisons` are the names that it compares with a text, the text, and the line.
    """

    source: str
    names: Mapping[str, int]
    comparisons: tuple[tuple[str, str, int], ...] = ()

    def render(self, context: Context, *, said: bool = True) -> str:
        """The words to say or, unless `said`, the text with its values as they are kept: 2026-12-01, not «1 de
        diciembre de 2026».

        Raises AtencionError when a name is not in the context, two values cannot be compared, or the text grows past
        bounds.
        """
        parts: list[str] = []
        size = 0
        try:
            for part in _compiled(self.source, said).generate(context):
                size += len(part)
                if size > MAX_OUTPUT:
                    raise AtencionError(_("El texto que hay que decir es demasiado largo."))
                parts.append(part)
        except UndefinedError as error:
            raise AtencionError(_("Al texto le falta un dato: {detail}").format(detail=error.message)) from error
        except TypeError as error:
            raise AtencionError(_("El texto compara dos datos que no se pueden comparar.")) from error
        return clean_text("".join(parts), limit=MAX_OUTPUT).strip()


def parse_template(source: str) -> Template:
    """Reads a text. Raises TemplateError naming what is not allowed and its line."""
    if len(source) > MAX_SOURCE:
        raise TemplateError(_("el texto es demasiado largo"), 1, _("20 000 letras como mucho"))
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        raise TemplateError(
            _("las llaves no se entienden: {detail}").format(detail=error.message), error.lineno, _two_ways()
        ) from error
    except RecursionError:
        raise TemplateError(_("hay demasiados niveles"), 1, _("20 niveles como mucho")) from None
    names: dict[str, int] = {}
    for child in tree.body:
        _check(child, names, 0)
    comparisons = (one for node in tree.find_all(nodes.Compare) for one in _compared(node))
    return Template(source, names, tuple(comparisons))


def _two_ways() -> str:
    """What a text may hold besides words."""
    return _("{datum}, o {condition}").format(datum="{{ dato | filtro }}", condition="{% if dato %}…{% endif %}")


def show(value: object) -> str:
    """A value as it is said to the customer: amounts, dates, hours, lists and yes/no in Spanish."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, Decimal):
        return spoken.amount(value)
    if isinstance(value, datetime | time):
        return spoken.hour(value)
    if isinstance(value, date):
        return spoken.long_date(value)
    if isinstance(value, tuple | list):
        return spoken.listed(value)
    return "" if value is None else str(value)


def kept(value: object) -> str:
    """A value as the store keeps it: a date and an hour as in ISO 8601, an option by its id."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Chosen):
        return value.id
    if isinstance(value, tuple | list):
        return ",".join(kept(one) for one in value)
    return "" if value is None else str(value)


def _through(function: Callable[[Any], str]) -> Callable[[Any], object]:
    """A filter that lets a missing value through, so that it still says which one is missing."""
    return lambda value: value if isinstance(value, Missing) else function(value)


FILTERS: Mapping[str, Callable[[Any], object]] = {
    name: _through(function)
    for name, function in {
        "importe": spoken.amount,
        "fecha": spoken.long_date,
        "fecha_corta": spoken.short_date,
        "dia": spoken.weekday,
        "hora": spoken.hour,
        "telefono": spoken.phone_groups,
        "deletreo": spoken.spelled,
        "alfabeto": spoken.alphabet,
        "neutro": spoken.neutral,
        "lista": spoken.listed,
        "mayuscula": lambda value: str(value)[:1].upper() + str(value)[1:],
        "minuscula": spoken.lowered,
    }.items()
}
"""The filters of texts, by their Spanish names."""

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


@lru_cache(maxsize=2)
def _environment(said: bool = True) -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined,
        autoescape=False,
        finalize=show if said else kept,
        keep_trailing_newline=False,
        cache_size=0,
    )
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    environment.tests = {}
    return environment


@lru_cache(maxsize=2048)
def _compiled(source: str, said: bool) -> Any:
    return _environment(said).from_string(source)


def _compared(node: nodes.Compare) -> Iterator[tuple[str, str, int]]:
    """The names and the texts that stand on either side of a comparison, be it of sameness or of what a list holds."""
    left: nodes.Node = node.expr
    for operand in node.ops:
        right = operand.expr
        for one, other in ((left, right), (right, left)):
            literal = other.value if isinstance(other, nodes.Const) else None
            if operand.op in _SAMENESS and isinstance(one, nodes.Name) and isinstance(literal, str):
                yield one.name, literal, node.lineno
        left = right


_SAMENESS = ("eq", "ne", "in", "notin")


def _check(node: nodes.Node, names: dict[str, int], depth: int) -> None:
    if depth > 20:
        raise TemplateError(_("hay demasiados niveles"), node.lineno, _("20 niveles como mucho"))
    if not isinstance(node, _ALLOWED):
        message = _("«{what}» no se permite en un texto").format(what=type(node).__name__)
        raise TemplateError(message, node.lineno, _two_ways())
    if isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            message = _("el filtro «{name}» no existe").format(name=node.name)
            raise TemplateError(message, node.lineno, ", ".join(sorted(FILTERS)))
        if node.args or node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise TemplateError(
                _("el filtro «{name}» no lleva nada entre paréntesis").format(name=node.name),
                node.lineno,
                f"{{{{ … | {node.name} }}}}",
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
    raise TemplateError(_("solo se puede nombrar un dato"), node.lineno, _("como cliente.nombre"))
