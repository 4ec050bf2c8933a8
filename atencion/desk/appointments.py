"""Between which moments a promised call is to be made, from how a protocol says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from atencion.i18n import _
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.deadlines import WorkCalendar, add_working_days
from atencion.scripts.organisation import DAYS, END_OF_DAY, OpenHours
from atencion.scripts.spoken import hour, weekday

MAX_DAYS = 60
"""Working days ahead that a call may be promised."""

AN_HOUR = timedelta(hours=1)
"""How long there is to make a call of which only the beginning was said."""

_AFTER = re.compile(r"\+\s*(\d{1,3})\s+working\s+days?")
_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?:\s*-\s*(\d{2}:\d{2}))?")


@dataclass(frozen=True, slots=True)
class Slot:
    """From when until when the customer is to be called, in UTC."""

    from_at: datetime
    until_at: datetime


def calling_hours(catalogue: Catalogue, department: str) -> tuple[WorkCalendar, Sequence[OpenHours]]:
    """When a department works, or the organisation if it is none: its working days, and its hours."""
    organisation = catalogue.organisation
    found = organisation.department.get(department)
    hours = found.hours if found is not None and found.hours else organisation.hours
    return catalogue.calendar.of([organisation.region], town=True), hours


def appointment(text: str, now: datetime, work: WorkCalendar, hours: Sequence[OpenHours] = ()) -> Slot:
    """What a text names: "2026-12-01 10:00" (an hour from then), "2026-12-01 10:00-12:00", both local, or "+2 working
    days", during the hours of whoever calls.

    `now` is local. Raises ValueError that says what was expected, for what is not understood, does not exist on the
    clock or is past.
    """
    after = _AFTER.fullmatch(text.strip())
    start, end = _working_days_on(now, int(after[1]), work, hours) if after else _written(text, now)
    if start <= now:
        raise ValueError(_("un momento que no haya pasado"))
    return Slot(start.astimezone(UTC), end.astimezone(UTC))


def appointment_words(text: str, now: datetime, work: WorkCalendar, hours: Sequence[OpenHours] = ()) -> str:
    """What a text names as people say it; the text itself if it names nothing."""
    try:
        slot = appointment(text, now, work, hours)
    except ValueError:
        return text
    start, end = slot.from_at.astimezone(now.tzinfo), slot.until_at.astimezone(now.tzinfo)
    return _("{day}, de {start} a {end}").format(day=weekday(start), start=hour(start), end=hour(end))


def _written(text: str, now: datetime) -> tuple[datetime, datetime]:
    found = _WRITTEN.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        day, start = date.fromisoformat(found[1]), time.fromisoformat(found[2])
        end = time.fromisoformat(found[3]) if found[3] else None
    except ValueError:
        raise ValueError(_("un momento como 2026-12-01 10:00, o +2 working days")) from None
    begins = _existing(day, start, now)
    ends = _existing(day, end, now) if end is not None else begins.astimezone(UTC) + AN_HOUR
    if ends <= begins:
        raise ValueError(_("una franja que termine después de empezar"))
    return begins, ends


def _existing(day: date, at: time, now: datetime) -> datetime:
    moment = datetime.combine(day, at, now.tzinfo)
    if moment.astimezone(UTC).astimezone(now.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValueError(_("una hora que exista: esa noche se adelanta el reloj"))
    return moment


def _working_days_on(
    now: datetime, days: int, work: WorkCalendar, hours: Sequence[OpenHours]
) -> tuple[datetime, datetime]:
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(_("de 1 a {days} días laborables").format(days=MAX_DAYS))
    day = add_working_days(now.date(), days, work).day
    open_then = [one for one in hours if DAYS[day.weekday()] in one.days]
    first = min((one.from_ for one in open_then), default=9 * 60)
    last = max((one.to for one in open_then), default=21 * 60)
    return _at_minute(day, first, now), _at_minute(day, last, now)


def _at_minute(day: date, minute: int, now: datetime) -> datetime:
    if minute == END_OF_DAY:
        return datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
    return datetime.combine(day, time(minute // 60, minute % 60), now.tzinfo)
