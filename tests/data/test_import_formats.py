"""Files of customers are read whatever program wrote them, and written so that any program reads them."""

from __future__ import annotations

import json
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data import validation
from atencion.data.customer_columns import Column
from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customer_export import export_customers
from atencion.data.customer_import import ImportPlan, ImportResult, import_customers
from atencion.data.customer_merge import merge, unmerge
from atencion.data.customer_rows import RowReader
from atencion.data.customer_search import How, find
from atencion.data.customers import (
    AddressRecord,
    CustomerCard,
    CustomerRecord,
    add_customer,
    add_customers,
    card,
    cards,
)
from atencion.data.engine import Store
from atencion.data.import_log import ImportUndone, imports, undo
from atencion.data.interactions import set_customer
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.row_source import open_source
from atencion.data.search.bulk import save_search
from atencion.data.twin_search import count_open
from atencion.data.validation import Invalid
from atencion.data.vcard_text import vcard
from atencion.errors import AtencionError, Refused
from tests.data.samples import NOON, open_interaction
from tests.data.test_twins import ANA

EXPORTS = Path(__file__).parent / "exports"
ROWS = "código;nombre;apellidos;NIF;móvil;CP\nE1;Ana;Muñoz Peña;99125978A;749000001;28001\n"


def write(folder: Path, data: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def bring(store: Store, path: Path, **options: Any) -> ImportResult:
    rejects = path.with_name("rejects.csv")
    return import_customers(store, path, rejects_path=rejects, clock=lambda: NOON, **options)


def everybody(store: Store) -> list[CustomerCard]:
    with store.reading() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM customer ORDER BY id")]
        return cards(connection, ids)


@pytest.mark.parametrize(
    ("file", "tool"),
    [
        ("espocrm", "EspoCRM"), ("suitecrm", "SuiteCRM"), ("zammad", "Zammad"), ("osticket", "osTicket"),
        ("odoo", "Odoo"), ("hubspot", "HubSpot"), ("salesforce", "Salesforce"),
    ],
)  # fmt: skip
def test_the_export_of_a_tool_is_recognised_by_its_header(store: Store, tmp_path: Path, file: str, tool: str) -> None:
    path = write(tmp_path, (EXPORTS / f"{file}.csv").read_bytes())
    done = bring(store, path)
    assert (done.format, done.created, done.rejected) == (tool, 2, 0)
    rosa, other = everybody(store)
    assert "Rosa" in rosa.name and "Inventada Uno" in rosa.name
    assert {part.normal for part in rosa.phones} >= {"+34749000101"}
    assert {part.normal for part in rosa.emails} == {"rosa1@example.com"}
    assert "+34749000102" in {part.normal for part in other.phones}
    if tool != "osTicket":
        assert (rosa.addresses[0].postcode, rosa.addresses[0].town, bool(rosa.external_id)) == ("28001", "Madrid", True)
    assert (bring(store, path).created, len(everybody(store))) == (0, 2)


def test_an_odoo_company_and_its_tax_number_are_read(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, (EXPORTS / "odoo.csv").read_bytes()))
    rosa, bar = everybody(store)
    assert (rosa.documents[0].normal[-9:], rosa.kind) == ("99125978A", "person")
    assert (bar.kind, bar.company_name) == ("company", "Bar Puente Nuevo, S. L.")


