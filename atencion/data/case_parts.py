"""What a case is made of: its items, clocks, links and tasks, and what is locked while it is pending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment, moment_or_none


@dataclass(frozen=True)
class CaseItem:
    """A question or demand, and its answer; texts are None if the law had them hidden or destroyed."""

    number: int
    text: str | None
    decision: str = ""
    reasons: str | None = None


@dataclass(frozen=True)
class NewClock:
    """A term that begins to run."""

    norm: str
    ends: str
    started_at: datetime
    due_at: datetime
    due_on: date
    estimated: bool = False
    extended: bool = False


@dataclass(frozen=True)
class StoredClock(NewClock):
    """A term in the store: running, stopped (with so many days left), met or void."""

    id: int = 0
    state: str = "running"
    left_days: int | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class CaseLink:
    """Another case by its key, or something kept elsewhere by its reference."""

    kind: str
    other_key: str
    reference: str


@dataclass(frozen=True)
class CaseTask:
    """Something to be done before a moment, by an agent or a department."""

    id: int
    case_key: str
    agent_id: int | None
    department: str
    text: str | None
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class ContractLock:
    """Why a contract may not be cut off, or its debt not collected."""

    contract_id: int
    contract_number: str
    case_key: str
    norm: str
    since: datetime


def add_items(
    connection: Connection, case_id: int, first: int, texts: Iterable[str], *, at: datetime, customer_id: int | None
) -> None:
    """Write items as first, first + 1..."""
    for number, text in enumerate(texts, first):
        value_id = put_value(connection, text, at=at, customer_id=customer_id)
        _ADD_ITEM.run(connection, case_id=case_id, number=number, value_id=value_id)


def items_of(connection: Connection, case_id: int) -> list[CaseItem]:
    """The items of a case, in order."""
    return [
        CaseItem(row.number, row.text, row.decision, row.reasons) for row in _ITEMS.run(connection, case_id=case_id)
    ]


def answer_item(
    connection: Connection,
    case_id: int,
    number: int,
    decision: str,
    reasons: str | None,
    *,
    at: datetime,
    customer_id: int | None,
) -> None:
    """Write the answer to an item; an empty decision takes it away."""
    value_id = None if reasons is None else put_value(connection, reasons, at=at, customer_id=customer_id)
    _ANSWER_ITEM.run(connection, case_id=case_id, number=number, decision=decision, value_id=value_id)


def add_clock(connection: Connection, case_id: int, clock: NewClock) -> int:
    """Write a clock that runs; returns its id."""
    names = ("norm", "ends", "started_at", "due_at", "due_on", "estimated", "extended")
    return int(_ADD_CLOCK.run(connection, case_id=case_id, **{n: getattr(clock, n) for n in names}).scalar_one())


def clocks_of(connection: Connection, case_id: int) -> list[StoredClock]:
    """The clocks of a case, the first to fall due first."""
    return [_clock(row) for row in _CLOCKS.run(connection, case_id=case_id)]


def save_clock(connection: Connection, clock: StoredClock) -> None:
    """Write all of a clock that may change."""
    _SAVE_CLOCK.run(
        connection,
        id=clock.id,
        due_at=clock.due_at,
        due_on=clock.due_on,
        estimated=clock.estimated,
        extended=clock.extended,
        state=clock.state,
        left_days=clock.left_days,
        ended_at=clock.ended_at,
    )


def add_link(connection: Connection, case_id: int, kind: str, *, other_id: int | None = None, ref: str = "") -> None:
    """Say what a case has to do with."""
    _ADD_LINK.run(connection, case_id=case_id, kind=kind, other_id=other_id, ref=ref)


def links_of(connection: Connection, case_id: int) -> list[CaseLink]:
    """What a case has to do with."""
    return [CaseLink(row.kind, row.key or "", row.reference) for row in _LINKS.run(connection, case_id=case_id)]


def add_task(
    connection: Connection,
    case_id: int,
    text: str,
    due_at: datetime,
    *,
    agent_id: int | None,
    department: str,
    at: datetime,
    customer_id: int | None,
) -> int:
    """Write something to be done; returns its id."""
    value_id = put_value(connection, text, at=at, customer_id=customer_id)
    task_id = _ADD_TASK.run(
        connection, case_id=case_id, value_id=value_id, due_at=due_at, agent_id=agent_id, department=department
    ).scalar_one()
    return int(task_id)


def end_task(connection: Connection, task_id: int, at: datetime) -> bool:
    """It is done; returns whether it was still to be."""
    return _END_TASK.run(connection, task_id=task_id, at=at).scalar() is not None


def tasks_of_case(connection: Connection, case_id: int) -> list[CaseTask]:
    """The tasks of a case, done or not."""
    return [_task(row) for row in _TASKS_OF_CASE.run(connection, case_id=case_id)]


def count_tasks(connection: Connection, agent_id: int, department: str) -> int:
    """How many things an agent, or anybody of their department, has to do."""
    return int(_COUNT_TASKS.run(connection, agent_id=agent_id, department=department).scalar_one())


def lock_contract(connection: Connection, contract_id: int, case_id: int, norm: str, at: datetime) -> None:
    """Lock a contract for a case, by a norm; again is as good as once."""
    _LOCK.run(connection, contract_id=contract_id, case_id=case_id, norm=norm, at=at)


def unlock_contract(connection: Connection, case_id: int, norm: str, at: datetime) -> bool:
    """Take away what a case locks by a norm; returns whether there was something."""
    return _UNLOCK.run(connection, case_id=case_id, norm=norm, at=at).scalar() is not None


def pass_locks(connection: Connection, from_case: int, to_case: int) -> None:
    """What a case locks now is locked by the one it is merged into."""
    _PASS_LOCKS.run(connection, from_case=from_case, to_case=to_case)


def locks_of_contracts(connection: Connection, contract_ids: list[int]) -> list[ContractLock]:
    """What holds for some contracts now."""
    return [_lock(row) for row in _LOCKS.run(connection, ids=contract_ids)] if contract_ids else []


def locks_of_case(connection: Connection, case_id: int) -> list[ContractLock]:
    """What a case locks now."""
    return [_lock(row) for row in _LOCKS_OF_CASE.run(connection, case_id=case_id)]


def contract_of_number(connection: Connection, number_key: str) -> tuple[int, int, int] | None:
    """The ids of a contract, of its customer and of its product by the letters and digits of its number, or None."""
    row = _CONTRACT.run(connection, number_key=number_key).first()
    return None if row is None else (int(row.id), int(row.customer_id), int(row.product_id))


def _clock(row: Any) -> StoredClock:
    return StoredClock(
        id=row.id,
        norm=row.norm,
        ends=row.ends,
        started_at=moment(row.started_at),
        due_at=moment(row.due_at),
        due_on=date.fromisoformat(row.due_on) if isinstance(row.due_on, str) else row.due_on,
        estimated=bool(row.estimated),
        extended=bool(row.extended),
        state=row.state,
        left_days=row.left_days,
        ended_at=moment_or_none(row.ended_at),
    )


def _task(row: Any) -> CaseTask:
    return CaseTask(
        row.id, row.key, row.agent_id, row.department, row.content, moment(row.due_at), moment_or_none(row.done_at)
    )


def _lock(row: Any) -> ContractLock:
    return ContractLock(row.contract_id, row.number, row.key, row.norm, moment(row.since))


_ADD_ITEM = Statement(
    "INSERT INTO case_item (case_id, number, value_id, decision) VALUES (:case_id, :number, :value_id, '')"
)
_ITEMS = Statement(
    """
    SELECT i.number, i.decision, CASE WHEN t.blocked_at IS NULL THEN t.content END AS text,
        CASE WHEN r.blocked_at IS NULL THEN r.content END AS reasons
    FROM case_item i JOIN personal_value t ON t.id = i.value_id
        LEFT JOIN personal_value r ON r.id = i.reasons_value_id
    WHERE i.case_id = :case_id ORDER BY i.number
    """
)
_ANSWER_ITEM = Statement(
    """
    UPDATE case_item SET decision = :decision, reasons_value_id = :value_id
    WHERE case_id = :case_id AND number = :number
    """
)
_ADD_CLOCK = Statement(
    """
    INSERT INTO case_clock (case_id, norm, ends, started_at, due_at, due_on, estimated, extended, state)
    VALUES (:case_id, :norm, :ends, :started_at, :due_at, :due_on, :estimated, :extended, 'running') RETURNING id
    """
)
_CLOCKS = Statement("SELECT * FROM case_clock WHERE case_id = :case_id ORDER BY due_at, id")
_SAVE_CLOCK = Statement(
    """
    UPDATE case_clock SET due_at = :due_at, due_on = :due_on, estimated = :estimated, extended = :extended,
        state = :state, left_days = :left_days, ended_at = :ended_at
    WHERE id = :id
    """
)
_ADD_LINK = Statement(
    "INSERT INTO case_link (case_id, kind, other_case_id, reference) VALUES (:case_id, :kind, :other_id, :ref)"
)
_LINKS = Statement(
    """
    SELECT l.kind, l.reference, s.key FROM case_link l LEFT JOIN service_case s ON s.id = l.other_case_id
    WHERE l.case_id = :case_id ORDER BY l.id
    """
)
_ADD_TASK = Statement(
    """
    INSERT INTO case_task (case_id, agent_id, department, value_id, due_at)
    VALUES (:case_id, :agent_id, :department, :value_id, :due_at) RETURNING id
    """
)
_END_TASK = Statement("UPDATE case_task SET done_at = :at WHERE id = :task_id AND done_at IS NULL RETURNING id")
_TASKS_OF_CASE = Statement(
    """
    SELECT t.*, s.key, CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM case_task t JOIN service_case s ON s.id = t.case_id JOIN personal_value v ON v.id = t.value_id
    WHERE t.case_id = :case_id ORDER BY t.due_at, t.id
    """
)
_COUNT_TASKS = Statement(
    """
    SELECT count(*) FROM case_task t WHERE t.done_at IS NULL
        AND (t.agent_id = :agent_id OR (t.agent_id IS NULL AND t.department <> '' AND t.department = :department))
    """
)
_LOCK = Statement(
    """
    INSERT INTO contract_lock (contract_id, case_id, norm, since)
    SELECT :contract_id, :case_id, :norm, :at WHERE NOT EXISTS
        (SELECT 1 FROM contract_lock WHERE case_id = :case_id AND norm = :norm AND until IS NULL)
    """
)
_UNLOCK = Statement(
    """
    UPDATE contract_lock SET until = :at WHERE case_id = :case_id AND norm = :norm AND until IS NULL RETURNING id
    """
)
_PASS_LOCKS = Statement("UPDATE contract_lock SET case_id = :to_case WHERE case_id = :from_case AND until IS NULL")
_LOCKED = """
    SELECT l.contract_id, c.number, s.key, l.norm, l.since
    FROM contract_lock l JOIN contract c ON c.id = l.contract_id JOIN service_case s ON s.id = l.case_id
    WHERE l.until IS NULL
"""
_LOCKS = Statement(_LOCKED + "AND l.contract_id IN @ids ORDER BY l.since, l.id")
_LOCKS_OF_CASE = Statement(_LOCKED + "AND l.case_id = :case_id ORDER BY l.id")
_CONTRACT = Statement("SELECT id, customer_id, product_id FROM contract WHERE number_key = :number_key ORDER BY id")
