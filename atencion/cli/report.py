"""`atencion report`: what the store proves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import as_json, open_desk, print_json, print_table, tell
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.reports.compliance import Obligation


@click.group(help=_("Informes: el cumplimiento de cada obligación y la evaluación anual."))
def command() -> None:
    """The group."""


@command.command(help=_("Cada obligación: en cuántos se ha medido, cuántos cumplen y cada incumplimiento."))
@click.option("--from", "first", required=True, metavar=_("FECHA"), help=_("Primer día, como 2026-01-01."))
@click.option("--to", "last", required=True, metavar=_("FECHA"), help=_("Último día, incluido."))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "html", "pdf", "csv"]),
    default="table",
    show_default=True,
    help=_("Cómo se escribe."),
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar=_("FICHERO"), help=_("Dónde."))
@as_json
@click.pass_obj
def compliance(options: Options, first: str, last: str, form: str, out: Path | None, json_: bool) -> None:
    from atencion.reports import compliance_pages as pages
    from atencion.reports.compliance import document, measure_compliance

    days = _day(first), _day(last)
    if days[1] < days[0]:
        raise click.UsageError(_("El último día es anterior al primero."))
    if form == "pdf" and out is None:
        raise click.UsageError(_("Un PDF se escribe en un fichero: --out FICHERO."))
    with open_desk(options) as desk:
        report = measure_compliance(desk, *days)
    if json_ or (form == "json" and out is None):
        print_json(document(report))
        return
    if out is not None:
        import json

        content = {
            "json": lambda: json.dumps(document(report), ensure_ascii=False, indent=2).encode(),
            "html": lambda: pages.to_html(report).encode(),
            "pdf": lambda: pages.to_report_pdf(report),
            "csv": lambda: pages.to_csv(report).encode(),
        }
        if form not in content:
            raise click.UsageError(_("A un fichero se escribe como json, html, pdf o csv."))
        try:
            out.write_bytes(content[form]())
        except OSError as error:
            raise Refused(_("No se puede escribir {path}.").format(path=out)) from error
        tell(_("Escrito en {path}").format(path=out))
        return
    if form == "html":
        click.echo(pages.to_html(report))
        return
    if form == "csv":
        click.echo(pages.to_csv(report), nl=False)
        return
    tell(pages.title_of(report))
    print_table(
        [_("Norma"), _("Qué se mide"), _("Medidos"), _("Cumplen"), "%", _("Error"), _("Resultado")],
        [
            [one.label, one.measured, one.total, one.kept, pages.share_of(one), _error(one), pages.result_of(one)]
            for one in report.obligations
        ],
    )
    for one in report.obligations:
        if one.value:
            tell(f"{one.label}: {one.value}")
        for breach in one.breaches[:20]:
            tell(f"{one.label}: {breach.case_key or breach.interaction_id}")


@command.command(help=_("La documentación de la evaluación de un año, en un fichero con la huella de cada parte."))
@click.option("--year", type=click.IntRange(2020, 2100), required=True, metavar=_("AÑO"), help=_("De qué año."))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar=_("FICHERO.zip"))
@as_json
@click.pass_obj
def evaluation(options: Options, year: int, out: Path, json_: bool) -> None:
    from atencion.reports.compliance import measure_compliance
    from atencion.reports.compliance_pages import write_bundle

    with open_desk(options) as desk:
        report = measure_compliance(desk, date(year, 1, 1), date(year, 12, 31), limit=1_000_000)
    digest = write_bundle(report, options.protocol_folder(), out)
    if json_:
        print_json({"file": str(out), "sha256": digest, "breached": report.breached})
    else:
        tell(_("Escrito en {path}").format(path=out))
        tell(f"SHA-256 {digest}")


def _error(one: Obligation) -> str:
    return f"{one.error:.2f}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("«{text}» no es una fecha como 2026-12-28.").format(text=clean_line(text, 40))
        raise click.UsageError(message) from None
