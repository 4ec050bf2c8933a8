"""`atencion customer import`, `export`: customers from files and to files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import NUMBER, Bar, as_json, open_desk, print_json, print_table, stopped_between, tell
from atencion.i18n import _, ngettext

if TYPE_CHECKING:
    from atencion.cli import Options


FORMATS = ("csv", "xlsx", "vcf", "vcf3", "jsonl")


class _ImportGroup(click.Group):
    """`import FILE` imports it; `import undo ID` and `import list` are about imports that were made."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in context.help_option_names:
            args = ["file", *args]
        return super().parse_args(context, args)


@click.group(
    "import",
    cls=_ImportGroup,
    help=_("Importa un fichero de clientes (CSV, XLSX, vCard o JSON Lines), o deshace lo importado."),
)
def import_() -> None:
    """The group."""


@import_.command("file", help=_("Importa un fichero; las filas que no valen van a otro, con el motivo."))
@click.argument("path", metavar=_("FICHERO"), type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    "mapping_path",
    type=click.Path(path_type=Path),
    metavar=_("FICHERO.yaml"),
    help=_("Qué dato lleva cada columna, donde no se adivina por su nombre."),
)
@click.option("--dry-run", is_flag=True, help=_("No escribe nada: dice qué pasaría."))
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    metavar=_("FICHERO"),
    help=_("Con --dry-run, dónde decir qué sería de cada fila. Por defecto, al lado, con «.informe.csv»."),
)
@click.option(
    "--rejects",
    "rejects_path",
    type=click.Path(path_type=Path),
    metavar=_("FICHERO"),
    help=_("Dónde van las filas rechazadas. Por defecto, al lado, con «.rechazadas.csv»."),
)
@as_json
@click.pass_obj
def import_file(
    options: Options,
    path: Path,
    mapping_path: Path | None,
    dry_run: bool,
    report_path: Path | None,
    rejects_path: Path | None,
    json_: bool,
) -> int:
    from atencion.cli import INTERRUPTED

    rejects = rejects_path or path.with_name(f"{path.stem}.rechazadas.csv")
    report = (report_path or path.with_name(f"{path.stem}.informe.csv")) if dry_run else None
    bar = Bar()
    try:
        with open_desk(options, create=True) as desk, stopped_between(bar.show) as show:
            result = desk.import_customers(
                path,
                rejects_path=rejects,
                mapping_path=mapping_path,
                dry_run=dry_run,
                report_path=report,
                on_progress=show,
            )
    except KeyboardInterrupt:
        bar.end()
        tell(_("Interrumpido: ningún cliente ha quedado a medias. Repita la orden y seguirá sin duplicar."), err=True)
        return INTERRUPTED
    finally:
        bar.end()
    if json_:
        print_json(
            {
                **vars(result),
                "rejects_file": str(result.rejects_file) if result.rejects_file else None,
                "columns": [{"header": header, "holds": column} for header, column in result.columns],
                "report_file": str(report) if report else None,
            }
        )
        return 0
    if result.format:
        tell(_("Es una exportación de {tool}.").format(tool=result.format))
    tell(
        _("Columnas: {columns}.").format(columns=", ".join(f"{name} → {_holds(held)}" for name, held in result.columns))
    )
    if result.resumed_at:
        tell(_("Sigue una importación interrumpida, desde la fila {row}.").format(row=result.resumed_at + 1))
    rows = ngettext("{read} fila leída", "{read} filas leídas", result.read).format(read=result.read)
    counts = _("{created} clientes nuevos, {updated} actualizados, {rejected} filas rechazadas").format(**vars(result))
    tell(f"{rows}: {counts}.")
    if result.rejects_file:
        tell(_("Las rechazadas, con su motivo: {path}").format(path=result.rejects_file))
    if report:
        tell(_("No se ha escrito nada. Qué sería de cada fila: {path}").format(path=report))
    elif result.import_id:
        tell(_("Para deshacerla: atencion customer import undo {id}").format(id=result.import_id))
    return 0


@import_.command("list", help=_("Las importaciones que ha habido."))
@as_json
@click.pass_obj
def import_list(options: Options, json_: bool) -> int:
    with open_desk(options) as desk:
        found = desk.imports()
    if json_:
        print_json([vars(one) for one in found])
        return 0
    print_table(
        [_("Número"), _("Fichero"), _("Empezó"), _("Estado"), _("Filas"), _("Nuevos"), _("Rechazadas")],
        [
            [one.id, one.name, f"{one.started_at:%d/%m/%Y %H:%M}", _import_status(one.status), one.rows, one.created,
             one.rejected]
            for one in found
        ],
    )  # fmt: skip
    return 0


@import_.command("undo", help=_("Deshace una importación entera."))
@click.argument("import_id", metavar=_("NÚMERO"), type=NUMBER)
@as_json
@click.pass_obj
def import_undo(options: Options, import_id: int, json_: bool) -> int:
    bar = Bar()
    try:
        with open_desk(options) as desk:
            done = desk.undo_import(import_id, on_progress=bar.show_part)
    finally:
        bar.end()
    if json_:
        print_json(vars(done))
        return 0
    removed = ngettext("{n} cliente quitado", "{n} clientes quitados", done.removed).format(n=done.removed)
    tell(_("{removed}, {reverted} datos devueltos a como estaban.").format(removed=removed, reverted=done.reverted))
    if done.kept:
        kept = ngettext(
            "{n} cliente se queda: después se ha trabajado con él.",
            "{n} clientes se quedan: después se ha trabajado con ellos.",
            done.kept,
        )
        tell(kept.format(n=done.kept))
    if done.changed_since:
        tell(_("{n} datos se quedan: alguien los ha cambiado después.").format(n=done.changed_since))
    return 0


@click.command(help=_("Saca clientes a un fichero: CSV, XLSX, vCard o JSON Lines, según su nombre."))
@click.argument("path", metavar=_("FICHERO"), type=click.Path(path_type=Path))
@click.argument("query", metavar=_("[TEXTO]"), nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "xlsx", "vcf", "vcf3", "jsonl"]),
    help=_("El formato, si el nombre no lo dice."),
)
@click.option("--force", is_flag=True, help=_("Escribe encima de un fichero que ya existe."))
@as_json
@click.pass_obj
def export(options: Options, path: Path, query: tuple[str, ...], format_: str | None, force: bool, json_: bool) -> int:
    bar = Bar()
    try:
        with open_desk(options) as desk:
            done = desk.export_customers(
                path, " ".join(query), format_=format_, overwrite=force, on_progress=bar.show_part
            )
    finally:
        bar.end()
    if json_:
        print_json({"written": done.written, "file": str(done.path), "format": done.format, "seconds": done.seconds})
        return 0
    written = ngettext("{n} cliente escrito en {path}.", "{n} clientes escritos en {path}.", done.written)
    tell(written.format(n=done.written, path=done.path))
    return 0


def _import_status(status: str) -> str:
    return {"running": _("sin terminar"), "done": _("terminada"), "undone": _("deshecha")}.get(status, status)


def _holds(column: str) -> str:
    return _("no se lee") if column in ("unknown", "reason") else column
