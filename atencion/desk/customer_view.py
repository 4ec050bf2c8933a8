"""What an agent sees of a customer: nothing but initials and counts until the identity is verified."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from atencion.data.alerts import Alert
from atencion.data.cases import CaseSummary
from atencion.data.customer_search import Found, How, Match, MatchedOn
from atencion.data.customers import ContactKind, CustomerCard, CustomerKind
from atencion.data.interactions import InteractionSummary
from atencion.data.languages import LANGUAGES
from atencion.data.search.vocabulary import likeness_of
from atencion.i18n import _
from atencion.scripts.cases import OPEN_STATES
from atencion.scripts.organisation import Organisation
from atencion.scripts.spoken import phone_groups
from atencion.text import fold, fold_words

MASK = "•••"
"""Stands for what is hidden: always the same, so that its length tells nothing."""


class TellApart(StrEnum):
    """What to ask so that several results become one."""

    NOTHING = "nothing"
    NAME = "name"
    PLACE = "place"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Candidate:
    """A customer in the list of a search, with the name masked but for the words that were said."""

    customer_id: int
    name: str
    said: tuple[tuple[int, int], ...]
    """Where in `name` stand the words that were said: from, to."""
    match: Match
    is_company: bool
    contracts: int
    active: int
    """How many of the contracts are in force."""
    shared: int
    """How many other customers have a phone or an e-mail of this one."""
    household: int
    """The number of the group of these results that live at one address; 0 if alone there."""

    @property
    def matched_on(self) -> MatchedOn:
        """Which datum the query met."""
        return self.match.matched_on


@dataclass(frozen=True)
class LookedUp:
    """What a search shows: who may be meant, and what to ask to tell them apart."""

    candidates: tuple[Candidate, ...]
    tell_apart: TellApart


@dataclass(frozen=True)
class Detail:
    """A line of the card."""

    label: str
    value: str


@dataclass(frozen=True)
class ContractView:
    """A contract on the card. Money in cents. `locks` says why it may not be cut off, a line each."""

    product: str
    number: str
    active: bool
    address: str
    started_on: date | None
    last_invoice_cents: int | None
    locks: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseView:
    """A case on the card."""

    key: str
    type: str
    status: str
    department: str
    opened_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.status in OPEN_STATES


@dataclass(frozen=True)
class ContactView:
    """An earlier contact on the card."""

    interaction_id: int
    opened_at: datetime
    channel: str
    outcome: str | None


@dataclass(frozen=True)
class CustomerView:
    """The card. Until verified, `details` are counts and masks, and the lists are empty.

    `registered` is a customer who was written in this very call: there is nothing on file to hide from them.
    `comes_first` is the norm by which they are attended before others, as it is told.
    """

    customer_id: int
    verified: bool
    locked: bool
    name: str
    is_company: bool
    details: tuple[Detail, ...]
    registered: bool = False
    alerts: tuple[Alert, ...] = ()
    contracts: tuple[ContractView, ...] = ()
    cases: tuple[CaseView, ...] = ()
    contacts: tuple[ContactView, ...] = ()
    comes_first: str = ""


def looked_up(found: Sequence[Found], query: str) -> LookedUp:
    """The results of a search as they may be shown before anybody is verified."""
    return LookedUp(tuple(candidate(one, query) for one in found), _tell_apart(found))


def candidate(found: Found, query: str) -> Candidate:
    """A result of a search as it may be shown before anybody is verified."""
    name = mask_name(found.name, query)
    return Candidate(
        found.customer_id,
        name,
        tuple(match.span() for match in re.finditer(r"\S+", name) if MASK not in match[0]),
        found.match,
        found.kind == CustomerKind.COMPANY,
        found.contracts,
        found.active,
        found.shared,
        found.household,
    )


def mask_name(name: str, typed: str) -> str:
    """A name in which only words that were said can be read: typed, begun with three letters, or typed as misheard."""
    words = fold_words(typed)
    return " ".join(word if _was_typed(word, words) else _initial(word) for word in name.split())


def _tell_apart(found: Sequence[Found]) -> TellApart:
    """What divides these results best, of what a customer can say."""
    if len(found) < 2 or (found[0].match.how is How.EXACT and found[1].match.how > How.BEGINS):
        return TellApart.NOTHING
    if found[0].match.matched_on is not MatchedOn.NAME:
        return TellApart.NAME
    names, towns = len({fold(one.name) for one in found}), len({one.town for one in found})
    if names == len(found) or names > towns:
        return TellApart.NAME
    return TellApart.PLACE if towns > 1 else TellApart.DOCUMENT


def masked_view(
    card: CustomerCard,
    *,
    typed: str,
    locked: bool,
    cases: Sequence[CaseSummary],
    contacts: Sequence[InteractionSummary],
) -> CustomerView:
    """The card before the identity is verified."""
    open_cases = sum(case.status in OPEN_STATES for case in cases)
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
    alerts: Sequence[Alert] = (),
    registered: bool = False,
    locks: Mapping[int, tuple[str, ...]] | None = None,
) -> CustomerView:
    """The card once the identity is verified, in the words of the organisation.

    What is in force no more is left to the full card.
    """
    kinds = {one.id: one.label for one in organisation.case_types}
    departments = {one.id: one.name for one in organisation.departments}
    outcomes = {one.id: one.label for one in organisation.outcomes}
    details = [Detail(document.kind.label, document.value) for document in card.documents]
    for contact in (*card.phones, *card.emails):
        is_phone = contact.kind is ContactKind.PHONE
        value = phone_groups(contact.normal) if is_phone else contact.value
        details.append(Detail(_("Teléfono") if is_phone else _("Correo"), value))
    for address in (one for one in card.addresses if one.valid_to is None):
        details.append(Detail(_("Dirección"), address.line))
    if card.birth_date:
        details.append(Detail(_("Nacimiento"), f"{card.birth_date:%d/%m/%Y}"))
    details.append(Detail(_("Trato"), _("de tú") if card.treatment == "tu" else _("de usted")))
    if card.language != "es":
        details.append(Detail(_("Idioma"), LANGUAGES.get(card.language, card.language)))
    if card.accessibility:
        details.append(Detail(_("Accesibilidad"), card.accessibility))
    return CustomerView(
        card.id,
        not registered,
        False,
        card.name,
        card.kind is CustomerKind.COMPANY,
        tuple(details),
        registered=registered,
        alerts=tuple(alerts),
        contracts=tuple(
            ContractView(
                contract.product_name,
                contract.number,
                contract.status == "active",
                contract.address,
                contract.started_on,
                contract.last_invoice_cents,
                (locks or {}).get(contract.id, ()),
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
    # A name may be written with marks: of «d'Aubry», «aubry» is said.
    return any(
        folded == one or (len(one) >= 3 and (folded.startswith(one) or likeness_of(one, folded) is not None))
        for folded in {fold(word), *fold_words(word)[-1:]}
        for one in typed
        if not one.isdigit()
    )


def _initial(word: str) -> str:
    return word[:1] + MASK if word[:1].isalnum() else MASK