@pytest.mark.parametrize("version", ["3", "4"])
def test_vcards_are_read(store: Store, tmp_path: Path, version: str) -> None:
    done = bring(store, write(tmp_path, (EXPORTS / f"contacts{version}.vcf").read_bytes(), "contacts.vcf"))
    assert (done.created, done.rejected) == (2, 0)
    rosa, other = everybody(store)
    assert (rosa.given_name, rosa.surnames, rosa.birth_date) == ("Rosa", "Inventada Uno", date(1980, 2, 11))
    assert rosa.phones[0].normal == "+34749000101"
    assert "+34911000111" not in [part.normal for part in rosa.phones]
    assert other.name == ("Luis Nuñez Inventado" if version == "3" else "Bar Puente Nuevo, S. L.")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(";", ",").encode(),
        lambda text: text.replace(";", "\t").encode("utf-16"),
        lambda text: text.replace(";", "|").encode("cp1252"),
        lambda text: ("sep=;\n" + text).encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16 bare", "1252", "crlf", "comma", "excel unicode", "bar", "sep"],
)
def test_what_excel_and_libreoffice_write_in_spain_is_read(
    store: Store, tmp_path: Path, encode: Callable[[str], bytes]
) -> None:
    assert bring(store, write(tmp_path, encode(ROWS))).created == 1
    assert [one.name for one in everybody(store)] == ["Ana Muñoz Peña"]


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_with_its_numbers_and_days(store: Store, tmp_path: Path) -> None:
    rows = [
        ["Código", "Nombre", "Apellidos", "DNI", "Móvil", "Fecha de nacimiento", "CP"],
        ["E1", "Ana", "Muñoz", "99125978A", 749000001, datetime(1980, 2, 11), 8001],
        [None] * 7,
        ["E2", "Luis", "Ríos", "12345678A", 749000002, "31/02/1980", "08001"],
    ]
    done = bring(store, sheet(tmp_path / "book.xlsx", rows))
    assert (done.read, done.created, done.rejected) == (2, 1, 1)
    (ana,) = everybody(store)
    assert (ana.birth_date, ana.phones[0].normal, ana.addresses[0].postcode) == (
        date(1980, 2, 11), "+34749000001", "08001",
    )  # fmt: skip
    told = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "31/02/1980" in told and "control" in told


def test_json_lines_are_read(store: Store, tmp_path: Path) -> None:
    lines = [
        {
            "external_id": "J1",
            "given_name": "Ana",
            "surnames": "Muñoz",
            "phones": [{"value": "749000001"}, "749000002"],
        },
        {"external_id": "J2", "given_name": "Luis", "surnames": "Ríos", "emails": ["luis@example.com"]},
    ]
    text = "\n".join(map(json.dumps, lines)) + "\n[1]\n{broken\n"
    done = bring(store, write(tmp_path, text, "file.jsonl"))
    assert (done.created, done.rejected) == (2, 2)
    assert [part.normal for part in everybody(store)[0].phones] == ["+34749000001", "+34749000002"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "vcf", "vcf3", "jsonl"])
