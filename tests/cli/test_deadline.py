"""`atencion deadline`: due dates and each day skipped with its reason, without a store."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run

NOWHERE = "/nowhere/at/all.db"


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (("2026-11-24", "--days", 15, "--region", "ES-CT"), "2026-12-16"),
        (("2026-11-24", "--days", 15, "--region", "ES-MD"), "2026-12-17"),
        (("24/11/2026", "--days", 15, "--region", "an"), "2026-12-17"),
        (("2026-11-24", "--norm", "ley-10-2025/17.1", "--region", "ES-PV"), "2026-12-16"),
        (("2026-11-24", "--norm", "ley-10-2025/17.3", "--region", "ES-MD"), "2026-11-29"),
        (("2026-11-24", "--days", 5, "--natural"), "2026-11-29"),
        (("2026-11-24", "--days", 0), "2026-11-24"),
        (("2027-01-29", "--norm", "rgpd/12.3", "--region", "ES-MD"), "2027-03-01"),
        (("2026-11-24T10:00", "--norm", "ley-10-2025/17.2"), "2026-11-24T12:00:00+01:00"),
    ],
)
def test_a_term_falls_due(run: Run, arguments: tuple[object, ...], due: str) -> None:
    done = run(NOWHERE, "deadline", *arguments, "--json")
    assert (done.code, done.document["due"]) == (0, due)


def test_each_day_skipped_has_its_reason(run: Run) -> None:
    found = run(NOWHERE, "deadline", "2026-12-03", "--days", 2, "--region", "ES-MD", "--json").document
    assert (found["due"], found["estimated"]) == ("2026-12-09", False)
    assert [(one["date"], one["reason"][:6]) for one in found["skipped"]] == [
        ("2026-12-05", "sábado"),
        ("2026-12-06", "doming"),
        ("2026-12-07", "Lunes "),
        ("2026-12-08", "Inmacu"),
    ]


def test_people_read_when_it_ends_and_what_is_estimated(run: Run) -> None:
    told = run(NOWHERE, "deadline", "2026-12-28", "--norm", "ley-10-2025/17.1", "--region", "ES-MD").out
    assert "Vence el 20/01/2027, al acabar el día." in told
    assert "Ley 10/2025, art. 17.1" in told and "06/01/2027  Epifanía del Señor" in told and "Estimado" in told


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("2026-11-24",), 2, "--days o --norm"),
        (("2026-11-24", "--days", 1, "--norm", "x/1"), 2, "--days o --norm"),
        (("2026-02-29", "--days", 1), 2, "no es una fecha"),
        (("9999-12-31", "--days", 1), 2, "no es una fecha"),
        (("2026-11-24", "--days", -1), 2, "--days"),
        (("2026-11-24", "--norm", "ley-10-2025/8.2"), 2, "no da ningún plazo"),
        (("2026-11-24", "--norm", "ley-10-2025/17.11"), 1, "¿Quería decir «ley-10-2025/17.1»?"),
        (("2026-11-24", "--days", 1, "--region", "ES-XX"), 1, "ES-MD"),
    ],
)
def test_what_cannot_be_counted_is_told(run: Run, arguments: tuple[object, ...], code: int, told: str) -> None:
    done = run(NOWHERE, "deadline", *arguments)
    assert (done.code, done.out) == (code, "")
    assert told in done.err
