"""`atencion protocol`: list, check, show and play protocols."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

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
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.protocol import Protocol
    from atencion.scripts.values import Value


@click.group(help=_("Protocolos: listar, comprobar, ver y recorrer."))
def command() -> None:
    """The group."""


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
    help=_("Comprueba toda la carpeta, un protocolo por su nombre o un fichero, y dice todo lo que falla.")
)
@click.argument("which", metavar=_("[PROTOCOLO|FICHERO]"), required=False)
@as_json
@click.pass_obj
def check(options: Options, which: str | None, json_: bool) -> int:
    from atencion.scripts.catalogue import Catalogue, load_protocol

    catalogue = Catalogue(options.protocol_folder())
    try:
        if which is None:
            problems = catalogue.check()
        else:
            path = Path(which)
            is_file = path.exists() or path.suffix in (".yaml", ".yml")
            load_protocol(path, catalogue.world) if is_file else catalogue.protocol(which)
            problems = []
    except ProblemsFound as error:
        problems = list(error.problems)
    if json_:
        print_json({"ok": not problems, "problems": [problem_row(problem) for problem in problems]})
    elif problems:
        print_problems(problems)
        tell(ngettext("{n} problema.", "{n} problemas.", len(problems)).format(n=len(problems)), err=True)
    else:
        tell(_("Todo está bien."))
    return 1 if problems else 0


@command.command(help=_("Enseña los pasos de un protocolo, con lo que se dice y adónde lleva cada uno."))
@click.argument("protocol_id", metavar=_("PROTOCOLO"))
@as_json
@click.pass_obj
def show(options: Options, protocol_id: str, json_: bool) -> None:
    from atencion.scripts.catalogue import Catalogue

    catalogue = Catalogue(options.protocol_folder())
    loaded = catalogue.protocol(protocol_id)
    steps = [_step(loaded.protocol, number) for number in range(len(loaded.protocol.steps))]
    if json_:
        about = {"id": loaded.protocol.id, "version": loaded.protocol.version, "title": loaded.protocol.title}
        print_json({**about, "hash": loaded.hash, "steps": steps})
        return
    tell(f"{loaded.protocol.title}  ({loaded.protocol.id} {loaded.protocol.version})")
    if loaded.protocol.description:
        tell(loaded.protocol.description)
    for number, step in enumerate(steps, start=1):
        tell("")
        _print_step(number, step, loaded.protocol, catalogue)


def _print_step(number: int, step: dict[str, Any], protocol: Protocol, catalogue: Catalogue) -> None:
    tell(f"{number:2}. {step['title']}  [{step['kind']}: {step['id']}]")
    for paragraph in (step["say"] or "").split("\n"):
        for line in wrap(paragraph, 96):
            tell(f"    {line}")
    for name in step["capture"]:
        field = protocol.fields[name]
        optional = "" if field.required else "  " + _("(si se sabe)")
        tell(f"    ▪ {field.label}  [{name}: {field.type}]{optional}")
    for one in step["checks"]:
        norm = f"  ({catalogue.norm(one['mandatory']).label})" if one["mandatory"] else ""
        proved = "  " + _("[lo prueba el diario: {proof}]").format(proof=one["proof"]) if one["proof"] else ""
        tell(f"    □ {one['label']}{norm}{proved}")
    if step["mandatory"]:
        tell("    " + _("No se puede saltar: {norm}").format(norm=catalogue.norm(step["mandatory"]).label))
    if step["norms"]:
        tell("    " + _("Normas: {norms}").format(norms="; ".join(catalogue.norm(ref).label for ref in step["norms"])))
    for option in step["options"]:
        goto = f" → {option['goto']}" if option["goto"] else ""
        tell(f"    ○ {option['label']}  [{option['id']}]{goto}")
    for branch in step["next"]:
        when = f"{branch['when']} " if branch["when"] else ""
        tell(f"    {when}→ {branch['goto']}")


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


def _step(protocol: Protocol, number: int) -> dict[str, Any]:
    from atencion.scripts.protocol import Choice

    step = protocol.steps[number]
    options = step.options if isinstance(step, Choice) else ()
    branches = [{"when": one.when.source if one.when else None, "goto": one.goto} for one in step.next or ()]
    if not branches and not (options and all(option.goto for option in options)):
        branches = [{"when": None, "goto": protocol.below[step.id]}]
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step.title,
        "say": step.say.source if step.say else None,
        "capture": list(step.capture),
        "checks": [
            {
                "id": one.id,
                "label": one.label,
                "proof": one.proof.source if one.proof else None,
                "mandatory": one.mandatory,
            }
            for one in step.checks
        ],
        "mandatory": step.mandatory,
        "options": [{"id": one.id, "label": one.label, "goto": one.goto} for one in options],
        "next": branches,
        "norms": list(step.norms),
        "criteria": list(step.criteria),
    }
