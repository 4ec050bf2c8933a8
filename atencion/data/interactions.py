"""Interactions as rows: what lists need, written together with the entry that changes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment, moment_or_none


class InteractionStatus(StrEnum):
    """Where an interaction stands."""

    OPEN = "open"
    CLOSED = "closed"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class NewInteraction:
    """What is known when an interaction opens; `protocol_hash` is that of a stored protocol text."""

    channel: str
    direction: str
    agent_id: int
    protocol_id: str
    protocol_version: str
    protocol_hash: str
    opened_at: datetime
    phone: str | None = None


@dataclass(frozen=True)
class InteractionSummary:
    """One interaction in a list. `customer_name` is empty while nobody is identified."""

    id: int
    channel: str
    direction: str
    agent_id: int
    agent_name: str
    protocol_id: str
    protocol_version: str
    protocol_hash: str
    customer_id: int | None
    customer_name: str
    phone: str | None
    opened_at: datetime
    closed_at: datetime | None
    status: InteractionStatus
    disposition: str | None
    outcome: str | None


def add_interaction(connection: Connection, new: NewInteraction) -> int:
    """Write an open interaction; returns its id."""
    return int(_ADD.run(connection, **vars(new)).scalar_one())


def get_interaction(connection: Connection, interaction_id: int) -> InteractionSummary | None:
    """The interaction, or None."""
    row = _GET.run(connection, interaction_id=interaction_id).first()
    return None if row is None else _summary(row)


def hold_interaction(connection: Connection, interaction_id: int) -> None:
    """Nobody else holds it until this transaction ends; whoever does now is waited for."""
    _HOLD.run(connection, interaction_id=interaction_id)


def set_customer(connection: Connection, interaction_id: int, customer_id: int | None) -> None:
    """Whom the interaction is with."""
    _SET_CUSTOMER.run(connection, interaction_id=interaction_id, customer_id=customer_id)


def set_outcome(connection: Connection, interaction_id: int, outcome: str | None) -> None:
    """How the demand ended."""
    _SET_OUTCOME.run(connection, interaction_id=interaction_id, outcome=outcome)


def set_recorded(connection: Connection, interaction_id: int, recorded: bool) -> None:
    """Whether the customer lets it be recorded."""
    _SET_RECORDED.run(connection, interaction_id=interaction_id, recorded=recorded)


def set_closed(
    connection: Connection,
    interaction_id: int,
    *,
    at: datetime,
    status: InteractionStatus = InteractionStatus.CLOSED,
    disposition: str | None = None,
) -> None:
    """The interaction is over."""
    _SET_CLOSED.run(connection, interaction_id=interaction_id, at=at, status=str(status), disposition=disposition)


def open_interactions(connection: Connection, agent_id: int) -> list[InteractionSummary]:
    """What an agent left open, the latest first."""
    return [_summary(row) for row in _OPEN.run(connection, agent_id=agent_id)]


def last_protocol(connection: Connection, agent_id: int, channel: str) -> str | None:
    """The protocol of the latest interaction that an agent opened on a channel."""
    found: str | None = _LAST_PROTOCOL.run(connection, agent_id=agent_id, channel=channel).scalar()
    return found


def last_protocol_hash(connection: Connection, protocol_id: str) -> str | None:
    """The hash of the text that led the latest interaction of a protocol."""
    found: str | None = _LAST_HASH.run(connection, protocol_id=protocol_id).scalar()
    return found


def interactions_of_customer(
    connection: Connection, customer_id: int, limit: int = 10, offset: int = 0
) -> list[InteractionSummary]:
    """The contacts with a customer, the latest first."""
    return [_summary(row) for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, limit=limit, offset=offset)]


def count_interactions_of_customer(connection: Connection, customer_id: int) -> int:
    """How many contacts there have been with a customer."""
    return int(_COUNT_OF_CUSTOMER.run(connection, customer_id=customer_id).scalar_one())


def recent_interactions(
    connection: Connection, limit: int = 50, agent_id: int | None = None
) -> list[InteractionSummary]:
    """The interactions of everybody, or of one agent, the latest first."""
    if agent_id is None:
        return [_summary(row) for row in _RECENT.run(connection, limit=limit)]
    return [_summary(row) for row in _RECENT_OF_AGENT.run(connection, limit=limit, agent_id=agent_id)]


@dataclass(frozen=True)
class DayCounts:
    """What an agent did between two moments. `outcomes` counts closed interactions by outcome."""

    opened: int
    closed: int
    still_open: int
    talk_seconds: int
    outcomes: dict[str, int]


def day_counts(connection: Connection, agent_id: int, start: datetime, end: datetime) -> DayCounts:
    """The interactions an agent opened from `start` (included) to `end` (not included)."""
    statuses: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    seconds = 0.0
    for row in _DAY.run(connection, agent_id=agent_id, start=start, end=end):
        statuses[row.status] += 1
        if row.status == InteractionStatus.CLOSED:
            outcomes[row.outcome or ""] += 1
        if row.closed_at is not None:
            seconds += (moment(row.closed_at) - moment(row.opened_at)).total_seconds()
    return DayCounts(
        opened=statuses.total(),
        closed=statuses[InteractionStatus.CLOSED],
        still_open=statuses[InteractionStatus.OPEN],
        talk_seconds=round(seconds),
        outcomes=dict(outcomes),
    )


def _summary(row: Any) -> InteractionSummary:
    return InteractionSummary(
        id=row.id,
        channel=row.channel,
        direction=row.direction,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        protocol_id=row.protocol_id,
        protocol_version=row.protocol_version,
        protocol_hash=row.protocol_hash,
        customer_id=row.customer_id,
        customer_name=row.company_name or f"{row.given_name or ''} {row.surnames or ''}".strip(),
        phone=row.phone,
        opened_at=moment(row.opened_at),
        closed_at=moment_or_none(row.closed_at),
        status=InteractionStatus(row.status),
        disposition=row.disposition,
        outcome=row.outcome,
    )


_ADD = Statement(
    """
    INSERT INTO interaction
        (channel, direction, agent_id, protocol_id, protocol_version, protocol_hash, opened_at, phone, status)
    VALUES (:channel, :direction, :agent_id, :protocol_id, :protocol_version, :protocol_hash, :opened_at, :phone,
        'open')
    RETURNING id
    """
)
_SUMMARY = """
    SELECT i.*, a.name AS agent_name, c.given_name, c.surnames, c.company_name
    FROM interaction i JOIN agent a ON a.id = i.agent_id LEFT JOIN customer c ON c.id = i.customer_id
