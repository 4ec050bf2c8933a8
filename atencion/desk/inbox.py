"""What waits for a supervisor, and what an agent has to know between calls.

Each kind is read for itself, one after another: what changes between two of them is seen at the next look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from atencion.data.callback_promises import Callback, SupervisorRequest
from atencion.data.case_exceptions import StoredException
from atencion.data.cases import CaseSummary
from atencion.data.handovers import Handover
from atencion.data.outbox import StoredMessage
from atencion.desk.cases import DueCase

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.desk.desk import Desk

SHOWN = 100
"""Rows of each kind."""

NEWS = 5
"""What is told at a time of what became of something, of each kind."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits, each kind with the most pressing first. `due` is what has fallen due or is about to; `untold`, cases
    that are decided and whose customer does not know.
    """

    requests: tuple[SupervisorRequest, ...]
    exceptions: tuple[StoredException, ...]
    waiting: tuple[Handover, ...]
    untold: tuple[CaseSummary, ...]
    due: tuple[DueCase, ...]
    missed: tuple[Callback, ...]
    unsent: tuple[StoredMessage, ...]

    @property
    def count(self) -> int:
        """All that waits."""
        kinds = (self.requests, self.exceptions, self.waiting, self.untold, self.due, self.missed, self.unsent)
        return sum(map(len, kinds))


@dataclass(frozen=True, slots=True)
class AtHome:
    """Calls promised for today, what became of what the agent handed over and of the exceptions they asked for, their
    tasks, counted, and how many cases have fallen due or do today.
    """

    callbacks: tuple[Callback, ...]
    news: tuple[Handover, ...]
    exceptions: tuple[StoredException, ...]
    tasks: int
    due_today: int


def read_inbox(desk: Desk) -> Inbox:
    """What waits now, of all departments."""
    untold = desk.cases.untold(SHOWN)
    waiting = desk.handovers.waiting(limit=SHOWN)
    taken = {one.key for one in untold} | {one.case_key for one in waiting}
    due = [one for one in desk.cases.due(limit=SHOWN) if one.state != "on_time" and one.case.key not in taken]
    unsent = [*desk.outbox.messages("doubtful", SHOWN), *desk.outbox.messages("failed", SHOWN)]
    return Inbox(
        tuple(desk.callbacks.requests()),
        tuple(desk.exceptions.waiting(SHOWN)),
        tuple(waiting),
        tuple(untold),
        tuple(due),
        tuple(desk.callbacks.due(state="missed", limit=SHOWN)),
        tuple(unsent),
    )


def read_home(desk: Desk, agent: StoredAgent) -> AtHome:
    """What an agent has to know between calls."""
    now = desk.now()
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    calls = [one for one in desk.callbacks.due(agent) if one.from_at < tomorrow]
    return AtHome(
        tuple(calls),
        tuple(desk.handovers.news(agent, NEWS)),
        tuple(desk.exceptions.news(agent, NEWS)),
        desk.handovers.count_tasks(agent),
        desk.cases.count_due(agent, now.date()),
    )


def see_news(desk: Desk, agent: StoredAgent, shown: AtHome) -> None:
    """An agent has seen what was shown of what they handed over and asked for; what came since is still news."""
    desk.handovers.see_news(agent, [one.id for one in shown.news])
    desk.exceptions.see_news(agent, [one.id for one in shown.exceptions])
