"""A row of a customer file made a customer, or refused with every reason there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar

from atencion.data.customer_columns import Column
from atencion.data.customer_search import key_of, search_name
from atencion.data.languages import LONGEST, language_code
from atencion.data.newcomers import Newcomer, newcomer_trace
from atencion.data.validation import Invalid, birth_date, document, email_parts, passport, phone_parts, postcode
from atencion.i18n import _
from atencion.text import clean_line, fold

T = TypeVar("T")

NAMES = frozenset({Column.GIVEN_NAME, Column.SURNAMES, Column.FULL_NAME, Column.COMPANY_NAME})
"""A file without any of these columns is no list of customers."""


class RowReader:
    """Reads the rows of one file, whose columns hold `columns` under the names `labels`."""

    def __init__(self, columns: Sequence[Column], labels: Sequence[str], today: date) -> None:
        self._today = today
        self._labels = [clean_line(label, 80) for label in labels]
        self._at: dict[Column, list[int]] = {}
        for n, column in enumerate(columns):
            self._at.setdefault(column, []).append(n)
        at = self._at
        self._documents, self._passports = at.get(Column.DOCUMENT, ()), at.get(Column.PASSPORT, ())
        self._phones, self._emails = at.get(Column.PHONE, ()), at.get(Column.EMAIL, ())
        self._born, self._postcodes = at.get(Column.BIRTH_DATE, ()), at.get(Column.POSTCODE, ())
        self._treatments = at.get(Column.TREATMENT, ())
        self._dates: dict[str, str] = {}

    def read(self, line: int, cells: Sequence[str]) -> Newcomer:
        """The customer that a row tells of; language and treatment are empty where it does not say.

        Raises Invalid with all that is wrong in the row.
        """
        problems: list[str] = []
        documents: list[tuple[str, str, str]] = []
        for columns, reader in ((self._documents, _document), (self._passports, _passport)):
            for n in columns:
                if text := _text(cells[n]):
                    for piece in _BETWEEN_DOCUMENTS.split(text) if "|" in text else (text,):
                        _try(documents, problems, reader, piece)
        contacts = self._contacts(cells, problems)
        born = self._birth_date(cells, problems)
        codes: list[str] = []
        for n in self._postcodes:
            if text := _text(cells[n]):
                _try(codes, problems, postcode, text)
        treatments: list[str] = []
        for n in self._treatments:
            if text := _text(cells[n]):
                _try(treatments, problems, _treatment, text)
        language = ""
        if text := self._words(cells, Column.LANGUAGE, LONGEST):
            language = language_code(text) or ""
            if not language:
                problems.append(_("el idioma «{value}» no está en la lista").format(value=text))
        is_company = any(kind == "cif" for kind, _value, _normal in documents)
        given_name, surnames, company_name = self._names(cells, is_company)
        if is_company and not (company_name or surnames):
            given_name, company_name = "", given_name
        only_company = bool(company_name) and not (given_name or surnames or documents)
        if not (given_name or surnames or company_name):
            problems.append(_("no tiene nombre"))
        if problems:
            raise Invalid("; ".join(problems))
        street, town = self._words(cells, Column.STREET), self._words(cells, Column.TOWN)
        province, code = self._words(cells, Column.PROVINCE), codes[0] if codes else ""
        addresses = ((street, code, town, province),) if street or code or town or province else ()
        name = search_name(company_name, given_name, surnames)
        external_id = self._words(cells, Column.EXTERNAL_ID, 80) or None
        return Newcomer(
            line,
            external_id,
            key_of(external_id) if external_id else None,
            "company" if is_company or only_company else "person",
            given_name,
            surnames,
            company_name,
            born,
            language,
            treatments[0] if treatments else "",
            _once(documents),
            contacts,
            addresses,
            self._words(cells, Column.ACCESSIBILITY),
            name,
            newcomer_trace(name, contacts, addresses),
        )

    def _contacts(self, cells: Sequence[str], problems: list[str]) -> tuple[tuple[str, str, str, str, bool], ...]:
        found: list[tuple[str, str, str, str, bool]] = []
        for columns, kind, reader, between in (
            (self._phones, "phone", phone_parts, _BETWEEN_PHONES),
            (self._emails, "email", email_parts, _BETWEEN_EMAILS),
        ):
            primary, seen = True, set[str]()
            for n in columns:
                text = _text(cells[n])
                if not text:
                    continue
                for piece in (text,) if _is_one(text) else between.split(text):
                    try:
                        value, normal = reader(piece)
                    except Invalid as problem:
                        problems.append(str(problem))
                        continue
                    if normal not in seen:
                        seen.add(normal)
                        found.append((kind, value, normal, self._labels[n], primary))
                        primary = False
        return tuple(found)

    def _birth_date(self, cells: Sequence[str], problems: list[str]) -> str | None:
        for n in self._born:
            if text := _text(cells[n]):
                known = self._dates.get(text)
                if known is None:
                    try:
                        known = birth_date(text, self._today).isoformat()
                    except Invalid as problem:
                        problems.append(str(problem))
                        continue
                    if len(self._dates) < _DATES_KEPT:
                        self._dates[text] = known
                return known
        return None

    def _words(self, cells: Sequence[str], column: Column, limit: int = 300) -> str:
        """What stands in the columns of that kind, on one line."""
        at = self._at.get(column)
        if not at:
            return ""
        if len(at) == 1:
            text = cells[at[0]]
            return _line(text, limit) if text else ""
        return clean_line(" ".join(filter(None, (_text(cells[n]) for n in at))), limit)

    def _names(self, cells: Sequence[str], is_company: bool) -> tuple[str, str, str]:
        given_name, surnames = self._words(cells, Column.GIVEN_NAME), self._words(cells, Column.SURNAMES)
        company_name = self._words(cells, Column.COMPANY_NAME)
        if not (given_name or surnames) and (full_name := self._words(cells, Column.FULL_NAME)):
            if is_company or full_name == company_name:
                return "", "", company_name or full_name
            last, comma, first = full_name.partition(",")
            given_name, surnames = (first.strip(), last.strip()) if comma else (full_name, "")
        return given_name, surnames, company_name


_DATES_KEPT = 60_000
_BLANKS = frozenset({"-", "--", "---", "—", "N/D", "n/d"})
_BETWEEN_DOCUMENTS = re.compile(r"\s*\|\s*")
_BETWEEN_PHONES = re.compile(r"\s*[/;,|]\s*(?=\+?\d[\d .\-()]{7})|\s+[yo]\s+")
_BETWEEN_EMAILS = re.compile(r"\s*[;,|/]\s*(?=\S+@)|\s+[yo]\s+")
_MARKS_BETWEEN = re.compile(r"[/;,|]|\s[yo]\s")
_GUARDED = re.compile(r"'(?=[=+\-@])")


def _text(cell: str) -> str:
    """A cell without what only stands for nothing, nor the apostrophe that keeps a spreadsheet from taking it for a
    formula.
    """
    text = cell.strip()
    if not text or text in _BLANKS:
        return ""
    return _GUARDED.sub("", text, count=1) if text[0] == "'" else text


@lru_cache(20_000)
def _line(cell: str, limit: int) -> str:
    return clean_line(_text(cell), limit)


def _is_one(text: str) -> bool:
    return _MARKS_BETWEEN.search(text) is None


def _try(found: list[T], problems: list[str], reader: Callable[[str], T], text: str) -> None:
    try:
        found.append(reader(text))
    except Invalid as problem:
        problems.append(str(problem))


def _document(text: str) -> tuple[str, str, str]:
    kind, value, key = document(text)
    return kind.value, value, key


def _passport(text: str) -> tuple[str, str, str]:
    part = passport(text)
    return str(part.kind), part.value, part.normal


def _treatment(text: str) -> str:
    folded = fold(text)
    if folded in ("tu", "tuteo", "informal"):
        return "tu"
    if folded in ("usted", "ud", "ud.", "vd", "vd.", "formal"):
        return "usted"
    raise Invalid(_("el trato «{value}» no es ni tú ni usted").format(value=clean_line(text, 40)))


def _once(documents: list[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    if len(documents) < 2:
        return tuple(documents)
    first: dict[str, tuple[str, str, str]] = {}
    for one in documents:
        first.setdefault(one[2], one)
    return tuple(first.values())
