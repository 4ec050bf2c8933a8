"""`atencion deadline`: when a term falls due, and which days on the way do not count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import as_json, print_json, print_table, tell
from atencion.i18n import _, ngettext

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.scripts.deadlines import Due


@click.command(
    help=_("Cuándo vence un plazo contado desde FECHA (2026-12-28, con hora si el plazo es de horas), y por qué.")
)
@click.argument("start", metavar=_("FECHA"))
@click.option("--days", type=click.IntRange(0, 10_000), help=_("Cuántos días: hábiles, si no dice --natural."))
@click.option("--natural", is_flag=True, help=_("Los días de --days son naturales."))
@click.option("--norm", metavar="ID", help=_("El plazo de una norma, como ley-10-2025/17.1."))
@click.option(
    "--region",
    "regions",
    metavar="ES-XX",
    multiple=True,
    help=_("De qué comunidad son los festivos; se puede repetir. Por defecto, los de la sede, con su municipio."),
)
@as_json
@click.pass_obj
def command(
    options: Options,
    start: str,
    days: int | None,
    natural: bool,
    norm: str | None,
    regions: tuple[str, ...],
    json_: bool,
) -> None:
    if (days is None) == (norm is None):
        raise click.UsageError(_("Diga --days o --norm, y solo uno de los dos."))
    if natural and days is None:
        raise click.UsageError(_("--natural va con --days."))
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.deadlines import due_moment
    from atencion.scripts.regulation import Term

    catalogue = Catalogue(options.protocol_folder())
    organisation, calendar = catalogue.organisation, catalogue.calendar
    regions = tuple(region.upper() if "-" in region else f"ES-{region.upper()}" for region in regions)
    work = calendar.of(regions) if regions else calendar.of([organisation.region], town=True)
    at = _moment(start).replace(tzinfo=organisation.local_zone)
    card = catalogue.known_norm(norm) if norm is not None else None
    if card is not None and card.term is None:
        raise click.UsageError(_("{norm} no da ningún plazo.").format(norm=card.label))
    term = card.term if card is not None else None
    if term is None and days == 0:
        moment, due = at.astimezone(UTC), _same_day(at.date())
    else:
        term = term or Term(days=days, working=not natural)
        try:
            moment, due = due_moment(at, term, work, organisation.local_zone)
        except (ValueError, OverflowError):
            raise click.UsageError(_("Ese plazo se sale del calendario.")) from None
    hours = term is not None and term.hours is not None
    last = moment.astimezone(organisation.local_zone) if hours else moment
    if json_:
        document: dict[str, Any] = {
            "from": start,
            "due": last.isoformat() if hours else due.day.isoformat(),
            "norm": card.norm if card else None,
            "article": card.article if card else None,
            "count": "hours" if hours else "working" if term is None or term.working else "natural",
            "regions": list(regions) or [organisation.region],
            "skipped": [{"date": one.day.isoformat(), "reason": one.reason} for one in due.skipped],
            "estimated": bool(due.estimated_years),
            "estimated_years": list(due.estimated_years),
            "calendar": {"source": calendar.source, "checked_on": calendar.checked_on.isoformat()},
        }
        print_json(document)
        return
    if hours:
        tell(_("Vence el {due}.").format(due=f"{last:%d/%m/%Y %H:%M}"))
    else:
        tell(_("Vence el {due}, al acabar el día.").format(due=f"{due.day:%d/%m/%Y}"))
    if card is not None:
        tell(f"{card.label}: {card.title}")
    if due.skipped:
        told = ngettext("{n} día no cuenta:", "{n} días no cuentan:", len(due.skipped))
        tell(told.format(n=len(due.skipped)))
        print_table([_("Día"), _("Por qué")], [[f"{one.day:%d/%m/%Y}", one.reason] for one in due.skipped])
    if due.estimated_years:
        years = ", ".join(map(str, due.estimated_years))
        tell(_("Estimado: los festivos de {years} no se han cotejado con el boletín oficial.").format(years=years))


def _same_day(day: date) -> Due:
    from atencion.scripts.deadlines import Due

    return Due(day)


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"):
        try:
            found = datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        if 1970 <= found.year <= 2100:  # outside, nobody knows the holidays
            return found
    raise click.UsageError(_("«{text}» no es una fecha como 2026-12-28, de 1970 a 2100.").format(text=text[:40]))
