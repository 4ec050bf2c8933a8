"""Call-backs: a window that suits the customer, kept, or told to a supervisor; and the clock of who asks for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from atencion.data import callback_promises, cases
from atencion.data.callback_promises import Callback, NewCallback, SupervisorRequest
from atencion.desk.case_keys import clean_key
from atencion.desk.case_work import told_with_norm, unknown_case
from atencion.desk.guards import refuse_offer
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import CaseRefused
from atencion.scripts.deadlines import end_of_day, next_working_day
from atencion.scripts.organisation import Department
from atencion.scripts.values import FieldType, parse
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.connection import Connection

COMMERCIAL_HOURS = "trlgdcu/96"
SUPERVISOR = "ley-10-2025/8.3"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised to a customer: a call to a number between two moments.

    `commercial` if it is to sell something, which the customer may have `asked` for; `supervisor` if it is because they
    asked for one and nobody came.
    """

    phone: str
    from_at: datetime
    until_at: datetime
    reason: str = ""
    case_key: str = ""
    customer_id: int | None = None
    interaction_id: int | None = None
    department: str = ""
    commercial: bool = False
    asked: bool = False
    supervisor: bool = False
    continuity: bool = False
    """Whether it is promised in a contact about the continuity of a basic service."""


class Callbacks:
    """The call-backs of a desk, and the requests for a supervisor."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def promise(self, promise: Promise, agent: StoredAgent | None) -> Callback:
        """Promise a call. Raises Refused if the number or window is none, CaseRefused if the law forbids it."""
        with told_with_norm(self._around), self._around.store.writing() as connection:
            callback_id = promise_in(connection, self._around, promise, agent)
            found = callback_promises.get_callback(connection, callback_id)
        assert found is not None, "it has just been written"
        return found

    def due(self, agent: StoredAgent | None = None, *, state: str = "booked", limit: int = 100) -> list[Callback]:
        """Promised calls, of an agent and their department or of all, the first first. Missed ones have been told."""
        self.sweep()
        with self._around.store.reading() as connection:
            if agent is None:
                return callback_promises.callbacks_of(connection, state=state, limit=limit)
            return callback_promises.callbacks_of(
                connection, agent_id=agent.id, department=agent.department, state=state, limit=limit
            )

    def get(self, callback_id: int) -> Callback:
        """A promised call. Raises Refused if there is none of that number."""
        with self._around.store.reading() as connection:
            found = callback_promises.get_callback(connection, callback_id)
        if found is None:
            raise _no_callback(callback_id)
        return found

    def begin_in(self, connection: Connection, promised: Callback) -> None:
        """The customer is called now, within a transaction. Raises Refused if there was no such call to make,
        CaseRefused if it is to sell something and the law forbids it as things stand: the hour, a pending matter, a
        customer who has objected.
        """
        around, now = self._around, self._around.clock()
        with told_with_norm(around):
            if promised.commercial:
                _check_commercial_hours(around, now, now)
                phone, customer_id = promised.phone or "", promised.customer_id
                _check_may_sell(connection, around, phone, customer_id, None, asked=promised.asked)
            if not callback_promises.set_callback(connection, promised.id, "done", now):
                raise _no_callback(promised.id)

    def done(self, callback_id: int) -> None:
        """The customer has been called. Raises Refused if there was no such call to make."""
        with self._around.store.writing() as connection:
            if not callback_promises.set_callback(connection, callback_id, "done", self._around.clock()):
                raise _no_callback(callback_id)

    def cancel(self, callback_id: int) -> None:
        """The customer wants no call any more. Raises Refused if there was no such call to make."""
        with self._around.store.writing() as connection:
            if not callback_promises.set_callback(connection, callback_id, "cancelled", self._around.clock()):
                raise _no_callback(callback_id)

    def no_answer(self, callback_id: int) -> None:
        """Nobody answered: it is still to be made, and to be made again if it was begun and its window lasts. Raises
        Refused if there was no such call to make.
        """
        with self._around.store.writing() as connection:
            if not callback_promises.count_attempt(connection, callback_id, self._around.clock()):
                raise _no_callback(callback_id)

    # Supervisors

    def ask_supervisor(
        self, agent: StoredAgent, *, interaction_id: int | None = None, case_key: str = ""
    ) -> SupervisorRequest:
        """A customer asks for a supervisor: one comes within the minutes of the law, or they are called back that day.

        Raises Refused if the organisation has switched the norm off.
        """
        with self._around.store.writing() as connection:
            case = cases.case_by_key(connection, clean_key(case_key)) if case_key else None
            case_id = case.id if case is not None else None
            request_id = start_supervisor_clock(
                connection, self._around, agent.id, interaction_id=interaction_id, case_id=case_id
            )
            found = callback_promises.get_request(connection, request_id or 0)
        if found is None:
            norm = self._around.catalogue.norm(SUPERVISOR)
            raise Refused(_("A esta organización no le obliga {norm}.").format(norm=norm.label))
        return found

    def take_request(self, request_id: int, supervisor: StoredAgent) -> None:
        """A supervisor comes. Raises Refused if somebody was first, or the customer is to be called back already."""
        self.sweep()
        with self._around.store.writing() as connection:
            if not callback_promises.take_request(connection, request_id, supervisor.id, self._around.clock()):
                raise Refused(_("Esa petición ya la ha atendido alguien, o se devolverá la llamada."))

    def requests(self) -> list[SupervisorRequest]:
        """Customers who wait for a supervisor, the longest first."""
        self.sweep()
        with self._around.store.reading() as connection:
            return callback_promises.waiting_requests(connection)

    def request(self, request_id: int) -> SupervisorRequest:
        """How a request stands. Raises Refused if there is none."""
        self.sweep()
        with self._around.store.reading() as connection:
            found = callback_promises.get_request(connection, request_id)
        if found is None:
            raise Refused(_("No hay ninguna petición {id}.").format(id=request_id))
        return found

    def sweep(self) -> None:
        """See to what time has run out for: missed calls go to the supervisors, and who waited is to be called back."""
        now = self._around.clock()
        with self._around.store.reading() as connection:
            late = [one for one in callback_promises.waiting_requests(connection) if one.limit_at <= now]
            missed = callback_promises.any_missed(connection, now)
        if not late and not missed:
            return
        with self._around.store.writing() as connection:
            callback_promises.miss_callbacks(connection, now, _supervision(self._around).id)
            for request in late:
                callback_id = self._book_same_day(connection, request, now)
                if not callback_promises.expire_request(
                    connection, request.id, callback_id, now
                ):  # another desk was first
                    callback_promises.set_callback(connection, callback_id, "cancelled", now)

    def _book_same_day(self, connection: Connection, request: SupervisorRequest, now: datetime) -> int:
        phone, customer_id = "", None
        if request.interaction_id is not None:
            phone, customer_id = callback_promises.phone_of_interaction(connection, request.interaction_id)
        case = cases.case_by_key(connection, request.case_key) if request.case_key else None
        department = _supervision(self._around)
        until = self._end_of_attention(request.limit_at, department)
        new = NewCallback(
            phone=phone,
            from_at=request.limit_at,
            until_at=until,
            reason=_("Pidió hablar con supervisión"),
            case_id=case.id if case is not None else None,
            interaction_id=request.interaction_id,
            customer_id=customer_id,
            department=department.id,
            norm=SUPERVISOR,
        )
        return callback_promises.add_callback(connection, new, at=now)

    def _end_of_attention(self, at: datetime, department: Department) -> datetime:
        """Until when a call is still on the same working day: until the department closes, or the day ends."""
        organisation = self._around.organisation
        work = self._around.catalogue.calendar.of([organisation.region], town=True)
        local = self._around.local(at)
        day = next_working_day(local.date(), work)
        closing = [hours.to for hours in department.hours if _named(day) in hours.days]
        if closing and max(closing) < 24 * 60:
            midnight = datetime.combine(day, time(), organisation.local_zone)
            end = midnight.replace(hour=max(closing) // 60, minute=max(closing) % 60)
            if end > local:
                return end
        return end_of_day(day, organisation.local_zone)


def _supervision(around: Surroundings) -> Department:
    """Whoever takes what nobody took: the department of the supervisors, or else the first there is."""
    organisation = around.organisation
    return organisation.department.get("supervision") or organisation.departments[0]


def promise_in(connection: Connection, around: Surroundings, promise: Promise, agent: StoredAgent | None) -> int:
    """Promise a call within a transaction; returns its id. Raises as `Callbacks.promise` does."""
    now = around.clock()
    try:
        phone = parse(FieldType.PHONE, promise.phone)
    except ValueError as error:
        expected = _("Se esperaba {expected}.").format(expected=error)
        raise Refused(_("Ese teléfono no sirve."), remedy=expected) from error
    if promise.until_at <= promise.from_at:
        raise Refused(_("La franja termina antes de empezar."))
    if promise.until_at <= now:
        raise Refused(_("La franja ya ha pasado."))
    if promise.department and promise.department not in around.organisation.department:
        raise Refused(_("El departamento «{id}» no existe.").format(id=clean_line(promise.department, 60)))
    case = cases.case_by_key(connection, clean_key(promise.case_key)) if promise.case_key else None
    if promise.case_key and case is None:
        raise unknown_case(clean_key(promise.case_key))
    customer_id = promise.customer_id or (case.customer_id if case is not None else None)
    if promise.commercial:
        _check_commercial_hours(around, promise.from_at, promise.until_at)
        _check_may_sell(
            connection,
            around,
            phone,
            customer_id,
            promise.interaction_id,
            continuity=promise.continuity,
            asked=promise.asked,
        )
    if promise.supervisor and around.binds(SUPERVISOR):
        _check_same_day(around, promise.until_at, now)
    department = promise.department or (_supervision(around).id if promise.supervisor else "")
    new = NewCallback(
        phone=phone,
        from_at=promise.from_at,
        until_at=promise.until_at,
        reason=clean_line(promise.reason, 200),
        case_id=case.id if case is not None else None,
        interaction_id=promise.interaction_id,
        customer_id=customer_id,
        agent_id=agent.id if agent is not None and not department else None,
        department=department,
        commercial=promise.commercial,
        asked=promise.asked,
        norm=SUPERVISOR if promise.supervisor else "",
    )
    callback_id = callback_promises.add_callback(connection, new, at=now)
    if promise.supervisor and promise.interaction_id is not None:
        for request in callback_promises.waiting_requests(connection):
            if request.interaction_id == promise.interaction_id:  # who waited agrees to be called instead
                callback_promises.expire_request(connection, request.id, callback_id, now)
    return callback_id


def _check_may_sell(
    connection: Connection,
    around: Surroundings,
    phone: str,
    customer_id: int | None,
    interaction_id: int | None,
    *,
    continuity: bool = False,
    asked: bool,
) -> None:
    """A number is called to sell only if whoever is named, and everybody who has it, may be offered something."""
    for one in {customer_id, *callback_promises.customers_of_phone(connection, phone)}:
        refuse_offer(connection, around, one, interaction_id, continuity=continuity, asked=asked)


def _check_commercial_hours(around: Surroundings, from_at: datetime, until_at: datetime) -> None:
    """Commercial calls: from 9 to 21, never on weekends or holidays (TRLGDCU art. 96)."""
    if not around.binds(COMMERCIAL_HOURS):
        return
    norm = around.catalogue.norm(COMMERCIAL_HOURS)
    opens, closes = norm.values.get("from_hour", 9), norm.values.get("to_hour", 21)
    start, end = around.local(from_at), around.local(until_at)
    work = around.catalogue.calendar.of([around.organisation.region], town=True)
    same_day = start.date() == end.date()
    late = end.hour * 60 + end.minute > closes * 60
    if not same_day or start.hour < opens or late or start.weekday() >= 5 or work.rest(start.date()) is not None:
        raise CaseRefused(
            _("Una llamada comercial solo se hace de {opens} a {closes} y en día laborable.").format(
                opens=opens, closes=closes
            ),
            norm=COMMERCIAL_HOURS,
        )


def _check_same_day(around: Surroundings, until_at: datetime, now: datetime) -> None:
    """Who asks for a supervisor is called back on the same working day, or the next if today is none."""
    work = around.catalogue.calendar.of([around.organisation.region], town=True)
    last = end_of_day(next_working_day(around.local(now).date(), work), around.organisation.local_zone)
    if until_at > last:
        raise CaseRefused(
            _("A quien pide hablar con supervisión se le llama el mismo día laborable."),
            _("Una hora de antes de que acabe el {day}.").format(day=f"{around.local(last):%d/%m/%Y}"),
            norm=SUPERVISOR,
        )


def start_supervisor_clock(
    connection: Connection, around: Surroundings, agent_id: int, *, interaction_id: int | None, case_id: int | None
) -> int | None:
    """A customer asks for a supervisor; the id of the request, or None if the norm is switched off.

    Nobody has to come if the customer has agreed in the contact to be called back.
    """
    norm = around.catalogue.norms.get(SUPERVISOR)
    if norm is None or not norm.enabled:
        return None
    now, agreed = around.clock(), None
    if interaction_id is not None:
        agreed = callback_promises.tie_callback(connection, interaction_id, SUPERVISOR, case_id)
    return callback_promises.add_request(
        connection,
        agent_id=agent_id,
        interaction_id=interaction_id,
        case_id=case_id,
        asked_at=now,
        limit_at=now + timedelta(seconds=norm.values.get("seconds", 180)),
        callback_id=agreed,
    )


def _named(day: date) -> str:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]


def _no_callback(callback_id: int) -> Refused:
    return Refused(_("No hay ninguna llamada {id} por devolver.").format(id=callback_id))
