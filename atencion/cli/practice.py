"""`atencion practice`: practice calls, played in stores of their own, and scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import (
    NUMBER,
    as_json,
    entry_row,
    open_desk,
    print_json,
    print_problems,
    print_table,
    problem_row,
    tell,
)
from atencion.errors import Problem, ProblemsFound, Refused, why
from atencion.i18n import _, ngettext

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.training.debrief import Debrief
    from atencion.training.library import Library


@click.group(help=_("Práctica: escenarios, llamadas de práctica y notas."))
def command() -> None:
    """The group."""


@command.command("list", help=_("Los escenarios que hay."))
@as_json
@click.pass_obj
def list_(options: Options, json_: bool) -> int:
    listed = _library(options).scenarios()
    rows = [
        {
            "id": one.id,
            "title": one.loaded.scenario.title if one.loaded else None,
            "level": one.loaded.scenario.level if one.loaded else None,
            "criteria": list(one.loaded.scenario.criteria) if one.loaded else [],
            "problems": [problem_row(problem) for problem in one.problems],
        }
        for one in listed
    ]
    if json_:
        print_json(rows)
    else:
        print_table(
            [_("Escenario"), _("Nivel"), _("Título")],
            [[row["id"], _level(row["level"]), row["title"] or _("no se puede usar")] for row in rows],
        )
        print_problems([problem for one in listed for problem in one.problems])
    return 1 if any(one.problems for one in listed) else 0


@command.command(help=_("Comprueba un escenario, o todos, y juega los intentos escritos junto a ellos."))
@click.argument("which", metavar=_("[ESCENARIO|FICHERO]"), required=False)
@as_json
@click.pass_obj
def check(options: Options, which: str | None, json_: bool) -> int:
    library = _library(options)
    problems: list[Problem] = []
    if which is None:
        listed = library.scenarios()
        problems += [problem for one in listed for problem in one.problems]
        for one in listed:
            if one.loaded is not None:
                problems += _played(library, one.id)
    else:
        try:
            library.scenario(which)
            problems += _played(library, which)
        except ProblemsFound as error:
            problems += error.problems
    if json_:
        print_json({"ok": not problems, "problems": [problem_row(problem) for problem in problems]})
    elif problems:
        print_problems(problems)
        tell(ngettext("{n} problema.", "{n} problemas.", len(problems)).format(n=len(problems)), err=True)
    else:
        tell(_("Todo está bien."))
    return 1 if problems else 0


@command.command(help=_("Escribe un escenario nuevo que ya funciona, para cambiarlo."))
@click.argument("name", metavar=_("NOMBRE"))
@click.option("--out", type=click.Path(path_type=Path), metavar=_("FICHERO"), help=_("Dónde se escribe."))
@click.pass_obj
def new(options: Options, name: str, out: Path | None) -> None:
    import re

    from atencion.scripts.catalogue import TESTS
    from atencion.training.starter import starter

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", name):
        raise Refused(_("«{value}» no vale").format(value=name), remedy=_("letras sin tildes, cifras y guiones"))
    # Without a folder of one's own it is written here: the program's own folder is not for anybody to write in.
    folder = options.protocols / "practice" if options.protocols else Path()
    path = out or folder / f"{name}.yaml"
    texts = starter(name)
    files = {path: texts[f"{name}.yaml"], path.with_name(f"{path.stem}{TESTS}"): texts[f"{name}{TESTS}"]}
    for one in files:
        if one.exists():
            raise Refused(_("{path} ya existe.").format(path=one), remedy=_("Elija otro nombre."))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for one, text in files.items():
            one.write_text(text, encoding="utf-8")
            tell(_("Escrito: {path}").format(path=one))
    except OSError as error:
        message = _("No se puede escribir en {folder}: {why}.").format(folder=path.parent, why=why(error))
        raise Refused(message, remedy=_("Diga con --out un fichero en una carpeta suya.")) from error
    which = name if options.protocols and out is None else path
    tell(_("Compruébelo: atencion practice check {which}").format(which=which))
    tell(_("Juéguelo: atencion practice run {which}").format(which=which))


@command.command(help=_("Practica una llamada en el puesto; con --answers la juega sin terminal y da su nota."))
@click.argument("scenario_id", metavar=_("ESCENARIO|FICHERO"))
@click.option(
    "--answers",
    "answers_path",
    type=click.Path(path_type=Path),
    metavar=_("FICHERO"),
    help=_("Lo que hace y dice el agente, en YAML."),
)
@click.option("--seed", type=click.IntRange(0, 2**31), help=_("La semilla; la misma repite el intento."))
@click.option("--classroom", is_flag=True, help=_("Quien forma hace de cliente, desde «atencion practice trainer»."))
@as_json
@click.pass_context
def run(
    context: click.Context,
    scenario_id: str,
    answers_path: Path | None,
    seed: int | None,
    classroom: bool,
    json_: bool,
) -> int:
    options: Options = context.obj
    if answers_path is None:
        if json_:
            raise click.UsageError(_("Con --json hace falta --answers."), context)
        return _practise(context, scenario_id, seed, classroom)
    if classroom:
        raise click.UsageError(_("--classroom es para practicar en el puesto, sin --answers."), context)
    return _play(options, scenario_id, answers_path, seed, json_)


def _play(options: Options, scenario_id: str, answers_path: Path, seed: int | None, json_: bool) -> int:
    from atencion.training.rehearsal import read_spoken, rehearse

    library = _library(options)
    loaded = library.scenario(scenario_id)
    outcome = rehearse(library, loaded, read_spoken(answers_path), seed=seed, url=options.db)
    if json_:
        document = _document(outcome.debrief, outcome.record.summary.id)
        document["result"] |= {"ending": outcome.ending or None, "refused": outcome.refusal or None}
        document["journal"] = [entry_row(entry) for entry in outcome.record.entries]
        print_json(document)
    else:
        _print_debrief(outcome.debrief)
    if outcome.refusal:
        tell(outcome.refusal, err=True)
        return 1
    return 0


def _practise(context: click.Context, scenario_id: str, seed: int | None, classroom: bool) -> int:

    from atencion.cli import load_workstation, require_terminal
    from atencion.training.session import Session

    require_terminal(context)
    options: Options = context.obj
    library = _library(options)
    loaded = library.scenario(scenario_id)
    store = options.db or (_new_classroom() if classroom else "")
    with Session(library, loaded, seed=seed, store=store, classroom=classroom) as session:
        code: int = load_workstation().run_practice(session)
    return code


@command.command(help=_("Hace de cliente en una llamada que otra persona practica con «run --classroom»."))
@click.pass_context
def trainer(context: click.Context) -> int:
    from contextlib import closing

    from atencion.cli import load_workstation, require_terminal
    from atencion.training.classroom import Classroom

    require_terminal(context)
    options: Options = context.obj

    def find_store() -> str | None:
        return options.db or _latest_classroom()

    with closing(Classroom(find_store, options.protocol_folder(), _library(options))) as classroom:
        code: int = load_workstation().run_trainer(classroom)
    return code


def _new_classroom() -> str:
    from datetime import datetime

    from atencion.resources import classroom_folder

    folder = classroom_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / f"{datetime.now():%Y%m%d-%H%M%S-%f}.db")


def _latest_classroom() -> str | None:
    """The store of the practice call that began last."""
    from atencion.resources import classroom_folder

    return max(map(str, classroom_folder().glob("*.db")), default=None)


@command.command(help=_("La nota de una interacción, de práctica o de verdad, de la que hay diario."))
@click.argument("number", metavar=_("NÚMERO"), type=NUMBER)
@as_json
@click.pass_obj
def score(options: Options, number: int, json_: bool) -> None:
    from atencion.training.afterwards import debrief_of

    with open_desk(options) as desk:
        debrief = debrief_of(desk, _library(options), desk.record_of(number))
    if json_:
        print_json(_document(debrief, number))
    else:
        _print_debrief(debrief)


@command.command(help=_("Firma la nota de una práctica, una vez dicho lo que solo puede decir quien forma."))
@click.argument("number", metavar=_("NÚMERO"), type=NUMBER)
@click.option("--by", "who", required=True, metavar=_("NOMBRE"), help=_("Quién firma."))
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    metavar=_("COMPROBACIÓN=VEREDICTO"),
    help=_("De una comprobación que espera: achieved, partly, not o no_occasion. Una vez por cada una."),
)
@as_json
@click.pass_context
def sign(context: click.Context, number: int, who: str, verdicts: tuple[str, ...], json_: bool) -> None:
    from atencion.training.scoring import Verdict
    from atencion.training.signing import VERDICTS, Signing

    options: Options = context.obj
    given = {}
    for one in verdicts:
        check, _equals, verdict = one.rpartition("=")
        if not check or verdict not in VERDICTS:
            told = _("«{value}» no es COMPROBACIÓN=VEREDICTO, con uno de estos: {names}")
            raise click.UsageError(told.format(value=one, names=", ".join(VERDICTS)), context)
        given[check] = Verdict(verdict)
    with open_desk(options) as desk:
        signing = Signing(desk, _library(options), number)
        signing.judge(given)
        if waits := signing.debrief().score.waits:
            remedy = " ".join(f"--verdict {one.check.id}=…" for one in waits)
            raise Refused(_("Falta el veredicto de lo que espera."), remedy=remedy)
        signing.sign(who)
        debrief = signing.debrief()
    if json_:
        print_json(_document(debrief, number))
    else:
        _print_debrief(debrief)


@command.command(help=_("Vuelve a oír a la persona de un intento, o a jugarlo en el puesto desde uno de sus momentos."))
@click.argument("number", metavar=_("NÚMERO"), type=NUMBER)
@click.option("--from", "seq", type=NUMBER, metavar=_("ENTRADA"), help=_("Desde qué entrada del diario se juega."))
@as_json
@click.pass_context
def replay(context: click.Context, number: int, seq: int | None, json_: bool) -> int:
    from atencion.training.afterwards import replayed

    options: Options = context.obj
    if seq is not None:
        if json_:
            raise click.UsageError(_("Con --from se juega en el puesto, y no hay --json."), context)
        return _play_on(context, number, seq)
    with open_desk(options) as desk:
        again = replayed(desk, _library(options), desk.record_of(number))
    if json_:
        print_json({"same": again.same, "heard": list(again.heard), "recorded": list(again.recorded)})
    else:
        for words in again.heard:
            tell(f"— {words}")
        tell(_("Igual que entonces.") if again.same else _("No es igual que entonces."))
    return 0 if again.same else 1


def _play_on(context: click.Context, number: int, seq: int) -> int:

    from atencion.cli import load_workstation, require_terminal
    from atencion.training.afterwards import practised
    from atencion.training.attempt import forms_of
    from atencion.training.session import Session, before

    require_terminal(context)
    options: Options = context.obj
    library = _library(options)
    with open_desk(options) as desk:
        record = desk.record_of(number)
        (loaded, seed), forms = practised(desk, library, record), forms_of(desk, number)
    after = before(record.entries, seq)
    with Session(library, loaded, seed=seed, after=after, forms=forms) as session:
        code: int = load_workstation().run_practice(session)
    return code


@command.command(help=_("Qué criterios del estándar practica cada escenario."))
@as_json
@click.pass_obj
def coverage(options: Options, json_: bool) -> None:
    from atencion.scripts.model import CRITERIA_PER_ELEMENT

    library = _library(options)
    scenarios = [one.loaded.scenario for one in library.scenarios() if one.loaded]
    criteria = [f"IC{element}.{n}" for element, count in CRITERIA_PER_ELEMENT.items() for n in range(1, count + 1)]
    rows = {criterion: [one.id for one in scenarios if criterion in one.criteria] for criterion in criteria}
    if json_:
        print_json({"scenarios": [one.id for one in scenarios], "criteria": rows})
    else:
        print_table(
            [_("Criterio"), _("Escenarios"), ""], [[key, len(ids), ", ".join(ids)] for key, ids in rows.items()]
        )


def _library(options: Options) -> Library:
    from atencion.scripts.catalogue import Catalogue
    from atencion.training.library import Library

    return Library(Catalogue(options.protocol_folder()))


def _played(library: Library, which: str) -> list[Problem]:
    from atencion.training.rehearsal import differences, read_rehearsals

    path = library.tests_of(which)
    if path is None:
        return []
    try:
        rehearsals, document = read_rehearsals(path)
    except ProblemsFound as error:
        return list(error.problems)
    return list(differences(library, library.scenario(which), rehearsals, document))


def _document(debrief: Debrief, number: int) -> dict[str, Any]:
    document = debrief.score.document()
    document["result"] |= {"interaction": number, "hash": debrief.score.hash, "official": debrief.is_official}
    document["debrief"] = debrief.document()
    return document


def _print_debrief(debrief: Debrief) -> None:
    from atencion.training.debrief import lines

    for line in lines(debrief):
        tell(line)


def _level(level: object) -> str:
    return {"guided": _("con guion"), "assisted": _("con ayuda"), "exam": _("examen")}.get(str(level), "—")
