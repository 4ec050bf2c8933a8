"""The protocols as their author sees them: the flow, the texts, and what a file that was just saved comes to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from atencion.screens.call.screen import CallScreen
from atencion.screens.home import HomeScreen
from atencion.screens.protocol import ProtocolScreen
from atencion.screens.protocols import ProtocolsScreen
from atencion.widgets.pick_list import PickList
from tests.screens.conftest import NOON
from tests.screens.driving import keys, settle

PROTOCOL = """\
id: phone/prueba
version: "1.0.0"
title: Prueba de autor
channels: [phone, email]
languages: [es, ca]
author: nadie
valid: {from: "2026-01-01"}
fields:
  motivo: {type: choice, label: Motivo, options: [{id: a, label: Uno}, {id: b, label: Dos}]}
steps:
  - id: saludo
    kind: greeting
    title: Saludo
    say: {default: "Buenos días, le atiende {{ agente.alias }}.", ca: Bon dia., email: "Hola:", familiar: ¡Hola!}
  - id: pregunta
    kind: ask
    title: Pregunta
    hint: Deje hablar
    capture: [motivo]
    next:
      - {when: motivo == "a", goto: cierre}
      - else: nota
  - {id: nota, kind: message, title: Nota, say: Tomo nota.}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder of protocols, to write in."""
    made = tmp_path / "protocols"
    (made / "phone").mkdir(parents=True)
    shutil.copy(shipped_protocols() / "organisation.yaml", made)
    (made / "phone" / "prueba.yaml").write_text(PROTOCOL)
    return made


@pytest.fixture
def app(store: Path, folder: Path) -> Workstation:
    """A workstation on that folder."""
    return Workstation(lambda: Desk.open(str(store), folder, kind=StoreKind.DEMO, clock=lambda: NOON), "A101")


def save(folder: Path, text: str, name: str = "prueba") -> None:
    (folder / "phone" / f"{name}.yaml").write_text(text)


def shown(app: Workstation, widget: str) -> str:
    return str(app.screen.query_one(widget, Static).content)


def rows(app: Workstation) -> list[str]:
    return [item.label for item in app.screen.query_one(PickList).items]


async def test_the_list_tells_how_each_file_stands_and_opens_one(app: Workstation, folder: Path) -> None:
    save(folder, "id: [", "roto")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y")
        assert isinstance(app.screen, ProtocolsScreen)
        assert [(item.label, item.mark) for item in app.screen.query_one(PickList).items] == [
            ("Prueba de autor", " "),
            ("phone/roto", "✕"),
        ]
        assert "1 fichero no se puede usar" in shown(app, "#notice")
        await keys(pilot, "enter")
        assert isinstance(app.screen, ProtocolScreen)
        await keys(pilot, "escape", "escape")
        assert isinstance(app.screen, HomeScreen)


async def test_the_list_is_found_in_the_palette(app: Workstation) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+p", "'protocolos", "enter")
        assert isinstance(app.screen, ProtocolsScreen)


async def test_the_flow_is_drawn_with_its_branches_and_the_words_of_the_step_in_hand(app: Workstation) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y", "enter")
        assert rows(app) == [
            "── Prueba de autor",
            "Saludo",
            "Pregunta",
            '└ motivo == "a" → cierre',
            "└ si no → nota",
            "Nota",
            "Cierre",
            "└ → end",
        ]
        await keys(pilot, "down")
        assert "Buenos días, le atiende Marina." in shown(app, "#step-text")
        await keys(pilot, "down")
        assert "Deje hablar" in shown(app, "#step-text")
        assert "▪ Motivo" in shown(app, "#step-text")


async def test_the_words_are_said_in_another_language_on_another_channel_and_in_another_manner(
    app: Workstation,
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y", "enter", "down", "l")
        assert "Bon dia." in shown(app, "#step-text")
        assert "ca · phone · formal" in shown(app, "#protocol-state")
        await keys(pilot, "l", "c")
        assert "Hola:" in shown(app, "#step-text")
        await keys(pilot, "c", "t")
        assert "¡Hola!" in shown(app, "#step-text")
        await keys(pilot, "l", "down", "down", "down", "down")
        assert "falta en este idioma" in shown(app, "#step-text")


async def test_a_file_that_is_saved_is_shown_anew_with_the_step_in_hand_kept(app: Workstation, folder: Path) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y", "enter", "down", "down")
        before = "  - {id: antes, kind: message, title: Antes, say: Un momento.}\n  - id: pregunta\n"
        save(folder, PROTOCOL.replace("  - id: pregunta\n", before).replace("Deje hablar", "Escuche"))
        await keys(pilot, "r")
        assert "Antes" in rows(app)
        assert app.screen.query_one(PickList).highlighted.id == "pregunta"  # type: ignore[union-attr]
        assert "Escuche" in shown(app, "#step-text")


async def test_it_looks_at_the_files_by_itself(app: Workstation, folder: Path) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y", "enter")
        save(folder, PROTOCOL.replace("title: Nota", "title: Apunte"))
        for _turn in range(200):
            if "Apunte" in rows(app):
                break
            await pilot.pause(0.05)
        assert "Apunte" in rows(app)


async def test_a_file_saved_as_nonsense_tells_its_problems_and_keeps_the_last_drawing(
    app: Workstation, folder: Path
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y", "enter", "down", "down")
        drawn = rows(app)
        save(folder, PROTOCOL.replace("goto: cierre", "goto: cierra"))
        await keys(pilot, "r")
        assert rows(app) == drawn
        assert "phone/prueba.yaml:21" in shown(app, "#protocol-problems")
        assert "¿quería decir «cierre»?" in shown(app, "#protocol-problems")
        assert "1 problema: no se puede usar." in shown(app, "#protocol-state")
        assert "Se ve lo último que estuvo bien." in shown(app, "#protocol-state")
        save(folder, PROTOCOL)
        await keys(pilot, "r")
        assert "Se puede usar" in shown(app, "#protocol-state")


async def test_a_file_that_was_never_right_is_told_and_one_that_goes_away_too(app: Workstation, folder: Path) -> None:
    save(folder, "[/a]: \x1b[31m", "prueba")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+y", "enter")
        assert "phone/prueba.yaml:1" in shown(app, "#protocol-problems")
        assert rows(app) == []
        (folder / "phone" / "prueba.yaml").unlink()
        await keys(pilot, "r")
        assert "no existe" in shown(app, "#protocol-problems")
        await keys(pilot, "escape")
        assert rows(app) == []


async def test_a_call_goes_on_with_its_own_version_while_its_author_sees_the_problem(
    app: Workstation, folder: Path
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter")
        save(folder, "nada: [")
        await keys(pilot, "enter")
        assert isinstance(app.screen, CallScreen)
        assert app.screen.call.run.step == "pregunta"
        await keys(pilot, "ctrl+l", "ctrl+y")
        assert rows(app) == ["phone/prueba"]
        await keys(pilot, "enter")
        assert "no se puede usar" in shown(app, "#protocol-state")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize("pressed", [("ctrl+y",), ("ctrl+y", "enter", "down", "down")], ids=["list", "flow"])
def test_it_looks_as_it_did(
    snap_compare: Callable[..., bool],
    app: Workstation,
    folder: Path,
    pressed: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    async def drive(pilot: Any) -> None:
        await settle(pilot)
        await keys(pilot, *pressed)
        if isinstance(app.screen, ProtocolsScreen):
            app.screen.query_one("#protocols-where", Static).update("/datos/protocolos")

    save(folder, PROTOCOL.replace("Bon dia.", "{of: 00000000, text: Bon dia.}"))
    assert snap_compare(app, terminal_size=size, run_before=drive)
