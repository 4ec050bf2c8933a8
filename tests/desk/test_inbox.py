"""What waits for a supervisor, and what an agent has to know between calls, on each engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from atencion.desk import inbox
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import Office


def test_home_counts_all_that_falls_due_and_all_there_is_to_do_not_only_what_a_list_would_show(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SHOWN", 1)
    keys = [office.open("queja", text).case.key for text in ("una", "otra")]
    for number in range(51):
        office.desk.cases.add_task(
            keys[0], f"Llamar {number}", office.at + timedelta(days=1), office.agent, owner=office.agent
        )
    assert inbox.read_home(office.desk, office.agent).due_today == 0
    office.pass_days(60)
    home = inbox.read_home(office.desk, office.agent)
    assert (home.due_today, home.tasks) == (2, 51)
