"""Opening a case: its items, clocks, lock and receipt, in one transaction with what opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atencion.data import case_events, case_parts, cases, customers, handovers
from atencion.data.cases import CaseSummary, NewCase
from atencion.data.customer_search import key_of
from atencion.desk.card_signs import VULNERABLE, first_in_line
from atencion.desk.case_work import Change, needed
from atencion.desk.case_writing import Written, address_of, clean_address, write_receipt
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import LONGEST, CaseRefused, CaseStatus
from atencion.scripts.regions import REGIONS, official_languages, region_of_postcode
from atencion.text import clean_line, clean_text

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.connection import Connection

NO_CUT_OFF, NO_COLLECTION = "ley-10-2025/4.4", "ley-10-2025/13.8"


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What a customer wants settled. `items` are its questions and demands, the subject itself if none is given.

    `received_at` is when it came in, if not now. `answer_channel` and `address` are how the customer wants the receipt
    and the answer; `on_file` if, when no address is given, the one on file may be used: not before the identity is
    verified. `region` is the customer's, if their address does not tell it. `vulnerable` if they say they are,
    which is enough (Ley 10/2025 art. 15.2); why is nobody's business, and is not asked for nor kept. Money in cents.
    """

    type: str
    subject: str
    items: tuple[str, ...] = ()
    subtype: str = ""
    channel: str = "phone"
    language: str = ""
    customer_id: int | None = None
    contract_number: str = ""
    amount_cents: int | None = None
    department: str = ""
    owner_id: int | None = None
    priority: str = ""
    received_at: datetime | None = None
    answer_channel: str = ""
    address: str = ""
    region: str = ""
    interaction_id: int | None = None
    recorded: bool = False
    vulnerable: bool = False
    on_file: bool = True


@dataclass(frozen=True, slots=True)
class HandedOver:
    """That a case goes at once to a department, for a reason. `spoken` is the language of the contact, by which it was
    found; `warm` if it was passed on with the customer on the line.
    """

    department: str
    reason: str
    spoken: str
    warm: bool


def open_in(
    connection: Connection,
    around: Surroundings,
    request: CaseRequest,
    agent: StoredAgent | None,
    *,
    key: str | None = None,
    handover: HandedOver | None = None,
) -> tuple[CaseSummary, Written]:
    """Open a case within a transaction.

    Always with its key and receipt (Ley 10/2025 arts. 11 and 12; TRLGDCU art. 21.2). Raises Refused if the request
    names a kind, department, contract or language that does not exist.
    """
    about = _about(connection, request)
    born = about.customer.birth_date if about.customer is not None else None
    comes_first = first_in_line(around, vulnerable=request.vulnerable, born=born)
    new = _new_case(
        around,
        request,
        about,
        key=key or free_key(connection, around),
        department=handover.department if handover is not None else request.department,
        comes_first=comes_first,
    )
    case_id, at = cases.open_case(connection, new), new.opened_at
    items = tuple(filter(None, (clean_text(item, LONGEST).strip() for item in request.items))) or (new.subject,)
    case_parts.add_items(connection, case_id, 1, items, at=at, customer_id=new.customer_id)
    case = cases.case_by_id(connection, case_id)
    assert case is not None, "it has just been written"
    change = Change(connection, around, case, agent, at)
    change.note(
        "opened",
        type=new.type,
        subtype=new.subtype,
        channel=new.channel,
        answer_channel=new.answer_channel,
        items=len(items),
    )
    if comes_first:
        change.note("given_priority", norm=comes_first)
    change.start_terms(case.received_at)
    lock_against_cut_off(change)
    written = write_receipt(change, recorded=request.recorded)
    if handover is not None:
        route = around.organisation.route_for(handover.reason, handover.spoken or new.language, around.local(at))
        led = route if route is not None and route.department == handover.department else None
        add_handover(
            change,
            handover.department,
            new.subject,
            handover.reason,
            route=led.id if led else "",
            level=led.level if led else 1,
            warm=handover.warm,
        )
    return change.written(), written


def lock_against_cut_off(change: Change) -> None:
    """While a complaint or claim about a contract is pending, it is not cut off (Ley 10/2025 art. 4.4)."""
    contract_id = change.case.contract_id
    if change.kind.locks and contract_id is not None and change.around.binds(NO_CUT_OFF):
        case_parts.lock_contract(change.connection, contract_id, change.case.id, NO_CUT_OFF, change.at)
        change.note("locked", norm=NO_CUT_OFF)


def add_handover(
    change: Change, department: str, summary: str, reason: str, *, route: str = "", level: int = 1, warm: bool = False
) -> None:
    """The case waits for a department to take it."""
    agent_id = change.agent.id if change.agent is not None else None
    new = handovers.NewHandover(
        change.case.id, department, summary, reason, route, level, warm, agent_id, change.case.customer_id
    )
    handovers.add_handover(change.connection, new, at=change.at)
    change.set(status=str(CaseStatus.ESCALATED), department=department, owner_id=None)
    change.note("escalated", summary, department=department, reason=reason, route=route, level=level, warm=warm)


