"""`atencion doctor`: what the program stands on, and how to mend what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

from atencion import __version__
from atencion.resources import shipped_protocols
from tests.cli.conftest import Done, Run
from tests.terminal import Terminal, program


def wrong(done: Done) -> dict[str, str]:
    """What is not well, and its remedy."""
    return {one["about"]: one["remedy"] for one in done.document["findings"] if not one["well"]}


def test_a_sound_installation_is_well(run: Run, db: Path) -> None:
    done = run(db, "doctor")
    assert (done.code, done.err, "Todo está bien." in done.out) == (0, "", True)
    for wanted in (__version__, "Python", "Textual", "SQLite", str(db), "íntegro", "MiB libres"):
        assert wanted in done.out


def test_it_is_one_document(run: Run, db: Path) -> None:
    done = run(db, "doctor", "--json")
    assert (done.document["well"], wrong(done)) == (True, {})
    assert all(set(one) == {"about", "found", "well", "remedy"} for one in done.document["findings"])


def test_a_store_that_is_missing_is_exit_3_and_the_rest_is_looked_at_all_the_same(run: Run, tmp_path: Path) -> None:
    done = run(tmp_path / "none.db", "doctor", "--json")
    assert (done.code, list(wrong(done)), (tmp_path / "none.db").exists()) == (3, ["Almacén"], False)
    assert "atencion init" in wrong(done)["Almacén"]
    assert "Protocolos" in [one["about"] for one in done.document["findings"]]


def test_a_file_that_is_no_store_is_exit_3(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("my notes " * 1000)
    done = run(path, "doctor", "--json")
    assert (done.code, list(wrong(done))) == (3, ["Almacén"])


def test_a_damaged_store_is_exit_3_with_what_to_do(run: Run, db: Path) -> None:
    data = bytearray(db.read_bytes())
    for page in range(20, len(data) // 4096, 3):
        data[page * 4096 : page * 4096 + 512] = b"\xff" * 512
    db.write_bytes(data)
    done = run(db, "doctor", "--json")
    assert done.code == 3
    assert any("copia de seguridad" in remedy for remedy in wrong(done).values())


def test_every_problem_of_the_protocols_is_told_with_exit_1(run: Run, db: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(shipped_protocols(), tmp_path / "protocols")
    path = folder / "phone" / "inbound.yaml"
    path.write_text(path.read_text().replace("goto: reclamacion", "goto: nada"))
    done = run(db, "--protocols", folder, "doctor", "--json")
    assert (done.code, list(wrong(done))) == (1, ["Protocolos"])
    assert wrong(done)["Protocolos"].count("inbound.yaml:") > 1


def test_an_organisation_that_cannot_be_read_is_told(run: Run, db: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(shipped_protocols(), tmp_path / "protocols")
    (folder / "organisation.yaml").write_text("name: [")
    done = run(db, "--protocols", folder, "doctor", "--json")
    assert (done.code, "organisation.yaml:" in wrong(done)["Protocolos"]) == (1, True)


def test_on_a_terminal_it_tells_of_the_terminal(db: Path) -> None:
    around = {"NO_COLOR": "1", "TMUX": "/tmp/x,1,0", "SSH_CONNECTION": "1 2 3 4"}
    with Terminal(program("--db", str(db), "doctor"), env=around) as terminal:
        assert terminal.wait_for_end() == 0
        for wanted in ("xterm-256color", "120×36", "utf-8", "NO_COLOR", "tmux", "SSH"):
            assert wanted in terminal.text


def test_a_small_terminal_is_told(db: Path) -> None:
    with Terminal(program("--db", str(db), "doctor"), size=(70, 20)) as terminal:
        terminal.wait_for_end()
        assert "Agrande la ventana" in terminal.text
