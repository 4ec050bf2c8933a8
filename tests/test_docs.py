"""The pages for authors are true: their tables are the program's, and the tests they name exist."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from atencion import cli
from atencion.resources import shipped_protocols
from tools import reference

DOCS = reference.ROOT / "docs"
TESTS = reference.ROOT / "tests"


def test_the_tables_of_the_reference_are_the_programs() -> None:
    page = reference.PAGE.read_text(encoding="utf-8")
    assert reference.written(page) == page, "run `python -m tools.reference`"


def test_every_table_stands_in_the_reference() -> None:
    page = reference.PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- tabla: ([a-z-]+) -->", page)) == set(reference.tables())


def test_every_test_that_the_reference_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", reference.PAGE.read_text(encoding="utf-8")))
    written = {
        name for path in TESTS.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    assert named - written == set()
    assert len(named) > 40


@pytest.mark.parametrize("page", ["protocolos.md", "manual-de-protocolos.md"])
def test_every_command_an_author_is_told_exists(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands = set(re.findall(r"protocol (\w+)", (DOCS / page).read_text(encoding="utf-8")))
    assert commands
    for command in sorted(commands):
        assert cli.main(["protocol", command, "--help"]) == 0, command
    capsys.readouterr()


def test_whoever_follows_the_manual_ends_with_a_protocol_that_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mis-protocolos"
    for kind, text in blocks("manual-de-protocolos.md"):
        if kind == "yaml":
            name, _newline, written = text.partition("\n")
            path = tmp_path / name.removeprefix("# ")
            assert path.is_file(), "the manual has its reader change a file that is there"
            path.write_text(written, encoding="utf-8")
            continue
        for line in text.splitlines():
            words = [str(folder) if word == "mis-protocolos" else word for word in shlex.split(line)]
            if words[0] == "cp":
                shutil.copytree(shipped_protocols(), folder)
            elif words[-1] != "demo":
                assert cli.main(words[1:]) == 0, (line, capsys.readouterr().err)
    done = capsys.readouterr().out
    assert "4 de 4 ramas" in done
    assert cli.main(["--protocols", str(folder), "protocol", "check", "phone/cambio-titular", "--strict"]) == 0


def test_the_error_that_the_manual_makes_is_told_as_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (DOCS / "manual-de-protocolos.md").read_text(encoding="utf-8")
    told = re.search(r"    mis-protocolos/(phone/cambio-titular.yaml:.*)", page)
    folder = tmp_path / "mis-protocolos"
    shutil.copytree(shipped_protocols(), folder)
    assert cli.main(["--protocols", str(folder), "protocol", "new", "phone/cambio-titular"]) == 0
    path = folder / "phone" / "cambio-titular.yaml"
    path.write_text(path.read_text().replace("goto: contacto", "goto: contato"))
    assert cli.main(["--protocols", str(folder), "protocol", "check", "phone/cambio-titular"]) == 1
    assert told is not None and told[1] in capsys.readouterr().err


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: their kind and what they hold."""
    return re.findall(r"```(\w+)\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
