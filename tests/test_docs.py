"""The pages for authors are true: their tables are the program's, and the tests they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atencion import cli
from atencion.i18n import language
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


def test_what_the_manual_has_its_reader_write_checks_clean_and_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert language() == "es"
    folder = tmp_path / "mis-protocolos"
    for text in blocks("manual-de-protocolos.md", "sh"):
        for line in text.splitlines():
            words = line.split()
            if words[:2] == ["cp", "-r"]:
                copy_folder(folder)
            elif words and words[0] == "atencion":
                arguments = [str(folder) if word == "mis-protocolos" else word for word in words[1:]]
                arguments = [str(folder / word[15:]) if word.startswith("mis-protocolos/") else word for word in arguments]
                if "demo" not in arguments and ">" not in arguments:
                    assert cli.main(arguments) == 0, (line, capsys.readouterr().err)
    for text in blocks("manual-de-protocolos.md", "yaml"):
        first, _newline, rest = text.partition("\n")
        path = folder / first.removeprefix("# ").removeprefix("mis-protocolos/")
        if "/" in first:
            path.write_text(rest, encoding="utf-8")
    assert cli.main(["--protocols", str(folder), "protocol", "check", "phone/cambio-titular", "--strict"]) == 0
    assert cli.main(["--protocols", str(folder), "protocol", "test", "phone/cambio-titular"]) == 0
    assert "sin probar" not in capsys.readouterr().out


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of a page."""
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def copy_folder(folder: Path) -> None:
    """What the manual has its reader copy."""
    import shutil

    from atencion.resources import shipped_protocols

    shutil.copytree(shipped_protocols(), folder)
