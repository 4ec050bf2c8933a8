"""Opening a contact: the channel first, then the protocol, in a few keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.screens import choosing, home
from atencion.screens.call.screen import CallScreen
from atencion.screens.choosing import ChoosingScreen
from atencion.screens.home import HomeScreen
from atencion.widgets.pick_list import PickList
from tests.folders import LETTER, SEVERAL
from tests.screens.conftest import MakeAppOn
from tests.screens.driving import keys, settle


def rows(app: Workstation) -> list[str]:
    return [item.label for item in app.screen.query_one(PickList).items]


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


async def test_the_channel_is_asked_first_and_enter_enter_takes_a_call(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert rows(app) == ["Teléfono", "Correo electrónico", "SMS"]
        await keys(pilot, "enter")
        assert isinstance(app.screen, ChoosingScreen)
        assert rows(app) == ["Otra llamada", "Una llamada"]
        await keys(pilot, "enter")
        assert call_of(app).call.protocol.id == "phone/otra"


async def test_a_digit_takes_a_channel_whose_only_protocol_opens_at_once(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "2", "enter")
        assert call_of(app).call.run.channel == "email"


async def test_the_protocol_opened_last_on_a_channel_is_proposed_first(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "'una", "enter", "ctrl+l", "'teléf", "enter")
        assert rows(app)[0] == "Una llamada"


async def test_escape_in_the_list_of_protocols_opens_nothing(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "escape")
        assert isinstance(app.screen, HomeScreen)
        assert app.desk is not None and app.desk.interactions() == []


async def test_a_contact_is_opened_in_another_language(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "ctrl+g", "'català", "enter", "enter")
        assert "Bon dia, l'atén Marina" in str(app.screen.query_one(".words").render())


async def test_a_protocol_for_more_channels_than_its_folder_says_is_found_on_each(make_app_on: MakeAppOn) -> None:
    app = make_app_on({"email/x": LETTER.replace("[email]", "[email, web]")})
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert rows(app) == ["Correo electrónico", "Formulario web"]


async def test_a_protocol_that_cannot_be_used_says_why_when_it_is_opened(make_app_on: MakeAppOn) -> None:
    app = make_app_on({"email/x": LETTER.replace("kind: message", "kind: mensaje")})
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter")
        assert isinstance(app.screen, HomeScreen)
        assert app.screen.query_one("#notice").display


async def test_a_file_broken_while_the_workstation_is_open_stops_no_contact_and_is_told(
    make_app_on: MakeAppOn, tmp_path: Path
) -> None:
    app = make_app_on({"email/responder": LETTER})
    file = tmp_path / "protocols" / "email" / "responder.yaml"
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "ctrl+l")
        file.write_text(file.read_text().replace("kind: message", "kind: gritar"))
        await keys(pilot, "'correo", "enter")
        assert call_of(app).call.run.step == "leer"
        assert "se sigue con la versión 1.0.0" in notice(app) and "email/responder.yaml:12" in notice(app)
        await keys(pilot, "ctrl+l")
        assert isinstance(app.screen, HomeScreen) and "se sigue con la versión 1.0.0" in notice(app)


def notice(app: Workstation) -> str:
    return str(app.screen.query_one("#notice", Static).content)


LEFT_ONE = ("enter", "'una", "enter", "ctrl+l", "'teléf")


async def test_of_many_protocols_the_usual_one_can_be_opened_before_the_others_are_read(
    make_app_on: MakeAppOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "AT_ONCE", 1)
    monkeypatch.setattr(choosing, "READ_AFTER", 1_000_000)
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *LEFT_ONE, "enter")
        assert rows(app) == ["Una llamada"]
        await keys(pilot, "enter")
        assert call_of(app).call.protocol.id == "phone/una"


async def test_of_many_protocols_the_others_come_after_the_usual_one(
    make_app_on: MakeAppOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "AT_ONCE", 1)
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *LEFT_ONE, "enter")
        while len(rows(app)) < 2:
            await pilot.pause(0.01)
        assert rows(app) == ["Una llamada", "Otra llamada"]
