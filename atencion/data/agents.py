"""Who attends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement
from atencion.text import clean_line


class AgentRole(StrEnum):
    """What an agent may do."""

    AGENT = "agent"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class AgentRecord:
    """An agent as the organisation lists it. `alias` is the name given to customers."""

    code: str
    name: str
    alias: str = ""
    role: AgentRole = AgentRole.AGENT
    department: str = ""
    active: bool = True


@dataclass(frozen=True)
class StoredAgent(AgentRecord):
    """An agent in the store."""

    id: int = 0


def put_agent(connection: Connection, agent: AgentRecord) -> int:
    """Write an agent, or bring the one of the same code up to date; returns its id."""
    return int(
        _PUT.run(
            connection,
            code=clean_line(agent.code, 40),
            name=clean_line(agent.name),
            alias=clean_line(agent.alias or agent.name),
            role=str(agent.role),
            department=clean_line(agent.department, 80),
            active=agent.active,
        ).scalar_one()
    )


def get_agent(connection: Connection, code: str) -> StoredAgent | None:
    """The agent of that code, or None."""
    row = _BY_CODE.run(connection, code=clean_line(code, 40)).first()
    return None if row is None else _agent(row)


def agent_by_id(connection: Connection, agent_id: int) -> StoredAgent | None:
    """The agent of that id, or None."""
    row = _BY_ID.run(connection, agent_id=agent_id).first()
    return None if row is None else _agent(row)


def list_agents(connection: Connection) -> list[StoredAgent]:
    """The active agents, by name."""
    return [_agent(row) for row in _LIST.run(connection)]


def _agent(row: Any) -> StoredAgent:
    return StoredAgent(
        id=row.id,
        code=row.code,
        name=row.name,
        alias=row.alias,
        role=AgentRole(row.role),
        department=row.department,
        active=bool(row.active),
    )


_PUT = Statement(
    """
    INSERT INTO agent (code, name, alias, role, department, active)
    VALUES (:code, :name, :alias, :role, :department, :active)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, alias = excluded.alias, role = excluded.role,
        department = excluded.department, active = excluded.active
    RETURNING id
    """
)
_BY_CODE = Statement("SELECT * FROM agent WHERE code = :code")
_BY_ID = Statement("SELECT * FROM agent WHERE id = :agent_id")
_LIST = Statement("SELECT * FROM agent WHERE active ORDER BY name, code")
