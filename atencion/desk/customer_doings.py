"""The actions of protocols on the customer: their data, what they agree to, what they are offered and asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from atencion.data import callbacks, consents, customer_updates, loyalty, surveys, validation
from atencion.desk.appointments import appointment
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
    customer, at = job.customer(), job.occasion.at
    datum, value = job.params["datum"], job.params["value"]
    try:
        match datum:
            case "phone":
                customer_updates.set_contact(connection, customer, validation.phone(value), at=at)
            case "email":
                customer_updates.set_contact(connection, customer, validation.email(value), at=at)
            case "language":
                customer_updates.set_preference(connection, customer, language=_one_of(value, LANGUAGES), at=at)
            case "treatment":
                treatment = _TREATMENTS[_one_of(fold(value), _TREATMENTS)]
                customer_updates.set_preference(connection, customer, treatment=treatment, at=at)
            case "postcode":
                customer_updates.set_address(connection, customer, postcode=validation.postcode(value), at=at)
            case "town":
                customer_updates.set_address(connection, customer, town=value, at=at)
            case _:
                customer_updates.set_address(connection, customer, street=value, at=at)
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
    """Promise a call at a moment that is still to come."""
    phone = job.params.get("phone") or job.phone
    if phone is None:
        raise job.refused(_("no se sabe a qué teléfono llamar"), _("anotar un teléfono"))
    try:
        due_at = appointment(job.params["when"], job.occasion.at.astimezone(job.organisation.local_zone))
    except ValueError as problem:
        why = _("el momento «{when}» no vale").format(when=job.params["when"])
        raise job.refused(why, str(problem)) from problem
    callbacks.schedule_callback(
        connection,
        job.occasion,
        phone=phone,
        department=job.department(),
        due_at=due_at,
        reason=job.params["reason"],
    )


def offer_loyalty(connection: Connection, job: Job) -> None:
    """Write down that a programme was offered."""
    loyalty.offer(connection, job.occasion, job.params["programme"])


def enrol_loyalty(connection: Connection, job: Job) -> None:
    """Take the customer into a programme."""
    job.customer()
    loyalty.enrol(connection, job.occasion, job.params["programme"])


def send_survey(connection: Connection, job: Job) -> None:
    """Write down that a survey is to be sent."""
    surveys.ask_survey(connection, job.occasion, survey=job.params["survey"], channel=job.params["by"])


def record_survey(connection: Connection, job: Job) -> None:
    """Write down an answer to a survey."""
    score = int(job.params["score"])
    if not LOWEST <= score <= HIGHEST:
        why = _("la nota {score} no vale").format(score=score)
        raise job.refused(why, _("de {lowest} a {highest}").format(lowest=LOWEST, highest=HIGHEST))
    surveys.answer_survey(
        connection, job.occasion, survey=job.params["survey"], score=score, comment=job.params.get("comment")
    )


def _one_of(value: str, known: Mapping[str, str]) -> str:
    if value not in known:
        message = _("«{value}» no es una de estas opciones: {known}")
        raise validation.Invalid(message.format(value=value, known=", ".join(known)))
    return value
