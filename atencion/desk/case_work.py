"""A case held while it is changed: what happens to it is written as events, and its row and clocks follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from atencion.data import case_events, case_parts, cases, handovers
from atencion.data.case_events import ConcurrentCase, NewCaseEvent
from atencion.data.case_parts import NewClock, StoredClock
from atencion.desk.case_keys import clean_key, spoken_key
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import LONGEST, CaseRefused, CaseStatus, Move, after
from atencion.scripts.deadlines import WorkCalendar, add_days, add_working_days, due_moment, end_of_day
from atencion.scripts.organisation import CaseKind
from atencion.text import clean_text

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.connection import Connection
    from atencion.data.journal import Scalar

ANSWER, RESOLUTION, COMPLETION = "answer", "resolution", "completion"
"""What ends a clock."""


class Change:
    """A case in the middle of one transaction. All of it is written when the transaction ends, or nothing is.

    `at` is never before the case's last event, so that a clock set back does not turn its history round.
    """

    def __init__(
        self,
        connection: Connection,
        around: Surroundings,
        case: cases.CaseSummary,
        agent: StoredAgent | None,
        at: datetime,
    ) -> None:
        self.connection = connection
        self.around = around
        self.case = case
        self.agent = agent
        last = case_events.last_event(connection, case.id)
        self.at = max(at, last.at) if last is not None else at
        self._events: list[NewCaseEvent] = []
        self._waited = case.status == CaseStatus.ESCALATED

    @property
    def kind(self) -> CaseKind:
        """What kind of case it is."""
        return self.around.organisation.case_kind(self.case.type, self.case.subtype)

    def note(self, kind: str, value: str | None = None, **body: Scalar) -> None:
        """Something happened; what a person wrote is `value`."""
        self._events.append(NewCaseEvent(kind, body, value))

    def set(self, **changes: Any) -> None:
        """Change the case's own fields."""
        self.case = replace(self.case, **changes)

    def move(self, move: Move) -> None:
        """Have the status follow a move. Raises CaseRefused if the case cannot take it."""
        self.case = replace(self.case, status=str(after(CaseStatus(self.case.status), move)))

    # Clocks

    def work(self) -> WorkCalendar:
        """The working days that count for this case."""
        around = self.around
        return around.catalogue.calendar.for_customer(around.organisation.region, self.case.region or None)

    def start_clock(self, ref: str, start: datetime) -> NewClock | None:
        """Have a norm's term run from a moment; None if the organisation has switched the norm off."""
        norm = self.around.catalogue.known_norm(ref)
        if not norm.enabled or norm.term is None:
            return None
        due_at, due = due_moment(start, norm.term, self.work(), self.around.organisation.local_zone)
        clock = NewClock(ref, norm.term.ends, start, due_at, due.day, bool(due.estimated_years))
        case_parts.add_clock(self.connection, self.case.id, clock)
        self.note("clock_started", norm=ref, due=due_at.isoformat(), ends=clock.ends, estimated=clock.estimated)
        return clock

    def start_terms(self, start: datetime) -> None:
        """Have the terms of this kind of case run from a moment."""
        for ref in self.kind.terms:
            self.start_clock(ref, start)

    def clocks(self, ends: Collection[str] = (), *, state: str = "running") -> list[StoredClock]:
        """The clocks in a state, of those that `ends` end or of all."""
        found = case_parts.clocks_of(self.connection, self.case.id)
        return [clock for clock in found if clock.state == state and (not ends or clock.ends in ends)]

    def end_clocks(self, ends: Collection[str] = (), state: str = "met") -> None:
        """The clocks that this ends, or all, are met, or void. One that is stopped ends with the days that were left to
        it, so that it is never late.
        """
        for clock in (*self.clocks(ends), *map(self.run_on, self.clocks(ends, state="stopped"))):
            case_parts.save_clock(self.connection, replace(clock, state=state, ended_at=self.at))
            self.note("clock_ended", norm=clock.norm, state=state, late=self.at > clock.due_at)

    def run_on(self, clock: StoredClock) -> StoredClock:
        """A clock that was stopped, as it runs from this day on with the days that were left. Nothing is written."""
        term = self.around.catalogue.norm(clock.norm).term  # the organisation may have dropped it since
        today, left = self.around.local(self.at).date(), clock.left_days or 0
        if term is not None and term.working:
            due = add_working_days(today, left, self.work())
        else:
            due = add_days(today, left, self.work(), rolls=term is not None and term.rolls)
        due_at = end_of_day(due.day, self.around.organisation.local_zone)
        return replace(clock, state="running", left_days=None, due_on=due.day, due_at=due_at)

    def written(self) -> cases.CaseSummary:
        """Write what happened and what it made of the case; returns the case."""
        agent_id = self.agent.id if self.agent is not None else None
        case_events.append_events(
            self.connection,
            self.case.id,
            self.case.seq + 1,
            self._events,
            at=self.at,
            agent_id=agent_id,
            customer_id=self.case.customer_id,
        )
        running = self.clocks()
        first = min(running, key=lambda clock: clock.due_at) if running else None
        self.set(
            seq=self.case.seq + len(self._events),
            due_at=first.due_at if first else None,
            due_on=first.due_on if first else None,
            due_norm=first.norm if first else "",
        )
        cases.save_case(self.connection, self.case)
        if self._waited and self.case.status != CaseStatus.ESCALATED:
            by = self.agent.id if self.agent is not None else None
            handovers.go_on(self.connection, self.case.id, by=by, at=self.at)
        return self.case


