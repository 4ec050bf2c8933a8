"""`atencion protocol`: list, check and play protocols; see `protocol_reading` and `protocol_writing` too."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atencion.cli import protocol_reading, protocol_writing
from atencion.cli.shared import (
    NUMBER,
    as_json,
    entry_row,
    open_desk,
    owed_row,
    print_json,
    print_problems,
    print_table,
    problem_row,
    tell,
)
from atencion.errors import AtencionError, ProblemsFound, StoreError
from atencion.i18n import _, ngettext

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.journal import StoredEntry
    from atencion.desk.play import Played
    from atencion.scripts.values import Value


@click.group(help=_("Protocolos: listar, comprobar, ver, escribir y recorrer."))
def command() -> None:
    """The group."""


for one in (protocol_reading.COMMANDS, protocol_writing.COMMANDS):
    for subcommand in one:
        command.add_command(subcommand)


@command.command("list", help=_("Los protocolos de la carpeta, y los que no se pueden usar."))
@as_json
@click.pass_obj
def list_(options: Options, json_: bool) -> int:
    from atencion.scripts.catalogue import Catalogue

    listed = Catalogue(options.protocol_folder()).protocols()
    rows = [
        {
            "id": one.id,
            "version": one.loaded.protocol.version if one.loaded else None,
            "title": one.loaded.protocol.title if one.loaded else None,
            "channels": list(one.loaded.protocol.channels) if one.loaded else [],
            "problems": [problem_row(problem) for problem in one.problems],
        }
        for one in listed
    ]
    if json_:
        print_json(rows)
    elif not rows:
        tell(_("No hay ningún protocolo en {folder}.").format(folder=options.protocol_folder()))
    else:
        unusable = _("no se puede usar")
        print_table(
            [_("Protocolo"), _("Versión"), _("Título")],
            [[row["id"], row["version"] or "—", row["title"] or unusable] for row in rows],
        )
        print_problems([problem for one in listed for problem in one.problems])
    return 1 if any(one.problems for one in listed) else 0


@command.command(
    help=_("Comprueba toda la carpeta, un protocolo por su nombre o un fichero: lo que falla, y los consejos aparte.")
)
@click.argument("which", metavar=_("[PROTOCOLO|FICHERO]"), required=False)
@click.option("--strict", is_flag=True, help=_("También un consejo es un fallo."))
@as_json
@click.pass_obj
def check(options: Options, which: str | None, strict: bool, json_: bool) -> int:
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.checking import check_file, check_folder, check_one, is_file

    catalogue, today = Catalogue(options.protocol_folder()), date.today()
    if which is None:
        found = check_folder(catalogue, today=today)
    elif is_file(which):
        found = check_file(catalogue, Path(which), today=today)
    else:
        found = check_one(catalogue, which, today=today)
    problems = [one for one in found if strict or one.severity == "error"]
    advice = [one for one in found if one.severity == "advice"]
    if json_:
        rows = [problem_row(one) | {"severity": one.severity} for one in found]
        print_json({"ok": not problems, "problems": rows})
        return 1 if problems else 0
    print_problems([one for one in found if one.severity == "error"])
    for one in advice:
        tell(_("{place}: consejo: {message}").format(place=one.place, message=one.told))
    wrong = len(found) - len(advice)
    if wrong:
        tell(ngettext("{n} problema.", "{n} problemas.", wrong).format(n=wrong), err=True)
    if advice:
        tell(ngettext("{n} consejo.", "{n} consejos.", len(advice)).format(n=len(advice)))
    if not found:
        tell(_("Todo está bien."))
    return 1 if problems else 0


@command.command(help=_("Recorre una interacción entera con un fichero de respuestas, sin terminal, en el almacén."))
@click.argument("protocol_id", metavar=_("PROTOCOLO"))
@click.option(
    "--answers",
    "answers_path",
    required=True,
    metavar=_("FICHERO"),
    type=click.Path(path_type=Path),
    help=_("Las respuestas, en YAML: lo que una persona escribiría en cada paso."),
)
@click.option(
    "--resume", "resumed", type=NUMBER, metavar=_("NÚMERO"), help=_("Sigue con una interacción que quedó abierta.")
)
@as_json
@click.pass_obj
def run(options: Options, protocol_id: str, answers_path: Path, resumed: int | None, json_: bool) -> int:
    from atencion.desk.play import open_for, play, read_answers, take_up

    try:
        answers = read_answers(answers_path)
        with open_desk(options, create=True) as desk:
            if resumed is None:
                call = open_for(desk, answers, protocol_id, options.agent)
            else:
                call = take_up(desk, answers, protocol_id, resumed, options.agent)
            played = play(call, answers)
            entries: tuple[StoredEntry, ...] = ()
            with suppress(StoreError):  # If the store has just failed, that is what is told.
                entries = desk.record_of(call.id).entries
    except AtencionError as error:
        if json_:
            print_json(_NOTHING_PLAYED | {"problem": _problem(error)})
        raise
    if json_:
        print_json(_played(played, entries))
    else:
        _print_played(played)
    if played.refusal is None:
        return 0
    tell(played.refusal.told, err=True)
    if played.is_open:
        hint = _("La interacción {number} queda abierta; siga con --resume {number} o desde el puesto.")
        tell(hint.format(number=played.interaction.id), err=True)
    return played.refusal.exit_code


_NOTHING_PLAYED: dict[str, Any] = {
    "interaction": None,
    "status": None,
    "outcome": None,
    "disposition": None,
    "case": None,
    "path": [],
    "fields": {},
    "owed": [],
    "journal": [],
}


def _played(played: Played, entries: Sequence[StoredEntry]) -> dict[str, Any]:
    run_, refusal = played.interaction.run, played.refusal
    return {
        "interaction": played.interaction.id,
        "status": run_.status.value,
        "outcome": run_.outcome,
        "disposition": run_.disposition,
        "case": run_.case,
        "path": run_.path,
        "fields": {name: _json_value(value) for name, value in run_.values.items()},
        "owed": [owed_row(one) for one in run_.owed],
        "journal": [entry_row(entry) for entry in entries],
        "problem": None if refusal is None else problem_row(refusal.problem) | {"step": refusal.step},
    }


def _json_value(value: Value) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, bool | int) else str(value)


def _problem(error: AtencionError) -> dict[str, Any]:
    """Why nothing could be played: the first problem, if it is one of a file; stderr tells them all."""
    if isinstance(error, ProblemsFound):
        return problem_row(error.problems[0]) | {"step": None}
    place = {"file": None, "line": None, "column": None, "step": None}
    return place | {"message": error.message, "expected": error.remedy}


def _print_played(played: Played) -> None:
    run_, number = played.interaction.run, played.interaction.id
    status = {"open": _("abierta"), "left_open": _("apartada"), "closed": _("cerrada")}[run_.status.value]
    tell(_("Interacción {number}: {status}").format(number=number, status=status))
    tell(_("Camino: {path}").format(path=" → ".join(run_.path)))
    if run_.outcome:
        tell(_("Resultado: {outcome}").format(outcome=run_.outcome))
    if run_.case:
        tell(_("Expediente: {key}").format(key=run_.case))
    for one in run_.owed:
        tell(_("Queda debido: {label}").format(label=one.label))
