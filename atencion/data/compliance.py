"""What the store says of each obligation: how many it was measured on, how many kept it, and which did not.

Windows are from a moment (included) to another (not included). Cases that were merged into another are not measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment, moment_or_none


@dataclass(frozen=True)
class Window:
    """From `start` to `end`, looked at from `now`. At most `limit` breaches of each kind are named."""

    start: datetime
    end: datetime
    now: datetime
    limit: int = 1_000


@dataclass(frozen=True)
class Breach:
    """A case, or an interaction by its number, that did not keep an obligation; until when it should have, and when."""

    case_key: str = ""
    interaction_id: int | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Measured:
    """What was counted, and the breaches that are named; `breached` counts all of them. `estimated` terms may err."""

    total: int
    breached: int
    breaches: tuple[Breach, ...] = ()
    estimated: int = 0


@dataclass(frozen=True)
class Waits:
    """Waits in milliseconds, each with how many waited so long. `unknown` calls have no end in the log."""

    answered: tuple[tuple[int, int], ...]
    abandoned: tuple[tuple[int, int], ...]
    unknown: int


def terms(connection: Connection, window: Window) -> dict[str, Measured]:
    """By norm, the terms that fell due in the window, or were over by then; those that still run are not counted."""
    found: dict[str, Measured] = {}
    span = {"start": window.start, "end": window.end, "now": window.now}
    for row in _TERMS.run(connection, **span):
        breaches: tuple[Breach, ...] = ()
        if row.breached:
            rows = _LATE_TERMS.run(connection, **span, norm=row.norm, limit=window.limit)
            breaches = tuple(Breach(one.key, None, moment(one.due_at), moment_or_none(one.ended_at)) for one in rows)
        found[row.norm] = Measured(row.total, row.breached, breaches, row.estimated)
    return found


def receipts(connection: Connection, window: Window) -> Measured:
    """Cases opened, and those with no receipt (Ley 10/2025 arts. 11.1 and 12.1)."""
    return _cases(connection, window, _OPENED, _WITHOUT_RECEIPT)


def reasoned(connection: Connection, window: Window) -> Measured:
    """Cases decided, and those with an item that has no answer (Ley 10/2025 art. 13.1)."""
    return _cases(connection, window, _DECIDED, _UNREASONED)


def bodies_told(connection: Connection, window: Window) -> Measured:
    """Cases not granted in full, and those whose answer named nobody to turn to (Ley 10/2025 art. 13.7)."""
    return _cases(connection, window, _NOT_GRANTED, _NO_BODIES)


def lapses_warned(connection: Connection, window: Window) -> Measured:
    """Cases settled for not being completed, and those whose customer was not warned (Ley 10/2025 art. 13.4)."""
    return _cases(connection, window, _LAPSED, _UNWARNED)


def told_by_channel(connection: Connection, window: Window) -> Measured:
    """Answers told, and those by another channel than the matter's or the one chosen (Ley 10/2025 art. 13.5)."""
    return _cases(connection, window, _TOLD, _OTHER_CHANNEL)


def told_in_language(connection: Connection, window: Window) -> Measured:
    """Answers told, and those in another language than the matter's (Ley 10/2025 art. 13.6)."""
    return _cases(connection, window, _TOLD, _OTHER_LANGUAGE)


def locked(connection: Connection, window: Window, types: Sequence[str]) -> Measured:
    """Claims about a contract, of types that lock it, and those that did not (Ley 10/2025 art. 4.4)."""
    span: dict[str, Any] = {"start": window.start, "end": window.end, "types": list(types)}
    total = int(_LOCKING.run(connection, **span).scalar_one())
    rows = list(_UNLOCKED.run(connection, **span))
    return Measured(total, len(rows), tuple(Breach(row.key) for row in rows[: window.limit]))


def identified_agents(connection: Connection, window: Window) -> Measured:
    """Interactions that ended, and those in which nothing was said to present oneself (Ley 10/2025 art. 8.2)."""
    return _interactions(connection, window, _ENDED, _UNPRESENTED)


def first_layers(connection: Connection, window: Window) -> Measured:
    """Interactions in which data were asked for, and those where the first layer was not told before (LOPDGDD 11)."""
    return _interactions(connection, window, _ASKED_DATA, _NOT_INFORMED)


