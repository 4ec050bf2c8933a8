"""Invented rows that many tests start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from atencion.data.agents import AgentRecord, put_agent
from atencion.data.engine import Store
from atencion.data.interactions import NewInteraction, add_interaction
from atencion.data.protocol_texts import put_protocol_text

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True)
class Call:
    """An open interaction and who attends it."""

    id: int
    agent_id: int


def open_interaction(store: Store, *, at: datetime = NOON, agent: str = "A01") -> Call:
    """An agent and an interaction of theirs, opened at `at`."""
    with store.writing() as connection:
        agent_id = put_agent(connection, AgentRecord(agent, "Marta Inventada", "Marta"))
        put_protocol_text(connection, "h1", protocol_id="phone", version="1.0.0", source="id: phone\n", at=at)
        new = NewInteraction("phone", "inbound", agent_id, "phone", "1.0.0", "h1", at, "+34910000000")
        return Call(add_interaction(connection, new), agent_id)
