"""A customer is written down, corrected and seen whole without leaving the step."""

from __future__ import annotations

from typing import Any

from atencion.app import Workstation
from atencion.screens.call.screen import CallScreen
from atencion.widgets.customer_card import CustomerCard
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle
from tests.screens.test_pictures import ASKED, GREETED, VERIFIED


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


def shown(app: Workstation, selector: str) -> str:
    return "\n".join(str(widget.render()) for widget in app.screen.query(selector).results())


def value(app: Workstation, name: str) -> str:
    field: Any = app.screen.query_one(f"#customer-{name}")
    return str(field.value)


async def fill(pilot: Any, **texts: str) -> None:
    for name, text in texts.items():
        field: Any = pilot.app.screen.query_one(f"#customer-{name.replace('_', '-')}")
        field.focus()
        field.value = text
        await settle(pilot)


async def test_who_is_not_found_is_written_down_and_the_step_goes_on(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "'rosa nueva inventada", "ctrl+o", "ctrl+e")
        assert (value(app, "given-name"), value(app, "surnames")) == ("Rosa", "Nueva Inventada")
        await fill(pilot, phones="749000777", document="12345678A")
        assert "control" in shown(app, ".note")
        await keys(pilot, "ctrl+s")
        assert app.screen.query("CustomerStage")
        await fill(pilot, document="12345678Z")
        await keys(pilot, "ctrl+s")
        assert not app.screen.query("CustomerStage")
        call = call_of(app).call
        assert call.run.customer is not None and call.run.step == "identificar"
        view = call.customer()
        assert view is not None and view.registered and view.name == "Rosa Nueva Inventada"
        assert "Registrado en esta llamada" in shown(app, "#checked")
        assert not any(slot.startswith("customer:") for slot in call.drafts())
        await keys(pilot, "enter")
        assert call.run.step == "consulta"


async def test_a_twin_is_told_while_typing_and_can_be_taken_instead(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "ctrl+e")
        await fill(pilot, given_name="Francois", surnames="d'Aubry", phones="749037199")
        assert "mismo teléfono" in shown(app, "#twins")
        await keys(pilot, "ctrl+s")
        assert app.screen.query("CustomerStage"), "not written before it was told"
        await keys(pilot, "ctrl+o")
        assert not app.screen.query("CustomerStage")
        view = call_of(app).call.customer()
        assert view is not None and (view.customer_id, view.verified) == (1, False)


async def test_what_was_looked_for_over_a_step_is_in_the_form_and_a_twin_taken_there_is_asked_who_they_are(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "f2", "'francois daubry", "ctrl+e")
        assert (value(app, "given-name"), value(app, "surnames")) == ("Francois", "Daubry")
        await fill(pilot, phones="749037199")
        await keys(pilot, "ctrl+o")
        assert not app.screen.query("CustomerStage")
        view = call_of(app).call.customer()
        assert view is not None and (view.customer_id, view.verified) == (1, False)
        assert app.focused is app.screen.query_one("#checking-answer")
        await keys(pilot, "escape")
        assert not app.screen.query("#checking-answer")


async def test_a_twin_that_is_told_can_be_somebody_else(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "ctrl+e")
        await fill(pilot, given_name="Francois", surnames="d'Aubry", phones="749037199")
        await keys(pilot, "ctrl+s", "ctrl+s")
        view = call_of(app).call.customer()
        assert view is not None and view.customer_id > 620 and view.registered


async def test_the_data_of_whoever_is_not_verified_have_no_key(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "'749037199", "enter", "ctrl+e", "f7")
        assert not app.screen.query("CustomerStage") and not app.screen.query("FileStage")
        assert not {"Ctrl+E", "F7"} & {key.name for key in call_of(app).keys()}  # noqa: SIM118


async def test_a_verified_customer_is_corrected_with_nothing_lost_on_the_way(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED, "ctrl+e")
        assert value(app, "phones") == "749 037 199 móvil"
        await fill(pilot, accessibility="Hablar despacio")
        await keys(pilot, "escape", "ctrl+e")
        assert value(app, "accessibility") == "Hablar despacio"
        step = call_of(app).call.run.step
        await keys(pilot, "ctrl+s")
        assert call_of(app).call.run.step == step
        assert "Hablar despacio" in str(app.screen.query_one(CustomerCard)._text.render())


async def test_the_full_card_shows_all_and_gives_the_step_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED, "f7")
        text = shown(app, "#file")
        for wanted in (
            "François d'Aubry",
            "749 037 199",
            "Contratos y productos",
            "Facturas",
            "customers.csv",
            "Contactos (1 de 1)",
        ):
            assert wanted in text
        await keys(pilot, "enter")
        assert not app.screen.query("FileStage")


async def test_a_form_fits_the_smallest_window(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "ctrl+e", "'Ana", "enter", "'Nueva", "enter")
        assert app.focused is app.screen.query_one("#customer-company-name")
        assert value(app, "given-name") == "Ana"
