"""A desk for tests of cases: on each engine, with a clock that stands where the test puts it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from atencion.data.agents import AgentRecord, AgentRole, StoredAgent
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.customers import (
    AddressRecord,
    ContactKind,
    ContactRecord,
    CustomerRecord,
    add_customer,
)
from atencion.desk import Desk
from atencion.desk.case_opening import CaseRequest
from atencion.desk.cases import CaseFile
from atencion.resources import shipped_protocols
from tests.stores import *  # noqa: F403

__all__ = ["ANA", "MADRID", "MONDAY", "Office", "empty_url", "office", "store", "store_url"]  # noqa: F405

MADRID = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""A working Monday; the week after next has two holidays in Madrid."""

ANA = CustomerRecord(
    external_id="C-1",
    given_name="Ana",
    surnames="Inventada Ríos",
    birth_date=date(1950, 12, 31),
    contacts=(ContactRecord(ContactKind.EMAIL, "ana@example.com", "ana@example.com"),),
    addresses=(AddressRecord("Calle Inventada, 1", "28013", "Madrid", "Madrid"),),
)


class Office:
    """The desk, its clock, and who works there."""

    def __init__(self, url: str, at: datetime = MONDAY) -> None:
        self.at = at
        self.url = url
        self.desk = Desk.open(url, shipped_protocols(), clock=lambda: self.at)
        self.desk.put_agent(AgentRecord("A1", "Marta Inventada", "Marta"))
        self.desk.put_agent(AgentRecord("S1", "Sara Inventada", "Sara", AgentRole.SUPERVISOR, "supervision"))
        with self.desk.store.writing() as connection:
            self.ana = add_customer(connection, ANA, at=at)
            add_customer(connection, CustomerRecord(external_id="C-2", given_name="Otro"), at=MONDAY)
            put_products(connection, [ProductRecord("LUZ", "Luz", "electricidad")])
            put_contracts(connection, [NewContract("C-1", "L-100", "LUZ"), NewContract("C-2", "L-200", "LUZ")])

    @property
    def agent(self) -> StoredAgent:
        return self.desk.agent("A1")

    @property
    def supervisor(self) -> StoredAgent:
        return self.desk.agent("S1")

    def open(self, type_: str = "reclamacion", *items: str, **more: object) -> CaseFile:
        """A case of Ana about her contract, as she would put it."""
        given: dict[str, object] = {
            "customer_id": self.ana,
            "contract_number": "L-100",
            "owner_id": self.agent.id,
            "subject": items[0] if items else "Me han cobrado de más",
            "items": items,
            **more,
        }
        return self.desk.cases.open(CaseRequest(type_, **given), self.agent)  # type: ignore[arg-type]

    def file(self, key: str) -> CaseFile:
        return self.desk.cases.file(key)

    def pass_days(self, days: int) -> None:
        self.at += timedelta(days=days)

    def kinds(self, key: str) -> list[str]:
        """What happened to a case, in order."""
        return [event.kind for event in self.file(key).events]


@pytest.fixture
def office(store_url: str) -> Iterator[Office]:
    opened = Office(store_url)
    yield opened
    opened.desk.close()
