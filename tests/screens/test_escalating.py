"""Handing a demand over in a call, warm or cold, and asking a supervisor for what an agent may not decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.data.engine import StoreKind
from atencion.data.handovers import Handover
from atencion.desk import Desk
from atencion.desk.interaction import Interaction
from atencion.errors import StoreError
from tests.folders import shipped_call
from tests.screens.conftest import NOON
from tests.screens.driving import keys, settle
from tests.screens.test_calls import ASKED, SIZES, call_of, notice
from tests.screens.test_pictures import ANSWERED

COMPLEX_BILL = ("9", "enter")
DECIDING = (*ANSWERED, "enter", "enter")


@pytest.fixture
def desk(store: Path, tmp_path: Path) -> Desk:
    protocols = shipped_call(tmp_path / "protocols")
    return Desk.open(str(store), protocols, kind=StoreKind.DEMO, clock=lambda: NOON)


@pytest.fixture
def app(desk: Desk) -> Workstation:
    return Workstation(lambda: desk, "A101")


def waiting(desk: Desk) -> list[Handover]:
    """What was handed over in the call, beside what the sample has."""
    return [one for one in desk.handovers.waiting() if one.agent == desk.agent("A101").name]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("pressed", "is_warm"), [((), True), (("ctrl+o",), False), (("ctrl+o", "ctrl+o"), True)])
async def test_the_agent_chooses_with_a_key_whether_it_is_passed_on_warm(
    app: Workstation, desk: Desk, size: tuple[int, int], pressed: tuple[str, ...], is_warm: bool
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", *COMPLEX_BILL, *pressed)
        how = str(app.screen.query_one("#how", Static).content)
        assert ("de viva voz" in how) == is_warm
        await keys(pilot, "enter")
        assert ("A quien la recibe" in str(app.screen.query_one("#case-key", Static).content)) == is_warm
    assert [one.warm for one in waiting(desk)] == [is_warm]


async def test_an_enter_too_many_gives_no_reason(app: Workstation, desk: Desk) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", "enter", "enter")
        assert "Falta el motivo" in notice(app)
        assert app.screen.query_one("#reason").picked is None  # type: ignore[attr-defined]
    assert waiting(desk) == []


async def test_what_was_handed_over_is_not_handed_over_again_by_the_step_for_it(app: Workstation, desk: Desk) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *DECIDING, "f6", *COMPLEX_BILL, "enter", "enter", "2", "enter")
        call = call_of(app).call
        assert str(call.run.case) in str(app.screen.query_one("#case-key", Static).content).replace(" ", "")
        await keys(pilot, "enter")
        assert call.run.step == "clave"
    assert len(waiting(desk)) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_an_exception_is_asked_for_in_the_case_that_was_opened(
    app: Workstation, desk: Desk, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", *COMPLEX_BILL, "enter", "ctrl+d")
        await keys(pilot, "'Devolver 60 euros", "enter", "'sesenta", "enter", "'Se cobró dos veces", "enter")
        assert "Ese importe no sirve" in notice(app)
        await keys(pilot, "shift+tab", *["backspace"] * 7, "'60", "enter", "enter")
        assert "Pedida" in notice(app)
        assert not app.screen.query("ExceptionStage")
    (asked,), (handed_over,) = desk.exceptions.waiting(), waiting(desk)
    assert (asked.case_key, asked.what, asked.amount_cents) == (handed_over.case_key, "Devolver 60 euros", 6000)
    assert asked.why == "Se cobró dos veces"


async def test_an_exception_is_asked_for_once_though_its_draft_cannot_be_cleared(
    app: Workstation, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_call: Interaction, _slot: str, _text: str) -> None:
        raise StoreError("No se puede escribir.")

    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", *COMPLEX_BILL, "enter", "ctrl+d")
        await keys(pilot, "'Devolver 6 euros", "enter", "enter", "'Se cobró dos veces")
        monkeypatch.setattr(Interaction, "save_draft", fails)
        await keys(pilot, "enter")
        assert not app.screen.query("ExceptionStage")
        monkeypatch.undo()
        await keys(pilot, "f6", "ctrl+d")
        assert app.screen.query_one("#exception-why").text == ""  # type: ignore[attr-defined]
    assert len(desk.exceptions.waiting()) == 1


async def test_without_a_case_it_is_said_how_to_have_one(app: Workstation) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", "ctrl+d", "'Algo", "enter", "enter", "'Porque sí", "enter")
        assert "se pide en un expediente" in notice(app)
        await keys(pilot, "escape", "f6", "ctrl+d")
        assert app.screen.query_one("#exception-why").text == "Porque sí"  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_the_key_of_what_was_handed_over_is_told_before_the_conversation_ends(
    app: Workstation, desk: Desk, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", *COMPLEX_BILL, "enter", "escape")
        call = call_of(app).call
        (key,) = call.run.untold_keys
        await keys(pilot, "f6")
        assert key in str(app.screen.query_one("#case-key", Static).content).replace(" ", "")
        await keys(pilot, "enter")
        assert call.run.untold_keys == () and not app.screen.query("EscalateStage")
        assert [one.body for one in desk.record_of(call.id).entries if one.kind == "key_told"] == [{"case": key}]


async def test_all_the_keys_that_nobody_has_told_are_shown_and_told_at_once(app: Workstation, desk: Desk) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED)
        call = call_of(app).call
        for words in ("La factura de mayo", "La de junio"):
            call.escalate("factura_compleja", None, words)
        await keys(pilot, "escape", "f6")  # Going back reads the call anew.
        shown = str(app.screen.query_one("#case-key", Static).content).replace(" ", "")
        assert len(call.run.untold_keys) == 2 and all(key in shown for key in call.run.untold_keys)
        await keys(pilot, "enter")
        assert call.run.untold_keys == ()