def put_first(change: Change) -> None:
    """The customer of a case says to be vulnerable, which is enough for it to come first (Ley 10/2025 art. 15.2).

    Nothing is written of why.
    """
    if change.around.binds(VULNERABLE) and not first_by(change):
        change.set(priority=_priority(change.case.priority, VULNERABLE))
        change.note("given_priority", norm=VULNERABLE)


def first_by(change: Change) -> str:
    """The norm that puts a case first, empty if none does."""
    events = case_events.read_events(change.connection, change.case.id)
    return next((str(one.body["norm"]) for one in events if one.kind == "given_priority"), "")


def free_key(connection: Connection, around: Surroundings) -> str:
    """A key that no case has."""
    while True:
        key = around.new_key()
        if cases.case_by_key(connection, key) is None:
            return key


@dataclass(frozen=True, slots=True)
class _About:
    """Whom and what a case is about, as far as it is known."""

    customer: customers.CustomerCard | None = None
    contract_id: int | None = None
    product_id: int | None = None


def _about(connection: Connection, request: CaseRequest) -> _About:
    customer_id, contract_id, product_id = request.customer_id, None, None
    if request.contract_number:
        found = case_parts.contract_of_number(connection, key_of(request.contract_number))
        if found is None or customer_id not in (None, found[1]):
            number = clean_line(request.contract_number, 60)
            raise Refused(_("No hay ningún contrato «{number}» de ese cliente.").format(number=number))
        contract_id, customer_id, product_id = found
    if customer_id is None:
        return _About()
    customer = customers.card(connection, customer_id)
    if customer is None:
        raise Refused(_("No hay ningún cliente {id}.").format(id=customer_id))
    return _About(customer, contract_id, product_id)


def _new_case(
    around: Surroundings, request: CaseRequest, about: _About, *, key: str, department: str, comes_first: str
) -> NewCase:
    organisation, at = around.organisation, around.clock()
    kind = organisation.case_kind(request.type, request.subtype)
    department = department or kind.department
    if department not in organisation.department:
        raise Refused(
            _("El departamento «{id}» no existe.").format(id=clean_line(department, 60)),
            remedy=", ".join(organisation.department),
        )
    subject = needed(request.subject, _("Falta decir qué pide el cliente."))
    received = request.received_at or at
    if received > at:
        raise Refused(_("Un asunto no puede haber llegado después de ahora."))
    region = _region(request, about.customer)
    channel = request.answer_channel or request.channel
    address = clean_address(channel, request.address) if request.address else _own_address(request, about.customer)
    return NewCase(
        key=key,
        type=request.type,
        subtype=request.subtype,
        subject=subject,
        customer_id=about.customer.id if about.customer is not None else None,
        department=department,
        owner_id=request.owner_id,
        opened_at=at,
        opened_by_interaction=request.interaction_id,
        priority=_priority(request.priority or kind.priority, comes_first),
        channel=request.channel,
        language=_language(around, request, about.customer, region or organisation.region),
        region=region,
        contract_id=about.contract_id,
        product_id=about.product_id,
        amount_cents=request.amount_cents,
        submitted_at=received,
        answer_channel=request.answer_channel,
        address=address,
    )


def _priority(wanted: str, comes_first: str) -> str:
    return "high" if comes_first and wanted in ("normal", "low") else wanted


def _language(around: Surroundings, request: CaseRequest, customer: customers.CustomerCard | None, region: str) -> str:
    """The language asked for, which is given (Ley 10/2025 arts. 7.2 and 8.6), or else the customer's own."""
    language = request.language or (customer.language if customer is not None else "") or around.organisation.language
    if not request.language and language not in around.catalogue.papers.languages:
        return around.organisation.language
    if language not in around.catalogue.papers.languages and language in official_languages(region):
        raise CaseRefused(
            _("El cliente pide la lengua «{language}», oficial donde vive, y no hay textos en ella.").format(
                language=language
            ),
            _("Añádalos en cases/papers.yaml."),
            norm="ley-10-2025/8.6",
        )
    around.catalogue.papers.of(language)
    return language


def _region(request: CaseRequest, customer: customers.CustomerCard | None) -> str:
    if request.region:
        if request.region not in REGIONS:
            raise Refused(
                _("La región «{region}» no existe.").format(region=clean_line(request.region, 20)),
                remedy=_("Son estas: {regions}").format(regions=", ".join(REGIONS)),
            )
        return request.region
    places = customer.addresses if customer is not None else ()
    first = next((place for place in places if place.primary), next(iter(places), None))
    return (region_of_postcode(first.postcode) or "") if first is not None else ""


def _own_address(request: CaseRequest, customer: customers.CustomerCard | None) -> str:
    """Where the customer is reached on the channel of the answer, as it is on file."""
    if customer is None or not request.on_file:
        return ""
    return address_of(customer, request.answer_channel or request.channel)