def supervisors(connection: Connection, window: Window) -> Measured:
    """Requests for a supervisor, and those neither taken in time nor called back that day (Ley 10/2025 art. 8.3)."""
    span = {"start": window.start, "end": window.end, "now": window.now}
    total = int(_SUPERVISORS.run(connection, start=window.start, end=window.end).scalar_one())
    rows = list(_NO_SUPERVISOR.run(connection, **span))
    breaches = tuple(
        Breach(row.key or "", row.interaction_id, moment(row.limit_at), moment_or_none(row.ended_at))
        for row in rows[: window.limit]
    )
    return Measured(total, len(rows), breaches)


def waits(connection: Connection, window: Window) -> Waits:
    """How long callers waited, as the exchange's own log tells it (Ley 10/2025 arts. 8.2 and 10.3)."""
    start, end = (round(at.timestamp() * 1000) for at in (window.start, window.end))
    answered: list[tuple[int, int]] = []
    abandoned: list[tuple[int, int]] = []
    unknown = 0
    for row in _WAITS.run(connection, start=start, end=end):
        if row.outcome == "waiting" or row.wait_ms is None:
            unknown += row.calls
        elif row.outcome == "connected":
            answered.append((row.wait_ms, row.calls))
        else:
            abandoned.append((row.wait_ms, row.calls))
    return Waits(tuple(answered), tuple(abandoned), unknown)


def _cases(connection: Connection, window: Window, all_: Statement, broken: Statement) -> Measured:
    span = {"start": window.start, "end": window.end}
    total = int(all_.run(connection, **span).scalar_one())
    rows = list(broken.run(connection, **span))
    return Measured(total, len(rows), tuple(Breach(row.key) for row in rows[: window.limit]))


def _interactions(connection: Connection, window: Window, all_: Statement, broken: Statement) -> Measured:
    span = {"start": window.start, "end": window.end}
    total = int(all_.run(connection, **span).scalar_one())
    rows = list(broken.run(connection, **span))
    return Measured(total, len(rows), tuple(Breach("", row.id) for row in rows[: window.limit]))


