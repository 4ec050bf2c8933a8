"""`atencion interaction`: list interactions and show their journals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import as_json, open_desk, print_json, print_table, tell
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.interactions import InteractionSummary


@click.group(help=_("Interacciones: listar y ver."))
def command() -> None:
    """The group."""


@command.command("list", help=_("Las últimas interacciones."))
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help=_("Cuántas como mucho."))
@click.option("--agent", metavar=_("CÓDIGO"), help=_("Solo las de un agente."))
@as_json
@click.pass_obj
def list_(options: Options, limit: int, agent: str | None, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.interactions(limit, desk.agent(agent) if agent else None)
        opened = [f"{desk.local(one.opened_at):%d/%m/%Y %H:%M}" for one in found]
    if json_:
        print_json([_summary(one) for one in found])
    elif found:
        print_table(
            [_("Número"), _("Abierta"), _("Agente"), _("Cliente"), _("Estado"), _("Resultado"), _("Tipificación")],
            [
                [one.id, at, one.agent_name, one.customer_name, one.status, one.outcome, one.disposition]
                for one, at in zip(found, opened, strict=True)
            ],
        )
    else:
        tell(_("Todavía no hay ninguna."))


@command.command(help=_("El diario de una interacción, entrada por entrada."))
@click.argument("number", metavar=_("NÚMERO"), type=int)
@as_json
@click.pass_obj
def show(options: Options, number: int, json_: bool) -> None:
    with open_desk(options) as desk:
        record = desk.record_of(number)
        times = [desk.local(entry.at) for entry in record.entries]
    entries = [
        {
            "seq": entry.seq,
            "at": entry.at.isoformat(),
            "kind": entry.kind,
            "step": entry.step,
            "body": dict(entry.body),
            "value": entry.value,
            "value_state": entry.value_state,
        }
        for entry in record.entries
    ]
    if json_:
        run = record.run
        owed = [{"step": one.step, "kind": one.kind, "label": one.label} for one in run.owed]
        print_json({**_summary(record.summary), "path": run.path, "step": run.step, "owed": owed, "journal": entries})
        return
    tell(f"{number}  {record.summary.protocol_id} {record.summary.protocol_version}  {record.summary.status}")
    for entry, at in zip(record.entries, times, strict=True):
        body = "  ".join(f"{key}={value}" for key, value in entry.body.items() if value not in ("", None))
        value = f"«{clean_line(entry.value, 90)}»" if entry.value else ""
        tell(
            f"{entry.seq:4}  {at:%H:%M:%S}  {entry.kind:<11} {entry.step:<18} {'  '.join(filter(None, (body, value)))}"
        )


def _summary(one: InteractionSummary) -> dict[str, Any]:
    return {
        "id": one.id,
        "channel": one.channel,
        "direction": one.direction,
        "agent": one.agent_name,
        "protocol": one.protocol_id,
        "protocol_version": one.protocol_version,
        "customer_id": one.customer_id,
        "opened_at": one.opened_at.isoformat(),
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "status": one.status,
        "outcome": one.outcome,
        "disposition": one.disposition,
    }
