"""What is written to a customer about a case: the paper in their language, registered, and on its way if it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from atencion.data import case_documents, case_events, case_parts, customers, outbox
from atencion.data.case_parts import CaseItem, StoredClock
from atencion.data.personal_values import get_values, put_value
from atencion.desk.case_keys import spoken_key
from atencion.desk.case_work import Change
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.case_papers import PaperKind
from atencion.scripts.cases import CaseRefused
from atencion.scripts.templates import Plain
from atencion.scripts.values import FieldType, parse

SENT_BY_OUTBOX = ("email", "sms", "post")
"""Channels on which what is written leaves by itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """A paper that was registered: its id, and that of its message if it is on its way."""

    document_id: int
    message_id: int | None


def write_paper(
    change: Change,
    kind: PaperKind,
    more: Mapping[str, Plain] | None = None,
    *,
    channel: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Written:
    """Register a paper about the case in its language, and queue it on a channel, the case's own if none is named.

    `facts` are what its event says besides.
    """
    case, around = change.case, change.around
    papers = around.catalogue.papers.of(case.language)
    text = papers.paper(kind).render({**_context(change), **(more or {})})
    document_id = case_documents.put_document(
        change.connection, case.id, kind, case.language, text, at=change.at, customer_id=case.customer_id
    )
    change.note("document", document=document_id, paper=kind, hash=case_documents.hash_of(text), **(facts or {}))
    return Written(document_id, send_paper(change, document_id, kind, text, channel or change.case.answered_by))


def write_receipt(change: Change, *, recorded: bool) -> Written:
    """Register the receipt and queue it. `recorded` if the customer let the contact be: it says how to get it."""
    items = len(case_parts.items_of(change.connection, change.case.id))
    return write_paper(change, "receipt", {"grabado": recorded}, facts={"recorded": recorded, "items": items})


def give_receipt(change: Change, *, recorded: bool) -> None:
    """Queue the receipt that was registered; anew, if it does not say all that there is to say any more."""
    case = change.case
    documents = [one for one in case_documents.documents_of(change.connection, case.id) if one.kind == "receipt"]
    last = documents[-1] if documents else None
    events = case_events.read_events(change.connection, case.id)
    said = next((one.body for one in reversed(events) if last and one.body.get("document") == last.id), {})
    items = len(case_parts.items_of(change.connection, case.id))
    whole = said.get("items") == items and bool(said.get("recorded")) >= recorded
    if last is not None and last.text is not None and last.language == case.language and whole:
        send_paper(change, last.id, last.kind, last.text, change.case.answered_by)
    else:
        write_receipt(change, recorded=recorded or bool(said.get("recorded")))


def choose_answer(change: Change, channel: str, address: str = "", language: str = "") -> None:
    """The customer chooses where, or in which language, to be answered; what is empty stays as it was.

    An address goes with its channel: another channel without one has none.
    """
    if language:
        change.around.catalogue.papers.of(language)
        change.set(language=language)
    if channel and channel != change.case.answered_by:
        change.set(address_value_id=None)
    if channel:
        change.set(answer_channel=channel)
    if address:
        kept, case = clean_address(change.case.answered_by, address), change.case
        before = get_values(change.connection, [case.address_value_id]).get(case.address_value_id or 0)
        if kept != before:
            value_id = put_value(change.connection, kept, at=change.at, customer_id=case.customer_id)
            change.set(address_value_id=value_id)
    change.note("answer_chosen", channel=channel, language=language, address=bool(address))


def address_on_file(change: Change, channel: str, *, verified: bool) -> str:
    """Where the customer of a case is reached on a channel, empty if that is not known or they are not verified."""
    customer_id = change.case.customer_id
    if customer_id is None or not verified:
        return ""
    customer = customers.card(change.connection, customer_id)
    return "" if customer is None else address_of(customer, channel)


def address_of(customer: customers.CustomerCard, channel: str) -> str:
    """Where a customer is reached on a channel by which what is written leaves by itself; empty if nowhere."""
    if channel == "post":
        place = next(iter(customer.addresses), None)
        if place is None:
            return ""
        return "\n".join(filter(None, (customer.name, place.street, f"{place.postcode} {place.town}".strip())))
    if channel not in SENT_BY_OUTBOX:
        return ""
    wanted = customers.ContactKind.EMAIL if channel == "email" else customers.ContactKind.PHONE
    points = sorted((one for one in customer.contacts if one.kind is wanted), key=lambda one: not one.primary)
    for point in points:
        try:
            return clean_address(channel, point.value)
        except Refused:
            continue
    return ""


def send_paper(change: Change, document_id: int, kind: str, text: str, channel: str) -> int | None:
    """Queue a registered paper, if the channel can carry it and there is where to; returns the message's id."""
    case = change.case
    address = get_values(change.connection, [case.address_value_id]).get(case.address_value_id or 0, "")
    if channel not in SENT_BY_OUTBOX or not address:
        return None
    title = text.partition("\n")[0]
    message_id = outbox.queue_message(
        change.connection,
        outbox.NewMessage(
            idempotency_key=f"case-{case.key}-{kind}-{document_id}-{channel}-{case.address_value_id}",
            channel=channel,
            recipient=clean_address(channel, address),
            subject=title,
            body=text,
            case_id=case.id,
            document_id=document_id,
            customer_id=case.customer_id,
        ),
        at=change.at,
    )
    if message_id is not None:
        change.note("queued", message=message_id, channel=channel)
    return message_id


def check_channel(change: Change, channel: str) -> None:
    """Refuse to answer by another channel than the matter's or the one chosen (Ley 10/2025 art. 13.5)."""
    allowed = {change.case.channel, change.case.answer_channel} - {""}
    if channel not in allowed:
        raise CaseRefused(
            _("El asunto no llegó por ese medio ni el cliente lo ha elegido."),
            _("Use uno de estos: {channels}.").format(channels=", ".join(sorted(allowed))),
            norm="ley-10-2025/13.5",
        )


def clean_address(channel: str, address: str) -> str:
    """An address fit for its channel. Raises Refused, saying what was expected."""
    if channel not in ("email", "sms"):
        return address
    try:
        return parse(FieldType.EMAIL if channel == "email" else FieldType.PHONE, address)
    except ValueError as error:
        raise Refused(
            _("La dirección no sirve para enviar por ese medio."),
            remedy=_("Se esperaba {expected}.").format(expected=error),
        ) from error


def whom_to_turn_to(change: Change) -> str:
    """The out-of-court bodies for this customer, a line each. Refused if nobody is known (Ley 10/2025 art. 13.7)."""
    organisation = change.around.organisation
    region = change.case.region or organisation.region
    bodies = change.around.catalogue.bodies.for_customer(region, [organisation.sector])
    if not bodies:
        raise CaseRefused(
            _("No consta a qué organismo puede acudir el cliente si no se acepta todo lo que pide."),
            _("Añádalo en cases/bodies.yaml."),
            norm="ley-10-2025/13.7",
        )
    return "\n".join(f"- {body.told()}" for body in bodies)


def told_answers(change: Change, items: Sequence[CaseItem]) -> str:
    """Each item with its decision and reasons, as it is written to the customer."""
    decisions = change.around.catalogue.papers.of(change.case.language).decisions
    return "\n\n".join(
        f"{item.number}. {item.text or '—'}\n{decisions[item.decision]}. {item.reasons or ''}"  # type: ignore[index]
        for item in items
        if item.decision
    )


def day_told(day: date | datetime) -> str:
    """A day in figures, which every language reads."""
    return f"{day:%d/%m/%Y}"


def money_told(cents: int) -> str:
    """Euros with two decimals."""
    return f"{cents / 100:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") + "\u00a0€"


