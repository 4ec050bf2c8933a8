"""Working-day arithmetic: the table of the law, every region of the library of holidays, and the awkward dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.deadlines import (
    WorkCalendar,
    add_days,
    add_months,
    add_working_days,
    due_moment,
    month_later,
    next_working_day,
    reckon,
    working_days_left,
)
from atencion.scripts.regions import REGIONS
from atencion.scripts.working_days import CompanyCalendar, ExtraHoliday, NoHoliday, published

MADRID = ZoneInfo("Europe/Madrid")
YEARS = range(2024, 2029)


@dataclass(frozen=True)
class Term:
    """A term of a test."""

    hours: int | None = None
    days: int | None = None
    months: int | None = None
    working: bool = False
    rolls: bool = False


CALENDAR = CompanyCalendar(source="prueba", checked_on=date(2026, 11, 24), published_until=2026)
regions = st.sampled_from(sorted(REGIONS))
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("start", "region", "term", "due"),
    [
        ("2026-11-24", "ES-CT", Term(days=15, working=True), "2026-12-16"),
        ("2026-11-24", "ES-PV", Term(days=15, working=True), "2026-12-16"),
        ("2026-11-24", "ES-MD", Term(days=15, working=True), "2026-12-17"),
        ("2026-11-24", "ES-AN", Term(days=15, working=True), "2026-12-17"),
        *(("2026-12-18", region, Term(days=15, working=True), "2027-01-13") for region in ("ES-MD", "ES-CL")),
        *(("2026-12-28", region, Term(days=15, working=True), "2027-01-20") for region in ("ES-MD", "ES-GA")),
        ("2026-11-24", "ES-MD", Term(days=5), "2026-11-29"),
        ("2026-11-24", "ES-MD", Term(days=5, working=True), "2026-12-01"),
        ("2026-11-24", "ES-CT", Term(days=10, working=True), "2026-12-09"),
        ("2027-01-29", "ES-MD", Term(months=1, rolls=True), "2027-03-01"),
        ("2027-01-29", "ES-AN", Term(months=1, rolls=True), "2027-03-02"),
    ],
)
def test_the_table_of_the_law(start: str, region: str, term: Term, due: str) -> None:
    found = reckon(date.fromisoformat(start), term, CALENDAR.of([region]))
    assert found.day.isoformat() == due


def test_the_terms_of_the_shipped_norms_are_those_of_the_law() -> None:
    norms = Catalogue(shipped_protocols()).norms
    terms = {ref: card.term for ref, card in norms.items() if card.term is not None}
    told = {ref: (term.hours, term.days, term.months, term.working) for ref, term in terms.items()}
    assert told == {
        "ley-10-2025/13.3": (None, 10, None, True),
        "ley-10-2025/17.1": (None, 15, None, True),
        "ley-10-2025/17.2": (2, None, None, False),
        "ley-10-2025/17.3": (None, 5, None, False),
        "rgpd/12.3": (None, None, 1, False),
        "trlgdcu/21.3": (None, 15, None, False),
    }
    assert terms["rgpd/12.3"].rolls and terms["rgpd/12.3"].extension_months == 2


@pytest.mark.parametrize("region", sorted(REGIONS))
@pytest.mark.parametrize("year", YEARS)
def test_every_holiday_of_every_region_stops_the_count(region: str, year: int) -> None:
    work = CALENDAR.of([region])
    theirs = holidays.country_holidays("ES", subdiv=region[3:], years=year)
    assert theirs
    for day in theirs:
        assert work.rest(day) is not None
        assert add_working_days(day - timedelta(days=1), 1, work).day > day


@given(regions, days, st.integers(0, 60))
def test_a_term_has_as_many_working_days_as_it_says_and_ends_on_one(region: str, start: date, wanted: int) -> None:
    work = CALENDAR.of([region])
    due = add_working_days(start, wanted, work)
    passed = [start + timedelta(days=n) for n in range(1, (due.day - start).days + 1)]
    theirs = holidays.country_holidays("ES", subdiv=region[3:], years=[day.year for day in (start, due.day)])
    worked = [day for day in passed if day.weekday() < 5 and day not in theirs]
    assert len(worked) == wanted
    assert wanted == 0 or worked[-1] == due.day
    assert [one.day for one in due.skipped] == [day for day in passed if day not in worked]
    assert all(one.reason for one in due.skipped)


@given(regions, days, st.integers(0, 40))
def test_the_days_left_are_those_that_were_added(region: str, start: date, wanted: int) -> None:
    work = CALENDAR.of([region])
    due = add_working_days(start, wanted, work).day
    assert working_days_left(start, due, work) == wanted
    assert working_days_left(due, start, work) == -wanted


@given(regions, days, st.integers(0, 20), st.integers(0, 20))
def test_a_term_is_the_sum_of_its_parts(region: str, start: date, first: int, second: int) -> None:
    work = CALENDAR.of([region])
    middle = add_working_days(start, first, work).day
    assert add_working_days(middle, second, work).day == add_working_days(start, first + second, work).day


@given(regions, regions, days, st.integers(0, 30))
def test_the_holidays_of_two_places_never_make_a_term_shorter(one: str, two: str, start: date, wanted: int) -> None:
    both = add_working_days(start, wanted, CALENDAR.of([one, two])).day
    assert both >= max(add_working_days(start, wanted, CALENDAR.of([region])).day for region in (one, two))


@given(days, st.integers(0, 24))
def test_months_run_date_to_date_or_to_the_last_day(start: date, months: int) -> None:
    due = month_later(start, months)
    assert (due.year * 12 + due.month) - (start.year * 12 + start.month) == months
    assert due.day == start.day or (due + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("start", "due"), [("2028-01-31", "2028-02-29"), ("2028-02-29", "2028-03-29"), ("2027-01-31", "2027-02-28")]
)
def test_a_month_from_the_end_of_january_ends_with_february(start: str, due: str) -> None:
    assert add_months(date.fromisoformat(start), 1, CALENDAR.of(["ES-MD"])).day.isoformat() == due


def test_the_29th_of_february_is_a_day_like_the_others() -> None:
    work = CALENDAR.of(["ES-MD"])
    assert work.rest(date(2028, 2, 29)) is None
    assert add_working_days(date(2028, 2, 28), 2, work).day == date(2028, 3, 1)
    assert add_working_days(date(2028, 2, 29), 1, work).day == date(2028, 3, 1)


def test_what_comes_in_at_23_59_of_30_december_counts_from_that_day_in_the_organisation_s_zone() -> None:
    late = datetime(2026, 12, 30, 23, 59, tzinfo=MADRID)
    moment, due = due_moment(late, Term(days=15, working=True), CALENDAR.of(["ES-MD"]), MADRID)
    assert due.day == date(2027, 1, 22)
    assert moment == datetime(2027, 1, 23, 0, 0, tzinfo=MADRID)
    in_utc = datetime(2026, 12, 30, 23, 30, tzinfo=UTC)  # already the 31st in Madrid
    assert due_moment(in_utc, Term(days=1, working=True), CALENDAR.of(["ES-MD"]), MADRID)[1].day == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T03:30:00+01:00"),  # 2:30 comes twice that night
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28T04:30:00+02:00"),  # 2:30 does not come at all
    ],
)
def test_two_hours_are_two_hours_over_the_change_of_hour(at: datetime, due: str) -> None:
    moment, _due = due_moment(at, Term(hours=2), CALENDAR.of(["ES-MD"]), MADRID)
    assert moment - at == timedelta(hours=2)
    assert moment.astimezone(MADRID).isoformat() == due


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_day_ends_at_midnight_also_when_the_hour_changes(day: date) -> None:
    at = datetime.combine(day - timedelta(days=1), datetime.min.time(), MADRID)
    moment, _due = due_moment(at, Term(days=1), CALENDAR.of(["ES-MD"]), MADRID)
    assert moment.astimezone(MADRID).isoformat()[:19] == f"{day + timedelta(days=1)}T00:00:00"


def test_a_holiday_that_one_region_moves_counts_there_alone() -> None:
    constitution_moved = date(2026, 12, 7)
    resting = {region for region in REGIONS if CALENDAR.of([region]).rest(constitution_moved)}
    assert "ES-MD" in resting and "ES-CT" not in resting


def test_a_holiday_of_one_place_is_told_with_the_place() -> None:
    work = CALENDAR.of(["ES-MD", "ES-CT"])
    assert str(work.rest(date(2026, 12, 7))).endswith("(ES-MD)")
    assert work.rest(date(2026, 12, 25)) == published("ES-MD", 2026)[date(2026, 12, 25)]


def test_the_calendar_of_the_organisation_corrects_the_library() -> None:
    mended = CALENDAR.model_copy(
        update={
            "holidays": (
                ExtraHoliday(date=date(2026, 12, 9), name="Regional", region="ES-CT"),
                ExtraHoliday(date=date(2026, 12, 10), name="Fiesta local"),
            ),
            "not_holidays": (NoHoliday(date=date(2026, 12, 7), reason="No se traslada", region="ES-MD"),),
        }
    )
    assert mended.of(["ES-MD"]).rest(date(2026, 12, 7)) is None
    assert mended.of(["ES-AN"]).rest(date(2026, 12, 7)) is not None
    assert mended.of(["ES-CT"]).rest(date(2026, 12, 9)) == "Regional"
    assert mended.of(["ES-MD"]).rest(date(2026, 12, 10)) is None
    assert mended.of(["ES-MD"], town=True).rest(date(2026, 12, 10)) == "Fiesta local"


def test_saturdays_are_worked_where_the_organisation_says_so() -> None:
    work = CALENDAR.model_copy(update={"saturdays": True}).of(["ES-MD"])
    assert add_working_days(date(2026, 11, 27), 1, work).day == date(2026, 11, 28)


def test_whose_holidays_count_is_as_the_organisation_decided() -> None:
    monday = date(2026, 12, 7)  # a holiday in Madrid and not in Catalonia

    def rests(place: str) -> bool:
        work = CALENDAR.model_copy(update={"place": place}).for_customer("ES-MD", "ES-CT")
        return work.rest(monday) is not None

    assert [rests(place) for place in ("customer", "organisation", "either")] == [False, True, True]
    assert CALENDAR.model_copy(update={"place": "customer"}).for_customer("ES-MD", None).rest(monday)


@pytest.mark.parametrize(
    ("start", "years"), [("2026-11-24", ()), ("2026-12-28", (2027,)), ("2027-12-30", (2027, 2028))]
)
def test_a_term_that_touches_a_year_not_yet_published_is_marked(start: str, years: tuple[int, ...]) -> None:
    assert add_working_days(date.fromisoformat(start), 15, CALENDAR.of(["ES-MD"])).estimated_years == years


def test_a_year_in_doubt_is_marked_where_it_is_in_doubt() -> None:
    shipped = Catalogue(shipped_protocols()).calendar
    assert add_working_days(date(2026, 11, 2), 5, shipped.of(["ES-NC"])).estimated_years == (2026,)
    assert add_working_days(date(2026, 11, 2), 5, shipped.of(["ES-MD"])).estimated_years == ()


def test_the_last_day_moves_on_only_if_the_term_says_so() -> None:
    work = CALENDAR.of(["ES-MD"])
    assert add_days(date(2026, 11, 24), 5, work).day == date(2026, 11, 29)
    assert add_days(date(2026, 11, 24), 5, work, rolls=True).day == date(2026, 11, 30)
    assert next_working_day(date(2026, 12, 5), work) == date(2026, 12, 9)


def test_a_calendar_without_working_days_is_an_error_and_not_an_endless_count() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(366 * 3)]
    with pytest.raises(ValueError, match="no working days"):
        add_working_days(date(2026, 1, 1), 1, WorkCalendar(lambda _year: dict.fromkeys(year, "cierre")))