@contextmanager
def changing(around: Surroundings, key: str, agent: StoredAgent | None, version: int | None = None) -> Iterator[Change]:
    """Hold a case and change it, all or nothing.

    `version` is the `seq` that was read when it was decided what to do. Raises Refused if there is no such case,
    ConcurrentCase if somebody else has changed it since, CaseRefused if it was merged into another.
    """
    with (
        told_with_norm(around),
        around.store.writing() as connection,
        changing_in(connection, around, clean_key(key), agent, version) as change,
    ):
        yield change


@contextmanager
def changing_in(
    connection: Connection, around: Surroundings, key: str, agent: StoredAgent | None, version: int | None = None
) -> Iterator[Change]:
    """`changing` within a transaction, for a key that checks."""
    case = cases.hold_case(connection, key)
    if case is None:
        raise unknown_case(key)
    if version is not None and version != case.seq:
        last = case_events.last_event(connection, case.id)
        raise ConcurrentCase(spoken_key(key), last.agent if last is not None else "")
    if case.merged_into_id is not None:
        into = cases.case_by_id(connection, case.merged_into_id)
        raise CaseRefused(
            _("El expediente {key} está unido a otro.").format(key=spoken_key(key)),
            _("Siga con {key}.").format(key=spoken_key(into.key) if into else "?"),
        )
    change = Change(connection, around, case, agent, around.clock())
    yield change
    change.written()


@contextmanager
def told_with_norm(around: Surroundings) -> Iterator[None]:
    """A refusal that a norm asks for says which."""
    try:
        yield
    except CaseRefused as refusal:
        if refusal.norm is None:
            raise
        card = around.catalogue.norm(refusal.norm)
        asked_by = f"{card.label} ({card.title})" if card.title else card.label
        message = _("{message} Lo exige: {norm}.").format(message=refusal.message, norm=asked_by)
        raise CaseRefused(message, refusal.remedy, norm=refusal.norm) from refusal


def needed(text: str, if_empty: str) -> str:
    """What somebody wrote, cleaned. Raises Refused with a message if there is nothing."""
    cleaned = clean_text(text, LONGEST).strip()
    if not cleaned:
        raise Refused(if_empty)
    return cleaned


def unknown_case(key: str) -> Refused:
    """There is no case of that key."""
    return Refused(_("No hay ningún expediente con la clave {key}.").format(key=spoken_key(key)))