def test_what_is_written_is_read_again_the_same(store: Store, tmp_path: Path, kind: str) -> None:
    odd = CustomerRecord(external_id="X;1", given_name="=Ana, la", surnames="O'Donnell \\ Ñ", contacts=ANA.contacts)
    with store.writing() as connection:
        for customer in (ANA, odd):
            add_customer(connection, customer, at=NOON)
    before = everybody(store)
    done = export_customers(store, tmp_path / f"out.{kind.removesuffix('3')}", format_=kind)
    assert (done.written, done.format) == (2, kind)
    with store.writing() as connection:
        for table in ("identifier", "contact_point", "address", "customer"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        if store.path:
            for table in ("search_name", "search_trace"):
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    result = bring(store, done.path)
    assert (result.created, result.rejected) == (2, 0), (tmp_path / "rejects.csv").read_text()
    for was, now in zip(before, everybody(store), strict=True):
        assert (now.name, now.external_id, now.birth_date) == (was.name, was.external_id, was.birth_date)
        assert [part.normal for part in now.contacts] == [part.normal for part in was.contacts]
        assert [part.normal for part in now.documents] == [part.normal for part in was.documents]
        assert [(one.street, one.town) for one in now.addresses] == [(one.street, one.town) for one in was.addresses]


def test_no_cell_that_is_written_is_a_formula(store: Store, tmp_path: Path) -> None:
    with store.writing() as connection:
        for start in ("=", "+", "-", "@", "\t=", "＝", " ="):
            customer = CustomerRecord(given_name=f"{start}cmd|'/c calc'!A1", surnames="Rara", contacts=ANA.contacts)
            add_customer(connection, customer, at=NOON)
    export_customers(store, tmp_path / "out.csv")
    import csv

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    assert not any(cell.lstrip()[:1] in ("=", "+", "@", "＝") for cell in cells if cell)
    export_customers(store, tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_only_who_is_found_is_written(store: Store, tmp_path: Path) -> None:
    with store.writing() as connection:
        add_customer(connection, ANA, at=NOON)
        add_customer(connection, CustomerRecord(given_name="Otra", surnames="Persona"), at=NOON)
    assert export_customers(store, tmp_path / "out.csv", "muñoz").written == 1


def test_all_who_are_found_are_written_however_many_and_by_a_condition_too(store: Store, tmp_path: Path) -> None:
    home = AddressRecord("Calle Mayor, 1", "28013", "Madrid", "Madrid", True)
    with store.writing() as connection:
        many = [CustomerRecord(given_name="Ana", surnames=f"de la Peña {n}") for n in range(160)]
        add_customers(connection, [*many, replace(ANA, addresses=(home,))], at=NOON)
        save_search(connection, "centro", "cp:280*", at=NOON)
    asked = {"peña ana": 160, "cp:28*": 1, "@centro": 1, ANA.phones[0].value: 1}
    for n, (query, written) in enumerate(asked.items()):
        assert export_customers(store, tmp_path / f"out{n}.csv", query).written == written, query
    with pytest.raises(Refused, match="campo"):
        export_customers(store, tmp_path / "bad.csv", "postcod:28")
    assert not (tmp_path / "bad.csv").exists()


def test_a_file_that_is_there_is_not_written_over(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "mine", "out.csv")
    with pytest.raises(Refused, match="ya existe"):
        export_customers(store, path)
    for where in (tmp_path / "none" / "out.csv", tmp_path / "out.pdf", Path("/dev/full/out.csv")):
        with pytest.raises(Refused):
            export_customers(store, where)
    assert path.read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_long_vcard_line_is_folded_and_no_letter_is_cut() -> None:
    text = vcard(CustomerRecord(given_name="Ñ" * 80, surnames="Ü" * 80), "4.0")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "Ñ" * 80 in text.replace("\r\n ", "")


def test_a_mapping_says_what_names_do_not(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "A#B#C\nE1#Ana#Muñoz\n")
    plan = ImportPlan({"A": Column.EXTERNAL_ID, "B": Column.GIVEN_NAME, "C": Column.SURNAMES}, "#")
    assert bring(store, path, plan=plan).created == 1
    assert everybody(store)[0].external_id == "E1"
    with pytest.raises(Refused, match="«Z»"):
        bring(store, path, plan=ImportPlan({"Z": Column.SURNAMES}, "#"))


@pytest.mark.parametrize(("told", "nif"), [("ES99125978A", "99125978A"), ("1234567L", "01234567L")])
def test_a_document_is_the_same_with_its_country_or_without_its_zeros(
    store: Store, tmp_path: Path, told: str, nif: str
) -> None:
    bring(store, write(tmp_path, f"nombre;apellidos;NIF\nAna;Ríos;{told}\n"))
    again = bring(store, write(tmp_path, f"nombre;apellidos;NIF\nAna;Ríos;{nif}\n", "again.csv"))
    assert (again.created, again.updated) == (0, 1)
    with store.reading() as connection:
        assert [len(find(connection, text)) for text in (told, nif, nif.lower())] == [1, 1, 1]
    assert validation.identifier(told).normal == nif


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_several_passports_are_written_and_read_again(store: Store, tmp_path: Path, kind: str) -> None:
    papers = tuple(validation.passport(text) for text in ("AB123456", "CD654321"))
    with store.writing() as connection:
        add_customer(connection, CustomerRecord(given_name="Ana", surnames="Ríos", identifiers=papers), at=NOON)
    export_customers(store, tmp_path / f"out.{kind}")
    done = bring(store, tmp_path / f"out.{kind}")
    assert (done.created, done.updated) == (0, 1)
    assert [part.value for one in everybody(store) for part in one.documents] == ["AB123456", "CD654321"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("castellano", "es"), ("Español", "es"), ("es_ES", "es"), ("Spanish / Español", "es"), ("Catalán", "ca"),
        ("català", "ca"), ("valenciano", "ca"), ("ca-ES", "ca"), ("Gallego", "gl"), ("euskera", "eu"),
        ("inglés", "en"), ("alemán", "de"), ("rumano", "ro"), ("ruso", "ru"), ("nl", "nl"), ("", "es"),
    ],
)  # fmt: skip
def test_a_language_is_understood_however_it_is_called(told: str, code: str) -> None:
    reader = RowReader([Column.GIVEN_NAME, Column.LANGUAGE], ["nombre", "idioma"], NOON.date())
    assert (reader.read(2, ["Ana", told]).language or "es") == code


def test_a_language_that_is_none_is_told(store: Store, tmp_path: Path) -> None:
    done = bring(store, write(tmp_path, "nombre;apellidos;idioma\nAna;Ríos;klingon\nEva;Ríos;castellano\n"))
    assert (done.rejected, [one.language for one in everybody(store)]) == (1, ["es"])
    assert "klingon" in (tmp_path / "rejects.csv").read_text()


def test_a_dry_run_writes_nothing_and_tells_the_fate_of_each_row(store: Store, tmp_path: Path) -> None:
    text = ROWS + "E1;Ana;Muñoz Peña;99125978A;749000001;28001\nE3;Luis;Malo;12345678A;;\n"
    done = bring(store, write(tmp_path, text), dry_run=True, report_path=tmp_path / "report.csv")
    assert (done.created, done.updated, done.rejected, done.import_id) == (1, 1, 1, None)
    assert everybody(store) == []
    assert not (tmp_path / "rejects.csv").exists()
    report = (tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in report[1:]] == ["nuevo", "actualizado", "rechazada"]


def test_rejected_rows_that_are_corrected_are_imported(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, ROWS + "E3;Luis;Malo;12345678A;749000003;28001\n"))
    rejects = tmp_path / "rejects.csv"
    fixed = write(tmp_path, rejects.read_bytes().replace(b"12345678A", b"12345678Z"), "fixed.csv")
    done = bring(store, fixed)
    assert (done.created, done.rejected) == (1, 0)


