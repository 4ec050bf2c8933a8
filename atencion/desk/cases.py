"""Cases: opening, finding and following them, who has them, and what falls due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from atencion.data import (
    agents,
    case_documents,
    case_events,
    case_exceptions,
    case_parts,
    cases,
    customers,
    handovers,
    outbox,
)
from atencion.data.case_documents import CaseDocument
from atencion.data.case_events import CaseEvent
from atencion.data.case_exceptions import StoredException
from atencion.data.case_parts import CaseItem, CaseLink, CaseTask, ContractLock, StoredClock
from atencion.data.cases import CaseFilter, CaseSummary
from atencion.data.handovers import Handover
from atencion.data.outbox import StoredMessage
from atencion.desk.case_keys import clean_key
from atencion.desk.case_opening import CaseRequest, first_by, open_in
from atencion.desk.case_work import Change, changing, needed, told_with_norm, unknown_case
from atencion.desk.paper import to_html, to_pdf
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import OPEN_STATES, CaseRefused, CaseStatus, Move
from atencion.scripts.deadlines import WorkCalendar, end_of_day, working_days_left
from atencion.text import clean_line, fold_words

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.connection import Connection
    from atencion.scripts.regulation import NormCard

FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that is known of a case. `merged_into` is the key of the case that goes on in its place."""

    case: CaseSummary
    label: str
    customer: str
    owner: str
    contract: str
    merged_into: str
    items: tuple[CaseItem, ...]
    clocks: tuple[StoredClock, ...]
    events: tuple[CaseEvent, ...]
    links: tuple[CaseLink, ...]
    tasks: tuple[CaseTask, ...]
    documents: tuple[CaseDocument, ...]
    messages: tuple[StoredMessage, ...]
    handovers: tuple[Handover, ...]
    exceptions: tuple[StoredException, ...]
    locks: tuple[ContractLock, ...]
    interactions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case in the list of what falls due. `state`: overdue, warning or on_time; below zero, days or minutes ago."""

    case: CaseSummary
    label: str
    norm: NormCard
    due_at: datetime
    due_on: date
    by_hours: bool
    left_working_days: int
    left_minutes: int
    state: str


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What anybody who has the key may know of a case (Ley 10/2025 art. 11.2): nothing about people."""

    key: str
    kind: str
    status: str
    received_on: date
    due_on: date | None
    merged_into: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A registered document as it is printed."""

    document: CaseDocument
    content: bytes


class Cases:
    """The cases of a desk."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._calendars: dict[str, WorkCalendar] = {}

    def open(self, request: CaseRequest, agent: StoredAgent | None) -> CaseFile:
        """Open a case, with its key, clocks and receipt. Raises Refused if something it names does not exist."""
        around = self._around
        with told_with_norm(around), around.store.writing() as connection:
            case, _written = open_in(connection, around, request, agent)
        return self.file(case.key)

    # Following them

    def file(self, key: str) -> CaseFile:
        """All of a case. Raises Refused if there is none of that key, or the key does not check."""
        key = clean_key(key)
        with self._around.store.reading() as connection:
            case = cases.case_by_key(connection, key)
            if case is None:
                raise unknown_case(key)
            return self._file(connection, case)

    def status(self, key: str) -> PublicStatus:
        """How a case stands, for whoever has the key. Raises Refused if there is none."""
        key = clean_key(key)
        with self._around.store.reading() as connection:
            case = cases.case_by_key(connection, key)
            if case is None:
                raise unknown_case(key)
            into = cases.case_by_id(connection, case.merged_into_id) if case.merged_into_id is not None else None
        received = self._around.local(case.received_at).date()
        kind = self.label(case)
        return PublicStatus(case.key, kind, case.status, received, case.due_on, into.key if into else "")

    def paper(self, key: str, kind: str, form: str) -> Paper:
        """The latest document of a kind of a case, as text, HTML or PDF. Raises Refused if there is none."""
        file = self.file(key)
        found = [one for one in file.documents if one.kind == kind]
        if not found or found[-1].text is None:
            known = ", ".join(sorted({one.kind for one in file.documents}))
            raise Refused(
                _("No hay ese documento en el expediente, o la ley lo ha hecho bloquear."),
                remedy=_("Los que hay: {kinds}.").format(kinds=known) if known else "",
            )
        document = found[-1]
        text, footer = document.text or "", f"SHA-256 {document.hash}"
        if form == "pdf":
            return Paper(document, to_pdf(text, language=document.language, footer=footer))
        if form == "html":
            return Paper(document, to_html(text, language=document.language, footer=footer).encode())
        return Paper(document, text.encode())

    def listed(self, wanted: CaseFilter, limit: int = 50) -> list[CaseSummary]:
        """Cases, the latest first."""
        with self._around.store.reading() as connection:
            return cases.list_cases(connection, wanted, limit)

    def label(self, case: CaseSummary) -> str:
        """What its kind is called; its code if the organisation has dropped that kind since."""
        try:
            return self._around.organisation.case_kind(case.type, case.subtype).label
        except Refused:
            return case.type

    def untold(self, limit: int = 100) -> list[CaseSummary]:
        """Cases decided whose customer has not been told, those decided first, first."""
        with self._around.store.reading() as connection:
            return cases.untold_cases(connection, limit)

    def due(
        self,
        *,
        agent: StoredAgent | None = None,
        department: str = "",
        until: date | None = None,
        within_hours: int | None = None,
        limit: int = 100,
    ) -> list[DueCase]:
        """What falls due, the first first: of an agent, a department or everybody, by a day or within some hours."""
        now = self._around.clock()
        before = FAR if until is None else self._after(until)
        if within_hours is not None:
            before = min(before, now + timedelta(hours=within_hours))
        owner_id = agent.id if agent is not None else None
        with self._around.store.reading() as connection:
            found = cases.due_cases(connection, before, limit, owner_id=owner_id, department=department)
        return [self.due_case(case, now) for case in found]

    def count_due(self, agent: StoredAgent, until: date) -> int:
        """How many cases of an agent have fallen due, or do by the end of a day."""
        with self._around.store.reading() as connection:
            return cases.count_due(connection, self._after(until), agent.id)

    def due_case(self, case: CaseSummary, now: datetime) -> DueCase:
        """How a case whose clock runs stands at a moment."""
        assert case.due_at is not None and case.due_on is not None, "only cases with a clock are due"
        norm = self._around.catalogue.norm(case.due_norm)
        term = norm.term
        by_hours = term is not None and term.hours is not None
        left = working_days_left(self._around.local(now).date(), case.due_on, self._calendar(case.region))
        minutes = int((case.due_at - now).total_seconds() // 60)
        near = term is not None and (minutes <= term.warn_minutes if by_hours else left <= term.warn_days)
        state = "overdue" if now >= case.due_at else "warning" if near else "on_time"
        return DueCase(case, self.label(case), norm, case.due_at, case.due_on, by_hours, left, minutes, state)

    # Who has them, and what they have to do with

    def assign(
        self,
        key: str,
        agent: StoredAgent | None,
        *,
        owner: StoredAgent | None = None,
        department: str = "",
        priority: str = "",
        version: int | None = None,
    ) -> CaseFile:
        """Give a case an owner, a department or a priority."""
        if department and department not in self._around.organisation.department:
            raise Refused(
                _("El departamento «{id}» no existe.").format(id=clean_line(department, 60)),
                remedy=", ".join(self._around.organisation.department),
            )
        with changing(self._around, key, agent, version) as change:
            case = change.case
            if priority in ("normal", "low") and (norm := first_by(change)):
                raise CaseRefused(_("Ese expediente va primero: no se le baja la prioridad."), norm=norm)
            change.set(
                owner_id=owner.id if owner is not None else case.owner_id,
                department=department or case.department,
                priority=priority or case.priority,
            )
            change.note("assigned", owner=owner.code if owner else "", department=department, priority=priority)
        return self.file(key)

    def comment(self, key: str, text: str, agent: StoredAgent | None) -> CaseFile:
        """Write something in the case's history for whoever works on it."""
        with changing(self._around, key, agent) as change:
            change.note("comment", needed(text, _("Falta el comentario.")))
        return self.file(key)

    def add_item(self, key: str, text: str, agent: StoredAgent | None) -> CaseFile:
        """The customer asks one thing more: it will have its own answer."""
        with changing(self._around, key, agent) as change:
            if change.case.status not in OPEN_STATES:
                raise CaseRefused(_("El expediente ya está resuelto."), _("Reábralo primero."))
            text = needed(text, _("Falta decir qué pide el cliente."))
            number = len(case_parts.items_of(change.connection, change.case.id)) + 1
            case_parts.add_items(
                change.connection, change.case.id, number, [text], at=change.at, customer_id=change.case.customer_id
            )
            change.note("item_added", number=number)
        return self.file(key)

    def link(self, key: str, agent: StoredAgent | None, *, other: str = "", reference: str = "") -> CaseFile:
        """Say that a case has to do with another, by its key, or with something kept elsewhere."""
        with changing(self._around, key, agent) as change:
            if other:
                found = cases.case_by_key(change.connection, clean_key(other))
                if found is None or found.id == change.case.id:
                    raise unknown_case(clean_key(other))
                case_parts.add_link(change.connection, change.case.id, "case", other_id=found.id)
            else:
                reference = clean_line(needed(reference, _("Falta la referencia.")))
                case_parts.add_link(change.connection, change.case.id, "document", ref=reference)
            change.note("linked", other=other, reference=reference)
        return self.file(key)

    def add_task(
        self,
        key: str,
        text: str,
        due_at: datetime,
        agent: StoredAgent | None,
        *,
        owner: StoredAgent | None = None,
        department: str = "",
    ) -> CaseFile:
        """Something is to be done about a case by a moment; by its department if nobody is named."""
        with changing(self._around, key, agent) as change:
            task_id = case_parts.add_task(
                change.connection,
                change.case.id,
                needed(text, _("Falta decir qué hay que hacer.")),
                due_at,
                agent_id=owner.id if owner is not None else None,
                department=department or change.case.department,
                at=change.at,
                customer_id=change.case.customer_id,
            )
            change.note("task", task=task_id, due=due_at.astimezone(UTC).isoformat())
        return self.file(key)

    def end_task(self, key: str, task_id: int, agent: StoredAgent | None) -> CaseFile:
        """Something is done. Raises Refused if it was done already or is not of this case."""
        with changing(self._around, key, agent) as change:
            known = {task.id for task in case_parts.tasks_of_case(change.connection, change.case.id)}
            if task_id not in known or not case_parts.end_task(change.connection, task_id, change.at):
                raise Refused(_("Esa tarea no está pendiente en este expediente."))
            change.note("task_done", task=task_id)
        return self.file(key)

    def merge(self, key: str, into: str, agent: StoredAgent | None) -> CaseFile:
        """A case is the same matter as another, which goes on with the items of both and the first of their terms.

        The customer's key still tells how it stands. Raises CaseRefused if they are of different customers, or if what
        waits would be lost: a stopped term, or somebody to take it, unless the case that goes on waits for that too.
        """
        key, into = clean_key(key), clean_key(into)
        if key == into:
            raise CaseRefused(_("Un expediente no se une a sí mismo."))
        # Held always in the same order, so that two that merge each into the other do not wait for ever.
        first, second = sorted((key, into))
        with changing(self._around, first, agent) as one:
            other_case = cases.hold_case(one.connection, second)
            if other_case is None:
                raise unknown_case(second)
            other = Change(one.connection, self._around, other_case, agent, one.at)
            gone, kept = (one, other) if first == key else (other, one)
            if kept.case.merged_into_id is not None or gone.case.merged_into_id is not None:
                raise CaseRefused(_("Uno de los dos ya está unido a otro."))
            if kept.case.status not in OPEN_STATES:
                raise CaseRefused(_("El expediente que sigue ya está resuelto."), _("Reábralo primero."))
            customers_ = {kept.case.customer_id, gone.case.customer_id} - {None}
            if len(customers_) > 1:
                raise CaseRefused(_("Son de clientes distintos: no se unen."))
            if gone.case.status == CaseStatus.ESCALATED != kept.case.status:
                raise CaseRefused(_("Espera a que alguien lo acepte."), _("Acéptelo o devuélvalo antes de unirlo."))
            gone.move(Move.MERGE)
            if gone.clocks(state="stopped"):
                raise CaseRefused(_("Tiene plazos detenidos, que se perderían."), _("Reanúdelos antes de unirlo."))
            self._absorb(kept, gone)
            other.written()
        return self.file(into)

    def _absorb(self, kept: Change, gone: Change) -> None:
        have = case_parts.items_of(kept.connection, kept.case.id)
        known = {tuple(fold_words(item.text or "")) for item in have}
        new = [
            item.text
            for item in case_parts.items_of(gone.connection, gone.case.id)
            if item.text and tuple(fold_words(item.text)) not in known
        ]
        customer_id = kept.case.customer_id or gone.case.customer_id
        case_parts.add_items(kept.connection, kept.case.id, len(have) + 1, new, at=kept.at, customer_id=customer_id)
        running = {clock.norm: clock for clock in kept.clocks()}
        for clock in gone.clocks():
            mine = running.get(clock.norm)
            if mine is None:
                case_parts.add_clock(kept.connection, kept.case.id, _as_new(clock))
            elif clock.due_at < mine.due_at:
                sooner = replace(mine, due_at=clock.due_at, due_on=clock.due_on, estimated=clock.estimated)
                case_parts.save_clock(kept.connection, sooner)
        gone.end_clocks(state="void")
        cases.pass_interactions(kept.connection, gone.case.id, kept.case.id)
        case_exceptions.pass_exceptions(kept.connection, gone.case.id, kept.case.id)
        case_parts.add_link(kept.connection, kept.case.id, "duplicate", other_id=gone.case.id)
        case_parts.pass_locks(kept.connection, gone.case.id, kept.case.id)
        gone.set(merged_into_id=kept.case.id)
        kept.set(customer_id=customer_id, external_body=kept.case.external_body or gone.case.external_body)
        gone.note("merged", into=kept.case.key)
        kept.note("absorbed", other=gone.case.key, items=len(new))

    def _file(self, connection: Connection, case: CaseSummary) -> CaseFile:
        owner = agents.agent_by_id(connection, case.owner_id) if case.owner_id is not None else None
        customer = customers.card(connection, case.customer_id) if case.customer_id is not None else None
        into = cases.case_by_id(connection, case.merged_into_id) if case.merged_into_id is not None else None
        contracts = customer.contracts if customer is not None else ()
        return CaseFile(
            case=case,
            label=self.label(case),
            customer=customer.name if customer is not None else "",
            owner=owner.code if owner is not None else "",
            contract=next((one.number for one in contracts if one.id == case.contract_id), ""),
            merged_into=into.key if into is not None else "",
            items=tuple(case_parts.items_of(connection, case.id)),
            clocks=tuple(case_parts.clocks_of(connection, case.id)),
            events=tuple(case_events.read_events(connection, case.id)),
            links=tuple(case_parts.links_of(connection, case.id)),
            tasks=tuple(case_parts.tasks_of_case(connection, case.id)),
            documents=tuple(case_documents.documents_of(connection, case.id)),
            messages=tuple(outbox.messages_of_case(connection, case.id)),
            handovers=tuple(handovers.handovers_of_case(connection, case.id)),
            exceptions=tuple(case_exceptions.exceptions_of_case(connection, case.id)),
            locks=tuple(case_parts.locks_of_case(connection, case.id)),
            interactions=tuple(cases.interactions_of_case(connection, case.id)),
        )

    def _after(self, day: date) -> datetime:
        """The first moment that is past a day, as clocks fall due."""
        return end_of_day(day, self._around.organisation.local_zone) + timedelta(microseconds=1)

    def _calendar(self, region: str) -> WorkCalendar:
        if region not in self._calendars:
            own = self._around.organisation.region
            self._calendars[region] = self._around.catalogue.calendar.for_customer(own, region or None)
        return self._calendars[region]


def _as_new(clock: StoredClock) -> case_parts.NewClock:
    return case_parts.NewClock(
        clock.norm, clock.ends, clock.started_at, clock.due_at, clock.due_on, clock.estimated, clock.extended
    )
