"""`atencion protocol` for who writes them: new, test and schema."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import as_json, print_json, print_problems, problem_row, tell
from atencion.errors import ProblemsFound, Refused, why
from atencion.i18n import _, ngettext

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.errors import Problem
    from atencion.scripts.catalogue import Catalogue, LoadedProtocol
    from atencion.scripts.examples import Played


@click.command(help=_("Escribe un protocolo comentado para empezar, y una conversación de ejemplo a su lado."))
@click.argument("protocol_id", metavar=_("CANAL/NOMBRE"))
@click.option("--title", metavar=_("TÍTULO"), help=_("El título; si no se dice, sale del nombre."))
@click.pass_obj
def new(options: Options, protocol_id: str, title: str | None) -> None:
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.starter import starter

    folder = options.protocol_folder()
    title = title or protocol_id.rpartition("/")[2].replace("-", " ").capitalize()
    texts = starter(protocol_id, Catalogue(folder).organisation, title=title, today=date.today())
    for name in texts:
        if (folder / name).exists():
            message = _("{path} ya existe y no se toca.").format(path=folder / name)
            raise Refused(message, remedy=_("Elija otro nombre, o borre antes ese fichero."))
    try:
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            tell(_("Escrito: {path}").format(path=folder / name))
    except OSError as error:
        message = _("No se puede escribir en {folder}: {why}.").format(folder=folder, why=why(error))
        raise Refused(message, remedy=_("Diga con --protocols una carpeta suya.")) from error
    where = f"--protocols {quote(str(options.protocols))} " if options.protocols else ""
    tell(_("Ahora: {command}").format(command=f"atencion {where}protocol check {protocol_id}"))


@click.command(help=_("Recorre las conversaciones de ejemplo de todos los protocolos, o de uno, sin almacén."))
@click.argument("which", metavar=_("[PROTOCOLO]"), required=False)
@as_json
@click.pass_obj
def test(options: Options, which: str | None, json_: bool) -> int:
    from atencion.scripts.catalogue import Catalogue

    catalogue = Catalogue(options.protocol_folder())
    tried = [_tried(catalogue, one) for one in ([which] if which else catalogue.ids())]
    if json_:
        print_json([one.row for one in tried])
        return 1 if any(one.problems for one in tried) else 0
    for one in tried:
        one.print()
    failed, played = sum(bool(one.problems) for one in tried), sum(len(one.played) for one in tried)
    tell(
        ngettext("{n} conversación recorrida.", "{n} conversaciones recorridas.", played).format(n=played)
        + (" " + ngettext("{n} protocolo falla.", "{n} protocolos fallan.", failed).format(n=failed) if failed else "")
    )
    return 1 if failed else 0


class _Tried:
    """The examples of a protocol, played; or why they could not be."""

    def __init__(
        self, protocol_id: str, loaded: LoadedProtocol | None, played: Sequence[Played], wrong: Sequence[Problem]
    ):
        from atencion.scripts.examples import forks, untaken

        self.id = protocol_id
        self.played = played
        self.problems = [*wrong, *(problem for one in played for problem in one.problems)]
        lent = _with_examples_of_their_own(loaded) if loaded else set()
        every = forks(loaded.protocol) if loaded else []
        left = untaken(loaded.protocol, played) if loaded and played else every
        self._own = [way for way in every if way[0] not in lent]
        self._left = [way for way in left if way[0] not in lent] if played else []
        self._lent = len(every) - len(self._own)
        self._lent_taken = self._lent - len([way for way in left if way[0] in lent])

    @property
    def row(self) -> dict[str, Any]:
        return {
            "protocol": self.id,
            "passed": not self.problems,
            "tests": [
                {"name": one.name, "passed": one.passed, "path": one.run.path, "does": one.did} for one in self.played
            ],
            "branches": len(self._own),
            "fragment_branches": self._lent,
            "fragment_branches_taken": self._lent_taken,
            "untested": [{"step": step, "goto": target} for step, target in self._left],
            "problems": [problem_row(problem) for problem in self.problems],
        }

    def print(self) -> None:
        covered = _("{taken} de {all} ramas").format(taken=len(self._own) - len(self._left), all=len(self._own))
        if self._lent:
            aside = _("; de fragmentos con sus propias conversaciones, {taken} de {all}")
            covered += aside.format(taken=self._lent_taken, all=self._lent)
        tell(f"{self.id}  " + (covered if self.played else _("sin conversaciones de ejemplo")))
        for one in self.played:
            tell(f"  {'✓' if one.passed else '✕'} {one.name}")
        print_problems(self.problems)
        if self._left:
            ways = ", ".join(f"{step} → {target}" for step, target in self._left)
            tell("  " + _("sin probar: {ways}").format(ways=ways))


def _with_examples_of_their_own(loaded: LoadedProtocol) -> set[str]:
    """The steps of the moments and sub-protocols whose fragments have examples beside them."""
    from atencion.scripts.catalogue import TESTS
    from atencion.scripts.lint import placed_steps

    aside = [
        (loaded.document.place(at).file, step.id) for at, step in placed_steps(loaded.protocol) if at[0] == "paths"
    ]
    return {step for file, step in aside if Path(file).with_suffix(TESTS).is_file()}


def _tried(catalogue: Catalogue, protocol_id: str) -> _Tried:
    from atencion.scripts.checking import read_whole
    from atencion.scripts.examples import play_examples

    try:
        loaded = read_whole(catalogue, protocol_id)
        file = catalogue.examples(protocol_id)
        played = play_examples(loaded.protocol, catalogue.organisation, file) if file is not None else []
    except ProblemsFound as error:
        return _Tried(protocol_id, None, [], error.problems)
    return _Tried(protocol_id, loaded, played, [])


@click.command(help=_("Escribe el JSON Schema de los ficheros, para que el editor complete las claves y las explique."))
@click.argument("kind", metavar="[protocol|fragment|tests]", default="protocol")
def schema(kind: str) -> None:
    from atencion.scripts.schema import KINDS
    from atencion.scripts.schema import schema as schema_of

    if kind not in KINDS:
        raise click.BadParameter(_("se esperaba una de estas clases: {kinds}").format(kinds=", ".join(KINDS)))
    print_json(schema_of(kind))


COMMANDS = (new, test, schema)
