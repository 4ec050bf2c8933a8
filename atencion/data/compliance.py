"""What the store says of each obligation: how many it was measured on, how many kept it, and which did not.

Windows are from a moment (included) to another (not included). A case that was merged into another is measured by what
the law had wanted of it by then: its key, its receipt, the terms that an answer or a request for more had ended. What
it still owed, its locks among that, goes on in the other and is measured there alone.
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
    """What was counted, and the breaches that are named; `breached` counts all of them. `estimated` terms may err;
    `stopped` ones do not run and are not counted until they are answered, with the time that they ran.
    """

    total: int
    breached: int
    breaches: tuple[Breach, ...] = ()
    estimated: int = 0
    stopped: int = 0


@dataclass(frozen=True)
class Answers:
    """Of the cases decided: those with a reason for each item (Ley 10/2025 art. 13.1); of those not granted in full,
    those told whom to turn to (art. 13.7); of those not completed, those whose customer was warned, by word or by what
    was sent and did not fail (art. 13.4).
    """

    reasoned: Measured
    bodies_told: Measured
    lapses_warned: Measured


@dataclass(frozen=True)
class Told:
    """Of the answers told: those by the matter's channel or the one chosen (art. 13.5), and in its language (13.6)."""

    by_channel: Measured
    in_language: Measured


def terms(connection: Connection, window: Window) -> dict[str, Measured]:
    """By norm, the terms that fell due in the window, or were over by then; those that still run are not counted."""
    found: dict[str, Measured] = {}
    span = {"start": window.start, "end": window.end, "now": window.now}
    for row in _TERMS.run(connection, **span):
        breaches: tuple[Breach, ...] = ()
        if row.breached:
            rows = _LATE_TERMS.run(connection, **span, norm=row.norm, limit=window.limit)
            breaches = tuple(Breach(one.key, None, moment(one.due_at), moment_or_none(one.ended_at)) for one in rows)
        found[row.norm] = Measured(row.all_of_them - row.stopped, row.breached, breaches, row.estimated, row.stopped)
    return found


def opened(connection: Connection, window: Window) -> dict[tuple[str, str], int]:
    """How many cases were opened, by type and subtype."""
    rows = _OPENED.run(connection, start=window.start, end=window.end)
    return {(row.type, row.subtype): int(row.total) for row in rows}


def receipts(connection: Connection, window: Window) -> Measured:
    """Cases opened, and those with no receipt (Ley 10/2025 arts. 11.1 and 12.1)."""
    total = int(_ALL_OPENED.run(connection, start=window.start, end=window.end).scalar_one())
    return _named(connection, window, total, _WITHOUT_RECEIPT)


def receipts_sent(connection: Connection, window: Window) -> Measured:
    """Receipts that were sent, and those that went by a channel that is neither the matter's nor one that the customer
    chose (Ley 10/2025 art. 12.2).
    """
    total = int(_SENT_RECEIPTS.run(connection, start=window.start, end=window.end).scalar_one())
    return _named(connection, window, total, _SENT_ELSEWHERE)


def completions(connection: Connection, window: Window, norm: str) -> Measured:
    """Terms given to complete a claim, and those of cases that lapsed before they ended (Ley 10/2025 art. 13.3)."""
    span: dict[str, Any] = {"start": window.start, "end": window.end, "norm": norm}
    total = int(_COMPLETIONS.run(connection, **span).scalar_one())
    rows = list(_LAPSED_EARLY.run(connection, **span))
    breaches = tuple(Breach(row.key, None, moment(row.due_at), moment(row.ended_at)) for row in rows[: window.limit])
    return Measured(total, len(rows), breaches)


def answers(connection: Connection, window: Window) -> Answers:
    """How the cases that were decided were."""
    span = {"start": window.start, "end": window.end}
    totals = {row.decision: int(row.total) for row in _DECISIONS.run(connection, **span)}
    granted, lapsed = totals.get("accepted", 0), totals.get("lapsed", 0)
    not_full = totals.get("partly", 0) + totals.get("refused", 0)
    return Answers(
        _named(connection, window, granted + not_full, _UNREASONED),
        _named(connection, window, not_full, _NO_BODIES) if not_full else Measured(0, 0),
        _named(connection, window, lapsed, _UNWARNED) if lapsed else Measured(0, 0),
    )