def test_an_interrupted_import_goes_on_where_it_was(store: Store, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("atencion.data.customer_import.BATCH", 10)
    rows = [f"E{n};Nombre{n};Apellido{n};;7490{n:05};\n" for n in range(45)]
    rows[13] = "E13;Malo;Malo;12345678A;;\n"
    path = write(tmp_path, "código;nombre;apellidos;NIF;móvil;CP\n" + "".join(rows))

    def stop(progress: Any) -> None:
        if progress.rows == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(store, path, on_progress=stop)
    assert len(everybody(store)) == 19
    done = bring(store, path)
    assert (done.resumed_at, done.read, done.created, done.rejected) == (20, 45, 44, 1)
    assert len((tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()) == 2


def test_an_import_whose_undoing_was_interrupted_is_not_gone_on_with(
    store: Store, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("atencion.data.customer_import.BATCH", 10)
    monkeypatch.setattr("atencion.data.import_log.UNDONE_AT_A_TIME", 5)
    path = write(tmp_path, "nombre;apellidos\n" + "".join(f"Nombre{n};Apellido{n}\n" for n in range(30)))

    def stop(_progress: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(store, path, on_progress=stop)
    with pytest.raises(KeyboardInterrupt):
        undo(store, 1, clock=lambda: NOON, on_progress=stop)
    assert undo(store, 1, clock=lambda: NOON).removed == 5
    with pytest.raises(KeyboardInterrupt):
        bring(store, path, on_progress=stop)
    with pytest.raises(KeyboardInterrupt):
        undo(store, 2, clock=lambda: NOON, on_progress=stop)
    done = bring(store, path)
    assert (done.import_id, done.resumed_at, done.created) == (3, 0, 30)


@pytest.mark.parametrize("meanwhile", ["import", "undo"])
def test_two_do_not_go_on_with_one_import(store: Store, tmp_path: Path, monkeypatch: Any, meanwhile: str) -> None:
    monkeypatch.setattr("atencion.data.customer_import.BATCH", 10)
    path = write(tmp_path, "nombre;apellidos\n" + "".join(f"Nombre{n};Apellido{n}\n" for n in range(40)))

    def another(progress: Any) -> None:
        if progress.rows == 10:
            bring(store, path) if meanwhile == "import" else undo(store, 1, clock=lambda: NOON)

    with pytest.raises(Refused, match="Otro proceso"):
        bring(store, path, on_progress=another)
    with store.reading() as connection:
        (one,) = imports(connection)
    expected = ("done", 40) if meanwhile == "import" else ("undone", 0)
    assert (one.status, len(everybody(store))) == expected


def test_an_import_is_undone_whole_and_what_was_there_is_as_it_was(store: Store, tmp_path: Path) -> None:
    first = bring(store, write(tmp_path, ROWS))
    before = everybody(store)
    text = "código;nombre;apellidos;NIF;móvil;CP\nE1;Ana;Cambiada;99125978A;749000009;\n"
    text += "E2;Luis;Nuevo;;749000002;\nE3;Eva;Atendida;;749000003;\n"
    second = bring(store, write(tmp_path, text, "second.csv"))
    with store.reading() as connection:
        attended = find(connection, "E3")[0].customer_id
    call = open_interaction(store)
    with store.writing() as connection:
        set_customer(connection, call.id, attended)
    assert second.import_id is not None
    done = undo(store, second.import_id, clock=lambda: NOON)
    assert (done.removed, done.kept) == (1, 1)
    ana, eva = everybody(store)
    assert (ana.surnames, ana.contacts, eva.given_name) == (before[0].surnames, before[0].contacts, "Eva")
    with store.reading() as connection:
        assert find(connection, "Luis Nuevo") == []
        assert [one.customer_id for one in find(connection, "Muñoz Peña")] == [ana.id]
        # The number is nobody's; those whose own is a digit away may be meant, and it is said that they are only alike.
        alike = {one.customer_id: one.match.how for one in find(connection, "749000009")}
        assert alike == {ana.id: How.ALIKE, eva.id: How.ALIKE}
        assert [one.customer_id for one in find(connection, "749000001")][:1] == [ana.id]
    assert not [one for each in (ana, eva) for one in each.contacts if one.normal.endswith("749000009")]
    with pytest.raises(Refused, match="ya está deshecha"):
        undo(store, second.import_id, clock=lambda: NOON)
    assert first.import_id is not None
    assert undo(store, first.import_id, clock=lambda: NOON).removed == 1


def undone(store: Store, done: ImportResult) -> ImportUndone:
    assert done.import_id is not None
    return undo(store, done.import_id, clock=lambda: NOON)


def edit(store: Store, before: CustomerCard, **wanted: Any) -> None:
    with store.writing() as connection:
        origin_id = add_origin(connection, NewOrigin(OriginKind.DESK, NOON))
        change = Edit(before, replace(before, **wanted), ends=True)
        edit_customers(connection, [change], origin_id=origin_id, at=NOON, on=NOON.date())


def only(store: Store, name: str) -> CustomerCard:
    (found,) = (one for one in everybody(store) if one.given_name == name)
    return found


def test_what_an_import_added_and_somebody_changed_since_stays(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, ROWS))
    second = bring(store, write(tmp_path, ROWS.replace("749000001", "749000002"), "second.csv"))
    (ana,) = everybody(store)
    edit(store, ana, contacts=tuple(replace(one, primary=one.normal == "+34749000002") for one in ana.contacts))
    done = undone(store, second)
    assert (done.reverted, done.changed_since) == (0, 1)
    (ana,) = everybody(store)
    assert {one.normal: one.primary for one in ana.phones} == {"+34749000001": False, "+34749000002": True}
    with store.reading() as connection:
        assert [one.customer_id for one in find(connection, "749000002", limit=1)] == [ana.id]


def test_what_an_import_added_goes_if_what_was_changed_is_as_it_was_again(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, ROWS))
    second = bring(store, write(tmp_path, ROWS.replace("749000001", "749000002"), "second.csv"))
    (ana,) = everybody(store)
    edit(store, ana, contacts=tuple(replace(one, primary=one.normal == "+34749000002") for one in ana.contacts))
    (changed,) = everybody(store)
    edit(store, changed, contacts=ana.contacts)
    done = undone(store, second)
    assert (done.reverted, done.changed_since) == (1, 0)
    assert {one.normal: one.primary for one in only(store, "Ana").phones} == {"+34749000001": True}


PAIR = "código;nombre;apellidos;móvil;dirección;CP;municipio\n"
PAIR += "E1;Ana;Muñoz;749000001;;;\nE2;Eva;Ríos;749000003;Calle Mayor, 1;28013;Madrid\n"
MOVE = "código;nombre;apellidos;móvil;dirección;CP;municipio\nE1;Ana;Muñoz;749000002;Rúa Nova, 2;36201;Vigo\n"


@pytest.mark.parametrize("apart_again", [False, True])
def test_of_an_undone_import_nobody_is_found_by_what_it_added_even_merged_since(
    store: Store, tmp_path: Path, apart_again: bool
) -> None:
    bring(store, write(tmp_path, PAIR))
    second = bring(store, write(tmp_path, MOVE, "second.csv"))
    ana, eva = only(store, "Ana"), only(store, "Eva")
    with store.writing() as connection:
        number = merge(connection, eva.id, ana.id, by=None, at=NOON)
        if apart_again:
            unmerge(connection, number, by=None, at=NOON)
    done = undone(store, second)
    assert (done.reverted, done.changed_since) == (2, 0)
    with store.reading() as connection:
        for query in ("eva vigo", "eva 749000002", "ana vigo"):
            assert not [one for one in find(connection, query) if one.match.how is not How.ALIKE], query
    assert {one.normal for one in only(store, "Eva").phones} == {"+34749000003"} | (
        set() if apart_again else {"+34749000001"}
    )


def test_who_is_alike_and_not_the_same_goes_to_the_queue(store: Store, tmp_path: Path) -> None:
    text = "código;nombre;apellidos;móvil\nE1;Ana;Muñoz Peña;749000001\nE2;Ana;Munoz Penya;749000001\n"
    done = bring(store, write(tmp_path, text))
    assert done.created == 2
    with store.reading() as connection:
        assert count_open(connection) == 1


def test_a_merged_number_still_brings_its_customer_up_to_date(store: Store, tmp_path: Path) -> None:
    text = "código;nombre;apellidos;móvil\nE1;Ana;Muñoz;749000001\nE2;Anita;Muñoz;749000002\n"
    bring(store, write(tmp_path, text))
    one, other = everybody(store)
    with store.writing() as connection:
        merge(connection, one.id, other.id, by=None, at=NOON)
    again = bring(store, write(tmp_path, text.replace("749000002", "749000007"), "again.csv"))
    assert (again.created, again.updated) == (0, 2)
    with store.reading() as connection:
        found = card(connection, one.id)
    assert found is not None
    assert found.external_id == "E1"
    assert "+34749000007" in {part.normal for part in found.phones}


# What should never have been written


def zip_of(folder: Path, parts: dict[str, bytes], name: str = "file.xlsx") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return folder / name


def bomb(folder: Path) -> Path:
    return zip_of(folder, {"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"0" * 50_000_000})


def entities(folder: Path) -> Path:
    return zip_of(folder, {"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'})


def truncated_book(folder: Path) -> Path:
    path = sheet(folder / "whole.xlsx", [["nombre", "apellidos"], ["Ana", "Muñoz"]])
    return write(folder, path.read_bytes()[:-900], "cut.xlsx")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: write(folder, ""), "vacío"),
        (lambda folder: write(folder, "\n\n"), "vacío"),
        (lambda folder: write(folder, "a;" * 10_000 + "nombre\n"), "columnas"),
        (lambda folder: write(folder, "a\x00b;nombre\nx;y\n"), "no es de texto"),
        (lambda folder: write(folder, b"\xd0\xcf\x11\xe0rest", "old.xls"), "antiguo"),
        (lambda folder: zip_of(folder, {"hola.txt": b"hola"}), "comprimido"),
        (bomb, "descomprimirse"),
        (entities, "entidades"),
        (truncated_book, "incompleto"),
        (lambda folder: folder, "no es un fichero"),
        (lambda folder: folder / "none.csv", "No existe"),
        (lambda folder: write(folder, '{"peso": 3}\n'), "nombre"),
        (lambda folder: write(folder, 'a;"b\n'), "no se entiende"),
    ],
    ids=["empty", "blank", "10000 columns", "NUL", "xls", "zip", "bomb", "entities", "cut", "folder", "missing",
         "no names", "open header"],
)  # fmt: skip
def test_what_is_no_list_of_customers_is_told_and_nothing_is_written(
    store: Store, tmp_path: Path, make: Callable[[Path], Path], said: str
) -> None:
    with pytest.raises(AtencionError, match=said):
        bring(store, make(tmp_path))
    assert everybody(store) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('E2;"Luis;Ríos;;749000002;28001', "comillas sin cerrar"),
        ('E2;L"u"is;Ríos;;749000002;28001', "nuevo"),
        ("E2;Lu\x00is;Ríos;;749000002;28001", "no son texto"),
        ("E2;" + "L" * 1_000_000 + ";Ríos;;749000002;28001", "una celda pasa"),
        ("E2;Luis;Ríos;;749000002;28001;sobra", "columnas"),
        ("E2;Luis;Ríos;31/02/1980;749000002;28001", "forma"),
        ("E2;Luis", "nuevo"),
        ("E2;'=cmd|calc;Ríos;;749000002;28001", "nuevo"),
    ],
    ids=["open quote", "stray quotes", "NUL", "million", "more cells", "date", "truncated", "formula"],
)
def test_a_broken_row_is_told_whole_and_the_others_are_written(
    store: Store, tmp_path: Path, row: str, said: str
) -> None:
    text = ROWS + row + "\nE9;Eva;Última;;749000009;28001\n"
    done = bring(store, write(tmp_path, text))
    assert done.created + done.rejected == 3
    assert {"Ana", "Eva"} <= {one.given_name for one in everybody(store)}
    if said == "nuevo":
        assert done.created == 3
    else:
        told = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
        assert said in told and "E2" in told


def test_mixed_encodings_are_read_line_by_line(store: Store, tmp_path: Path) -> None:
    data = ROWS.encode() + "E2;Iñaki;Núñez;;749000002;28001\n".encode("cp1252")
    assert bring(store, write(tmp_path, data)).created == 2
    assert [one.given_name for one in everybody(store)] == ["Ana", "Iñaki"]


def test_quotes_that_never_close_cost_little(store: Store, tmp_path: Path) -> None:
    rows = "".join(f'E{n};"Nombre{n};Apellido;;7490{n:05};\n' for n in range(3_000))
    done = bring(store, write(tmp_path, "código;nombre;apellidos;NIF;móvil;CP\n" + rows))
    assert (done.created + done.rejected, done.rejected > 1_000) == (done.read, True)


@pytest.mark.parametrize(
    "typed",
    [
        "munoz ana", "900000", "ana.munoz", "@correo", "28806 muñoz", "peña alcala", "luna llena", "sol 3 getafe",
        "김민수", "muñoz 김민수", "서울", "김민", unicodedata.normalize("NFD", "김민수"),
    ],
)  # fmt: skip
def test_who_is_imported_is_found_by_every_part_that_the_rows_of_the_file_say(
    store: Store, tmp_path: Path, typed: str
) -> None:
    header = "código;nombre;apellidos;NIF;móvil;email;dirección;CP;municipio\n"
    one = "E1;Ana 김민수;Muñoz Peña;99125978A;749000001;;Calle Luna Llena, 12, 3.º B;28806;Alcalá de Henares\n"
    more = "E1;Ana 김민수;Muñoz Peña;99125978A;;ana.munoz@correo.example;Avenida del Sol, 3;28901;Getafe 서울\n"
    bring(store, write(tmp_path, header + one + more))
    with store.reading() as connection:
        assert [match.customer_id for match in find(connection, typed)] == [everybody(store)[0].id]


def test_the_same_person_a_thousand_times_is_one(store: Store, tmp_path: Path) -> None:
    header, row = ROWS.splitlines()
    done = bring(store, write(tmp_path, "\n".join([header, *[row] * 1_000]) + "\n"))
    assert (done.created, done.updated, len(everybody(store))) == (1, 999, 1)


def test_a_contact_that_a_crowd_has_costs_little_and_makes_no_twins(
    store: Store, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("atencion.data.customer_import.BATCH", 100)
    most = 0

    def counted(connection: Any, ids: Any) -> Any:
        nonlocal most
        most = max(most, len(ids))
        return cards(connection, ids)

    monkeypatch.setattr("atencion.data.customer_match.cards", counted)
    rows = "".join(f"Nombre{n};Apellido{n};sin@example.com\n" for n in range(500))
    path = write(tmp_path, f"nombre;apellidos;correo\n{rows}")
    assert bring(store, path).created == 500
    assert most <= 20  # to recognise a hundred newcomers, the hundreds that came before are not read
    assert (bring(store, path).updated, len(everybody(store))) == (500, 500)
    assert most == 100


def test_cells_over_several_lines_are_one_cell(store: Store, tmp_path: Path) -> None:
    text = 'nombre;apellidos;dirección\nAna;Muñoz;"Calle del Olmo, 86\nportal ""B"""\n'
    assert bring(store, write(tmp_path, text)).created == 1
    assert everybody(store)[0].addresses[0].street == 'Calle del Olmo, 86 portal "B"'


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), data)
        try:
            with open_source(path) as source:
                for row in source.rows():
                    assert row.line
        except AtencionError as told:
            assert str(told)


