"""`atencion demo`: the workstation on sample data, thrown away afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run
from tests.terminal import Terminal, program


def test_it_needs_a_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "atencion", "demo"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, "El puesto necesita una terminal." in done.stderr) == (2, "", True)


def test_its_store_is_of_the_person_alone_and_is_gone_afterwards(tmp_path: Path) -> None:
    with Terminal(program("demo"), env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for("Siguiente llamada", "Marina")
        (folder,) = tmp_path.glob("atencion-demo-*")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "demo.db").exists()
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0
    assert not folder.exists()


def test_another_agent_may_attend(tmp_path: Path) -> None:
    with Terminal(program("--agent", "A105", "demo"), env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for("Salma")


def test_a_demonstration_is_kept_where_it_is_wanted(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "kept.db"
    for _time in range(2):
        with Terminal(program("--db", str(store), "demo")) as terminal:
            terminal.wait_for("Siguiente llamada", "Marina")
            terminal.press("ctrl+x")
            assert terminal.wait_for_end() == 0
    assert run(store, "customer", "find", "749037199", "--json").document["results"]


def test_a_store_of_real_work_is_refused_and_untouched(db: Path) -> None:
    before = db.read_bytes()
    with Terminal(program("--db", str(db), "demo")) as terminal:
        terminal.wait_for("es de otra clase")
        terminal.press("ctrl+x")
        terminal.wait_for_end()
    assert db.read_bytes() == before
