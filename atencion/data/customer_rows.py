"""A row of a customer file made a customer, or refused with every reason there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from atencion.data.customer_columns import Column
from atencion.data.customers import (
    AddressRecord,
    ContactRecord,
    CustomerKind,
    CustomerRecord,
    IdentifierKind,
)
from atencion.data.validation import Invalid, birth_date, email, identifier, passport, phone, postcode
from atencion.i18n import _
from atencion.text import clean_line, fold

T = TypeVar("T")

NAMES = frozenset({Column.GIVEN_NAME, Column.SURNAMES, Column.FULL_NAME, Column.COMPANY_NAME})
"""A file without any of these columns is no list of customers."""


def read_customer(
    columns: Sequence[Column], labels: Sequence[str], cells: Sequence[str], today: date
) -> CustomerRecord:
    """The customer that a row tells of; language and treatment are empty where it does not say.

    Raises Invalid with all that is wrong in the row.
    """
    row = _Row(columns, labels, cells)
    identifiers = (
        *row.read(Column.DOCUMENT, lambda text, _label: identifier(text)),
        *row.read(Column.PASSPORT, lambda text, _label: passport(text)),
    )
    phones = row.read(Column.PHONE, phone, separators=_BETWEEN_PHONES)
    emails = row.read(Column.EMAIL, email, separators=_BETWEEN_EMAILS)
    born = row.read(Column.BIRTH_DATE, lambda text, _label: birth_date(text, today))
    postcodes = row.read(Column.POSTCODE, lambda text, _label: postcode(text))
    treatment = row.read(Column.TREATMENT, lambda text, _label: _treatment(text))
    is_company = any(part.kind is IdentifierKind.CIF for part in identifiers)
    given_name, surnames, company_name = _names(row)
    if is_company and not (company_name or surnames):
        given_name, company_name = "", given_name
    only_company = bool(company_name) and not (given_name or surnames or identifiers)
    if not (given_name or surnames or company_name):
        row.problems.append(_("no tiene nombre"))
    if row.problems:
        raise Invalid("; ".join(row.problems))
    address = AddressRecord(
        street=row.text(Column.STREET),
        postcode=next(iter(postcodes), ""),
        town=row.text(Column.TOWN),
        province=row.text(Column.PROVINCE),
        primary=True,
    )
    return CustomerRecord(
        kind=CustomerKind.COMPANY if is_company or only_company else CustomerKind.PERSON,
        external_id=row.text(Column.EXTERNAL_ID, 80) or None,
        given_name=given_name,
        surnames=surnames,
        company_name=company_name,
        birth_date=next(iter(born), None),
        language=fold(row.text(Column.LANGUAGE, 40))[:2],
        treatment=next(iter(treatment), ""),
        identifiers=_once(identifiers, lambda part: part.normal),
        contacts=(*_first_is_primary(phones), *_first_is_primary(emails)),
        addresses=(address,) if address != _NOWHERE else (),
    )


class _Row:
    """The cells of a row by what they hold, and what was found wrong in them."""

    def __init__(self, columns: Sequence[Column], labels: Sequence[str], cells: Sequence[str]) -> None:
        self.problems: list[str] = []
        self._cells: dict[Column, list[tuple[str, str]]] = {}
        for column, label, cell in zip(columns, labels, cells, strict=True):
            if cell and (text := cell.strip()) and text not in _BLANKS:
                self._cells.setdefault(column, []).append((_unguarded(text), label))

    def text(self, column: Column, limit: int = 300) -> str:
        """What stands in the columns of that kind, on one line."""
        cells = self._cells.get(column)
        if not cells:
            return ""
        return clean_line(cells[0][0] if len(cells) == 1 else " ".join(text for text, _label in cells), limit)

    def read(
        self, column: Column, reader: Callable[[str, str], T], separators: re.Pattern[str] | None = None
    ) -> list[T]:
        """Each datum of that kind; those that are no good are noted as problems."""
        found = []
        for text, label in self._cells.get(column, ()):
            for piece in separators.split(text) if separators and separators.search(text) else (text,):
                try:
                    found.append(reader(piece, label))
                except Invalid as problem:
                    self.problems.append(str(problem))
        return found


_BLANKS = frozenset({"-", "--", "---", "—", "N/D", "n/d"})
_BETWEEN_PHONES = re.compile(r"\s*[/;,|]\s*(?=\+?\d[\d .\-()]{7})|\s+[yo]\s+")
_BETWEEN_EMAILS = re.compile(r"\s*[;,|/]\s*(?=\S+@)|\s+[yo]\s+")
_GUARDED = re.compile(r"'(?=[=+\-@])")
_NOWHERE = AddressRecord(primary=True)


def _unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking text for a formula."""
    return _GUARDED.sub("", text, count=1) if text[0] == "'" else text


def _names(row: _Row) -> tuple[str, str, str]:
    given_name, surnames = row.text(Column.GIVEN_NAME), row.text(Column.SURNAMES)
    full_name = row.text(Column.FULL_NAME)
    if full_name and not (given_name or surnames):
        last, comma, first = full_name.partition(",")
        given_name, surnames = (first.strip(), last.strip()) if comma else (full_name, "")
    return given_name, surnames, row.text(Column.COMPANY_NAME)


def _treatment(text: str) -> str:
    folded = fold(text)
    if folded in ("tu", "tuteo", "informal"):
        return "tu"
    if folded in ("usted", "ud", "ud.", "vd", "vd.", "formal"):
        return "usted"
    raise Invalid(_("el trato «{value}» no es ni tú ni usted").format(value=clean_line(text, 40)))


def _first_is_primary(contacts: Sequence[ContactRecord]) -> list[ContactRecord]:
    kept = _once(contacts, lambda part: part.normal)
    return [ContactRecord(part.kind, part.value, part.normal, part.label, n == 0) for n, part in enumerate(kept)]


def _once(parts: Sequence[T], key: Callable[[T], str]) -> tuple[T, ...]:
    return tuple({key(part): part for part in reversed(parts)}.values())[::-1]
