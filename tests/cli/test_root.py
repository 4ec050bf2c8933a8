"""The root of the command line: what it offers, how it speaks, and how each command ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from atencion import __version__, cli
from atencion.errors import AtencionError, StoreError
from atencion.resources import default_store, shipped_protocols

Body = Callable[[cli.Options], object]


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Body], None]]:
    """Makes `atencion probe` run a function on the options."""

    def install(body: Body) -> None:
        module = ModuleType("atencion.cli.probe")
        command = click.Command("probe", callback=click.pass_obj(body))
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(cli._Root, "list_commands", lambda self, ctx: ["probe"])

    yield install


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as another process, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "atencion", *arguments],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def raising(error: BaseException) -> Body:
    def body(_options: cli.Options) -> None:
        raise error

    return body


def test_version_is_one_line() -> None:
    assert run("--version").stdout == f"atencion {__version__}\n"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_in_spanish(option: str) -> None:
    done = run(option)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Uso: atencion [OPCIONES]")
    assert "Opciones:" in done.stdout


def test_help_is_in_english_when_asked_for() -> None:
    assert run("--help", ATENCION_LANG="en").stdout.startswith("Usage: atencion [OPTIONS] [COMMAND]")


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(option: str) -> None:
    heavy = "{'textual', 'rich', 'sqlmodel', 'sqlalchemy', 'alembic', 'pydantic', 'jinja2', 'yaml', 'asyncio'}"
    run_it = f"import sys; from atencion.cli import main; main(['{option}'])"
    code = f"{run_it}; sys.stderr.write(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == "set()"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nada"], "No existe la opción '--nada'."),
        (["nada"], "No existe la orden 'nada'."),
        (["--db"], "A la opción '--db' le falta su valor."),
        (["--protocols", "/no/existe"], "'/no/existe': no existe."),
        ([], "El puesto necesita una terminal."),
    ],
)
def test_wrong_usage_is_told_in_spanish_with_exit_code_2(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_every_command_of_the_help_can_be_loaded() -> None:
    root = cli._root()
    context = click.Context(root)
    assert all(root.get_command(context, name) for name in root.list_commands(context))


def test_without_options_commands_get_the_person_s_store_and_the_shipped_protocols(
    probe: Callable[[Body], None],
) -> None:
    seen: list[cli.Options] = []
    probe(seen.append)
    assert cli.main(["probe"]) == 0
    assert (seen[0].store(), seen[0].protocol_folder()) == (default_store(), shipped_protocols())


def test_the_environment_chooses_the_store_and_an_option_overrules_it(
    probe: Callable[[Body], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[cli.Options] = []
    probe(seen.append)
    monkeypatch.setenv("ATENCION_DB", "postgresql://one")
    monkeypatch.setenv("ATENCION_PROTOCOLS", str(tmp_path))
    cli.main(["probe"])
    cli.main(["--db", "other.db", "probe"])
    assert [(options.store(), options.protocol_folder()) for options in seen] == [
        ("postgresql://one", tmp_path),
        ("other.db", tmp_path),
    ]


def test_what_a_command_returns_is_the_exit_code(probe: Callable[[Body], None]) -> None:
    probe(lambda options: 1)
    assert cli.main(["probe"]) == 1


@pytest.mark.parametrize(
    ("error", "code"), [(AtencionError("Qué.", remedy="Cómo."), 1), (StoreError("Qué.", remedy="Cómo."), 3)]
)
def test_an_error_for_people_is_told_with_its_remedy_and_its_code(
    probe: Callable[[Body], None], capsys: pytest.CaptureFixture[str], error: AtencionError, code: int
) -> None:
    probe(raising(error))
    assert (cli.main(["probe"]), capsys.readouterr().err) == (code, "Qué.\nCómo.\n")


def test_an_interruption_ends_with_130_and_no_message(
    probe: Callable[[Body], None], capsys: pytest.CaptureFixture[str]
) -> None:
    probe(raising(KeyboardInterrupt()))
    assert (cli.main(["probe"]), capsys.readouterr().err.strip()) == (130, "")


def test_a_question_nobody_answers_ends_the_command(
    probe: Callable[[Body], None], capsys: pytest.CaptureFixture[str]
) -> None:
    probe(raising(EOFError()))
    assert (cli.main(["probe"]), capsys.readouterr().err.strip()) == (1, "Cancelado.")


def test_any_other_failure_is_one_sentence_and_a_report_without_the_data(
    probe: Callable[[Body], None], capsys: pytest.CaptureFixture[str]
) -> None:
    probe(raising(RuntimeError("Ana Pérez")))
    assert cli.main(["probe"]) == 1
    told = capsys.readouterr().err
    report = Path(told.rpartition(": ")[2].strip())
    assert told.count("\n") == 1
    assert "Traceback" not in told
    assert "Ana" not in told + report.read_text()


def test_a_reader_that_goes_away_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "atencion", "--help"], stdout=write, stderr=subprocess.PIPE, text=True, timeout=60
    )
    os.close(write)
    assert done.stderr == ""


def test_a_terminal_that_cannot_write_spanish_letters_still_gets_its_answer() -> None:
    done = run("--help", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_keyboard_protocol_that_loses_characters_is_off_unless_wanted() -> None:
    code = (
        "import os; from atencion.cli import main; main(['--version']); print(os.environ['TEXTUAL_DISABLE_KITTY_KEY'])"
    )
    values = []
    for wanted in ({}, {"TEXTUAL_DISABLE_KITTY_KEY": "0"}):
        done = subprocess.run([sys.executable, "-c", code], env=os.environ | wanted, capture_output=True, text=True)
        values.append(done.stdout.split()[-1])
    assert values == ["1", "0"]
