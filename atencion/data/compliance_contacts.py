"""What the store says of contacts: who attended, what was told and asked, how long people waited, how they liked it.

As `compliance` is for cases: each obligation with how many it was measured on, and the breaches. What a contact owed of
a case that it opened (its key, its language) it owed even if the case was merged into another since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from atencion.data.compliance import Breach, Measured, Window
from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment, moment_or_none
from atencion.text import holds_number


@dataclass(frozen=True)
class Waits:
    """Waits in milliseconds, each with how many waited so long. `unknown` calls have no end in the log."""

    answered: tuple[tuple[int, int], ...]
    abandoned: tuple[tuple[int, int], ...]
    unknown: int


@dataclass(frozen=True)
class SurveyFigures:
    """The answers to a survey: how many, and their mean."""

    survey: str
    answers: int
    mean: float


def identified_agents(connection: Connection, window: Window) -> Measured:
    """Interactions that ended, and those in which nothing was said to present oneself (Ley 10/2025 art. 8.2)."""
    return _measured(connection, window, _ENDED, _UNPRESENTED)


def first_layers(connection: Connection, window: Window) -> Measured:
    """Interactions in which data were asked for, and those where the first layer was not told before (LOPDGDD 11)."""
    return _measured(connection, window, _ASKED_DATA, _NOT_INFORMED)


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


def staff(connection: Connection, window: Window) -> int:
    """How many agents attended contacts that ended (Ley 10/2025 art. 9.2)."""
    return int(_STAFF.run(connection, start=window.start, end=window.end).scalar_one())


def told_keys(connection: Connection, window: Window) -> Measured:
    """Cases opened in a contact, and those whose key was not told in it: neither in what was said or sent, nor by an
    entry of its own (Ley 10/2025 art. 11.2). Words that the law had destroyed may have been the key.
    """
    span = {"start": window.start, "end": window.end}
    total = int(_WITH_KEY.run(connection, **span).scalar_one())
    rows = [row for row in _KEY_UNTOLD.run(connection, **span) if not _tells(connection, row)]
    return Measured(total, len(rows), tuple(Breach(row.key, row.interaction_id) for row in rows[: window.limit]))


def languages(connection: Connection, window: Window) -> Measured:
    """Cases opened in contacts where another language had been asked for, and those that are neither in it nor in one
    chosen since (Ley 10/2025 arts. 7.2 and 8.6).
    """
    return _measured(connection, window, _ASKED_LANGUAGE, _OTHER_LANGUAGE)


def dissatisfied(connection: Connection, window: Window, low: int, complaints: Sequence[str]) -> Measured:
    """Contacts in which somebody gave a mark of `low` or less, and those of which no cause is known: neither a word of
    theirs nor a case that they left, of the types that are `complaints` (Ley 10/2025 art. 18.1).
    """
    span: dict[str, Any] = {"start": window.start, "end": window.end, "low": low}
    total = int(_LOW.run(connection, **span).scalar_one())
    rows = list(_NO_CAUSE.run(connection, **span, complaints=list(complaints)))
    return Measured(total, len(rows), tuple(Breach("", row.interaction_id) for row in rows[: window.limit]))


def survey_figures(connection: Connection, window: Window) -> list[SurveyFigures]:
    """What was answered to each survey, by its id."""
    rows = _FIGURES.run(connection, start=window.start, end=window.end)
    return [SurveyFigures(row.survey, int(row.answers), float(row.mean)) for row in rows]


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


def _measured(connection: Connection, window: Window, all_: Statement, broken: Statement) -> Measured:
    span = {"start": window.start, "end": window.end}
    total = int(all_.run(connection, **span).scalar_one())
    rows = list(broken.run(connection, **span)) if total else []
    return Measured(total, len(rows), tuple(Breach(row.key, row.interaction_id) for row in rows[: window.limit]))


def _tells(connection: Connection, case: Any) -> bool:
    """Whether the words of a contact tell a key as the contact itself takes it to be told, which SQL finds too hard."""
    words = _WORDS.run(connection, interaction_id=case.interaction_id)
    return any(holds_number(row.content, case.key) for row in words)


_IN_CALLS = "i.closed_at >= :start AND i.closed_at < :end"
_ENDED = Statement(f"SELECT count(*) FROM interaction i WHERE {_IN_CALLS}")
_UNPRESENTED = Statement(
    f"""
    SELECT '' AS key, i.id AS interaction_id FROM interaction i
    WHERE {_IN_CALLS} AND NOT EXISTS (SELECT 1 FROM journal_entry j
        WHERE j.interaction_id = i.id AND j.kind IN ('said', 'sent')) ORDER BY i.id
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
    SELECT '' AS key, i.id AS interaction_id FROM interaction i
    WHERE {_IN_CALLS} AND EXISTS (SELECT 1 FROM journal_entry j
        WHERE j.interaction_id = i.id AND j.kind = 'advanced' AND EXISTS (SELECT 1 FROM journal_entry c
            WHERE c.interaction_id = i.id AND c.kind = 'challenged' AND c.step = j.step)
        AND NOT EXISTS (SELECT 1 FROM journal_entry d WHERE d.interaction_id = i.id AND d.kind IN ('said', 'sent')
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
_STAFF = Statement(f"SELECT count(DISTINCT i.agent_id) FROM interaction i WHERE {_IN_CALLS}")
_OF_CONTACTS = """
    FROM service_case s WHERE s.opened_at >= :start AND s.opened_at < :end AND s.opened_by_interaction IS NOT NULL
"""
_COUNT, _WHICH = (
    "SELECT count(*) " + _OF_CONTACTS,
    "SELECT s.key, s.opened_by_interaction AS interaction_id " + _OF_CONTACTS,
)
_WITH_KEY = Statement(_COUNT)
_KEY_UNTOLD = Statement(
    _WHICH
    + """
    AND NOT EXISTS (SELECT 1 FROM journal_entry j JOIN personal_value v ON v.id = j.value_id
        WHERE j.interaction_id = s.opened_by_interaction AND j.kind IN ('said', 'sent')
        AND (v.content IS NULL
            OR replace(replace(replace(v.content, ' ', ''), '-', ''), '.', '') LIKE '%' || s.key || '%'))
    AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.interaction_id = s.opened_by_interaction
        AND j.kind = 'key_told' AND j.body LIKE '%"case":"' || s.key || '"%')
    ORDER BY s.id
    """
)
_WORDS = Statement(
    """
    SELECT v.content FROM journal_entry j JOIN personal_value v ON v.id = j.value_id
    WHERE j.interaction_id = :interaction_id AND j.kind IN ('said', 'sent')
    """
)
_LAST_ASKED = """
    (SELECT j.body FROM journal_entry j WHERE j.interaction_id = s.opened_by_interaction AND j.at <= s.opened_at
        AND ((j.kind = 'spoke' AND j.body LIKE '%"language":%') OR (j.kind = 'opened' AND j.body LIKE '%"asked"_true%'))
        ORDER BY j.seq DESC LIMIT 1)
"""
_ASKED_LANGUAGE = Statement(_COUNT + f"AND {_LAST_ASKED} IS NOT NULL")
_OTHER_LANGUAGE = Statement(
    _WHICH
    + f"""
    AND {_LAST_ASKED} NOT LIKE '%"language":"' || s.language || '"%'
    AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = s.id AND e.kind = 'answer_chosen'
        AND e.body LIKE '%"language":"' || s.language || '"%')
    ORDER BY s.id
    """
)
_IN_ANSWERED = "a.answered_at >= :start AND a.answered_at < :end"
_OF_LOW = f"FROM survey_answer a WHERE {_IN_ANSWERED} AND a.score <= :low"
_LOW = Statement("SELECT count(DISTINCT a.interaction_id) " + _OF_LOW)
_NO_CAUSE = Statement(
    "SELECT DISTINCT a.interaction_id "
    + _OF_LOW
    + """
    AND NOT EXISTS (SELECT 1 FROM survey_answer w
        WHERE w.interaction_id = a.interaction_id AND w.comment_value_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM case_interaction l JOIN service_case s ON s.id = l.case_id
        WHERE l.interaction_id = a.interaction_id AND s.type IN @complaints)
    ORDER BY a.interaction_id
    """
)
_FIGURES = Statement(
    f"""
    SELECT a.survey, count(*) AS answers, avg(a.score) AS mean FROM survey_answer a WHERE {_IN_ANSWERED}
    GROUP BY a.survey ORDER BY a.survey
    """
)
_WAITS = Statement(
    """
    SELECT outcome, wait_ms, count(*) AS calls FROM queue_call
    WHERE entered_ms >= :start AND entered_ms < :end GROUP BY outcome, wait_ms ORDER BY wait_ms
    """
)
