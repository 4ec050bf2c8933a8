"""Driving the workstation by its keys in a test, without waiting on a clock."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from atencion.widgets.pick_list import PickList

TURNS = 4


async def settle(pilot: Pilot[Any]) -> None:
    """Until nothing is under way: workers done and their messages taken, a few times over."""
    for _turn in range(TURNS):
        waiting = [
            worker for worker in pilot.app.workers if worker.group not in ("opening",) and not worker.is_finished
        ]
        if waiting and not pilot.app.screen.is_modal:
            await pilot.app.workers.wait_for_complete(waiting)
        await pilot.pause()


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
