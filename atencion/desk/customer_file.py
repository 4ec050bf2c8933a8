"""All there is between a customer and the organisation, a page at a time: what the full card shows.

Lists are read by the page, so that a customer with thousands of contacts opens as soon as one with three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from atencion.data.alerts import Alert, alerts_of
from atencion.data.cases import cases_of_customer
from atencion.data.connection import Connection
from atencion.data.consents import Consent, consents_of_customer
from atencion.data.customer_history import Past, history
from atencion.data.customers import ContactKind, CustomerCard
from atencion.data.documents import documents_of_customer
from atencion.data.interactions import count_interactions_of_customer, interactions_of_customer
from atencion.data.invoices import invoices_of
from atencion.data.languages import LANGUAGES
from atencion.data.loyalty import programmes_of_customer
from atencion.data.origins import Origin, OriginKind, origins
from atencion.data.surveys import answers_of_customer
from atencion.desk.customer_form import field_label
from atencion.i18n import _
from atencion.scripts.spoken import phone_groups

PAGE = 15
"""Rows of a list that are read at a time."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A datum: `since` is when and from where it came, `ended` whether it is in force no more."""

    label: str
    value: str
    since: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a list: when, what, and how it stands."""

    at: date | datetime | None
    text: str
    detail: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """The full card. `contacts` is a page of the interactions, of `contacts_total`."""

    customer_id: int
    version: int
    name: str
    is_company: bool
    alerts: tuple[Alert, ...]
    lines: tuple[FileLine, ...]
    contracts: tuple[FileRow, ...]
    invoices: tuple[FileRow, ...]
    cases: tuple[FileRow, ...]
    consents: tuple[FileRow, ...]
    documents: tuple[FileRow, ...]
    surveys: tuple[FileRow, ...]
    contacts: tuple[FileRow, ...]
    contacts_total: int
    changes: tuple[FileRow, ...]


def customer_file(
    connection: Connection, card: CustomerCard, on: date, locks: Mapping[int, tuple[str, ...]]
) -> CustomerFile:
    """The first page of everything. `locks` are those of contracts, by id, as they are told."""
    known = origins(connection, sorted(_origin_ids(card)))
    return CustomerFile(
        customer_id=card.id,
        version=card.version,
        name=card.name,
        is_company=card.kind == "company",
        alerts=tuple(alerts_of(connection, card.id, on)),
        lines=(
            *_lines(card, known),
            *(FileLine(_("Programa"), one) for one in programmes_of_customer(connection, card.id)),
        ),
        contracts=tuple(
            FileRow(
                one.started_on,
                f"{one.product_name}  {one.number}",
                " · ".join(filter(None, (_status(one.status), *locks.get(one.id, ()), one.address, one.meter))),
                one.status == "active",
            )
            for one in card.contracts
        ),
        invoices=tuple(
            FileRow(
                one.issued_on,
                f"{one.number}  {one.period}".strip(),
                f"{euros(one.amount_cents)} · {_status(one.status)}",
                one.status in ("issued", "unpaid"),
            )
            for one in invoices_of(connection, card.id, PAGE)
        ),
        cases=tuple(
            FileRow(
                one.opened_at,
                f"{one.key}  {one.type}",
                f"{one.department} · {_status(one.status)}",
                one.status == "open",
            )
            for one in cases_of_customer(connection, card.id, PAGE)
        ),
        consents=tuple(_consent_row(one) for one in consents_of_customer(connection, card.id)[:PAGE]),
        documents=tuple(
            FileRow(one.registered_at, f"{one.code}  {one.type}", one.title or "")
            for one in documents_of_customer(connection, card.id, PAGE)
        ),
        surveys=tuple(
            FileRow(one.answered_at, f"{one.survey}: {one.score}", one.comment or "")
            for one in answers_of_customer(connection, card.id, PAGE)
        ),
        contacts=contacts_page(connection, card.id, 0),
        contacts_total=count_interactions_of_customer(connection, card.id),
        changes=tuple(_change_row(one) for one in history(connection, card.id, PAGE) if _is_told(one)),
    )


def contacts_page(connection: Connection, customer_id: int, page: int) -> tuple[FileRow, ...]:
    """A page of the interactions with a customer, the first being 0, the latest first."""
    found = interactions_of_customer(connection, customer_id, PAGE, page * PAGE)
    return tuple(
        FileRow(
            one.opened_at,
            channel_label(one.channel),
            " · ".join(filter(None, (one.outcome or "", one.disposition or "", one.agent_name))),
            one.status == "open",
        )
        for one in found
    )


def tell_origin(origin: Origin | None) -> str:
    """When and from where something came."""
    if origin is None:
        return ""
    ways = {
        OriginKind.CALL: _("en llamada"),
        OriginKind.DESK: _("en oficina"),
        OriginKind.IMPORT: _("de {file}").format(file=origin.detail),
        OriginKind.MERGE: _("por fusión"),
        OriginKind.UNMERGE: _("al separar"),
        OriginKind.UNDO: _("al deshacer"),
    }
    return " ".join(filter(None, (f"{origin.at:%d/%m/%Y}", ways[origin.kind], origin.agent)))


def channel_label(channel: str) -> str:
    """How a channel is called."""
    return {
        "phone": _("teléfono"),
        "in_person": _("en persona"),
        "email": _("correo"),
        "chat": _("chat"),
        "sms": _("SMS"),
        "social": _("redes"),
    }.get(channel, channel)


def euros(cents: int) -> str:
    """An amount of money as it is written in Spain."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", ".") + f",{rest:02d} €"


