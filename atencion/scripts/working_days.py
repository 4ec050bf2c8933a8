"""The organisation's calendar: the holidays of the regions, from the library `holidays`, as it has corrected them.

The library reckons the years whose holidays are not yet published; `published_until` says up to which year they were
checked against what was, and every term that passes later is marked as estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.deadlines import WorkCalendar
from atencion.scripts.model import Line, Strict, YesNo
from atencion.scripts.regions import REGIONS

Region = Annotated[str, Field(pattern=r"^ES-[A-Z]{2}$")]


class ExtraHoliday(Strict):
    """A day that is not worked and the library does not know: of a region, or of the town of the organisation."""

    date: date
    name: Line
    region: Region | None = None


class NoHoliday(Strict):
    """A day that the library takes for a holiday of a region, of all if none is named, and is not."""

    date: date
    reason: Line
    region: Region | None = None


class Doubt(Strict):
    """A year of a region whose holidays are known to need checking."""

    year: int
    region: Region
    reason: Line


class CompanyCalendar(Strict):
    """What the organisation has decided about working days.

    `place` says whose holidays count in a term: the customer's, the organisation's or those of either.
    """

    source: Line
    checked_on: date
    published_until: int
    saturdays: YesNo = False
    place: Literal["customer", "organisation", "either"] = "either"
    holidays: tuple[ExtraHoliday, ...] = ()
    not_holidays: tuple[NoHoliday, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def of(self, regions: Iterable[str], *, town: bool = False) -> WorkCalendar:
        """The working days common to some regions; with `town`, the holidays of the organisation's town are none.

        Raises Refused if there is no such region.
        """
        wanted = tuple(sorted(set(regions)))
        for region in wanted:
            if region not in REGIONS:
                raise Refused(
                    _("La región «{region}» no existe.").format(region=region),
                    remedy=_("Son estas: {regions}").format(regions=", ".join(REGIONS)),
                )
        return WorkCalendar(
            lambda year: self._of_year(year, wanted, town),
            saturdays=self.saturdays,
            estimated=lambda year: self._is_estimated(year, wanted),
        )

    def for_customer(self, organisation_region: str, customer_region: str | None) -> WorkCalendar:
        """The working days of a term between the organisation and a customer, as `place` says."""
        if self.place == "customer" and customer_region:
            return self.of([customer_region])
        theirs = [customer_region] if customer_region and self.place == "either" else []
        return self.of([organisation_region, *theirs], town=True)

    def _of_year(self, year: int, regions: tuple[str, ...], town: bool) -> dict[date, str]:
        found: dict[date, str] = {}
        for region in regions:
            for day, name in published(region, year).items():
                if not any(no.date == day and no.region in (None, region) for no in self.not_holidays):
                    found.setdefault(day, name + _where(day, regions, year))
        for extra in self.holidays:
            if extra.date.year == year and (extra.region in regions if extra.region else town):
                found.setdefault(extra.date, extra.name)
        return found

    def _is_estimated(self, year: int, regions: tuple[str, ...]) -> bool:
        return year > self.published_until or any(
            doubt.year == year and doubt.region in regions for doubt in self.doubts
        )


@cache
def published(region: str, year: int) -> Mapping[date, str]:
    """The holidays of a region in a year, as the library has them."""
    import holidays

    return dict(holidays.country_holidays("ES", subdiv=region.removeprefix("ES-"), years=year, language="es"))


def _where(day: date, regions: tuple[str, ...], year: int) -> str:
    """Which of the regions keep a holiday, unless all do."""
    keeping = [region for region in regions if day in published(region, year)]
    return "" if len(keeping) == len(regions) else f" ({', '.join(keeping)})"
