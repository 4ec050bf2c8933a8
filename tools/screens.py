"""Pictures of every screen at 80x24 and 120x36, into docs/screens: `make screens`.

Each is driven by keys on the sample data, with the clock stopped, so that the same sources give the same pictures.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual.pilot import Pilot

from atencion.app import Workstation
from atencion.data.customers import ContactKind, ContactRecord, CustomerRecord, add_customer
from atencion.desk import Desk
from atencion.desk.case_keys import check_digit
from atencion.desk.sample import open_demo
from atencion.resources import shipped_protocols
from atencion.screens.home import HomeScreen
from tests.screens.driving import keys as press
from tests.screens.driving import settle

OUT = Path(__file__).resolve().parent.parent / "docs" / "screens"
SIZES = ((80, 24), (120, 36))
SUPERVISOR = "S301"
NOW = datetime(2026, 12, 28, 9, 30, tzinfo=UTC)

Steps = Callable[[Pilot[Any]], Awaitable[None]]


def _by_keys(*keys: str) -> Steps:
    async def steps(pilot: Pilot[Any]) -> None:
        await press(pilot, *keys)

    return steps


async def _twins(pilot: Pilot[Any]) -> None:
    """The queue with the first customer in it, who is written again: in the sample nobody is twice."""
    desk = pilot.app.desk  # type: ignore[attr-defined]
    phones = [ContactRecord(ContactKind.PHONE, number, f"+34{number}") for number in ("749037199", "749111222")]
    again = CustomerRecord(
        given_name="Francois", surnames="d'Aubry", accessibility="Hablar despacio", contacts=tuple(phones)
    )
    with desk.store.writing() as connection:
        add_customer(connection, again, at=NOW)
    desk.hunt_twins()
    await press(pilot, "f2")


OPENED = ("enter", "enter")
GREETED = (*OPENED, "s", "enter")
ASKED = (*GREETED, "'factura", "enter", "'Me han cobrado dos veces el recibo de octubre", "enter")
FOUND = (*ASKED, "'749037199")
VERIFIED = (*FOUND, "enter", "'03/01/1955", "enter", "'36205", "enter")
ANSWERED = (*VERIFIED, "enter")
DECIDING = (*ANSWERED, "enter", "enter")
RESOLVING = (*DECIDING, "enter")
MORE = (*RESOLVING, "1", "enter", "'Se devuelve uno de los dos recibos", "enter")
CHECKLIST = (*MORE, "2", "enter")
FAREWELL = (*CHECKLIST, "space", "enter")
WRAP_UP = (*FAREWELL, "enter")
NOTIFYING = ("4", "enter", "'avisar", "enter", "'Sin luz en el barrio del Sauce", "enter", "'9:30", "enter")

SCREENS: dict[str, Steps] = {
    "home": _by_keys(),
    "protocols": _by_keys("enter"),
    "greeting": _by_keys(*OPENED),
    "demand": _by_keys(*GREETED),
    "lookup": _by_keys(*ASKED, "'garcia"),
    "identity": _by_keys(*FOUND, "enter", "'04/01/1955", "enter"),
    "verified": _by_keys(*VERIFIED),
    "knowledge": _by_keys(*ANSWERED),
    "choice": _by_keys(*DECIDING),
    "resolution": _by_keys(*RESOLVING),
    "escalation": _by_keys(*DECIDING, "f6"),
    "case": _by_keys(*DECIDING, "f6", "'factura", "enter", "enter"),
    "notes": _by_keys(*ASKED, "f4", "'Prefiere que le llamen por la tarde"),
    "farewell-checklist": _by_keys(*CHECKLIST),
    "farewell": _by_keys(*FAREWELL),
    "wrap-up": _by_keys(*WRAP_UP),
    "left-open": _by_keys(*ASKED, "ctrl+l"),
    "help": _by_keys(*OPENED, "f1"),
    "palette": _by_keys(*OPENED, "ctrl+p"),
    "rail": _by_keys(*ASKED, "f5"),
    "message": _by_keys(*NOTIFYING, "1", "enter", "ctrl+n", "enter"),
    "moments": _by_keys("enter", "'reclamación por", "enter", "ctrl+t"),
    "card": _by_keys(*VERIFIED, "f7"),
    "whole-card": _by_keys(*VERIFIED, "ctrl+p", "'ficha completa", "enter"),
    "customer-form": _by_keys(*VERIFIED, "ctrl+e"),
    "skip": _by_keys(*GREETED, "f8"),
    "cut-off": _by_keys(*GREETED, "f9"),
    "language": _by_keys(*OPENED, "ctrl+g"),
    "judge": _by_keys(*ANSWERED, "ctrl+k"),
    "consult": _by_keys(*ANSWERED, "ctrl+d"),
    "browser": _by_keys("ctrl+y"),
    "protocol": _by_keys("ctrl+y", "enter"),
    "upkeep": _by_keys(*GREETED, "f3", "'bitcoin", "ctrl+o", "ctrl+l", "f3"),
    "inbox": _by_keys(*ASKED, "f6", "'responsable", "enter", "enter", "ctrl+l", "f6"),
    "twins": _twins,
    "agents": _by_keys(),
}
SUPERVISORS = {"inbox", "twins"}
"""Screens that only a supervisor has."""

NOBODY_YET = {"agents"}
"""Screens from before it is known who attends."""


async def picture(name: str, size: tuple[int, int], folder: Path, theme: str = "atencion-dark") -> str:
    """The SVG of a screen at a size, in characters."""

    def opened() -> Desk:
        numbers = iter(range(48271936, 48279999))

        def new_key() -> str:
            digits = str(next(numbers))
            return digits + check_digit(digits)

        store = str(folder / f"{name}-{size[0]}.db")
        return open_demo(store, shipped_protocols(), clock=lambda: NOW, new_key=new_key)

    agent = None if name in NOBODY_YET else SUPERVISOR if name in SUPERVISORS else "A101"
    app = Workstation(opened, agent)
    async with app.run_test(size=size) as pilot:
        app.theme = theme
        if name in NOBODY_YET:
            while isinstance(app.screen, HomeScreen):
                await pilot.pause(0.01)
            await pilot.pause()
        else:
            await settle(pilot)
            await SCREENS[name](pilot)
            await settle(pilot)
        return app.export_screenshot()


def to_png(svg: str) -> bytes:
    """A picture that any page can show."""
    import resvg_py

    svg = svg.replace("Fira Code", "DejaVu Sans Mono").replace("@font-face", "@unused")
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))


async def main(names: list[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in names or list(SCREENS):
            for size in SIZES:
                svg = await picture(name, size, Path(scratch))
                path = OUT / f"{name}-{size[0]}x{size[1]}.png"
                path.write_bytes(to_png(svg))
                print(path.relative_to(OUT.parent.parent))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