def told(connection: Connection, window: Window) -> Told:
    """How customers were told."""
    span = {"start": window.start, "end": window.end}
    total = int(_TOLD.run(connection, **span).scalar_one())
    rows = list(_TOLD_OTHERWISE.run(connection, **span))
    channel = [Breach(row.key) for row in rows if not row.right_channel]
    language = [Breach(row.key) for row in rows if not row.right_language]
    limit = window.limit
    return Told(
        Measured(total, len(channel), tuple(channel[:limit])), Measured(total, len(language), tuple(language[:limit]))
    )


def locked(connection: Connection, window: Window, types: Sequence[str]) -> Measured:
    """Claims about a contract, of types that lock it, and those that did not (Ley 10/2025 art. 4.4)."""
    span: dict[str, Any] = {"start": window.start, "end": window.end, "types": list(types)}
    total = int(_LOCKING.run(connection, **span).scalar_one())
    rows = list(_UNLOCKED.run(connection, **span))
    return Measured(total, len(rows), tuple(Breach(row.key) for row in rows[: window.limit]))


def recorded(connection: Connection, window: Window) -> Measured:
    """Cases of contacts that the customer let be recorded, and those whose receipt does not say how to get it (Ley
    10/2025 art. 12.1).
    """
    total = int(_RECORDED.run(connection, start=window.start, end=window.end).scalar_one())
    return _named(connection, window, total, _RECORDED_UNTOLD)


def offers(connection: Connection, window: Window, continuity: Sequence[str]) -> Measured:
    """Offers made, commercial calls among them, and those not asked for while a matter on the continuity of a basic
    service was pending (Ley 10/2025 art. 16.2). `continuity` are the kinds of case that are, as "type/subtype".
    """
    span = {"start": window.start, "end": window.end}
    total = int(_OFFERED.run(connection, **span).scalar_one())
    rows = list(_OFFERED_TOO_SOON.run(connection, **span, kinds=list(continuity))) if total else []
    return Measured(total, len(rows), tuple(Breach(row.key, row.interaction_id) for row in rows[: window.limit]))


def surveys(connection: Connection, window: Window) -> Measured:
    """Surveys sent or answered, and those about a matter that was not settled and told yet (Ley 10/2025 art. 18.2)."""
    span = {"start": window.start, "end": window.end}
    total = int(_SURVEYED.run(connection, **span).scalar_one())
    rows = list(_SURVEYED_TOO_SOON.run(connection, **span)) if total else []
    return Measured(total, len(rows), tuple(Breach(row.key, row.interaction_id) for row in rows[: window.limit]))


def _named(connection: Connection, window: Window, total: int, broken: Statement) -> Measured:
    rows = list(broken.run(connection, start=window.start, end=window.end)) if total else []
    return Measured(total, len(rows), tuple(Breach(row.key) for row in rows[: window.limit]))