@given(st.from_regex(r"[0-9]{8}[A-Z]", fullmatch=True))
def test_the_quick_check_of_a_nif_says_what_the_library_says(text: str) -> None:
    from stdnum.es import dni

    try:
        validation.document(text)
    except Invalid:
        assert not dni.is_valid(text)
    else:
        assert dni.is_valid(text)


@given(st.from_regex(r"(\+34|0034)?[ -]?[5-9][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}", fullmatch=True))
def test_the_quick_check_of_a_phone_says_what_the_library_says(text: str) -> None:
    import phonenumbers

    number = phonenumbers.parse(text, "ES")
    try:
        normal = validation.phone(text).normal
    except Invalid:
        assert not phonenumbers.is_valid_number(number)
    else:
        assert normal == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_rows_that_a_spreadsheet_left_empty_are_no_customers(store: Store, tmp_path: Path) -> None:
    done = bring(store, write(tmp_path, ROWS + ";;;;;\n ; ;;;;\r\n"))
    assert (done.read, done.created, done.rejected) == (1, 1, 0)


def test_nobody_who_only_sounds_like_what_was_asked_for_is_exported(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, ROWS))
    assert export_customers(store, tmp_path / "none.csv", "nunoz").written == 0
    assert export_customers(store, tmp_path / "some.csv", "muñoz").written == 1


