"""When a promised call is due, from how a protocol says it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from atencion.i18n import _
from atencion.scripts.spoken import hour, weekday

MAX_DAYS = 60
"""Working days ahead that a call may be promised."""

_AFTER = re.compile(r"\+\s*(\d{1,3})\s+working\s+days?")
_SATURDAY = 5


def appointment(text: str, now: datetime) -> datetime:
    """The moment that a text names, in UTC: "2026-12-01 10:00", local, or "+2 working days", at this hour.

    `now` is local. Working days are those from Monday to Friday. Raises ValueError that says what was expected, for
    what is not understood, does not exist on the clock or is past.
    """
    after = _AFTER.fullmatch(text.strip())
    at = _working_days_on(now, int(after[1])) if after else _written(text, now)
    if at <= now:
        raise ValueError(_("un momento que no haya pasado"))
    return at.astimezone(UTC)


def appointment_words(text: str, now: datetime) -> str:
    """The moment that a text names as people say it; the text itself if it names none."""
    try:
        at = appointment(text, now).astimezone(now.tzinfo)
    except ValueError:
        return text
    return f"{weekday(at)}, {hour(at)}"


def _written(text: str, now: datetime) -> datetime:
    try:
        at = datetime.strptime(text.strip().replace("T", " "), "%Y-%m-%d %H:%M").replace(tzinfo=now.tzinfo)
    except ValueError:
        raise ValueError(_("un momento como 2026-12-01 10:00, o +2 working days")) from None
    if at.astimezone(UTC).astimezone(now.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise ValueError(_("una hora que exista: esa noche se adelanta el reloj"))
    return at


def _working_days_on(now: datetime, days: int) -> datetime:
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(_("de 1 a {days} días laborables").format(days=MAX_DAYS))
    at = now
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < _SATURDAY
    return at.replace(second=0, microsecond=0)
