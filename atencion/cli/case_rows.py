"""Cases as the command line shows them: a row, all of one, what falls due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import print_json, tell
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.data.case_exceptions import StoredException
    from atencion.data.cases import CaseSummary
    from atencion.desk import Desk
    from atencion.desk.cases import CaseFile, DueCase


def summary_row(case: CaseSummary) -> dict[str, Any]:
    """A case for a JSON document."""
    return {
        "key": case.key,
        "type": case.type,
        "subtype": case.subtype or None,
        "subject": case.subject,
        "status": case.status,
        "priority": case.priority,
        "department": case.department,
        "channel": case.channel,
        "language": case.language,
        "region": case.region or None,
        "amount_cents": case.amount_cents,
        "customer_id": case.customer_id,
        "received_at": case.received_at.isoformat(),
        "opened_at": case.opened_at.isoformat(),
        "resolved_at": case.resolved_at.isoformat() if case.resolved_at else None,
        "notified_at": case.notified_at.isoformat() if case.notified_at else None,
        "decision": case.decision or None,
        "compensation_cents": case.compensation_cents,
        "due": case.due_on.isoformat() if case.due_on else None,
        "norm": case.due_norm or None,
        "seq": case.seq,
    }


def case_document(desk: Desk, file: CaseFile) -> dict[str, Any]:
    """All of a case for a JSON document."""
    from atencion.desk.case_keys import spoken_key

    norm = desk.catalogue.norm
    return {
        **summary_row(file.case),
        "spoken": spoken_key(file.case.key),
        "label": file.label,
        "customer": file.customer or None,
        "owner": file.owner or None,
        "contract": file.contract or None,
        "merged_into": file.merged_into or None,
        "external_body": file.case.external_body or None,
        "items": [
            {"number": one.number, "text": one.text, "decision": one.decision or None, "reasons": one.reasons}
            for one in file.items
        ],
        "clocks": [
            {
                "norm": norm(one.norm).norm,
                "article": norm(one.norm).article,
                "started_at": one.started_at.isoformat(),
                "due": one.due_on.isoformat(),
                "due_at": one.due_at.isoformat(),
                "state": one.state,
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
                "estimated": one.estimated,
                "extended": one.extended,
            }
            for one in file.clocks
        ],
        "documents": [
            {"id": one.id, "kind": one.kind, "language": one.language, "at": one.at.isoformat(), "sha256": one.hash}
            for one in file.documents
        ],
        "messages": [
            {"id": one.id, "channel": one.channel, "state": one.state, "attempts": one.attempts}
            for one in file.messages
        ],
        "handovers": [
            {
                "at": one.at.isoformat(),
                "department": one.department,
                "reason": one.reason,
                "warm": one.warm,
                "agent": one.agent or None,
                "state": one.state,
                "summary": one.summary,
            }
            for one in file.handovers
        ],
        "exceptions": [exception_row(one) for one in file.exceptions],
        "locks": [{"contract": one.contract_number, "norm": one.norm} for one in file.locks],
        "tasks": [
            {"id": one.id, "text": one.text, "due_at": one.due_at.isoformat(), "done": one.done_at is not None}
            for one in file.tasks
        ],
        "links": [{"kind": one.kind, "key": one.other_key or None, "reference": one.reference} for one in file.links],
        "interactions": list(file.interactions),
        "history": [
            {
                "seq": one.seq,
                "at": one.at.isoformat(),
                "agent": one.agent or None,
                "kind": one.kind,
                "body": dict(one.body),
                "value": one.value,
            }
            for one in file.events
        ],
    }


def show_case(desk: Desk, file: CaseFile, json_: bool) -> None:
    """All of a case, as one document or for a person."""
    if json_:
        print_json(case_document(desk, file))
        return
    from atencion.desk.case_keys import spoken_key
    from atencion.desk.handovers import handover_told
    from atencion.scripts.cases import decision_label, status_label

    case = file.case
    tell(f"{spoken_key(case.key)}  {file.label}: {status_label(case.status)}")
    for label, value in (
        (_("Asunto"), clean_line(case.subject or _("(bloqueado por ley)"), 200)),
        (_("Cliente"), file.customer),
        (_("Contrato"), file.contract),
        (_("Departamento"), case.department),
        (_("Lo lleva"), file.owner),
        (_("Recibido"), f"{desk.local(case.received_at):%d/%m/%Y %H:%M}"),
        (_("Sigue en"), spoken_key(file.merged_into)),
    ):
        if value:
            tell(f"   {label}: {value}")
    for item in file.items:
        decided = f" [{decision_label(item.decision)}] {item.reasons or ''}" if item.decision else ""
        tell(f"   {item.number}. {clean_line(item.text or '—', 200)}{decided}")
    for clock in file.clocks:
        if clock.state in ("running", "stopped"):
            norm = desk.catalogue.norm(clock.norm)
            stopped = _(" (detenido)") if clock.state == "stopped" else ""
            tell(f"   {norm.label}: {desk.local(clock.due_at - timedelta(seconds=1)):%d/%m/%Y %H:%M}{stopped}")
    for given in file.handovers:
        tell(f"   {desk.local(given.at):%d/%m/%Y %H:%M} {handover_told(desk.organisation, given)}")
    for asked in file.exceptions:
        tell("   " + _("Excepción {id}: {what}").format(id=asked.id, what=exception_told(asked)))
    for held in file.locks:
        norm = desk.catalogue.norm(held.norm)
        tell(_("   El contrato {number} no se corta ({norm}).").format(number=held.contract_number, norm=norm.label))
    for message in file.messages:
        tell(f"   {message.subject}: {message.channel}, {message_state(message.state)}")


def exception_row(one: StoredException) -> dict[str, Any]:
    """An exception for a JSON document."""
    return {
        "id": one.id,
        "case": one.case_key,
        "agent": one.agent,
        "asked_at": one.asked_at.isoformat(),
        "what": one.what,
        "why": one.why,
        "amount_cents": one.amount_cents,
        "state": one.state,
        "decided_by": one.decided_by or None,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "reason": one.reason,
        "used_at": one.used_at.isoformat() if one.used_at else None,
    }


def exception_told(one: StoredException) -> str:
    """What was asked for, how much, how it stands and why."""
    from atencion.desk.case_writing import money_told
    from atencion.desk.exceptions import exception_label

    amount = money_told(one.amount_cents) if one.amount_cents is not None else ""
    said = [clean_line(one.what or "—", 200), amount, exception_label(one), clean_line(one.reason or "", 200)]
    return " · ".join(filter(None, said))


def cents(euros: str | None) -> int | None:
    """An amount as an option has it, in cents."""
    from atencion.desk.case_writing import cents_of

    if euros is None:
        return None
    try:
        return cents_of(euros)
    except Refused as error:
        raise click.UsageError(error.remedy) from None


def message_state(state: str) -> str:
    """The state of a message as people read it."""
    return {
        "pending": _("pendiente"),
        "sending": _("enviándose"),
        "handing": _("entregándose"),
        "sent": _("enviado"),
        "failed": _("fallido"),
        "doubtful": _("en duda"),
        "withdrawn": _("retirado"),
    }.get(state, state)


def case_row(desk: Desk, case: CaseSummary) -> list[object]:
    """A case in a table."""
    from atencion.scripts.cases import status_label

    due = f"{case.due_on:%d/%m/%Y}" if case.due_on else ""
    return [case.key, case.type, status_label(case.status), case.department, due, case.subject]


def due_row(desk: Desk, one: DueCase) -> dict[str, Any]:
    """What falls due, for a JSON document."""
    return {
        "key": one.case.key,
        "type": one.case.type,
        "subtype": one.case.subtype or None,
        "norm": one.norm.norm,
        "article": one.norm.article,
        "due": desk.local(one.due_at).isoformat() if one.by_hours else one.due_on.isoformat(),
        "left_working_days": one.left_working_days,
        "left_minutes": one.left_minutes,
        "state": one.state,
        "status": one.case.status,
        "department": one.case.department,
        "priority": one.case.priority,
    }


def due_told(desk: Desk, one: DueCase) -> str:
    """When it falls due."""
    return f"{desk.local(one.due_at):%d/%m/%Y %H:%M}" if one.by_hours else f"{one.due_on:%d/%m/%Y}"


def left_told(one: DueCase) -> str:
    """What is left of its term."""
    if one.by_hours:
        return _("{n} min").format(n=one.left_minutes)
    return _("{n} días hábiles").format(n=one.left_working_days)


def state_told(state: str) -> str:
    """Whether it is in time, as people read it."""
    return {"overdue": _("vencido"), "warning": _("por vencer"), "on_time": _("en plazo")}.get(state, state)
