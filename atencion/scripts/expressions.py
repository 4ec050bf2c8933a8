"""Conditions: a small typed language over what the call knows, with its own parser. Nothing is evaluated as Python.

    motivo in ["factura", "cobro"] and not cliente.verificado
    importe > contrato.ultima_factura * 2 or resultado == "resuelto"
    "gas" in servicios and hoy - contrato.inicio <= 14
    demanda is known

Names are fields, the facts of `JOURNAL_FACTS` and those of `WORLD_FACTS`. Comparing with a value that is not known, or
reckoning with one, is false, never an error. Source, numbers and depth are bounded, and evaluation is one walk over the
tree: its time is linear in the source's length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from atencion.i18n import _
from atencion.scripts.values import Absent, Value

MAX_LENGTH = 500
MAX_DEPTH = 20

JOURNAL_FACTS: Mapping[str, str] = {
    "canal": "text",
    "sentido": "text",
    "idioma": "text",
    "registro": "text",
    "cliente.encontrado": "yes_no",
    "cliente.verificado": "yes_no",
    "cliente.bloqueado": "yes_no",
    "cliente.registrado": "yes_no",
    "articulo.leido": "yes_no",
    "resultado": "text",
    "resuelto": "yes_no",
    "escalado": "yes_no",
    "expediente.abierto": "yes_no",
    "demandas.total": "integer",
    "demandas.pendientes": "integer",
    "paso.dicho": "yes_no",
    "paso.veces": "integer",
}
"""What the journal of the contact tells, and the type of each. `paso` is the step in hand, `veces` its visits."""

WORLD_FACTS: Mapping[str, str] = {
    "cliente.tipo": "text",
    "cliente.idioma": "text",
    "cliente.tratamiento": "text",
    "cliente.edad": "integer",
    "cliente.codigo_postal": "text",
    "cliente.provincia": "text",
    "cliente.contratos": "integer",
    "cliente.expedientes": "integer",
    "contrato.producto": "text",
    "contrato.familia": "text",
    "contrato.estado": "text",
    "contrato.cuota": "amount",
    "contrato.ultima_factura": "amount",
    "contrato.inicio": "date",
    "agente.codigo": "text",
    "agente.rol": "text",
    "agente.departamento": "text",
    "hoy": "date",
    "hora": "time",
    "dia": "text",
    "horario.abierto": "yes_no",
}
"""What is asked of the store and the clock when the agent goes on; the answer is in the journal, as the way taken.

The customer's and the contract's are known once the identity is verified.
"""

_FACT_FAMILIES = (
    (re.compile(r"momento\.([a-z][a-z0-9_]*)\.abierto"), "moment", "yes_no"),
    (re.compile(r"departamento\.([a-z][a-z0-9_]*)\.abierto"), "department", "yes_no"),
    (re.compile(r"limite\.([a-z][a-z0-9_]*)"), "limit", "amount"),
)


def fact_family(name: str) -> tuple[str, str, str] | None:
    """Family (moment, department, limit), member and type of a fact such as departamento.averias.abierto, or None."""
    for pattern, family, kind in _FACT_FAMILIES:
        if match := pattern.fullmatch(name):
            return family, match[1], kind
    return None


Known = Mapping[str, Value | None]


class ExpressionError(ValueError):
    """A condition that cannot be read. `offset` counts characters from its start; `expected` is how to mend it."""

    def __init__(self, message: str, offset: int, expected: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a name with literal values, for the check that both sides can ever agree."""

    name: str
    literals: tuple[Value, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read whole. `names` maps each name used to where it first stands in the source."""

    source: str
    names: Mapping[str, int]
    comparisons: tuple[Comparison, ...]
    _root: _Node

    def holds(self, known: Known) -> bool:
        """Whether it is true of what is known. Never raises: an unknown name or a mismatched type is false."""
        return _truth(_value(self._root, known))

    def possible(self, settled: Known) -> frozenset[bool]:
        """What it may come to when only some names are settled; the others may be anything."""
        return _possible(self._root, settled)

    @property
    def tangled(self) -> frozenset[str]:
        """The names that are compared with other names or reckoned with, not just with literal values."""
        return frozenset(_tangled(self._root))


def parse_condition(source: str) -> Condition:
    """Reads a condition. Raises ExpressionError with the place and what was expected."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(_("la condición es demasiado larga (500 letras como mucho)"), MAX_LENGTH, _("partirla"))
    parser = _Parser(source)
    root = parser.whole()
    return Condition(source, parser.names, tuple(parser.comparisons), root)


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True)
class _Literal:
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Not:
    operand: _Node


@dataclass(frozen=True, slots=True)
class _Junction:
    operator: str
    operands: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Compare:
    operator: str
    left: _Node
    right: _Node


@dataclass(frozen=True, slots=True)
class _Reckon:
    operator: str
    left: _Node
    right: _Node