def test_lists_inside_an_object_are_values_of_a_column(store: Store, tmp_path: Path) -> None:
    line = {"nombre": "Ana", "apellidos": "Gil", "contacto": {"móvil": ["749000001", "749000002"]}}
    plan = ImportPlan({"contacto móvil": Column.PHONE})
    bring(store, write(tmp_path, json.dumps(line), "nested.jsonl"), plan=plan)
    (ana,) = everybody(store)
    assert [part.normal for part in ana.phones] == ["+34749000001", "+34749000002"]


def test_a_line_of_json_without_end_is_read_in_parts(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps({"nombre": "Ana"}) + "\n" + "{" * 30_000_000, "long.jsonl")
    tracemalloc.start()
    with open_source(path) as source:
        assert sum(1 for _row in source.rows()) == 30
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()


def test_a_property_of_a_vcard_that_never_ends_is_cut(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nFN:Ana\nNOTE;ENCODING=QUOTED-PRINTABLE:" + ("a" * 70 + "=\n") * 20_000 + "\nEND:VCARD\n"
    with open_source(write(tmp_path, card, "long.vcf")) as source:
        (row,) = source.rows()
    assert "Ana" in row.cells


def test_a_row_with_a_number_that_no_sheet_has_is_told(tmp_path: Path) -> None:
    path = sheet(tmp_path / "book.xlsx", [["nombre"], ["Ana"]])
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'r="2"', b'r="99999999999"')
    with open_source(zip_of(tmp_path, parts, "far.xlsx")) as source, pytest.raises(AtencionError) as told:
        list(source.rows())
    assert "dañado" in str(told.value)


def test_a_surname_asked_for_twice_exports_only_who_has_it_twice(store: Store, tmp_path: Path) -> None:
    rows = ROWS + "E2;Luis;Gil Moreno;;749000002;28001\nE3;Eva;Moreno Moreno;;749000003;28001\n"
    bring(store, write(tmp_path, rows))
    assert export_customers(store, tmp_path / "twice.csv", "moreno moreno").written == 1
    assert export_customers(store, tmp_path / "once.csv", "moreno").written == 2