def cents_of(euros: str) -> int:
    """An amount as it is typed, in cents. Raises Refused, saying what was expected."""
    try:
        cents = int(parse(FieldType.AMOUNT, euros).replace(".", ""))
    except ValueError as error:
        raise _no_amount(str(error)) from error
    check_cents(cents)
    return cents


def check_cents(cents: int) -> None:
    """Refuse an amount that is less than nothing, or more than the store can write."""
    if not 0 <= cents < 2**31:
        raise _no_amount(_("un importe en euros, como 12,40"))


def _no_amount(expected: str) -> Refused:
    return Refused(_("Ese importe no sirve."), remedy=_("Se esperaba {expected}.").format(expected=expected))


def _context(change: Change) -> dict[str, Plain]:
    case, around, organisation = change.case, change.around, change.around.organisation
    papers = around.catalogue.papers.of(case.language)
    received = around.local(case.received_at)
    items = case_parts.items_of(change.connection, case.id)
    running = [clock for clock in change.clocks() if clock.ends != "completion"]
    last = max(running, key=lambda clock: clock.due_at) if running else None
    return {
        "clave": spoken_key(case.key),
        "organizacion": organisation.legal_name,
        "clase": papers.types.get(case.type, organisation.case_type[case.type].label),
        "dia": day_told(received),
        "hora": f"{received:%H:%M}",
        "zona": organisation.zone,
        "medio": papers.channels.get(case.channel, case.channel),
        "cuestiones": "\n".join(f"{item.number}. {item.text or '—'}" for item in items),
        "plazo": _due_told(change, last) if last is not None else "",
        "telefono": organisation.phone,
        "web": organisation.web,
        "agente": change.agent.alias if change.agent is not None else organisation.name,
        "grabado": False,
        "responsable": organisation.privacy.controller,
        "privacidad": organisation.privacy.second_layer,
        "respuestas": "",
        "decision": "",
        "compensacion": "",
        "organismos": "",
        "participa": around.catalogue.bodies.takes_part,
        "falta": "",
        "dias": "",
        "ultimo_dia": "",
        "motivos": "",
        "causa": "",
        "reposicion": "",
    }


def _due_told(change: Change, clock: StoredClock) -> str:
    term = change.around.catalogue.norm(clock.norm).term
    if term is not None and term.hours is not None:
        return f"{change.around.local(clock.due_at):%d/%m/%Y %H:%M}"
    return day_told(clock.due_on)
