"""What a call does about cases: opening them, by an action or because it hands the demand over, and their papers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from atencion.data import cases, documents
from atencion.desk.callbacks import start_supervisor_clock
from atencion.desk.case_keys import clean_key, spoken_key
from atencion.desk.case_opening import CaseRequest, HandedOver, open_in, put_first
from atencion.desk.case_work import changing_in, told_with_norm
from atencion.desk.case_writing import address_on_file, choose_answer, give_receipt
from atencion.desk.job import Job
from atencion.i18n import _
from atencion.scripts.actions import PRESUME_VULNERABLE
from atencion.scripts.cases import OPEN_STATES

if TYPE_CHECKING:
    from atencion.data.connection import Connection


def open_case(connection: Connection, job: Job) -> None:
    """Open a case with the key that the journal already says."""
    params = job.params
    amount = Decimal(params["amount"]) if "amount" in params else None
    request = replace(
        _request(job, params["type"], params["subject"]),
        subtype=params.get("subtype", ""),
        items=tuple(params.get("items", "").splitlines()),
        department=job.department(),
        priority=params.get("priority", ""),
        amount_cents=None if amount is None else round(amount * 100),
    )
    open_in(connection, job.around, request, job.agent, key=str(job.body["case"]))


def escalate(connection: Connection, job: Job, summary: str) -> None:
    """Open the case of a demand that is handed over, as the journal already says, for whoever takes it.

    The job's parameters are those of the receipt that its step issues, if it does: so it goes out once, and there.
    """
    reason = job.organisation.reason[str(job.body["reason"])]
    chosen = job.params.get("by") or str(job.run.values.get(job.run.protocol.answer_by or "", ""))
    request = replace(
        _request(job, reason.case_type, summary),
        subtype=reason.case_subtype or "",
        answer_channel=chosen,
        address=_where(job, chosen),
        priority="urgent" if reason.urgent else "",
    )
    key, department = str(job.body["case"]), str(job.body["department"])
    with told_with_norm(job.around):
        case, _receipt = open_in(
            connection,
            job.around,
            request,
            job.agent,
            key=key,
            handover=HandedOver(department, reason.id, job.run.language, warm=bool(job.body.get("warm"))),
        )
    if reason.supervisor:
        start_supervisor_clock(
            connection, job.around, job.agent.id, interaction_id=job.occasion.interaction_id, case_id=case.id
        )


def update_case(connection: Connection, job: Job) -> None:
    """Note something in the case of that key, or in the one in hand."""
    case = _case(connection, job)
    cases.link_case(connection, case.id, job.occasion.interaction_id)
    with changing_in(connection, job.around, case.key, job.agent) as change:
        change.note("comment", job.params["note"])


def issue_receipt(connection: Connection, job: Job) -> None:
    """Give the customer the receipt of the case in hand, by the way they choose (Ley 10/2025 art. 12.2)."""
    case = _case(connection, job)
    if case.opened_by_interaction != job.occasion.interaction_id and not job.run.verified:
        raise job.refused(_("es de otro contacto y la identidad no está comprobada"), _("comprobar antes quién es"))
    by = job.params["by"]
    to = _where(job, by)
    channel = job.organisation.channel.get(job.run.channel)
    by_hand = by == "none" or (channel is not None and channel.written)
    with changing_in(connection, job.around, case.key, job.agent) as change:
        to = to or address_on_file(change, by, verified=job.run.verified)
        if to or not by_hand:
            choose_answer(change, by, to)
            if change.case.address_value_id is None:
                raise job.refused(_("no se sabe a dónde enviarlo"), _("anotar la dirección, o elegir otro medio"))
        give_receipt(change, recorded=bool(job.run.recording))


def say_it_is_recorded(connection: Connection, job: Job) -> None:
    """Have the receipts of a contact's cases say that it is recorded, as the customer lets (Ley 10/2025 art. 12.1)."""
    for case in cases.cases_of_interaction(connection, job.occasion.interaction_id):
        if case.opened_by_interaction == job.occasion.interaction_id and case.merged_into_id is None:
            with changing_in(connection, job.around, case.key, job.agent) as change:
                give_receipt(change, recorded=True)


def presume_vulnerable(connection: Connection, job: Job) -> None:
    """Put the cases of this contact first, because the customer says to be vulnerable (Ley 10/2025 art. 15.2)."""
    for case in cases.cases_of_interaction(connection, job.occasion.interaction_id):
        if case.status in OPEN_STATES and case.merged_into_id is None:
            with changing_in(connection, job.around, case.key, job.agent) as change:
                put_first(change)


def register_document(connection: Connection, job: Job) -> None:
    """Give a document its code in the register of the year."""
    documents.register_document(
        connection,
        job.occasion,
        year=job.occasion.at.astimezone(job.organisation.local_zone).year,
        kind=job.params["type"],
        title=job.params["title"],
        reference=job.params.get("reference"),
        direction=job.params["direction"],
    )


def named_case(connection: Connection, job: Job, param: str) -> int | None:
    """The id of the case whose key a parameter has; None if it has none. Raises Refused if there is no such case."""
    return _case(connection, job, param).id if job.params.get(param) else None


def _where(job: Job, channel: str) -> str:
    """Where the receipt goes: what was said or, for a text message, the phone in hand; empty if it is not known."""
    return job.params.get("to") or (job.phone or "" if channel == "sms" else "")


def _request(job: Job, kind: str, subject: str) -> CaseRequest:
    """What this contact knows of a matter that it leaves to a case."""
    run = job.run
    return CaseRequest(
        kind,
        subject,
        channel=run.channel,
        language=run.asked_language,
        customer_id=job.occasion.customer_id,
        contract_number=job.contract,
        interaction_id=job.occasion.interaction_id,
        recorded=bool(run.recording),
        vulnerable=PRESUME_VULNERABLE in run.did,
        on_file=run.verified,
    )


def _case(connection: Connection, job: Job, param: str = "key") -> cases.CaseSummary:
    told = job.params.get(param, job.run.case or "")
    if not told.strip():
        raise job.refused(_("no hay ningún expediente abierto en este contacto"), _("abrir uno antes"))
    key = clean_key(told)
    case = cases.case_by_key(connection, key)
    if case is None:
        raise job.refused(_("no hay ningún expediente con la clave {key}").format(key=spoken_key(key)))
    if case.customer_id is not None and case.customer_id != job.occasion.customer_id:
        raise job.refused(_("el expediente {key} es de otra persona").format(key=spoken_key(key)))
    return case