_LATE = "((c.ended_at IS NOT NULL AND c.ended_at > c.due_at) OR (c.state = 'running' AND c.due_at <= :now))"
_MERGED = """
    EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.case_id AND e.kind = 'merged' AND e.at = c.ended_at)
"""
_OVER = f"""
    (c.state = 'met' OR (c.state = 'void' AND c.ended_at > c.due_at AND NOT {_MERGED})
        OR (c.state = 'running' AND c.due_at <= :now))
"""
_TO_TELL = f"(c.state = 'stopped' OR {_OVER})"
_IN_TERM = "c.due_at >= :start AND c.due_at < :end AND " + _OVER
_TERMS = Statement(
    f"""
    SELECT c.norm, count(*) AS all_of_them, sum(CASE WHEN {_LATE} THEN 1 ELSE 0 END) AS breached,
        sum(CASE WHEN c.estimated AND c.state <> 'stopped' THEN 1 ELSE 0 END) AS estimated,
        sum(CASE WHEN c.state = 'stopped' THEN 1 ELSE 0 END) AS stopped
    FROM case_clock c WHERE c.ends <> 'completion' AND c.due_at >= :start AND c.due_at < :end AND {_TO_TELL}
    GROUP BY c.norm ORDER BY c.norm
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
_OPENED = Statement(
    "SELECT s.type, s.subtype, count(*) AS total " + _CASES + _IN_OPENED + " GROUP BY s.type, s.subtype"
)
_ALL_OPENED = Statement("SELECT count(*) FROM service_case s WHERE " + _IN_OPENED)
_WITHOUT_RECEIPT = Statement(
    f"""
    SELECT s.key FROM service_case s WHERE {_IN_OPENED}
    AND NOT EXISTS (SELECT 1 FROM case_document d WHERE d.case_id = s.id AND d.kind = 'receipt') ORDER BY s.id
    """
)
_OF_RECEIPTS = """
    FROM outbox_message m JOIN case_document d ON d.id = m.document_id JOIN service_case s ON s.id = m.case_id
    WHERE d.kind = 'receipt' AND m.created_at >= :start AND m.created_at < :end
"""
_SENT_RECEIPTS = Statement("SELECT count(*) " + _OF_RECEIPTS)
_SENT_ELSEWHERE = Statement(
    "SELECT s.key "
    + _OF_RECEIPTS
    + """
    AND m.channel NOT IN (s.channel, s.answer_channel)
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind IN ('opened', 'answer_chosen')
        AND e.body LIKE '%channel":"' || m.channel || '"%')
    ORDER BY m.id
    """
)
_OF_COMPLETIONS = f"""
    FROM case_clock c JOIN service_case s ON s.id = c.case_id
    WHERE c.norm = :norm AND c.ends = 'completion' AND c.due_at >= :start AND c.due_at < :end
        AND NOT (c.state = 'void' AND {_MERGED})
"""
_COMPLETIONS = Statement("SELECT count(*) " + _OF_COMPLETIONS)
_LAPSED_EARLY = Statement(
    "SELECT s.key, c.due_at, c.ended_at "
    + _OF_COMPLETIONS
    + """
    AND c.ended_at < c.due_at AND EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.case_id
        AND e.kind = 'lapsed' AND e.at = c.ended_at) ORDER BY c.id
    """
)
_DECISIONS = Statement("SELECT s.decision, count(*) AS total " + _CASES + _IN_RESOLVED + " GROUP BY s.decision")
_UNREASONED = Statement(
    _KEYS
    + _IN_RESOLVED
    + """
    AND s.decision IN ('accepted', 'partly', 'refused')
    AND EXISTS (SELECT 1 FROM case_item i WHERE i.case_id = s.id AND (i.decision = '' OR i.reasons_value_id IS NULL))
    ORDER BY s.id
    """
)
_NO_BODIES = Statement(
    _KEYS
    + _IN_RESOLVED
    + """
    AND s.decision IN ('partly', 'refused')
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'resolved'
        AND e.body NOT LIKE '%"bodies":0%')
    ORDER BY s.id
    """
)
_WARNING = "(SELECT max(d.id) FROM case_document d WHERE d.case_id = s.id AND d.kind = 'request')"
_UNWARNED = Statement(
    _KEYS
    + _IN_RESOLVED
    + f"""
    AND s.decision = 'lapsed'
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'asked'
        AND e.body LIKE '%"told"_true,"document":' || {_WARNING} || '}}%')
    AND NOT EXISTS (SELECT 1 FROM outbox_message m WHERE m.document_id = {_WARNING} AND m.state <> 'failed')
    ORDER BY s.id
    """
)
_TOLD = Statement(_COUNT + _IN_TOLD)
_RIGHT_CHANNEL = """
    (e.body LIKE '%"channel":"' || s.channel || '"%'
        OR (s.answer_channel <> '' AND e.body LIKE '%"channel":"' || s.answer_channel || '"%'))