"""
_LATEST = " ORDER BY i.opened_at DESC, i.id DESC"
_GET = Statement(_SUMMARY + "WHERE i.id = :interaction_id")
_OPEN = Statement(_SUMMARY + "WHERE i.agent_id = :agent_id AND i.status = 'open'" + _LATEST)
_OF_CUSTOMER = Statement(_SUMMARY + "WHERE i.customer_id = :customer_id" + _LATEST + " LIMIT :limit OFFSET :offset")
_COUNT_OF_CUSTOMER = Statement("SELECT count(*) FROM interaction WHERE customer_id = :customer_id")
_RECENT = Statement(_SUMMARY + _LATEST + " LIMIT :limit")
_RECENT_OF_AGENT = Statement(_SUMMARY + "WHERE i.agent_id = :agent_id" + _LATEST + " LIMIT :limit")
_SET_CUSTOMER = Statement("UPDATE interaction SET customer_id = :customer_id WHERE id = :interaction_id")
_HOLD = Statement("UPDATE interaction SET status = status WHERE id = :interaction_id")
_SET_OUTCOME = Statement("UPDATE interaction SET outcome = :outcome WHERE id = :interaction_id")
_SET_RECORDED = Statement("UPDATE interaction SET recorded = :recorded WHERE id = :interaction_id")
_SET_CLOSED = Statement(
    """
    UPDATE interaction SET status = :status, closed_at = :at, disposition = COALESCE(:disposition, disposition)
    WHERE id = :interaction_id
    """
)
_DAY = Statement(
    """
    SELECT opened_at, closed_at, status, outcome FROM interaction
    WHERE agent_id = :agent_id AND opened_at >= :start AND opened_at < :end
    """
)
_LAST_HASH = Statement(
    "SELECT protocol_hash FROM interaction WHERE protocol_id = :protocol_id ORDER BY id DESC LIMIT 1"
)
_LAST_PROTOCOL = Statement(
    """
    SELECT protocol_id FROM interaction WHERE agent_id = :agent_id AND channel = :channel
    ORDER BY opened_at DESC, id DESC LIMIT 1
    """
)
