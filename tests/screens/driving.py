"""Driving the workstation by its keys in a test, without waiting on a clock."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from atencion.app import Workstation
from atencion.screens.room import Room
from atencion.widgets.pick_list import PickList

CALM, LONGEST = 3, 5_000
"""Turns of the loop in a row with nothing under way, and turns after which it will not end."""


async def settle(pilot: Pilot[Any]) -> None:
    """Until nothing is under way: no worker, no key waiting its turn, no stage arriving, no size to be told."""
    calm = 0
    for _turn in range(LONGEST):
        screen = pilot.app.screen
        under_way = any(not worker.is_finished for worker in pilot.app.workers)
        under_way = under_way or (isinstance(screen, Room) and screen.busy)
        under_way = under_way or (isinstance(pilot.app, Workstation) and pilot.app.type_ahead.holds)
        under_way = under_way or any(node.message_queue_size for node in screen.walk_children(with_self=True))
        calm = 0 if under_way else calm + 1
        await pilot.pause(0.01 if under_way else None)
        if calm >= CALM:
            return
    raise AssertionError(f"the workstation does not come to rest: {_under_way(pilot)}")


def _under_way(pilot: Pilot[Any]) -> list[str]:
    """What does not end."""
    app, screen = pilot.app, pilot.app.screen
    found = [f"worker {worker.group}: {worker.state.name}" for worker in app.workers if not worker.is_finished]
    if isinstance(screen, Room) and screen.busy:
        found.append(f"{type(screen).__name__} is busy")
    if isinstance(app, Workstation) and app.type_ahead.holds:
        found.append("keys wait")
    found += [f"{node!r} has messages" for node in screen.walk_children(with_self=True) if node.message_queue_size]
    return found


async def keys(pilot: Pilot[Any], *pressed: str) -> None:
    """Press keys, each once what the one before did is done; what begins with an apostrophe is text to type."""
    for key in pressed:
        if len(key) > 1 and key.startswith("'"):
            await type_text(pilot, key[1:])
        else:
            await pilot.press(key)
        await settle(pilot)


async def type_text(pilot: Pilot[Any], text: str) -> None:
    """Type into what has the focus: at once where it is a field, letter by letter where it is a list."""
    focused = pilot.app.focused
    if isinstance(focused, Input):
        focused.value += text
        focused.cursor_position = len(focused.value)
    elif isinstance(focused, TextArea):
        focused.insert(text)
    else:
        assert isinstance(focused, PickList), focused
        await pilot.press(*("space" if letter == " " else letter for letter in text))
    await settle(pilot)