"""
_RIGHT_LANGUAGE = """e.body LIKE '%"language":"' || s.language || '"%'"""
_OF_TELLING = "EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'notified' AND "
_TOLD_OTHERWISE = Statement(
    f"""
    SELECT s.key, {_OF_TELLING} {_RIGHT_CHANNEL}) AS right_channel, {_OF_TELLING} {_RIGHT_LANGUAGE}) AS right_language
    {_CASES} {_IN_TOLD} AND NOT {_OF_TELLING} {_RIGHT_CHANNEL} AND {_RIGHT_LANGUAGE}) ORDER BY s.id
    """
)
_LOCK_TYPES = _IN_OPENED + " AND s.contract_id IS NOT NULL AND s.type IN @types"
_LOCKING = Statement(_COUNT + _LOCK_TYPES)
_UNLOCKED = Statement(
    _KEYS + _LOCK_TYPES + " AND NOT EXISTS (SELECT 1 FROM contract_lock l WHERE l.case_id = s.id) ORDER BY s.id"
)
_OF_RECORDED = (
    _IN_OPENED
    + """
    AND EXISTS (SELECT 1 FROM interaction i WHERE i.id = s.opened_by_interaction AND i.recorded)
"""
)
_RECORDED = Statement(_COUNT + _OF_RECORDED)
_RECORDED_UNTOLD = Statement(
    _KEYS
    + _OF_RECORDED
    + """
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'document'
        AND e.body LIKE '%"paper":"receipt"%' AND e.body LIKE '%"recorded"_true%')
    ORDER BY s.id
    """
)
_OFFERS = """
    SELECT interaction_id, customer_id, asked, offered_at AS at FROM loyalty_offer
    UNION ALL SELECT interaction_id, customer_id, asked, enrolled_at FROM loyalty_member
    UNION ALL SELECT interaction_id, customer_id, asked, created_at FROM callback_promise WHERE commercial
"""
_SURVEYS = """
    SELECT interaction_id, customer_id, case_id, asked_at AS at FROM survey_request
    UNION ALL SELECT interaction_id, customer_id, case_id, answered_at FROM survey_answer
"""
_IN_SPAN = "o.at >= :start AND o.at < :end"
_OFFERED = Statement(f"SELECT count(*) FROM ({_OFFERS}) o WHERE {_IN_SPAN}")
_SURVEYED = Statement(f"SELECT count(*) FROM ({_SURVEYS}) o WHERE {_IN_SPAN}")
_ON_CUSTOMER = "JOIN service_case s ON s.customer_id = o.customer_id"
_ON_CONTACT = """
    JOIN case_interaction l ON l.interaction_id = o.interaction_id JOIN service_case s ON s.id = l.case_id
"""
_ON_CASE = "JOIN service_case s ON s.id = o.case_id"


def _too_soon(acts: str, condition: str, *, named: bool = False) -> Statement:
    """Acts at a moment when a matter was pending: the customer's or the contact's own, or the one case they name."""
    unnamed = " AND o.case_id IS NULL" if named else ""
    ways = [(_ON_CUSTOMER, unnamed), (_ON_CONTACT, unnamed), *([(_ON_CASE, "")] if named else [])]
    each = " UNION ALL ".join(
        f"""
        SELECT s.key, o.interaction_id, o.customer_id, o.at FROM ({acts}) o {join}
        WHERE {_IN_SPAN} AND s.merged_into_id IS NULL AND s.opened_at <= o.at AND {condition}{more}
        """
        for join, more in ways
    )
    return Statement(
        f"""
        SELECT min(t.key) AS key, t.interaction_id FROM ({each}) t
        GROUP BY t.interaction_id, t.customer_id, t.at ORDER BY t.at
        """
    )


_NOT_YET = """
    COALESCE((SELECT e.kind FROM case_event e WHERE e.case_id = s.id AND e.kind IN ({kinds}, 'reopened')
        AND e.at <= o.at ORDER BY e.seq DESC LIMIT 1), 'reopened') = 'reopened'
"""
"""As things stood then: what a case says of itself now is lost of what it was before it was reopened."""

_OFFERED_TOO_SOON = _too_soon(
    _OFFERS,
    f"""
    NOT o.asked AND s.type || '/' || s.subtype IN @kinds AND {_NOT_YET.format(kinds="'resolved', 'lapsed'")}
    """,
)
_SURVEYED_TOO_SOON = _too_soon(
    _SURVEYS,
    f"""
    (s.status <> 'closed' OR s.notified_at IS NOT NULL) AND {_NOT_YET.format(kinds="'notified'")}
    """,
    named=True,
)