_Node = _Name | _Literal | _Not | _Junction | _Compare | _Reckon

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"[^\"]*\"|'[^']*')|(?P<number>\d{1,15}(?:\.\d{1,6})?)|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,|\+|-|\*|/)|(?P<end>$))"
)
_WORDS = {"and", "or", "not", "in", "is", "known", "yes", "no"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


class _Parser:
    def __init__(self, source: str) -> None:
        self.names: dict[str, int] = {}
        self.comparisons: list[Comparison] = []
        self._tokens = list(_tokens(source))
        self._at = 0
        self._depth = 0

    def whole(self) -> _Node:
        node = self._or()
        token = self._next()
        if token.kind != "end":
            expected = _("unir las partes con and u or")
            raise ExpressionError(_("sobra «{text}»").format(text=token.text), token.offset, expected)
        return node

    def _or(self) -> _Node:
        return self._joined("or", self._and)

    def _and(self) -> _Node:
        return self._joined("and", self._not)

    def _joined(self, word: str, part: Callable[[], _Node]) -> _Node:
        operands = [part()]
        while self._peek().text == word:
            self._next()
            operands.append(part())
        return operands[0] if len(operands) == 1 else _Junction(word, tuple(operands))

    def _not(self) -> _Node:
        if self._peek().text != "not":
            return self._comparison()
        self._deeper()
        self._next()
        node = _Not(self._not())
        self._depth -= 1
        return node

    def _comparison(self) -> _Node:
        start = self._peek()
        left = self._sum()
        token = self._peek()
        if token.text == "is":
            self._next()
            negated = self._take("not")
            self._expect("known")
            return _Compare("unknown" if negated else "known", left, left)
        negated = token.text == "not"
        if negated:
            self._next()
            if self._peek().text != "in":
                raise ExpressionError(_("tras «not» se esperaba «in»"), self._peek().offset)
        if self._take("in"):
            right = self._list() if self._peek().text == "[" else self._name()
            self._note(left, right, start.offset)
            node = _Compare("in", left, right)
            return _Not(node) if negated else node
        if token.text in {"==", "!=", "<", "<=", ">", ">="}:
            self._next()
            right = self._sum()
            self._note(left, right, start.offset)
            return _Compare(token.text, left, right)
        return left

    def _note(self, left: _Node, right: _Node, offset: int) -> None:
        if isinstance(left, _Literal) and isinstance(right, _Name):
            left, right = right, left
        if isinstance(left, _Name) and isinstance(right, _Literal):
            literals = right.value if isinstance(right.value, tuple) else (right.value,)
            self.comparisons.append(Comparison(left.name, literals, offset))

    def _sum(self) -> _Node:
        return self._reckoned(("+", "-"), lambda: self._reckoned(("*", "/"), self._operand))

    def _reckoned(self, signs: tuple[str, str], part: Callable[[], _Node]) -> _Node:
        node = part()
        while self._peek().kind == "sign" and self._peek().text in signs:
            node = _Reckon(self._next().text, node, part())
        return node

    def _name(self) -> _Node:
        token = self._next()
        if token.kind != "name" or token.text in _WORDS:
            raise ExpressionError(
                _("se esperaba una lista entre corchetes o un dato con varias opciones"), token.offset
            )
        self.names.setdefault(token.text, token.offset)
        return _Name(token.text)

    def _operand(self) -> _Node:
        token = self._next()
        if token.kind == "sign" and token.text == "-":
            self._deeper()
            operand = self._operand()
            self._depth -= 1
            if isinstance(operand, _Literal) and _is_number(operand.value):
                return _Literal(-operand.value)  # type: ignore[operator]
            return _Reckon("-", _Literal(0), operand)
        if token.text == "(":
            self._deeper()
            node = self._or()
            self._expect(")")
            self._depth -= 1
            return node
        if token.kind == "name" and token.text in {"yes", "no"}:
            return _Literal(token.text == "yes")
        if token.kind == "name" and token.text not in _WORDS:
            self.names.setdefault(token.text, token.offset)
            return _Name(token.text)
        literal = _literal(token)
        if literal is None:
            found = token.text or _("el final")
            message = _("se esperaba un campo, un texto entre comillas o un número, no «{found}»").format(found=found)
            raise ExpressionError(message, token.offset)
        return _Literal(literal)

    def _list(self) -> _Node:
        self._expect("[")
        values: list[Value] = []
        while not self._take("]"):
            if values:
                self._expect(",")
            negative = self._take("-")
            token = self._next()
            literal = _literal(token)
            if literal is None or (negative and not isinstance(literal, int | Decimal)):
                raise ExpressionError(_("se esperaba un texto entre comillas o un número"), token.offset)
            values.append(-literal if negative and isinstance(literal, int | Decimal) else literal)
        return _Literal(tuple(values))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(_("hay demasiados paréntesis"), self._peek().offset, _("20 como mucho"))

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _take(self, text: str) -> bool:
        if self._peek().kind != "text" and self._peek().text == text:
            self._next()
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise ExpressionError(_("se esperaba «{text}»").format(text=text), self._peek().offset)


def _tokens(source: str) -> Iterator[_Token]:
    at = 0
    while True:
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            offset = at + len(source[at:]) - len(source[at:].lstrip())
            message = _("«{text}» no se entiende").format(text=source[offset : offset + 1])
            raise ExpressionError(message, offset, _('una condición como motivo == "factura" and importe > 50'))
        yield _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        if match.lastgroup == "end":
            return
        at = match.end()


def _literal(token: _Token) -> Value | None:
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "number":
        return Decimal(token.text) if "." in token.text else int(token.text)
    return None


def _value(node: _Node, known: Known) -> Value | tuple[Value, ...] | None:
    if isinstance(node, _Name):
        return known.get(node.name)
    if isinstance(node, _Literal):
        return node.value
    if isinstance(node, _Not):
        return not _truth(_value(node.operand, known))
    if isinstance(node, _Junction):
        results = (_truth(_value(operand, known)) for operand in node.operands)
        return all(results) if node.operator == "and" else any(results)
    if isinstance(node, _Reckon):
        return _reckon(node.operator, _value(node.left, known), _value(node.right, known))
    return _compare(node, known)


def _reckon(operator: str, left: object, right: object) -> Value | None:
    """A sum, or None where it has no meaning: an unknown value, words, a division by zero, a date out of range."""
    try:
        if isinstance(left, date) and isinstance(right, date):
            return (left - right).days if operator == "-" else None
        if isinstance(left, date) and _is_number(right) and operator in "+-":
            days = timedelta(days=int(right))  # type: ignore[call-overload]
            return left + days if operator == "+" else left - days
        if not (_is_number(left) and _is_number(right)):
            return None
        first, second = Decimal(left), Decimal(right)  # type: ignore[arg-type]
        result = {"+": first.__add__, "-": first.__sub__, "*": first.__mul__, "/": first.__truediv__}[operator](second)
        whole = operator != "/" and isinstance(left, int) and isinstance(right, int)
        return int(result) if whole and abs(result) < 10**15 else result
    except (ArithmeticError, ValueError):
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _compare(node: _Compare, known: Known) -> bool:
    left = _value(node.left, known)
    if node.operator in {"known", "unknown"}:
        return (left is not None and not isinstance(left, Absent)) == (node.operator == "known")
    right = _value(node.right, known)
    if left is None or right is None:
        return False
    if node.operator == "in":
        return isinstance(right, tuple) and any(_equal(left, option) for option in right)
    if node.operator == "==":
        return _equal(left, right)
    if node.operator == "!=":
        return not _equal(left, right)
    return _ordered(node.operator, left, right)


def _equal(left: object, right: object) -> bool:
    left, right = _comparable(left, right)
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _ordered(operator: str, left: object, right: object) -> bool:
    left, right = _comparable(left, right)
    if not (_is_number(left) and _is_number(right)) and not any(
        isinstance(left, kind) and isinstance(right, kind) for kind in (str, date, time)
    ):
        return False
    below, equal = left < right, left == right  # type: ignore[operator]
    return bool({"<": below, "<=": below or equal, ">": not below and not equal, ">=": not below}[operator])


def _comparable(left: object, right: object) -> tuple[object, object]:
    """Both sides in one form: a date or an hour is compared with a text as it is written, 2026-12-28 or 09:30."""
    if isinstance(left, date | time) and isinstance(right, str):
        return _written(left), right
    if isinstance(left, str) and isinstance(right, date | time):
        return left, _written(right)
    return left, right


def _written(value: date | time) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else value.isoformat()


def _possible(node: _Node, settled: Known) -> frozenset[bool]:
    if isinstance(node, _Not):
        return frozenset(not one for one in _possible(node.operand, settled))
    if isinstance(node, _Junction):
        operands = [_possible(operand, settled) for operand in node.operands]
        decisive = node.operator == "or"  # One operand that is so decides; all must be otherwise for the contrary.
        can = {decisive} if any(decisive in one for one in operands) else set()
        can |= {not decisive} if all((not decisive) in one for one in operands) else set()
        return frozenset(can)
    if _names(node) <= settled.keys():
        return frozenset({_truth(_value(node, settled))})
    return frozenset({True, False})


def _names(node: _Node) -> set[str]:
    if isinstance(node, _Name):
        return {node.name}
    if isinstance(node, _Compare | _Reckon):
        return _names(node.left) | _names(node.right)
    if isinstance(node, _Not):
        return _names(node.operand)
    if isinstance(node, _Junction):
        return set().union(*map(_names, node.operands))
    return set()


def _tangled(node: _Node) -> set[str]:
    if isinstance(node, _Not):
        return _tangled(node.operand)
    if isinstance(node, _Junction):
        return set().union(*map(_tangled, node.operands))
    names = _names(node)
    plain = isinstance(node, _Name) or (
        isinstance(node, _Compare)
        and isinstance(node.left, _Name | _Literal)
        and isinstance(node.right, _Name | _Literal)
        and len(names) < 2
    )
    return set() if plain else names


def _truth(value: object) -> bool:
    return bool(value) and not isinstance(value, Absent)
