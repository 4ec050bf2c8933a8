"""The sample data: what is loaded, when, and what happens if it cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atencion.data.customers import count_customers
from atencion.data.engine import StoreKind, open_store
from atencion.desk import Desk
from atencion.desk.sample import open_demo, read_agents
from atencion.errors import ProblemsFound, Refused, StoreError
from atencion.resources import shipped_protocols
from tests.stores import *  # noqa: F403

LEAST = {"customers": 500, "agents": 8}


def customers_of(desk: Desk) -> int:
    with desk.store.reading() as connection:
        return count_customers(connection)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped protocols, to change."""
    return Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))


def test_a_new_demonstration_has_customers_with_contracts_agents_and_articles(empty_url: str) -> None:
    desk = open_demo(empty_url, shipped_protocols())
    card = desk.customer(desk.find_customers("DEMO-0001")[0].customer_id)
    counts = customers_of(desk), len(desk.agents()), len(desk.knowledge.published())
    kind = desk.store.kind
    desk.close()
    assert (counts[0] >= LEAST["customers"], counts[1] >= LEAST["agents"], counts[2] >= 30) == (True, True, True)
    assert card is not None
    assert len(card.contracts) == 2
    assert kind is StoreKind.DEMO


def test_no_row_of_the_sample_is_rejected(tmp_path: Path) -> None:
    desk = open_demo(str(tmp_path / "demo.db"), shipped_protocols())
    path = shipped_protocols() / "demo" / "customers.csv"
    result = desk.import_customers(path, rejects_path=tmp_path / "rejects.csv")
    desk.close()
    assert (result.created, result.updated, result.rejected) == (0, result.read, 0)


def test_a_demonstration_that_has_customers_is_left_as_it_is(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "own.csv").write_text("nombre;apellidos\nAna;Inventada\n")
    desk = Desk.open(str(tmp_path / "demo.db"), folder, kind=StoreKind.DEMO)
    desk.import_customers(tmp_path / "own.csv", rejects_path=tmp_path / "rejects.csv")
    desk.close()
    again = open_demo(str(tmp_path / "demo.db"), folder)
    count = customers_of(again)
    again.close()
    assert count == 1


def test_a_store_of_real_work_is_refused_and_untouched(store_url: str) -> None:
    with pytest.raises(StoreError, match="es de otra clase"):
        open_demo(store_url, shipped_protocols())
    store = open_store(store_url)
    with store.reading() as connection:
        assert count_customers(connection) == 0
    store.close()


def test_protocols_without_a_sample_use_the_one_that_comes_with_the_program(tmp_path: Path, folder: Path) -> None:
    shutil.rmtree(folder / "demo")
    desk = open_demo(str(tmp_path / "demo.db"), folder)
    count = customers_of(desk)
    desk.close()
    assert count >= LEAST["customers"]


@pytest.mark.parametrize("spoiled", ["products.csv", "contracts.csv", "invoices.csv"])
def test_a_sample_that_cannot_be_read_is_told(tmp_path: Path, folder: Path, spoiled: str) -> None:
    (folder / "demo" / spoiled).write_text("nothing;of;the;kind\n1;2;3;4\n")
    with pytest.raises(Refused, match=spoiled):
        open_demo(str(tmp_path / "demo.db"), folder)


def test_a_sample_with_a_file_missing_is_told(tmp_path: Path, folder: Path) -> None:
    (folder / "demo" / "agents.yaml").unlink()
    with pytest.raises(ProblemsFound, match=r"agents\.yaml"):
        open_demo(str(tmp_path / "demo.db"), folder)


def test_an_agent_without_an_alias_goes_by_the_name(tmp_path: Path) -> None:
    path = tmp_path / "agents.yaml"
    path.write_text("agents:\n  - {code: A1, name: Ana Inventada}\n")
    assert [(agent.alias, agent.role) for agent in read_agents(path)] == [("Ana Inventada", "agent")]


@pytest.mark.parametrize(
    "agent", ["{code: 'A 1', name: X}", "{code: A1, name: X, role: boss}", "{name: X}", "{code: A1, name: ''}", "A1"]
)
def test_every_wrong_agent_is_told_at_its_line(tmp_path: Path, agent: str) -> None:
    path = tmp_path / "agents.yaml"
    path.write_text(f"agents:\n  - {{code: A9, name: Buena}}\n  - {agent}\n")
    with pytest.raises(ProblemsFound) as found:
        read_agents(path)
    assert [problem.line for problem in found.value.problems] == [3]
