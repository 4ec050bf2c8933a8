"""The language in which many customers are asked for at once: `cp:28* y (alta:2026 o contacto:>=2026-06) y no ana`.

`field:value`, words of a name, `y`/`o`/`no` (or `and`/`or`/`not`), parentheses, quotes round what has spaces, `*` for
what follows or goes before, and dates or ranges of them. It is read into a tree here and nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from atencion.data.languages import language_code
from atencion.data.search.query import words_of
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line, fold

LONGEST = 2_000
"""Characters of a query."""

DEEPEST = 40
"""Parentheses and negations inside one another."""

MOST_TERMS = 200

YEARS = range(1000, 9000)
"""Years of a date: a day before or after one of them is a date too."""


class Field(StrEnum):
    """What can be asked of a customer."""

    NAME = "nombre"
    COMPANY = "empresa"
    DOCUMENT = "documento"
    PHONE = "telefono"
    EMAIL = "correo"
    ADDRESS = "direccion"
    POSTCODE = "cp"
    CODE = "codigo"
    CONTRACT = "contrato"
    PRODUCT = "producto"
    KIND = "tipo"
    LANGUAGE = "idioma"
    CREATED = "alta"
    BORN = "nacimiento"
    ATTENDED = "contacto"


DATES = frozenset({Field.CREATED, Field.BORN, Field.ATTENDED})
"""Fields whose value is a day, a month, a year or a range of them."""


@dataclass(frozen=True)
class Term:
    """`field` has `value`; with `open_start` or `open_end`, something ends or begins so."""

    field: Field
    value: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class Days:
    """`field` is a day from `first` to `last`, both included; None leaves that end open."""

    field: Field
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Both:
    """Every one of these holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    """One of these holds at least."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Not:
    """This does not hold."""

    part: Expression


Expression = Term | Days | Both | Either | Not


def parse(text: str) -> Expression:
    """What a query asks for. Raises Refused, saying where and what was expected, if it cannot be understood."""
    if len(text) > LONGEST:
        raise Refused(_("La búsqueda es demasiado larga: como mucho {limit} caracteres.").format(limit=LONGEST))
    return _Parser(clean_line(text, LONGEST)).parse()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int
    quoted: bool = False


_AND, _OR, _NOT = frozenset({"y", "e", "and", "&"}), frozenset({"o", "u", "or", "|"}), frozenset({"no", "not", "!"})
_TOKEN = re.compile(
    r"""\s+ | (?P<paren>[()]) | (?P<field>[^\W\d_]+)(?=:) | (?P<colon>:) | (?P<quote>["“”«»])
    | (?P<word>[^\s()"“”«»]+)""",
    re.VERBOSE,
)
_QUOTED = re.compile(r'["“”«»]([^"“”«»]*)["“”«»]')
_VALUE = re.compile(r'[^\s()"“”«»]+')
_NAMES: dict[str, Field] = {
    **{field.value: field for field in Field},
    "name": Field.NAME, "apellido": Field.NAME, "apellidos": Field.NAME, "company": Field.COMPANY,
    "nif": Field.DOCUMENT, "nie": Field.DOCUMENT, "cif": Field.DOCUMENT, "dni": Field.DOCUMENT,
    "document": Field.DOCUMENT, "phone": Field.PHONE, "movil": Field.PHONE, "tel": Field.PHONE, "email": Field.EMAIL,
    "mail": Field.EMAIL, "address": Field.ADDRESS, "calle": Field.ADDRESS, "poblacion": Field.ADDRESS,
    "municipio": Field.ADDRESS, "town": Field.ADDRESS, "postcode": Field.POSTCODE, "postal": Field.POSTCODE,
    "code": Field.CODE, "contract": Field.CONTRACT, "product": Field.PRODUCT, "kind": Field.KIND,
    "type": Field.KIND, "language": Field.LANGUAGE, "created": Field.CREATED, "born": Field.BORN,
    "contact": Field.ATTENDED, "attended": Field.ATTENDED,
}  # fmt: skip
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0
        self._terms = 0

    def parse(self) -> Expression:
        if not self._tokens:
            raise Refused(_("La búsqueda está vacía."), remedy=_help())
        found = self._either()
        if self._here is not None:
            raise self._wrong(_("sobra «{text}»").format(text=self._here.text))
        return found

    @property
    def _here(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _is_word(self, words: frozenset[str]) -> bool:
        here = self._here
        return here is not None and here.kind == "word" and not here.quoted and fold(here.text) in words

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._is_word(_OR):
            self._next += 1
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Expression:
        parts = [self._one()]
        while self._here is not None and self._here.text != ")" and not self._is_word(_OR):
            if self._is_word(_AND):
                self._next += 1
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self) -> Expression:
        here = self._here
        if here is None or here.text == ")" or self._is_word(_AND | _OR):
            raise self._wrong(_("falta una condición"))
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(_("hay demasiados paréntesis"))
        try:
            if self._is_word(_NOT):
                self._next += 1
                return Not(self._one())
            if here.text == "(" and not here.quoted:
                self._next += 1
                found = self._either()
                if self._here is None or self._here.text != ")":
                    raise self._wrong(_("falta cerrar un paréntesis"))
                self._next += 1
                return found
            return self._term(here)
        finally:
            self._depth -= 1

    def _term(self, here: _Token) -> Expression:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._wrong(_("hay demasiadas condiciones"))
        self._next += 1
        if here.kind != "field":
            return self._valued(Field.NAME, here)
        field = _NAMES.get(fold(here.text))
        if field is None:
            raise Refused(_where(here.at, _("no hay ningún campo «{name}»").format(name=here.text)), remedy=_help())
        value = self._here
        if value is None or value.kind != "word":
            raise self._wrong(_("falta el valor de «{name}»").format(name=here.text))
        self._next += 1
        return _days(field, value) if field in DATES else self._valued(field, value)

    def _valued(self, field: Field, token: _Token) -> Term:
        value = token.text if token.quoted else token.text.strip("*")
        if not words_of(value):
            raise Refused(_where(token.at, _("«{text}» no tiene letras ni cifras").format(text=token.text)))
        if field is Field.KIND:
            kind = {"persona": "person", "person": "person", "empresa": "company", "company": "company"}.get(
                fold(value)
            )
            if kind is None:
                raise Refused(_where(token.at, _("el tipo es «persona» o «empresa», no «{text}»").format(text=value)))
            return Term(field, kind)
        if field is Field.LANGUAGE:
            code = language_code(value)
            if code is None:
                what = _("el idioma «{value}» no está en la lista").format(value=value)
                raise Refused(_where(token.at, what))
            return Term(field, code)
        starred = not token.quoted
        return Term(field, value, starred and token.text.startswith("*"), starred and token.text.endswith("*"))

    def _wrong(self, what: str) -> Refused:
        return Refused(_where(self._here.at if self._here else len(self._text), what), remedy=_help())


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None, "every character is a token's"
        kind, start, at = match.lastgroup, at, match.end()
        if kind is None:
            continue
        if kind == "quote":
            quoted = _QUOTED.match(text, start)
            if quoted is None:
                raise Refused(_where(start, _("faltan unas comillas de cierre")))
            at = quoted.end()
            yield _Token("word", quoted[1], start, quoted=True)
        elif kind == "field":
            yield _Token("field", match[0], start)
            at += 1  # the colon
            if value := _VALUE.match(text, at):  # whatever it has inside, such as a colon
                yield _Token("word", value[0], at)
                at = value.end()
        elif kind == "colon":
            raise Refused(_where(start, _("falta el nombre del campo antes de «:»")), remedy=_help())
        else:
            yield _Token("paren" if kind == "paren" else "word", match[0], start)


def _days(field: Field, token: _Token) -> Days:
    text = token.text
    for sign in (">=", "<=", ">", "<"):
        if text.startswith(sign):
            first, last = _span(text.removeprefix(sign), token)
            match sign:
                case ">=":
                    return Days(field, first, None)
                case "<=":
                    return Days(field, None, last)
                case ">":
                    return Days(field, last + timedelta(days=1), None)
                case _:
                    return Days(field, None, first - timedelta(days=1))
    low, dots, high = text.partition("..")
    if not dots:
        first, last = _span(text, token)
        return Days(field, first, last)
    if not (low or high):
        raise Refused(_where(token.at, _("al intervalo le faltan las dos fechas")))
    begin = _span(low, token)[0] if low else None
    end = _span(high, token)[1] if high else None
    if begin and end and begin > end:
        raise Refused(_where(token.at, _("el intervalo «{text}» acaba antes de empezar").format(text=text)))
    return Days(field, begin, end)


def _span(text: str, token: _Token) -> tuple[date, date]:
    """The first and the last day of what is written: a day, a month or a year."""
    day_first, year_first = _DAY_FIRST.fullmatch(text), _YEAR_FIRST.fullmatch(text)
    try:
        if day_first and int(day_first[3]) in YEARS:
            day = date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
            return day, day
        if year_first and int(year_first[1]) in YEARS:
            year, month, number = (int(part) if part else None for part in year_first.groups())
            assert year is not None
            if month and number:
                return date(year, month, number), date(year, month, number)
            if month:
                following = date(year + month // 12, month % 12 + 1, 1)
                return date(year, month, 1), following - timedelta(days=1)
            return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        pass
    what = _("«{text}» no es una fecha: 24/11/2026, 2026-11-24, 2026-11, 2026 o un intervalo con «..»")
    raise Refused(_where(token.at, what.format(text=text or token.text)))


def _where(at: int, what: str) -> str:
    return _("Búsqueda, columna {column}: {what}.").format(column=at + 1, what=what)


def _help() -> str:
    return _("Campos: {fields}. Por ejemplo: cp:28* y alta:2026-01..2026-06 y no tipo:empresa").format(
        fields=", ".join(Field)
    )
