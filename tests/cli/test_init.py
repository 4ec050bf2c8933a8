"""`atencion init`: a store ready for work, and nothing that was there touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from atencion.data.engine import open_store
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from tests.cli.conftest import SAMPLE, Run
from tests.terminal import Terminal, program


def agents(store: Path) -> dict[str, str]:
    desk = Desk.open(str(store), shipped_protocols(), kind=None)
    try:
        return {agent.code: agent.alias for agent in desk.agents()}
    finally:
        desk.close()


def test_it_makes_a_store_with_the_articles_and_somebody_to_attend(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "deep" / "store.db"
    done = run(store, "init")
    assert (done.code, done.err, str(store) in done.out, "atencion customer import" in done.out) == (0, "", True, True)
    assert list(agents(store)) == ["A001"]
    assert store.stat().st_mode & 0o777 == 0o600
    assert run(store, "knowledge", "find", "cobro duplicado", "--json").document["results"]


def test_agents_come_from_a_file(run: Run, tmp_path: Path) -> None:
    done = run(tmp_path / "store.db", "init", "--agents", SAMPLE / "agents.yaml")
    assert (done.code, "11 agentes" in done.out) == (0, True)


def test_what_was_there_stays_as_it_was(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "agents.yaml"
    path.write_text(
        "agents:\n  - {code: A101, name: Otra Persona, alias: Otra}\n  - {code: A900, name: Nueva Persona}\n"
    )
    done = run(db, "init", "--agents", path)
    assert (done.code, "1 ya estaba" in done.out) == (0, True)
    assert (agents(db)["A101"], agents(db)["A900"]) == ("Marina", "Nueva Persona")
    assert run(db, "customer", "find", "749037199", "--json").document["results"], "customers are still there"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, 1),
        ("agents: [", 2),
        ("agents:\n  - {code: A1, name: X, rol: agent}\n", 2),
        ("agents:\n  - {code: A1}\n", 2),
    ],
    ids=["missing", "no YAML", "unknown key", "no name"],
)
def test_a_wrong_file_of_agents_is_told_and_makes_no_store(
    run: Run, tmp_path: Path, text: str | None, line: int
) -> None:
    path, store = tmp_path / "agents.yaml", tmp_path / "store.db"
    if text is not None:
        path.write_text(text)
    done = run(store, "init", "--agents", path)
    assert (done.code, done.err.startswith(f"{path}:{line}:"), store.exists()) == (1, True, False)


def test_on_a_terminal_it_asks_who_attends(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with Terminal(program("--db", str(store), "init")) as terminal:
        terminal.wait_for("Nombre de quien atiende")
        terminal.type("Marta Inventada")
        terminal.press("enter")
        terminal.wait_for("Cómo se presenta al cliente", "[Marta]")
        terminal.press("enter")
        assert terminal.wait_for_end() == 0
    assert agents(store) == {"A001": "Marta"}


def test_a_file_of_another_program_is_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("my notes " * 1000)
    done = run(path, "init")
    assert (done.code, path.read_text()) == (3, "my notes " * 1000)


def test_protocols_without_an_organisation_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run(tmp_path / "store.db", "--protocols", tmp_path / "empty", "init")
    assert (done.code, "organisation.yaml:1:1:" in done.err) == (1, True)


def test_a_newer_store_is_left_alone(run: Run, db: Path) -> None:
    store = open_store(str(db), kind=None)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    done = run(db, "init")
    assert (done.code, "versión más nueva" in done.err) == (3, True)
