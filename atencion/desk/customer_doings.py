"""The actions of protocols on the customer: their data, what they agree to, what they are offered and asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from atencion.data import consents, customer_updates, loyalty, surveys, validation
from atencion.desk.appointments import appointment, calling_hours
from atencion.desk.callbacks import Promise, promise_in
from atencion.desk.case_doings import named_case
from atencion.desk.guards import refuse_offer, refuse_survey
from atencion.desk.job import Job
from atencion.i18n import _
from atencion.scripts.texts import LANGUAGES
from atencion.text import fold

if TYPE_CHECKING:
    from atencion.data.connection import Connection

LOWEST, HIGHEST = 0, 10
"""The scores that a survey may have."""

_TREATMENTS = {"tu": "tu", "familiar": "tu", "usted": "usted", "formal": "usted"}


def update_customer(connection: Connection, job: Job) -> None:
    """Change a datum of the customer, whose identity is verified by then."""
    job.customer()
    occasion, on = job.occasion, job.occasion.at.astimezone(job.organisation.local_zone).date()
    datum, value = job.params["datum"], job.params["value"]
    try:
        match datum:
            case "phone":
                customer_updates.set_contact(connection, occasion, validation.phone(value), on=on)
            case "email":
                customer_updates.set_contact(connection, occasion, validation.email(value), on=on)
            case "language":
                customer_updates.set_preference(connection, occasion, language=_one_of(value, LANGUAGES), on=on)
            case "treatment":
                treatment = _TREATMENTS[_one_of(fold(value), _TREATMENTS)]
                customer_updates.set_preference(connection, occasion, treatment=treatment, on=on)
            case "postcode":
                customer_updates.set_address(connection, occasion, postcode=validation.postcode(value), on=on)
            case "town":
                customer_updates.set_address(connection, occasion, town=value, on=on)
            case _:
                customer_updates.set_address(connection, occasion, street=value, on=on)
    except validation.Invalid as problem:
        raise job.refused(str(problem)) from problem


def record_consent(connection: Connection, job: Job) -> None:
    """Write down a consent in the words it was asked for in."""
    job.customer()
    consents.give_consent(
        connection, job.occasion, purpose=job.params["purpose"], text=job.params["text"], channel=job.run.channel
    )


def withdraw_consent(connection: Connection, job: Job) -> None:
    """Write down that a consent is taken back."""
    job.customer()
    consents.withdraw_consent(connection, job.occasion, purpose=job.params["purpose"], channel=job.run.channel)


def schedule_callback(connection: Connection, job: Job) -> None:
    """Promise a call within a window that is still to come, about the case in hand."""
    phone = job.params.get("phone") or job.phone
    if phone is None:
        raise job.refused(_("no se sabe a qué teléfono llamar"), _("anotar un teléfono"))
    department, kind = job.department(), job.params.get("kind", "service")
    now = job.around.local(job.occasion.at)
    try:
        slot = appointment(job.params["when"], now, *calling_hours(job.around.catalogue, department))
    except ValueError as problem:
        why = _("el momento «{when}» no vale").format(when=job.params["when"])
        raise job.refused(why, str(problem)) from problem
    promise = Promise(
        phone,
        slot.from_at,
        slot.until_at,
        reason=job.params["reason"],
        case_key=job.run.case or "",
        customer_id=job.occasion.customer_id,
        interaction_id=job.occasion.interaction_id,
        department=department,
        commercial=kind == "commercial",
        asked=job.asked(),
        supervisor=kind == "supervisor",
        continuity=job.run.protocol.continuity,
    )
    promise_in(connection, job.around, promise, job.agent)


def offer_loyalty(connection: Connection, job: Job) -> None:
    """Write down that a programme was offered, if it may be."""
    _refuse_offer(connection, job)
    loyalty.offer(connection, job.occasion, job.params["programme"], asked=job.asked())


def enrol_loyalty(connection: Connection, job: Job) -> None:
    """Take the customer into a programme, if it may be offered."""
    job.customer()
    _refuse_offer(connection, job)
    loyalty.enrol(connection, job.occasion, job.params["programme"], asked=job.asked())


def send_survey(connection: Connection, job: Job) -> None:
    """Write down that a survey is to be sent, if the matter is over."""
    case_id = _surveyed(connection, job)
    surveys.ask_survey(connection, job.occasion, survey=job.params["survey"], channel=job.params["by"], case_id=case_id)


def record_survey(connection: Connection, job: Job) -> None:
    """Write down an answer to a survey, if the matter is over."""
    score = int(job.params["score"])
    if not LOWEST <= score <= HIGHEST:
        why = _("la nota {score} no vale").format(score=score)
        raise job.refused(why, _("de {lowest} a {highest}").format(lowest=LOWEST, highest=HIGHEST))
    surveys.answer_survey(
        connection,
        job.occasion,
        survey=job.params["survey"],
        score=score,
        comment=job.params.get("comment"),
        case_id=_surveyed(connection, job),
    )


def _refuse_offer(connection: Connection, job: Job) -> None:
    refuse_offer(
        connection,
        job.around,
        job.occasion.customer_id,
        job.occasion.interaction_id,
        continuity=job.run.protocol.continuity,
        asked=job.asked(),
        improves=job.improves(),
    )


def _surveyed(connection: Connection, job: Job) -> int | None:
    """The id of the case that a survey names, if it names one. Raises CaseRefused if it is too early to ask."""
    case_id = named_case(connection, job, "case")
    refuse_survey(
        connection,
        job.around,
        job.occasion.customer_id,
        job.occasion.interaction_id,
        case_id=case_id,
        unsettled=any(not demand.settled for demand in job.run.demands),
    )
    return case_id


def _one_of(value: str, known: Mapping[str, str]) -> str:
    if value not in known:
        message = _("«{value}» no es una de estas opciones: {known}")
        raise validation.Invalid(message.format(value=value, known=", ".join(known)))
    return value
