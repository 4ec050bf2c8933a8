"""Opening a case: its items, clocks, lock and receipt, in one transaction with what opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atencion.data import case_events, case_parts, cases, customers, handovers
from atencion.data.cases import CaseSummary, NewCase
from atencion.data.customer_search import key_of
from atencion.desk.card_signs import VULNERABLE, first_in_line
from atencion.desk.case_work import Change
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


def open_in(
    connection: Connection,
    around: Surroundings,
    request: CaseRequest,
    agent: StoredAgent | None,
    *,
    key: str | None = None,
    handover: str = "",
    reason: str = "",
    spoken: str = "",
) -> tuple[CaseSummary, Written]:
    """Open a case within a transaction. `handover` is the department it goes to at once, for a reason; `spoken` the
    language of the contact, by which it was found.

    Always with its key and receipt (Ley 10/2025 arts. 11 and 12; TRLGDCU art. 21.2). Raises Refused if the request
    names a kind, department, contract or language that does not exist.
    """
    organisation, at = around.organisation, around.clock()
    kind = organisation.case_kind(request.type, request.subtype)
    department = handover or request.department or kind.department
    if department not in organisation.department:
        raise Refused(
            _("El departamento «{id}» no existe.").format(id=clean_line(department, 60)),
            remedy=", ".join(organisation.department),
        )
    subject = clean_text(request.subject, LONGEST).strip()
    items = tuple(filter(None, (clean_text(item, LONGEST).strip() for item in request.items))) or (subject,)
    if not subject:
        raise Refused(_("Falta decir qué pide el cliente."))
    received = request.received_at or at
    if received > at:
        raise Refused(_("Un asunto no puede haber llegado después de ahora."))
    customer = customers.card(connection, request.customer_id) if request.customer_id is not None else None
    if request.customer_id is not None and customer is None:
        raise Refused(_("No hay ningún cliente {id}.").format(id=request.customer_id))
    contract_id, product_id, customer_id = None, None, request.customer_id
    if request.contract_number:
        found = case_parts.contract_of_number(connection, key_of(request.contract_number))
        if found is None or customer_id not in (None, found[1]):
            raise Refused(
                _("No hay ningún contrato «{number}» de ese cliente.").format(
                    number=clean_line(request.contract_number, 60)
                )
            )
        contract_id, customer_id, product_id = found
        customer = customer or customers.card(connection, customer_id)
    channel = request.answer_channel or request.channel
    address = clean_address(channel, request.address) if request.address else ""
    born = customer.birth_date if customer is not None else None
    comes_first = first_in_line(around, vulnerable=request.vulnerable, born=born)
    region = _region(request, customer)
    new = NewCase(
        key=key or free_key(connection, around),
        type=request.type,
        subtype=request.subtype,
        subject=subject,
        customer_id=customer_id,
        department=department,
        owner_id=request.owner_id,
        opened_at=at,
        opened_by_interaction=request.interaction_id,
        priority=_priority(request.priority or kind.priority, comes_first),
        channel=request.channel,
        language=_language(around, request, customer, region or organisation.region),
        region=region,
        contract_id=contract_id,
        product_id=product_id,
        amount_cents=request.amount_cents,
        submitted_at=received,
        answer_channel=request.answer_channel,
        address=address or _own_address(request, customer),
    )
    case_id = cases.open_case(connection, new)
    case_parts.add_items(connection, case_id, 1, items, at=at, customer_id=customer_id)
    case = cases.case_by_id(connection, case_id)
    assert case is not None, "it has just been written"
    change = Change(connection, around, case, agent, at)
    change.note("opened", type=new.type, subtype=new.subtype, channel=new.channel, items=len(items))
    if comes_first:
        change.note("given_priority", norm=comes_first)
    change.start_terms(received)
    if kind.locks and contract_id is not None and around.binds(NO_CUT_OFF):
        case_parts.lock_contract(connection, contract_id, case_id, NO_CUT_OFF, at)
        change.note("locked", norm=NO_CUT_OFF)
    written = write_receipt(change, recorded=request.recorded)
    if handover:
        route = organisation.route_for(reason, spoken or new.language, around.local(at))
        led = route if route is not None and route.department == handover else None
        add_handover(change, handover, subject, reason, route=led.id if led else "", level=led.level if led else 1)
    return change.written(), written


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
