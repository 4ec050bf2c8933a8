"""The command line: its root, what every command can rely on, and how each ends.

A command is a module of this package with a `command`, named in `_commands`, and imported when it is asked for.
It gets `Options` by `@click.pass_obj`, returns nothing or its exit code, and lets an AtencionError pass: `main` tells
it. Exit codes: 0 done; 1 the input or the data has a problem; 2 wrong usage; 3 no store; 130 interrupted.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from atencion import __version__
from atencion.errors import AtencionError
from atencion.i18n import _, speak_in_libraries
from atencion.resources import default_store, shipped_protocols

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Options:
    """What is said before the command, for all of them."""

    db: str | None = None
    protocols: Path | None = None
    agent: str | None = None
    """The code of who attends."""

    def store(self) -> str:
        """The URL, or the path, of the store to work on."""
        return self.db or default_store()

    def protocol_folder(self) -> Path:
        """The folder of the protocols to work with."""
        return self.protocols or shipped_protocols()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Whatever happens, a person reads a sentence, not a traceback."""
    _prepare()
    try:
        code = _root().main(arguments, prog_name="atencion", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        # Who was reading has gone. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except AtencionError as error:
        _tell(str(error), error.remedy)
        return error.exit_code
    except click.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            return INTERRUPTED
        _tell(_("Cancelado."))
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        _tell_failure(error)
        return 1


def _commands() -> dict[str, str]:
    """The commands in the order of the help, and what each is for. `noun` stands in the module `noun`."""
    return {
        "demo": _("Abre el puesto con datos de muestra, sin tocar los suyos."),
        "init": _("Prepara el almacén y los primeros datos."),
        "doctor": _("Comprueba la instalación y dice cómo arreglar lo que falle."),
        "protocol": _("Protocolos: listar, comprobar, ver, escribir y recorrer."),
        "customer": _("Clientes: importar, buscar y ver."),
        "pop": _("Entrega una llamada entrante al puesto abierto."),
        "asterisk": _("Entrega al puesto las llamadas de una centralita Asterisk."),
        "knowledge": _("Artículos de consulta: importar, buscar y mantener."),
        "interaction": _("Interacciones: listar y ver."),
        "case": _("Expedientes: abrir, seguir, resolver, reabrir y unir."),
        "callback": _("Llamadas por devolver: prometer, ver y anotar."),
        "outbox": _("Lo que se envía: ver, enviar y reintentar."),
        "report": _("Informes: el cumplimiento de cada obligación y la evaluación anual."),
        "import": _("Importa lo que otros programas han anotado."),
        "deadline": _("Calcula cuándo vence un plazo."),
        "practice": _("Práctica: escenarios, llamadas de práctica y notas."),
    }


class _Root(click.Group):
    """Knows the names of the commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in _commands() if find_spec(f"{__name__}.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return _in_our_words(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if rows := [(name, _commands()[name]) for name in self.list_commands(ctx)]:
            with formatter.section(_("Órdenes")):
                formatter.write_dl(rows)


def _in_our_words(command: click.Command) -> click.Command:
    """The command with the words of its usage line in the language in use, which click writes in English."""
    command.options_metavar = _("[OPCIONES]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("ORDEN [ARGUMENTOS]...")
        for inner in command.commands.values():
            _in_our_words(inner)
    return command


def _root() -> _Root:
    return _Root(
        name="atencion",
        help=_("Puesto de atención al cliente en la terminal. Sin orden, abre el puesto."),
        callback=_start,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        options_metavar=_("[OPCIONES]"),
        subcommand_metavar=_("[ORDEN] [ARGUMENTOS]..."),
        params=[
            click.Option(
                ["--db"],
                metavar="URL",
                envvar="ATENCION_DB",
                show_envvar=True,
                help=_("Almacén: un archivo, sqlite:///RUTA o postgresql://… Por defecto, uno en su carpeta de datos."),
            ),
            click.Option(
                ["--protocols"],
                metavar="DIR",
                envvar="ATENCION_PROTOCOLS",
                show_envvar=True,
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help=_("Carpeta de los protocolos. Por defecto, los que acompañan al programa."),
            ),
            click.Option(
                ["--agent"],
                metavar=_("CÓDIGO"),
                envvar="ATENCION_AGENT",
                show_envvar=True,
                help=_("Quién atiende. Por defecto, el puesto lo pregunta si hay varios agentes."),
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=_("Muestra la versión y termina."),
            ),
        ],
    )


@click.pass_context
def _start(context: click.Context, db: str | None, protocols: Path | None, agent: str | None) -> int | None:
    context.obj = options = Options(db, protocols, agent)
    if context.invoked_subcommand is not None:
        return None
    require_terminal(context)
    app = load_workstation()
    code: int = app.run_workstation(app.open_desk(options.store(), options.protocol_folder()), agent)
    return code


def require_terminal(context: click.Context) -> None:
    """Refuse, as wrong usage, to open the workstation where nobody could see it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(_("El puesto necesita una terminal."), context)


def load_workstation() -> Any:
    """The module `atencion.app`, with the garbage collector off until a desk is open.

    What is loaded stays: looking through it for garbage again and again would take a tenth of the start.
    """
    gc.disable()
    return import_module("atencion.app")


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"atencion {__version__}")
        context.exit()


def _prepare() -> None:
    # Textual reads this once, when it is imported. With the keyboard protocol of kitty, several terminals lose the
    # characters of AltGr and dead keys: no @ on a Spanish keyboard.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    # Paints a second, at most: with the usual 60, what was found in a few milliseconds waits up to 17 to be seen.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # Pydantic reads the description of every installed package to find plugins of its own, of which there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    speak_in_libraries()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _tell(message: str, remedy: str = "") -> None:
    click.echo("\n".join(filter(None, (message, remedy))), err=True)


def _tell_failure(error: Exception) -> None:
    from atencion.crash import write_crash_report

    path = write_crash_report(error)
    if path is None:
        _tell(_("Ha ocurrido un error inesperado; lo que ya estaba guardado sigue a salvo."))
    else:
        message = _(
            "Ha ocurrido un error inesperado; lo ya guardado sigue a salvo. Detalles, sin datos de nadie: {path}"
        )
        _tell(message.format(path=path))
