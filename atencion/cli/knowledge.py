"""`atencion knowledge`: import, convert and find articles, and see to their upkeep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import as_json, open_desk, print_json, print_problems, print_table, problem_row, tell
from atencion.errors import Refused
from atencion.i18n import _, ngettext
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.desk import Desk
    from atencion.desk.knowledge import Gap


@click.group(help=_("Artículos de consulta: importar, buscar y mantener."))
def command() -> None:
    """The group."""


agent_option = click.option("--agent", metavar=_("CÓDIGO"), help=_("Quién lo decide; si falta, el único agente."))


@command.command(
    "import",
    help=_(
        "Importa un artículo en Markdown o una carpeta de ellos; por defecto, los de los protocolos. "
        "Solo se lee lo que ha cambiado."
    ),
)
@click.argument("path", metavar=_("[FICHERO|CARPETA]"), type=click.Path(path_type=Path), required=False)
@as_json
@click.pass_obj
def import_(options: Options, path: Path | None, json_: bool) -> int:
    source = path or options.protocol_folder() / "knowledge"
    if not source.exists():
        raise Refused(_("No existe {path}.").format(path=source))
    with open_desk(options, create=True) as desk:
        result = desk.knowledge.import_folder(source)
    if json_:
        problems = [problem_row(problem) for problem in result.problems]
        print_json({"files": result.files, "read": result.read, "written": result.written, "problems": problems})
    else:
        print_problems(result.problems)
        there = ngettext("{n} fichero", "{n} ficheros", result.files).format(n=result.files)
        read = ngettext("{n} leído", "{n} leídos", result.read).format(n=result.read)
        written = ngettext("{n} artículo guardado", "{n} artículos guardados", result.written).format(n=result.written)
        tell(f"{there}, {read}, {written}.")
    return 1 if result.problems else 0


@command.command(
    help=_(
        "Convierte HTML, DOCX, PDF o una exportación de BookStack o de Zammad en borradores de artículos, "
        "para revisarlos, completarlos e importarlos."
    )
)
@click.argument("sources", metavar=_("FICHERO..."), type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--to", "folder", metavar=_("CARPETA"), type=click.Path(path_type=Path), required=True)
@click.option("--owner", metavar=_("NOMBRE"), required=True, help=_("De quién son los artículos."))
@as_json
def convert(sources: tuple[Path, ...], folder: Path, owner: str, json_: bool) -> int:
    from atencion.desk.article_conversion import convert as convert_all

    result = convert_all(sources, folder, owner)
    if json_:
        problems = [problem_row(problem) for problem in result.problems]
        print_json({"written": [str(path) for path in result.written], "problems": problems})
    else:
        print_problems(result.problems)
        count = len(result.written)
        tell(ngettext("{n} borrador escrito.", "{n} borradores escritos.", count).format(n=count))
    return 1 if result.problems else 0


@command.command(
    help=_("Busca el artículo que responde, con las palabras del cliente; «-palabra» deja fuera lo que la nombre."),
    # What begins with a dash is a word that is not wanted, also where it begins as an option does.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("query", metavar=_("TEXTO"), nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_context
def find(context: click.Context, query: tuple[str, ...], limit: int, json_: bool) -> None:
    options: Options = context.obj
    for word in query:
        if word.startswith("--"):
            raise click.NoSuchOption(word, ctx=context)
    text = " ".join(query)
    with open_desk(options) as desk:
        search = desk.knowledge.search(text, limit=limit)
    if json_:
        results = [
            {
                "id": one.article.id,
                "title": one.article.title,
                "say": one.article.say,
                "passage": passage.text if (passage := one.passage()) else "",
                "version": one.article.version,
                "validity": one.validity,
                "score": round(one.score, 4),
            }
            for one in search.found
        ]
        corrections = [{"typed": one.typed, "used": one.used} for one in search.corrections]
        print_json({"query": text, "corrections": corrections, "results": results})
        return
    for one in search.corrections:
        tell(_("«{typed}» se ha leído como «{used}».").format(typed=one.typed, used=one.used), err=True)
    if search.found:
        marks = {"expired": _("caducado"), "future": _("aún no vale")}
        print_table(
            [_("Artículo"), _("Título"), ""],
            [[one.article.id, one.article.title, marks.get(one.validity.value, "")] for one in search.found],
        )
    else:
        tell(_("Ningún artículo responde a «{query}».").format(query=clean_line(text)))


@command.command(help=_("Las preguntas que ningún artículo responde, las más repetidas primero."))
@as_json
@click.pass_obj
def gaps(options: Options, json_: bool) -> None:
    with open_desk(options) as desk:
        _print_gaps(desk, desk.knowledge.upkeep().gaps, json_)


@command.command(help=_("Las búsquedas que no encontraron nada, las más repetidas primero."))
@as_json
@click.pass_obj
def searches(options: Options, json_: bool) -> None:
    with open_desk(options) as desk:
        _print_gaps(desk, desk.knowledge.upkeep().without_result, json_)


@command.command(help=_("Dice qué artículo responde ya a una pregunta pendiente."))
@click.argument("number", metavar=_("PREGUNTA"))
@click.argument("article", metavar=_("ARTÍCULO"))
@agent_option
@click.pass_obj
def answer(options: Options, number: str, article: str, agent: str | None) -> None:
    with open_desk(options) as desk:
        times = desk.knowledge.answer_gap(number, article, desk.agent(agent))
    tell(ngettext("Respondida: {n} vez preguntada.", "Respondida: {n} veces preguntada.", times).format(n=times))


@command.command(help=_("Descarta una pregunta pendiente, diciendo por qué."))
@click.argument("number", metavar=_("PREGUNTA"))
@click.argument("reason", metavar=_("MOTIVO"), nargs=-1, required=True)
@agent_option
@click.pass_obj
def dismiss(options: Options, number: str, reason: tuple[str, ...], agent: str | None) -> None:
    with open_desk(options) as desk:
        desk.knowledge.dismiss_gap(number, " ".join(reason), desk.agent(agent))
    tell(_("Descartada."))


@command.command(help=_("Los artículos caducados y los que toca revisar en treinta días."))
@as_json
@click.pass_obj
def stale(options: Options, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.knowledge.upkeep()
    if json_:
        print_json({"expired": [_row(one) for one in found.expired], "due": [_row(one) for one in found.due]})
    elif found.expired or found.due:
        rows = [[one.id, one.title, one.owner, _("caducó"), f"{one.valid_to:%d/%m/%Y}"] for one in found.expired]
        rows += [[one.id, one.title, one.owner, _("revisar"), f"{one.review_by:%d/%m/%Y}"] for one in found.due]
        print_table([_("Artículo"), _("Título"), _("De quién es"), "", _("Fecha")], rows)
    else:
        tell(_("Ninguno."))


@command.command(help=_("Los artículos que nadie ha leído a un cliente en noventa días."))
@as_json
@click.pass_obj
def unused(options: Options, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.knowledge.upkeep().unused
    if json_:
        print_json([_row(one) for one in found])
    elif found:
        last = [f"{one.last_told_at:%d/%m/%Y}" if one.last_told_at else _("nunca") for one in found]
        print_table(
            [_("Artículo"), _("Título"), _("De quién es"), _("Última vez")],
            [[one.id, one.title, one.owner, at] for one, at in zip(found, last, strict=True)],
        )
    else:
        tell(_("Ninguno."))


@command.command(help=_("Los artículos en vigor de los que un agente dice que están mal o desfasados."))
@as_json
@click.pass_obj
def contradicted(options: Options, json_: bool) -> None:
    verdicts = {"wrong": _("equivocado"), "outdated": _("desfasado")}
    with open_desk(options) as desk:
        found = desk.knowledge.upkeep().contradicted
    if json_:
        print_json([_row(one) for one in found])
    elif found:
        print_table(
            [_("Artículo"), _("Versión"), _("Juicio"), _("Por qué"), _("Agente")],
            [[one.article_id, one.version, verdicts[one.verdict], one.words, one.agent] for one in found],
        )
    else:
        tell(_("Ninguno."))


@command.command(help=_("Las versiones de un artículo, la que está en vigor primero."))
@click.argument("article", metavar=_("ARTÍCULO"))
@as_json
@click.pass_obj
def history(options: Options, article: str, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.knowledge.history(article)
        until = [f"{desk.local(one.until):%d/%m/%Y %H:%M}" if one.until else _("en vigor") for one in found]
    if json_:
        print_json([{"version": one.article.version, "hash": one.article.hash, "until": one.until} for one in found])
        return
    print_table(
        [_("Versión"), _("Huella"), _("Hasta"), _("Aprobada por"), _("Título")],
        [
            [one.article.version, one.article.hash[:12], at, one.article.approved_by, one.article.title]
            for one, at in zip(found, until, strict=True)
        ],
    )


@command.command(help=_("Lo que cambió entre dos versiones: si no se dicen, entre la de ahora y la anterior."))
@click.argument("article", metavar=_("ARTÍCULO"))
@click.argument("old", metavar=_("[VERSIÓN]"), required=False)
@click.argument("new", metavar=_("[VERSIÓN]"), required=False)
@click.pass_obj
def diff(options: Options, article: str, old: str | None, new: str | None) -> None:
    with open_desk(options) as desk:
        lines = desk.knowledge.diff(article, old, new)
    tell("\n".join(lines) if lines else _("No hay versiones anteriores."))


@command.command(help=_("A quién se le leyó un artículo, o una versión: a quién llamar si estaba mal."))
@click.argument("article", metavar=_("ARTÍCULO"))
@click.option("--version", metavar=_("VERSIÓN"), help=_("Una versión, o el principio de su huella."))
@as_json
@click.pass_obj
def told(options: Options, article: str, version: str | None, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.knowledge.told(article, version)
        at = [f"{desk.local(one.told_at):%d/%m/%Y %H:%M}" for one in found]
    if json_:
        print_json([_row(one) for one in found])
    elif found:
        print_table(
            [_("Cuándo"), _("Interacción"), _("Cliente"), _("Teléfono"), _("Versión"), _("Agente")],
            [
                [when, one.interaction_id, one.customer, one.phone, one.version, one.agent]
                for when, one in zip(at, found, strict=True)
            ],
        )
    else:
        tell(_("A nadie."))


def _print_gaps(desk: Desk, found: Sequence[Gap], json_: bool) -> None:
    if json_:
        print_json(
            [
                {
                    "number": one.number,
                    "question": one.question,
                    "times": one.times,
                    "asked": [_row(row) for row in one.asked],
                }
                for one in found
            ]
        )
    elif found:
        print_table(
            [_("Pregunta"), _("Veces"), _("Última vez"), _("Con las palabras del cliente")],
            [
                [one.number, one.times, f"{desk.local(one.asked[0].raised_at):%d/%m/%Y %H:%M}", one.question]
                for one in found
            ],
        )
    else:
        tell(_("Ninguna."))


def _row(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
