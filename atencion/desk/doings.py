"""How the actions of protocols are done: each in the transaction that writes it in the journal, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atencion.data import cases
from atencion.scripts.journal import NewEntry
from atencion.scripts.organisation import Organisation
from atencion.scripts.run import Run

if TYPE_CHECKING:
    from atencion.data.connection import Connection


@dataclass(frozen=True, slots=True)
class Job:
    """An action about to be done: its parameters, what the journal says of it, and in which contact."""

    params: Mapping[str, str]
    body: Mapping[str, object]
    interaction_id: int
    agent_id: int
    customer_id: int | None
    at: datetime
    run: Run
    organisation: Organisation


Doer = Callable[["Connection", Job], None]

DOERS: dict[str, Doer] = {}
"""How each action is done, by its name. Whoever registers an `ActionSpec` adds its doer here."""


def do(connection: Connection, entry: NewEntry, job: Callable[[Mapping[str, str], Mapping[str, object]], Job]) -> None:
    """Do the action of an entry. Raises Refused if it cannot be done; then nothing of the step is written."""
    params: Mapping[str, str] = json.loads(entry.value or "{}")
    DOERS[str(entry.body["action"])](connection, job(params, entry.body))


def _open_case(connection: Connection, job: Job) -> None:
    new = cases.NewCase(
        key=str(job.body["case"]),
        type=job.params["type"],
        subject=job.params["subject"],
        customer_id=job.customer_id,
        department=job.params.get("department", ""),
        opened_at=job.at,
        opened_by_interaction=job.interaction_id,
    )
    cases.open_case(connection, new)


DOERS["open_case"] = _open_case
