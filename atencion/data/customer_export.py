"""Writing customers to a file: all, or those that a search finds. Whole and at its place at the end, or not at all."""

from __future__ import annotations

import csv
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_search import How, Match, MatchedOn, find
from atencion.data.customers import CustomerCard, cards, count_customers
from atencion.data.engine import Store
from atencion.data.rejects import guarded
from atencion.data.search import language
from atencion.data.search.bulk import ids_in_bulk
from atencion.data.search.query import PARTICLES, read_query
from atencion.data.sql import Statement
from atencion.data.vcard_text import vcard
from atencion.errors import Refused, why
from atencion.i18n import _
from atencion.text import clean_line

CHUNK = 2_000
"""Customers read at a time."""

MOST_FOUND = 10_000
"""Customers of a search that are written."""

MOST_SHEET_ROWS = 1_048_575
"""Rows that a sheet holds under its header."""

COLUMNS = (
    "external_id", "nombre", "apellidos", "razón social", "documento", "pasaporte", "fecha de nacimiento", "teléfono",
    "e-mail", "dirección", "CP", "municipio", "provincia", "idioma", "trato", "accesibilidad",
)  # fmt: skip
"""The columns of a table of customers; the same that an import reads."""

_CONDITION = re.compile(r"\w:|^@[\w-]+$")
"""What a condition has and no text that is looked for: a field, or the name of a saved search."""

Writer = Callable[[Path, Iterable[CustomerCard]], int]


@dataclass(frozen=True)
class Exported:
    """How an export ended."""

    written: int
    path: Path
    format: str
    seconds: float


def export_customers(
    store: Store,
    path: Path,
    query: str = "",
    *,
    format_: str | None = None,
    overwrite: bool = False,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> Exported:
    """Write the customers that `query` means or asks for, or all, to `path`, in the format its name says or `format_`.

    Raises Refused if the format is not known, the file is there already, it cannot be written, or `query` is a
    condition that cannot be understood.
    """
    started = time.monotonic()
    kind = format_ or path.suffix.lower().removeprefix(".")
    writer = _WRITERS.get(kind)
    if writer is None:
        raise Refused(
            _("No se sabe en qué formato escribir {path}.").format(path=path),
            remedy=_("Termine el nombre en .csv, .xlsx, .vcf o .jsonl."),
        )
    if path.exists() and (not overwrite or not path.is_file()):
        raise Refused(
            _("{path} ya existe.").format(path=path), remedy=_("Dé otro nombre, o --force para escribir encima.")
        )
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        os.close(handle)
        beside = Path(name)
        try:
            written = writer(beside, _customers(store, clean_line(query, language.LONGEST), on_progress))
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(_("No se puede escribir en {path} ({why}).").format(path=path, why=why(error))) from error
    return Exported(written, path, kind, round(time.monotonic() - started, 3))


def _customers(store: Store, query: str, on_progress: Callable[[float], None]) -> Iterator[CustomerCard]:
    with store.reading() as connection:
        if query:
            asked = _asked_for(connection, query)
            while page := list(islice(asked, CHUNK)):
                yield from cards(connection, page)
            return
        total, done, after = max(1, count_customers(connection)), 0, 0
        while ids := [row[0] for row in _NEXT.run(connection, after=after, limit=CHUNK)]:
            yield from cards(connection, ids)
            after, done = ids[-1], done + len(ids)
            on_progress(min(1.0, done / total))


def _asked_for(connection: Connection, query: str) -> Iterator[int]:
    """All that a condition of the language asks for, or who has what a text says."""
    if _CONDITION.search(query):
        return ids_in_bulk(connection, query)
    found = find(connection, query, MOST_FOUND)
    if found and found[0].match == Match(MatchedOn.NAME):
        # Of all who are called so the search ranks a few, for whoever reads them; the rest are wanted here.
        return ids_in_bulk(connection, f'nombre:"{" ".join(_said(query))}"')
    # Who only sounds alike is for a person to choose from: their data do not leave unasked for.
    return (one.customer_id for one in found if one.match.how < How.SOUNDS)


def _said(query: str) -> list[str]:
    """The words of a name, each as often as it was said, without those that join them unless there are no others."""
    words = read_query(query).words
    return [word for word in words if word not in PARTICLES] or list(words)


def _row(card: CustomerCard) -> list[str]:
    address = card.address
    papers = [part for part in card.documents if part.kind == "passport"]
    return [
        card.external_id or "",
        card.given_name,
        card.surnames,
        card.company_name,
        " | ".join(part.value for part in card.documents if part.kind != "passport"),
        " | ".join(part.value for part in papers),
        card.birth_date.isoformat() if card.birth_date else "",
        " | ".join(part.normal for part in card.phones),
        " | ".join(part.value for part in card.emails),
        *((address.street, address.postcode, address.town, address.province) if address else ("", "", "", "")),
        card.language,
        card.treatment,
        card.accessibility,
    ]


def _to_csv(path: Path, customers: Iterable[CustomerCard]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for card in customers:
            writer.writerow([guarded(cell) for cell in _row(card)])
            count += 1
    return count


def _to_xlsx(path: Path, customers: Iterable[CustomerCard]) -> int:
    from xlsxwriter import Workbook

    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Clientes")
        sheet.freeze_panes(1, 0)
        _sheet_row(sheet, 0, COLUMNS)
        for card in customers:
            if count == MOST_SHEET_ROWS:
                raise Refused(
                    _("Una hoja no admite más de {most} filas.").format(most=MOST_SHEET_ROWS), remedy=_("Use CSV.")
                )
            count += 1
            _sheet_row(sheet, count, _row(card))
    return count


def _sheet_row(sheet: Any, number: int, cells: Sequence[str]) -> None:
    for column, cell in enumerate(cells):
        if cell:
            sheet.write_string(number, column, clean_line(cell, 32_000))


def _to_vcard(version: str) -> Writer:
    def write(path: Path, customers: Iterable[CustomerCard]) -> int:
        count = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            for card in customers:
                file.write(vcard(card, version))
                count += 1
        return count

    return write


def _to_json_lines(path: Path, customers: Iterable[CustomerCard]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for card in customers:
            file.write(json.dumps(_object(card), ensure_ascii=False) + "\n")
            count += 1
    return count


def _object(card: CustomerCard) -> dict[str, Any]:
    address = card.address
    return {
        "external_id": card.external_id,
        "given_name": card.given_name,
        "surnames": card.surnames,
        "company_name": card.company_name,
        "document": [part.value for part in card.documents if part.kind != "passport"],
        "passport": [part.value for part in card.documents if part.kind == "passport"],
        "birth_date": card.birth_date.isoformat() if card.birth_date else None,
        "phones": [{"value": part.normal, "label": part.label} for part in card.phones],
        "emails": [part.value for part in card.emails],
        "street": address.street if address else "",
        "postcode": address.postcode if address else "",
        "town": address.town if address else "",
        "province": address.province if address else "",
        "language": card.language,
        "treatment": card.treatment,
        "accessibility": card.accessibility,
    }


_WRITERS: dict[str, Writer] = {
    "csv": _to_csv,
    "xlsx": _to_xlsx,
    "vcf": _to_vcard("4.0"),
    "vcf3": _to_vcard("3.0"),
    "jsonl": _to_json_lines,
}
_NEXT = Statement("SELECT id FROM customer WHERE id > :after AND merged_into IS NULL ORDER BY id LIMIT :limit")
