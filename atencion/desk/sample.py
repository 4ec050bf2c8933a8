"""The invented customers, contracts and agents of the sample company."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field

from atencion.data.agents import AgentRecord, AgentRole
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.customers import count_customers
from atencion.data.engine import StoreKind
from atencion.data.invoices import NewInvoice, put_invoices
from atencion.desk.case_keys import new_case_key
from atencion.desk.desk import Desk, utc_now
from atencion.errors import Refused
from atencion.i18n import _
from atencion.resources import shipped_protocols
from atencion.scripts.document import parse, read_file
from atencion.scripts.model import Identifier, Line, Strict, YesNo, validate


class WrittenAgent(Strict):
    """An agent as an author writes it."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name: Line
    alias: Line | None = None
    role: AgentRole = AgentRole.AGENT
    department: Identifier | None = None


class AgentsFile(Strict):
    """A file of agents."""

    sample: YesNo = False
    agents: tuple[WrittenAgent, ...]


def read_agents(path: Path) -> list[AgentRecord]:
    """The agents of a file. Raises ProblemsFound with all that is wrong in it."""
    written = validate(AgentsFile, parse(read_file(path), str(path)))
    return [
        AgentRecord(agent.code, agent.name, agent.alias or agent.name, agent.role, agent.department or "")
        for agent in written.agents
    ]


def open_demo(
    url: str,
    protocols: Path,
    *,
    clock: Callable[[], datetime] = utc_now,
    new_key: Callable[[], str] = new_case_key,
) -> Desk:
    """A desk on a store of the demonstration, with the sample data if it has no customers yet.

    The sample is the one in the folder of protocols, or else the one that comes with the program. Raises StoreError if
    the store is one of real work.
    """
    desk = Desk.open(url, protocols, kind=StoreKind.DEMO, clock=clock, new_key=new_key)
    try:
        with desk.store.reading() as connection:
            is_new = count_customers(connection) == 0
        if is_new:
            own = protocols / "demo"
            load_sample(desk, own if own.is_dir() else shipped_protocols() / "demo")
    except BaseException:
        desk.close()
        raise
    return desk


def load_sample(desk: Desk, folder: Path) -> None:
    """Write the sample data of a folder: agents, customers, products, contracts and invoices.

    Raises ProblemsFound or Refused if a file of them is missing or cannot be used.
    """
    products, contracts = _products(folder / "products.csv"), _contracts(folder / "contracts.csv")
    invoices = _invoices(folder / "invoices.csv")
    for agent in read_agents(folder / "agents.yaml"):
        desk.put_agent(agent)
    with tempfile.TemporaryDirectory() as scratch:
        desk.import_customers(folder / "customers.csv", rejects_path=Path(scratch) / "rejects.csv")
    with desk.store.writing() as connection:
        put_products(connection, products)
        put_contracts(connection, contracts)
        put_invoices(connection, invoices)


def _products(path: Path) -> list[ProductRecord]:
    with _told_of(path):
        return [ProductRecord(row["code"], row["name"], row["family"], row["description"]) for row in _rows(path)]


def _contracts(path: Path) -> list[NewContract]:
    with _told_of(path):
        return [
            NewContract(
                row["customer_external_id"],
                row["number"],
                row["product_code"],
                row["status"],
                _day(row["started_on"]),
                _day(row["ended_on"]),
                row["address"],
                last_invoice_cents=int(row["last_invoice_cents"]) if row["last_invoice_cents"] else None,
            )
            for row in _rows(path)
        ]


def _invoices(path: Path) -> list[NewInvoice]:
    """The sample's invoices; a folder may have none."""
    if not path.exists():
        return []
    with _told_of(path):
        return [
            NewInvoice(
                row["contract_number"],
                row["number"],
                int(row["amount_cents"]),
                row["period"],
                _day(row["issued_on"]),
                _day(row["due_on"]),
                row["status"],
            )
            for row in _rows(path)
        ]


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise Refused(
            _("Los datos de muestra de {path} no se pueden leer.").format(path=path),
            remedy=_("Ponga los que acompañan al programa, o use su carpeta de protocolos sin «demo»."),
        ) from error


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
