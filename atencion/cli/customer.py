"""`atencion customer`: import, find and show customers."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click

from atencion.cli.customer_files import export, import_
from atencion.cli.customer_twins import duplicates, merge, unmerge
from atencion.cli.shared import Bar, as_json, open_desk, print_json, print_table, tell
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.customer_search import Found


@click.group(help=_("Clientes: importar, buscar y ver."))
def command() -> None:
    """The group."""


for _each in (import_, export, duplicates, merge, unmerge):
    command.add_command(_each)


@command.command(help=_("Busca por teléfono, documento, correo, contrato, dirección o palabras del nombre."))
@click.argument("query", metavar=_("TEXTO"), nargs=-1)
@click.option(
    "--from-file",
    "queries",
    type=click.File("r", encoding="utf-8-sig", errors="replace"),
    metavar=_("FICHERO"),
    help=_("Hace las búsquedas de un fichero, una por línea («-» lee de la entrada)."),
)
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def find(options: Options, query: tuple[str, ...], queries: TextIO | None, limit: int, json_: bool) -> int:
    if bool(query) == (queries is not None):
        raise click.UsageError(_("Diga qué buscar, o --from-file con un fichero de búsquedas: una de las dos cosas."))
    if queries is not None:
        return _find_from_file(options, queries, limit, json_=json_)
    text = " ".join(query)
    with open_desk(options) as desk:
        started = time.perf_counter()
        found = desk.find_customers(text, limit)
        elapsed = (time.perf_counter() - started) * 1000
    if json_:
        print_json(_answer(text, elapsed, found))
    elif found:
        print_table(
            [_("Número"), _("Código"), _("Nombre"), _("Población"), _("Por")],
            [[one.customer_id, one.external_id, one.name, one.town, one.match.why] for one in found],
        )
    else:
        tell(_("Nadie coincide con «{query}».").format(query=clean_line(text)))
    return 0


def _find_from_file(options: Options, queries: TextIO, limit: int, *, json_: bool) -> int:
    """One query a line: with `json_` a JSON document a line, else the first result of each."""
    from atencion.cli import INTERRUPTED
    from atencion.desk.bulk_search import find_many

    size = _size_of(queries)
    bar, done, read = Bar(), 0, 0
    asked: list[str] = []

    def lines() -> Iterator[str]:
        nonlocal read
        while line := queries.readline(_LONGEST_LINE):
            read += len(line.encode(errors="replace"))
            if text := line.strip():
                asked.append(text)
                yield text

    try:
        with open_desk(options) as desk:
            started = time.perf_counter()
            for found in find_many(desk, lines(), limit):
                elapsed = (time.perf_counter() - started) * 1000
                text, done = asked.pop(), done + 1
                if json_:
                    click.echo(json.dumps(_answer(text, elapsed, found), ensure_ascii=False, default=str))
                else:
                    first = f"{found[0].customer_id}  {found[0].name}  ({found[0].match.why})" if found else "-"
                    more = f"  +{len(found) - 1}" if len(found) > 1 else ""
                    tell(f"{clean_line(text, 60)}  →  {first}{more}")
                if done % _BAR_EVERY == 0:
                    bar.show_part(min(read / size, 1.0) if size else 0.0)
                started = time.perf_counter()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        bar.end()
    return 0


def _answer(query: str, elapsed: float, found: Sequence[Found]) -> dict[str, Any]:
    """What a search found, for a JSON document."""
    return {
        "query": query,
        "elapsed_ms": round(elapsed, 2),
        "results": [
            {"id": one.customer_id, "external_id": one.external_id, "name": one.name, "matched_on": one.matched_on}
            for one in found
        ],
    }


def _size_of(stream: TextIO) -> int:
    """Bytes of a file; 0 if it is none."""
    try:
        return os.fstat(stream.fileno()).st_size
    except (OSError, ValueError):
        return 0


@command.command(
    help=_(
        "Da todos los clientes que cumplen una condición: cp:28* y alta:2026-01..2026-06 y no tipo:empresa. "
        "«@nombre» es una búsqueda guardada."
    )
)
@click.argument("query", metavar=_("CONDICIÓN"), nargs=-1)
@click.option("--save", metavar=_("NOMBRE"), help=_("Guarda la condición con ese nombre."))
@click.option("--forget", metavar=_("NOMBRE"), help=_("Olvida la condición guardada con ese nombre."))
@click.option("--count", "count_only", is_flag=True, help=_("Dice cuántos son, y no cuáles."))
@click.option("--limit", type=click.IntRange(1), help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def search(
    options: Options,
    query: tuple[str, ...],
    save: str | None,
    forget: str | None,
    count_only: bool,
    limit: int | None,
    json_: bool,
) -> None:
    from atencion.desk import bulk_search

    text = " ".join(query)
    with open_desk(options) as desk:
        if forget is not None:
            bulk_search.forget_search(desk, forget)
        if save is not None:
            bulk_search.save_search(desk, save, text)
        if not text:
            kept = bulk_search.saved_searches(desk)
            if json_:
                print_json([{"name": one.name, "query": one.query, "saved_at": one.saved_at} for one in kept])
            else:
                print_table([_("Nombre"), _("Condición")], [[f"@{one.name}", one.query] for one in kept])
            return
        if count_only:
            number = bulk_search.count_in_bulk(desk, text)
            print_json({"query": text, "count": number}) if json_ else click.echo(number)
            return
        for card in bulk_search.search_in_bulk(desk, text, limit):
            if json_:
                row = {"id": card.id, "external_id": card.external_id, "name": card.name, "kind": card.kind}
                click.echo(json.dumps(row, ensure_ascii=False, default=str))
            else:
                town = next((one.town for one in card.addresses), "")
                tell("  ".join((str(card.id), card.external_id or "", card.name, town)))


@command.command(help=_("Enseña todo lo que consta de un cliente, por su número o su código."))
@click.argument("which", metavar=_("CLIENTE"))
@as_json
@click.pass_obj
def show(options: Options, which: str, json_: bool) -> None:
    with open_desk(options) as desk:
        card = desk.customer(int(which)) if which.isdecimal() and len(which) < 18 else None
        if card is None:
            same = [one for one in desk.find_customers(which, 20) if one.external_id == which]
            card = desk.customer(same[0].customer_id) if same else None
    if card is None:
        raise Refused(_("No hay ningún cliente «{which}».").format(which=clean_line(which, 60)))
    document = {
        "id": card.id,
        "external_id": card.external_id,
        "kind": card.kind,
        "name": card.name,
        "birth_date": card.birth_date,
        "language": card.language,
        "treatment": card.treatment,
        "identifiers": [{"kind": one.kind, "value": one.value} for one in card.identifiers],
        "accessibility": card.accessibility,
        "former_names": card.former_names,
        "version": card.version,
        "contacts": [
            {
                "kind": one.kind,
                "value": one.value,
                "normal": one.normal,
                "label": one.label,
                "primary": one.primary,
                "valid_to": one.valid_to,
            }
            for one in card.contacts
        ],
        "addresses": [vars(one) for one in card.addresses],
        "contracts": [vars(one) for one in card.contracts],
    }
    if json_:
        print_json(document)
        return
    tell(f"{card.name}  ({card.id})")
    rows = [(_("Código"), card.external_id), (_("Nacimiento"), card.birth_date)]
    rows += [(one.kind.value.upper(), one.value) for one in card.documents]
    rows += [(_("Contacto"), one.value) for one in (*card.phones, *card.emails)]
    rows += [(_("Anterior"), one.value) for one in card.contacts if one.valid_to is not None]
    rows += [(_("Dirección"), one.whole_line) for one in card.addresses]
    rows += [
        (_("Contrato"), f"{one.number}  {one.product_name}  {_contract_status(one.status)}") for one in card.contracts
    ]
    for label, value in rows:
        if value:
            tell(f"  {label:<12} {value}")


def _contract_status(status: str) -> str:
    return {"active": _("vigente"), "ended": _("terminado"), "pending": _("pendiente")}.get(status, status)


_BAR_EVERY = 20
_LONGEST_LINE = 20_000