_LATE = "((c.ended_at IS NOT NULL AND c.ended_at > c.due_at) OR (c.state = 'running' AND c.due_at <= :now))"
_IN_TERM = """
    c.due_at >= :start AND c.due_at < :end
    AND (c.state = 'met' OR (c.state = 'void' AND c.ended_at > c.due_at) OR (c.state = 'running' AND c.due_at <= :now))
"""
_TERMS = Statement(
    f"""
    SELECT c.norm, count(*) AS total, COALESCE(sum(CASE WHEN {_LATE} THEN 1 ELSE 0 END), 0) AS breached,
        COALESCE(sum(CASE WHEN c.estimated THEN 1 ELSE 0 END), 0) AS estimated
    FROM case_clock c WHERE c.ends <> 'completion' AND {_IN_TERM} GROUP BY c.norm ORDER BY c.norm
    """
)
_LATE_TERMS = Statement(
    f"""
    SELECT s.key, c.due_at, c.ended_at FROM case_clock c JOIN service_case s ON s.id = c.case_id
    WHERE c.norm = :norm AND c.ends <> 'completion' AND {_IN_TERM} AND {_LATE} ORDER BY c.due_at, c.id LIMIT :limit
    """
)
_CASES = "FROM service_case s WHERE s.merged_into_id IS NULL AND "
_COUNT, _KEYS = "SELECT count(*) " + _CASES, "SELECT s.key " + _CASES
_IN_OPENED = "s.opened_at >= :start AND s.opened_at < :end"
_IN_RESOLVED = "s.resolved_at >= :start AND s.resolved_at < :end"
_IN_TOLD = "s.notified_at >= :start AND s.notified_at < :end"
_OPENED = Statement(_COUNT + _IN_OPENED)
_WITHOUT_RECEIPT = Statement(
    _KEYS
    + _IN_OPENED
    + " AND NOT EXISTS (SELECT 1 FROM case_document d WHERE d.case_id = s.id AND d.kind = 'receipt') ORDER BY s.id"
)
_BY_DECISION = _IN_RESOLVED + " AND s.decision IN ('accepted', 'partly', 'refused')"
_DECIDED = Statement(_COUNT + _BY_DECISION)
_UNREASONED = Statement(
    _KEYS
    + _BY_DECISION
    + """
    AND EXISTS (SELECT 1 FROM case_item i WHERE i.case_id = s.id AND (i.decision = '' OR i.reasons_value_id IS NULL))
    ORDER BY s.id
    """
)
_NOT_FULL = _IN_RESOLVED + " AND s.decision IN ('partly', 'refused')"
_NOT_GRANTED = Statement(_COUNT + _NOT_FULL)
_NO_BODIES = Statement(
    _KEYS
    + _NOT_FULL
    + """
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'resolved'
        AND e.body NOT LIKE '%"bodies":0%')
    ORDER BY s.id
    """
)
_LAPSED_IN = _IN_RESOLVED + " AND s.decision = 'lapsed'"
_LAPSED = Statement(_COUNT + _LAPSED_IN)
_UNWARNED = Statement(
    _KEYS
    + _LAPSED_IN
    + " AND NOT EXISTS (SELECT 1 FROM case_document d WHERE d.case_id = s.id AND d.kind = 'request') ORDER BY s.id"
)
_TOLD = Statement(_COUNT + _IN_TOLD)
_OTHER_CHANNEL = Statement(
    _KEYS
    + _IN_TOLD
    + """
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'notified'
        AND (e.body LIKE '%"channel":"' || s.channel || '"%'
            OR (s.answer_channel <> '' AND e.body LIKE '%"channel":"' || s.answer_channel || '"%')))
    ORDER BY s.id
    """
)
_OTHER_LANGUAGE = Statement(
    _KEYS
    + _IN_TOLD
    + """
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'notified'
        AND e.body LIKE '%"language":"' || s.language || '"%')
    ORDER BY s.id
    """
)
_LOCK_TYPES = _IN_OPENED + " AND s.contract_id IS NOT NULL AND s.type IN @types"
_LOCKING = Statement(_COUNT + _LOCK_TYPES)
_UNLOCKED = Statement(
    _KEYS + _LOCK_TYPES + " AND NOT EXISTS (SELECT 1 FROM contract_lock l WHERE l.case_id = s.id) ORDER BY s.id"
)
_IN_CALLS = "i.closed_at >= :start AND i.closed_at < :end"
_ENDED = Statement(f"SELECT count(*) FROM interaction i WHERE {_IN_CALLS}")
_UNPRESENTED = Statement(
    f"""
    SELECT i.id FROM interaction i WHERE {_IN_CALLS} AND NOT EXISTS (SELECT 1 FROM journal_entry j
        WHERE j.interaction_id = i.id AND j.kind = 'said') ORDER BY i.id
    """
)
_ASKED_DATA = Statement(
    f"""
    SELECT count(*) FROM interaction i WHERE {_IN_CALLS} AND EXISTS (SELECT 1 FROM journal_entry j
        WHERE j.interaction_id = i.id AND j.kind = 'challenged')
    """
)
_NOT_INFORMED = Statement(
    f"""
    SELECT i.id FROM interaction i WHERE {_IN_CALLS} AND EXISTS (SELECT 1 FROM journal_entry j
        WHERE j.interaction_id = i.id AND j.kind = 'advanced' AND EXISTS (SELECT 1 FROM journal_entry c
            WHERE c.interaction_id = i.id AND c.kind = 'challenged' AND c.step = j.step)
        AND NOT EXISTS (SELECT 1 FROM journal_entry d WHERE d.interaction_id = i.id AND d.kind = 'said'
            AND d.step = j.step)) ORDER BY i.id
    """
)
_SUPERVISORS = Statement("SELECT count(*) FROM supervisor_request r WHERE r.asked_at >= :start AND r.asked_at < :end")
_NO_SUPERVISOR = Statement(
    """
    SELECT r.interaction_id, r.limit_at, r.ended_at, s.key FROM supervisor_request r
        LEFT JOIN service_case s ON s.id = r.case_id LEFT JOIN callback_promise p ON p.id = r.callback_id
    WHERE r.asked_at >= :start AND r.asked_at < :end
        AND NOT (r.state = 'taken' AND r.ended_at <= r.limit_at)
        AND NOT (r.state = 'waiting' AND r.limit_at > :now)
        AND NOT COALESCE((p.state = 'done' AND p.ended_at <= p.until_at)
            OR (p.state = 'booked' AND p.until_at > :now), FALSE)
    ORDER BY r.id
    """
)
_WAITS = Statement(
    """
    SELECT outcome, wait_ms, count(*) AS calls FROM queue_call
    WHERE entered_ms >= :start AND entered_ms < :end GROUP BY outcome, wait_ms ORDER BY wait_ms
    """
)
