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