def _status(status: str) -> str:
    return {
        "active": _("vigente"),
        "ended": _("terminado"),
        "pending": _("pendiente"),
        "issued": _("emitida"),
        "paid": _("pagada"),
        "unpaid": _("impagada"),
        "cancelled": _("anulada"),
        "open": _("abierto"),
        "closed": _("cerrado"),
    }.get(status, status)


def _origin_ids(card: CustomerCard) -> set[int]:
    parts: Sequence[int | None] = [
        card.origin_id,
        *(part.origin_id for part in card.identifiers),
        *(part.origin_id for part in card.contacts),
        *(part.origin_id for part in card.addresses),
    ]
    return {origin_id for origin_id in parts if origin_id is not None}


def _lines(card: CustomerCard, known: dict[int, Origin]) -> list[FileLine]:
    def since(origin_id: int | None) -> str:
        return tell_origin(known.get(origin_id)) if origin_id is not None else ""

    lines = [
        FileLine(part.kind.label, part.value, since(part.origin_id), part.valid_to is not None)
        for part in card.identifiers
    ]
    for part in card.contacts:
        is_phone = part.kind is ContactKind.PHONE
        value = phone_groups(part.normal) if is_phone else part.value
        marks = [part.label, _("principal") if part.primary else ""]
        if part.valid_to:
            marks.append(_("hasta {day:%d/%m/%Y}").format(day=part.valid_to))
        if part.last_used_on:
            marks.append(_("usado {day:%d/%m/%Y}").format(day=part.last_used_on))
        value = "  ".join(filter(None, (value, ", ".join(filter(None, marks)))))
        label = _("Teléfono") if is_phone else _("Correo")
        lines.append(FileLine(label, value, since(part.origin_id), part.valid_to is not None))
    for address in card.addresses:
        ended = address.valid_to is not None
        lines.append(FileLine(_("Dirección"), address.whole_line, since(address.origin_id), ended))
    if card.birth_date:
        lines.append(FileLine(_("Nacimiento"), f"{card.birth_date:%d/%m/%Y}"))
    lines.append(FileLine(_("Idioma"), LANGUAGES.get(card.language, card.language)))
    lines.append(FileLine(_("Trato"), _("de tú") if card.treatment == "tu" else _("de usted")))
    if card.accessibility:
        lines.append(FileLine(_("Accesibilidad"), card.accessibility))
    if card.former_names:
        lines.append(FileLine(_("Nombres anteriores"), card.former_names))
    if card.external_id:
        lines.append(FileLine(_("Código"), card.external_id, since(card.origin_id)))
    return lines


def _consent_row(consent: Consent) -> FileRow:
    if consent.withdrawn_at is None:
        return FileRow(consent.given_at, consent.purpose, consent.text or "", True)
    return FileRow(consent.withdrawn_at, consent.purpose, _("retirado"))


def _is_told(past: Past) -> bool:
    """Whether a change says something to a person: not which rows a merge moved."""
    return past.change.field not in ("customer_id", "merged_into", "is_primary", "former_names", "kind")


def _change_row(past: Past) -> FileRow:
    change = past.change
    what = {
        "identifier": _("Documento"),
        "contact_point": _("Contacto"),
        "address": _("Dirección"),
    }.get(change.entity, field_label(change.field))
    if change.field == "valid_to":
        told = _("deja de valer") if change.new else _("vuelve a valer")
    else:
        told = f"{change.old or '—'} → {change.new or '—'}"
    return FileRow(past.origin.at, f"{what}: {told}", tell_origin(past.origin))
