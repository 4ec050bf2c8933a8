"""Every screen looks as it did: pictures at 80x24 and 120x36, with the clock stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.folders import SEVERAL
from tests.screens.conftest import MakeApp, MakeAppOn
from tests.screens.driving import keys, settle

GREETED = ("enter", "s", "enter")
ASKED = (*GREETED, "2", "enter", "'Me han cobrado dos veces", "enter")
VERIFIED = (*ASKED, "'749037199", "enter", "'03/01/1955", "enter", "'36205", "enter")
ANSWERED = (*VERIFIED, "enter")

SCREENS = {
    "home": (),
    "greeting": ("enter",),
    "demand": GREETED,
    "identity": (*ASKED, "'749037199", "enter", "'04/01/1955", "enter"),
    "verified": VERIFIED,
    "knowledge": ANSWERED,
    "escalation": (*ASKED, "f6"),
    "help": ("enter", "f1"),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did(
    snap_compare: Callable[..., bool], make_app: MakeApp, name: str, size: tuple[int, int]
) -> None:
    async def drive(pilot: Any) -> None:
        await settle(pilot)
        await keys(pilot, *SCREENS[name])

    assert snap_compare(make_app(), terminal_size=size, run_before=drive)


CALLING = ("enter", "'una", "enter")
AT_DATA = (*CALLING, "enter")

OTHER_SCREENS = {
    "channels": (),
    "protocols": ("enter",),
    "message": ("2", "enter", "'su factura", "enter"),
    "text-message": ("3", "enter"),
    "fields": (*AT_DATA, "'9:30", "enter", "enter", "1", "3"),
    "moments": (*AT_DATA, "ctrl+t"),
    "moment": (*AT_DATA, "ctrl+t", "1", "enter"),
    "action": (*AT_DATA, "f8"),
    "language": (*AT_DATA, "ctrl+g", "'eus", "enter"),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize("name", OTHER_SCREENS)
def test_a_screen_of_another_protocol_looks_as_it_did(
    snap_compare: Callable[..., bool], make_app_on: MakeAppOn, name: str, size: tuple[int, int]
) -> None:
    async def drive(pilot: Any) -> None:
        await settle(pilot)
        await keys(pilot, *OTHER_SCREENS[name])

    assert snap_compare(make_app_on(SEVERAL), terminal_size=size, run_before=drive)
