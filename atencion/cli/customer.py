"""`atencion customer`: import, find and show customers."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import as_json, open_desk, print_json, print_table, tell
from atencion.errors import Refused
from atencion.i18n import _, ngettext
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.customer_import import ImportProgress


@click.group(help=_("Clientes: importar, buscar y ver."))
def command() -> None:
    """The group."""


@command.command("import", help=_("Importa un CSV; las filas que no valen van a otro fichero, con el motivo."))
@click.argument("path", metavar=_("FICHERO.csv"), type=click.Path(path_type=Path))
@click.option(
    "--rejects",
    "rejects_path",
    type=click.Path(path_type=Path),
    metavar=_("FICHERO"),
    help=_("Dónde van las filas rechazadas. Por defecto, al lado, con «.rechazadas.csv»."),
)
@as_json
@click.pass_obj
def import_(options: Options, path: Path, rejects_path: Path | None, json_: bool) -> int:
    from atencion.cli import INTERRUPTED

    rejects = rejects_path or path.with_name(f"{path.stem}.rechazadas.csv")
    bar = _Bar()
    try:
        with open_desk(options, create=True) as desk:
            result = desk.import_customers(path, rejects_path=rejects, on_progress=bar.show)
    except KeyboardInterrupt:
        bar.end()
        tell(_("Interrumpido: ningún cliente ha quedado a medias. Repita la orden y seguirá sin duplicar."), err=True)
        return INTERRUPTED
    finally:
        bar.end()
    if json_:
        print_json({**vars(result), "rejects_file": str(result.rejects_file) if result.rejects_file else None})
        return 0
    rows = ngettext("{read} fila leída", "{read} filas leídas", result.read).format(read=result.read)
    counts = _("{created} clientes nuevos, {updated} actualizados, {rejected} filas rechazadas").format(**vars(result))
    tell(f"{rows}: {counts}.")
    if result.rejects_file:
        tell(_("Las rechazadas, con su motivo: {path}").format(path=result.rejects_file))
    return 0


@command.command(help=_("Busca por teléfono, documento, correo, contrato o palabras del nombre."))
@click.argument("query", metavar=_("TEXTO"), nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def find(options: Options, query: tuple[str, ...], limit: int, json_: bool) -> int:
    text = " ".join(query)
    with open_desk(options) as desk:
        started = time.perf_counter()
        found = desk.find_customers(text, limit)
        elapsed = (time.perf_counter() - started) * 1000
    if json_:
        results = [
            {"id": one.customer_id, "external_id": one.external_id, "name": one.name, "matched_on": one.matched_on}
            for one in found
        ]
        print_json({"query": text, "elapsed_ms": round(elapsed, 2), "results": results})
    elif found:
        print_table(
            [_("Número"), _("Código"), _("Nombre"), _("Población"), _("Por")],
            [[one.customer_id, one.external_id, one.name, one.town, _way(one.matched_on)] for one in found],
        )
    else:
        tell(_("Nadie coincide con «{query}».").format(query=clean_line(text)))
    return 0


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
        "contacts": [{"kind": one.kind, "value": one.value, "normal": one.normal} for one in card.contacts],
        "addresses": [vars(one) for one in card.addresses],
        "contracts": [vars(one) for one in card.contracts],
    }
    if json_:
        print_json(document)
        return
    tell(f"{card.name}  ({card.id})")
    rows = [(_("Código"), card.external_id), (_("Nacimiento"), card.birth_date)]
    rows += [(one.kind.value.upper(), one.value) for one in card.identifiers]
    rows += [(_("Contacto"), one.value) for one in card.contacts]
    rows += [(_("Dirección"), f"{one.street}, {one.postcode} {one.town}") for one in card.addresses]
    rows += [
        (_("Contrato"), f"{one.number}  {one.product_name}  {_contract_status(one.status)}") for one in card.contracts
    ]
    for label, value in rows:
        if value:
            tell(f"  {label:<12} {value}")


def _way(matched_on: str) -> str:
    return {
        "phone": _("teléfono"),
        "identifier": _("documento"),
        "external_id": _("código"),
        "contract": _("contrato"),
        "email": _("correo"),
        "name": _("nombre"),
    }.get(matched_on, matched_on)


def _contract_status(status: str) -> str:
    return {"active": _("vigente"), "ended": _("terminado"), "pending": _("pendiente")}.get(status, status)


class _Bar:
    """How far an import is, on a terminal; nothing in a pipe."""

    def __init__(self) -> None:
        self._is_wanted = sys.stderr.isatty()
        self._is_shown = False

    def show(self, progress: ImportProgress) -> None:
        if self._is_wanted:
            self._is_shown = True
            done = round(progress.fraction * _BAR)
            click.echo(f"\r[{'█' * done}{'·' * (_BAR - done)}] {progress.rows}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            self._is_shown = False
            click.echo(err=True)


_BAR = 30
