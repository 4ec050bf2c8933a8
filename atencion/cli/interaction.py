"""`atencion interaction`: list interactions and show their journals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import NUMBER, as_json, entry_row, open_desk, owed_row, print_json, print_table, tell
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.interactions import InteractionSummary
    from atencion.data.journal import StoredEntry


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
                [one.id, at, one.agent_name, one.customer_name, _status(one.status), one.outcome, one.disposition]
                for one, at in zip(found, opened, strict=True)
            ],
        )
    else:
        tell(_("Todavía no hay ninguna."))


@command.command(help=_("El diario de una interacción, entrada por entrada."))
@click.argument("number", metavar=_("NÚMERO"), type=NUMBER)
@as_json
@click.pass_obj
def show(options: Options, number: int, json_: bool) -> None:
    with open_desk(options) as desk:
        record = desk.record_of(number)
        run, summary = record.run, record.summary
        moments = [desk.local(entry.at) for entry in record.entries]
    if json_:
        about = {**_summary(summary), "path": run.path, "step": run.step, "owed": [owed_row(one) for one in run.owed]}
        print_json({**about, "journal": [entry_row(entry) for entry in record.entries]})
        return
    tell(f"{number}  {run.protocol.title} ({summary.protocol_id} {summary.protocol_version})")
    for label, value in (
        (_("Agente"), summary.agent_name),
        (_("Cliente"), summary.customer_name),
        (_("Estado"), _status(summary.status)),
        (_("Resultado"), summary.outcome),
        (_("Tipificación"), summary.disposition),
        (_("Expediente"), run.case),
        *((_("Queda debido"), one.label) for one in run.owed),
    ):
        if value:
            tell(f"   {label}: {value}")
    day, step = "", None
    for entry, at in zip(record.entries, moments, strict=True):
        if f"{at:%d/%m/%Y}" != day:
            day = f"{at:%d/%m/%Y}"
            tell("")
            tell(day)
        if entry.step != step and entry.step:
            found = run.protocol.by_id.get(entry.step)
            tell(f"   {found.title if found else entry.step}")
        step = entry.step
        tell(f"{entry.seq:4}  {at:%H:%M:%S}  {_line(entry)}".rstrip())


def _line(entry: StoredEntry) -> str:
    """What happened, its ids, and what was said or typed."""
    from atencion.data.journal import ValueState
    from atencion.desk.journal_words import happened

    ids = "  ".join(f"{key}={value}" for key, value in entry.body.items() if key != "hash" and value not in ("", None))
    told = {
        ValueState.PRESENT: f"«{clean_line(entry.value or '', 200)}»",
        ValueState.BLOCKED: _("(bloqueado por ley)"),
        ValueState.DESTROYED: _("(destruido por ley)"),
    }.get(entry.value_state, "")
    return f"{happened(entry.kind):<22}  {'  '.join(filter(None, (ids, told)))}"


def _status(status: str) -> str:
    return {"open": _("abierta"), "closed": _("cerrada"), "abandoned": _("abandonada")}.get(status, status)


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
