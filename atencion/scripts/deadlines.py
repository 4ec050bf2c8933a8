"""When terms fall due: days counted over a calendar that is given. Pure: no clock, no library of holidays.

A term starts on the day after the one it is counted from (Código Civil art. 5.1; Ley 39/2015 art. 30.3). Months run
date to date, to the last day of the month if there is no such date (LOPDGDD, third additional provision).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from atencion.i18n import _

_LONGEST_STOP = 400
"""Days in a row without a working one after which the calendar cannot be right."""


class WorkCalendar:
    """Which days are worked. `holidays` gives those of a year with their names, and is asked once a year."""

    def __init__(
        self,
        holidays: Callable[[int], Mapping[date, str]],
        *,
        saturdays: bool = False,
        estimated: Callable[[int], bool] = lambda year: False,
    ) -> None:
        self._holidays_of = holidays
        self._saturdays = saturdays
        self._estimated = estimated
        self._known: dict[int, Mapping[date, str]] = {}
        self._tallies: dict[int, list[int]] = {}

    def rest(self, day: date) -> str | None:
        """Why a day is not worked, as it is told; None if it is."""
        if day.year not in self._known:
            self._known[day.year] = self._holidays_of(day.year)
        if name := self._known[day.year].get(day):
            return name
        if day.weekday() == 6:
            return _("domingo")
        if day.weekday() == 5 and not self._saturdays:
            return _("sábado")
        return None

    def worked(self, day: date) -> int:
        """Working days of that day's year up to it, itself included."""
        if day.year not in self._tallies:
            first, tally = date(day.year, 1, 1), [0]
            for number in range(365 + calendar.isleap(day.year)):
                tally.append(tally[-1] + (self.rest(first + timedelta(days=number)) is None))
            self._tallies[day.year] = tally
        return self._tallies[day.year][day.timetuple().tm_yday]

    def is_estimated(self, year: int) -> bool:
        """Whether that year's holidays are reckoned, and not read in what was published."""
        return self._estimated(year)


class TermLike(Protocol):
    """How long a term is: hours, days or months, one of them; whether only working days count, and whether a last day
    that is not worked moves on to the next that is.
    """

    @property
    def hours(self) -> int | None: ...
    @property
    def days(self) -> int | None: ...
    @property
    def months(self) -> int | None: ...
    @property
    def working(self) -> bool: ...
    @property
    def rolls(self) -> bool: ...


@dataclass(frozen=True)
class Skipped:
    """A day that did not count, and why."""

    day: date
    reason: str


@dataclass(frozen=True)
class Due:
    """The last day of a term, the days on the way that did not count, and the years whose holidays are estimated."""

    day: date
    skipped: tuple[Skipped, ...] = ()
    estimated_years: tuple[int, ...] = ()


def add_working_days(start: date, days: int, work: WorkCalendar) -> Due:
    """The day that is `days` working days after `start`, which does not count itself."""
    if days < 0:
        raise ValueError("a term is never negative")
    day, left, skipped = start, days, list[Skipped]()
    while left:
        day, passed = _next_worked(day + timedelta(days=1), work)
        skipped += passed
        left -= 1
    return _due(start, day, skipped, work)


def add_days(start: date, days: int, work: WorkCalendar, *, rolls: bool = False) -> Due:
    """The day that is `days` natural days after `start`; if it `rolls`, one not worked moves on to the next that is."""
    if days < 0:
        raise ValueError("a term is never negative")
    return _rolled(start, start + timedelta(days=days), work, rolls)


def add_months(start: date, months: int, work: WorkCalendar, *, rolls: bool = False) -> Due:
    """The same date `months` later, or the last day of that month if it has no such date."""
    return _rolled(start, month_later(start, months), work, rolls)


def month_later(start: date, months: int) -> date:
    """The same date some months later, or the last of that month: 31 January is followed by 28 or 29 February."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def reckon(start: date, term: TermLike, work: WorkCalendar) -> Due:
    """The last day of a term in days or months that is counted from `start`."""
    if term.months is not None:
        return add_months(start, term.months, work, rolls=term.rolls)
    days = term.days or 0
    return add_working_days(start, days, work) if term.working else add_days(start, days, work, rolls=term.rolls)


def due_moment(at: datetime, term: TermLike, work: WorkCalendar, zone: ZoneInfo) -> tuple[datetime, Due]:
    """The moment, in UTC, after which a term counted from `at` is broken, and how its last day was found.

    Hours are counted in UTC, so that a change of hour adds or takes none. Days end at midnight in `zone`.
    """
    if term.hours is not None:
        moment = at.astimezone(UTC) + timedelta(hours=term.hours)
        return moment, Due(moment.astimezone(zone).date())
    due = reckon(at.astimezone(zone).date(), term, work)
    return end_of_day(due.day, zone), due


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The midnight with which a day ends in `zone`, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def working_days_left(today: date, due: date, work: WorkCalendar) -> int:
    """Working days after `today` up to `due`; of a day that has passed, how many ago it was, below zero."""
    if due < today:
        return -working_days_left(due, today, work)
    whole = sum(work.worked(date(year, 12, 31)) for year in range(today.year, due.year))
    return whole + work.worked(due) - work.worked(today)


def next_working_day(day: date, work: WorkCalendar) -> date:
    """That day if it is worked, or the next that is."""
    return _rolled(day, day, work, True).day


def _rolled(start: date, day: date, work: WorkCalendar, rolls: bool) -> Due:
    day, skipped = _next_worked(day, work) if rolls else (day, [])
    return _due(start, day, skipped, work)


def _next_worked(day: date, work: WorkCalendar) -> tuple[date, list[Skipped]]:
    skipped: list[Skipped] = []
    while (reason := work.rest(day)) is not None:
        skipped.append(Skipped(day, reason))
        if len(skipped) > _LONGEST_STOP:
            raise ValueError("the calendar has no working days")
        day += timedelta(days=1)
    return day, skipped


def _due(start: date, day: date, skipped: list[Skipped], work: WorkCalendar) -> Due:
    estimated = tuple(year for year in range(start.year, day.year + 1) if work.is_estimated(year))
    return Due(day, tuple(skipped), estimated)
