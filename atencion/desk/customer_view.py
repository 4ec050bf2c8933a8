"""What an agent sees of a customer: nothing but initials and counts until the identity is verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from atencion.data.cases import CaseSummary
from atencion.data.customer_search import Found, MatchedOn
from atencion.data.customers import ContactKind, CustomerCard, CustomerKind
from atencion.data.interactions import InteractionSummary
from atencion.i18n import _
from atencion.scripts.organisation import Organisation
from atencion.scripts.spoken import phone_groups
from atencion.text import fold, fold_words

MASK = "•••"
"""Stands for what is hidden: always the same, so that its length tells nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer in the list of a search, with the name masked but for the words that were typed."""

    customer_id: int
    name: str
    matched_on: MatchedOn
    is_company: bool
    contracts: int


@dataclass(frozen=True, slots=True)
class Detail:
    """A line of the card."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract on the card. Money in cents."""

    product: str
    number: str
    active: bool
    address: str
    started_on: date | None
    last_invoice_cents: int | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case on the card."""

    key: str
    type: str
    status: str
    department: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ContactView:
    """An earlier contact on the card."""

    interaction_id: int
    opened_at: datetime
    channel: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The card. Until verified, `details` are counts and masks, and the lists are empty."""

    customer_id: int
    verified: bool
    locked: bool
    name: str
    is_company: bool
    details: tuple[Detail, ...]
    contracts: tuple[ContractView, ...] = ()
    cases: tuple[CaseView, ...] = ()
    contacts: tuple[ContactView, ...] = ()


def candidate(found: Found, query: str) -> Candidate:
    """A result of a search as it may be shown before anybody is verified."""
    return Candidate(
        found.customer_id,
        mask_name(found.name, query),
        found.matched_on,
        found.kind == CustomerKind.COMPANY,
        found.contracts,
    )


def mask_name(name: str, typed: str) -> str:
    """A name in which only words that were typed, or begun with at least three letters, can be read."""
    words = fold_words(typed)
    return " ".join(word if _was_typed(word, words) else _initial(word) for word in name.split())


def masked_view(
    card: CustomerCard,
    *,
    typed: str,
    locked: bool,
    cases: Sequence[CaseSummary],
    contacts: Sequence[InteractionSummary],
) -> CustomerView:
    """The card before the identity is verified."""
    open_cases = sum(case.status == "open" for case in cases)
    details = (
        Detail(_("Documento"), MASK),
        Detail(_("Teléfono"), MASK),
        Detail(_("Correo"), MASK),
        Detail(_("Dirección"), MASK),
        Detail(_("Contratos"), str(len(card.contracts))),
        Detail(_("Expedientes abiertos"), str(open_cases)),
        Detail(_("Contactos anteriores"), str(len(contacts))),
    )
    is_company = card.kind is CustomerKind.COMPANY
    return CustomerView(card.id, False, locked, mask_name(card.name, typed), is_company, details)


def open_view(
    card: CustomerCard,
    *,
    cases: Sequence[CaseSummary],
    contacts: Sequence[InteractionSummary],
    organisation: Organisation,
) -> CustomerView:
    """The card once the identity is verified, in the words of the organisation."""
    kinds = {one.id: one.label for one in organisation.case_types}
    departments = {one.id: one.name for one in organisation.departments}
    outcomes = {one.id: one.label for one in organisation.outcomes}
    details = [Detail(document.kind.value.upper(), document.value) for document in card.identifiers]
    for contact in card.contacts:
        is_phone = contact.kind is ContactKind.PHONE
        value = phone_groups(contact.normal) if is_phone else contact.value
        details.append(Detail(_("Teléfono") if is_phone else _("Correo"), value))
    for address in card.addresses:
        town = f"{address.postcode} {address.town}".strip()
        details.append(Detail(_("Dirección"), ", ".join(filter(None, (address.street, town)))))
    if card.birth_date:
        details.append(Detail(_("Nacimiento"), f"{card.birth_date:%d/%m/%Y}"))
    details.append(Detail(_("Trato"), _("de tú") if card.treatment == "tu" else _("de usted")))
    return CustomerView(
        card.id,
        True,
        False,
        card.name,
        card.kind is CustomerKind.COMPANY,
        tuple(details),
        contracts=tuple(
            ContractView(
                contract.product_name,
                contract.number,
                contract.status == "active",
                contract.address,
                contract.started_on,
                contract.last_invoice_cents,
            )
            for contract in card.contracts
        ),
        cases=tuple(
            CaseView(
                case.key,
                kinds.get(case.type, case.type),
                case.status,
                departments.get(case.department, case.department),
                case.opened_at,
            )
            for case in cases
        ),
        contacts=tuple(
            ContactView(one.id, one.opened_at, one.channel, outcomes.get(one.outcome or "", one.outcome))
            for one in contacts
        ),
    )


def _was_typed(word: str, typed: Sequence[str]) -> bool:
    folded = fold(word)
    return any(folded == one or (len(one) >= 3 and folded.startswith(one)) for one in typed)


def _initial(word: str) -> str:
    return word[:1] + MASK if word[:1].isalnum() else MASK
