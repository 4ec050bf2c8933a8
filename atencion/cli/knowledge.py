"""`atencion knowledge`: import and find articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import as_json, open_desk, print_json, print_problems, print_table, problem_row, tell
from atencion.errors import Refused
from atencion.i18n import _, ngettext
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options


@click.group(help=_("Artículos de consulta: importar y buscar."))
def command() -> None:
    """The group."""


@command.command(
    "import", help=_("Importa un artículo en Markdown o una carpeta de ellos; por defecto, los de los protocolos.")
)
@click.argument("path", metavar=_("[FICHERO|CARPETA]"), type=click.Path(path_type=Path), required=False)
@as_json
@click.pass_obj
def import_(options: Options, path: Path | None, json_: bool) -> int:
    source = path or options.protocol_folder() / "knowledge"
    if not source.exists():
        raise Refused(_("No existe {path}.").format(path=source))
    with open_desk(options, create=True) as desk:
        result = desk.import_articles(source)
    if json_:
        problems = [problem_row(problem) for problem in result.problems]
        print_json({"read": result.read, "written": result.written, "problems": problems})
    else:
        print_problems(result.problems)
        read = ngettext("{n} fichero leído", "{n} ficheros leídos", result.read).format(n=result.read)
        written = ngettext("{n} artículo guardado", "{n} artículos guardados", result.written).format(n=result.written)
        tell(f"{read}, {written}.")
    return 1 if result.problems else 0


@command.command(help=_("Busca el artículo que responde, con las palabras del cliente."))
@click.argument("query", metavar=_("TEXTO"), nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def find(options: Options, query: tuple[str, ...], limit: int, json_: bool) -> None:
    text = " ".join(query)
    with open_desk(options) as desk:
        found = desk.search_knowledge(text, limit=limit)
    if json_:
        results = [
            {
                "id": one.article.id,
                "title": one.article.title,
                "say": one.article.say,
                "version": one.article.version,
                "validity": one.validity,
                "score": round(one.score, 4),
            }
            for one in found
        ]
        print_json({"query": text, "results": results})
    elif found:
        print_table([_("Artículo"), _("Título")], [[one.article.id, one.article.title] for one in found])
    else:
        tell(_("Ningún artículo responde a «{query}».").format(query=clean_line(text)))
