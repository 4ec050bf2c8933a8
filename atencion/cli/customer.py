"""`atencion customer`: import, find and show customers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from atencion.cli.customer_files import export, import_
from atencion.cli.customer_twins import duplicates, merge, unmerge
from atencion.cli.shared import as_json, open_desk, print_json, print_table, tell
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options


@click.group(help=_("Clientes: importar, buscar y ver."))
def command() -> None:
    """The group."""


for _each in (import_, export, duplicates, merge, unmerge):
    command.add_command(_each)


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
