"""A supervisor's inbox, and what an agent sees of it at home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.desk.callbacks import Promise
from atencion.desk.case_opening import CaseRequest
from atencion.resources import shipped_protocols
from atencion.screens.call.screen import CallScreen
from atencion.screens.home import HomeScreen
from atencion.screens.inbox import InboxScreen
from atencion.widgets.key_bar import KeyBar
from atencion.widgets.pick_list import PickList
from tests.screens.conftest import NOON
from tests.screens.driving import keys, settle

SIZES = [(80, 24), (120, 36)]
Open = Callable[[str], Workstation]


@pytest.fixture
def desk(store: Path) -> Desk:
    return Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO, clock=lambda: NOON)


@pytest.fixture
def workstation(store: Path) -> Open:
    def opening() -> Desk:
        return Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO, clock=lambda: NOON)

    return lambda agent: Workstation(opening, agent)


def handed_over(desk: Desk, subject: str = "Le cobran 12 euros [bold]de más[/bold]") -> str:
    agent = desk.agent("A101")
    key = desk.cases.open(CaseRequest("reclamacion", subject), agent).case.key
    desk.handovers.hand_over(key, "cliente_insatisfecho", "No está conforme con la respuesta", agent)
    return key


def rows(app: Workstation) -> list[str]:
    return [item.id for item in app.screen.query_one("#inbox", PickList).items]


def said(app: Workstation, widget: str = "#notice") -> str:
    return str(app.screen.query_one(widget, Static).content)


def foot(app: Workstation) -> str:
    return str(app.screen.query_one(KeyBar).render())


@pytest.mark.parametrize("size", SIZES)
async def test_what_waits_is_seen_with_its_summary_and_taken_with_enter(
    desk: Desk, workstation: Open, size: tuple[int, int]
) -> None:
    key = handed_over(desk)
    app = workstation("S301")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "F6 Bandeja (1)" in foot(app) and "Ctrl+P Acciones" in foot(app) and "? Ayuda" in foot(app)
        await keys(pilot, "f6")
        assert isinstance(app.screen, InboxScreen)
        assert "F6 Devolver" in foot(app) and "Esc Volver" in foot(app)
        assert rows(app) == [f"handover {key}"]
        shown = said(app, "#inbox-text")
        assert "No está conforme con la respuesta" in shown and "[bold]de más[/bold]" in shown
        await keys(pilot, "enter")
        assert "lo lleva usted" in said(app) and rows(app) == []
        await keys(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)
    assert desk.cases.file(key).owner == "S301"


async def test_it_is_returned_with_a_reason_that_the_agent_reads_at_home(desk: Desk, workstation: Open) -> None:
    key = handed_over(desk)
    app = workstation("S301")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f6", "enter")
        assert "Escriba algo" in said(app)
        await keys(pilot, "'Falta la factura", "enter")
        assert "Devuelto" in said(app)
    app = workstation("A101")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert f"{key} devuelto por Beatriz Montealto Rey: Falta la factura" in said(app, "#home-day")
        await keys(pilot, "f4")
        assert "devuelto" not in said(app, "#home-day")


async def test_an_exception_is_approved_with_a_reason_that_the_agent_reads_at_home(
    desk: Desk, workstation: Open
) -> None:
    key = handed_over(desk)
    agent = desk.agent("A101")
    desk.exceptions.ask(key, "Devolver [b]60[/b] euros", "Se cobró dos veces", agent, amount_cents=60_00)
    app = workstation("S301")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6")
        assert rows(app) == ["exception 1", f"handover {key}"]
        shown = said(app, "#inbox-text")
        assert "60,00" in shown and "Devolver [b]60[/b] euros" in shown and "Se cobró dos veces" in shown
        await keys(pilot, "enter", "'Está el doble cargo", "enter")
        assert "Aprobada" in said(app) and rows(app) == [f"handover {key}"]
    app = workstation("A101")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert f"{key} aprobada por Beatriz Montealto Rey: Está el doble cargo" in said(app, "#home-day")
        await keys(pilot, "f4")
        assert "aprobada" not in said(app, "#home-day")


async def test_an_exception_is_refused_with_a_reason(desk: Desk, workstation: Open) -> None:
    key = desk.cases.open(CaseRequest("queja", "Una queja"), desk.agent("A101")).case.key
    desk.exceptions.ask(key, "Que vaya un técnico hoy", "Hay un bebé en casa", desk.agent("A101"))
    app = workstation("S301")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f6", "'No quedan técnicos", "enter")
        assert "Rechazada" in said(app) and rows(app) == []
    (news,) = desk.exceptions.news(desk.agent("A101"))
    assert (news.state, news.reason) == ("refused", "No quedan técnicos")


async def test_each_item_is_answered_with_its_reasons(desk: Desk, workstation: Open) -> None:
    agent = desk.agent("A101")
    key = desk.cases.open(CaseRequest("queja", "Dos cosas", items=("Una disculpa", "Doce euros")), agent).case.key
    desk.handovers.hand_over(key, "cliente_insatisfecho", "Pide dos cosas", agent)
    app = workstation("S301")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f9", "1", "enter", "'Tiene razón y lo sentimos", "enter")
        await keys(pilot, "3", "enter", "'El cargo es el del contrato", "enter")
        assert "Resuelto" in said(app)
    file = desk.cases.file(key)
    assert [(item.decision, item.reasons) for item in file.items] == [
        ("accepted", "Tiene razón y lo sentimos"),
        ("refused", "El cargo es el del contrato"),
    ]


async def test_what_the_law_refuses_is_told_and_nothing_changes(desk: Desk, workstation: Open) -> None:
    agent = desk.agent("A101")
    key = desk.cases.open(CaseRequest("queja", "Dos cosas", items=("Una disculpa", "Doce euros")), agent).case.key
    desk.handovers.hand_over(key, "cliente_insatisfecho", "Pide dos cosas", agent)
    app = workstation("S301")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f9", "3", "enter", "'Hemos revisado su caso", "enter")
        await keys(pilot, "3", "enter", "'Hemos revisado su caso", "enter")
        assert "El mismo texto" in said(app) and "13.1" in said(app)
    assert desk.cases.file(key).case.status == "escalated"


async def test_escape_leaves_what_was_being_typed_and_changes_nothing(desk: Desk, workstation: Open) -> None:
    key = handed_over(desk)
    app = workstation("S301")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f4", "'a medias", "escape")
        assert isinstance(app.screen, InboxScreen) and rows(app) == [f"handover {key}"]
    assert "comment" not in [event.kind for event in desk.cases.file(key).events]


async def test_a_comment_and_another_owner_are_written_down(desk: Desk, workstation: Open) -> None:
    key = handed_over(desk)
    app = workstation("S301")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f4", "'Mire la lectura", "enter")
        assert "Mire la lectura" in said(app, "#inbox-text")
        await keys(pilot, "f2", *"teresa", "enter")
        assert "Lo lleva Teresa" in said(app)
    assert desk.cases.file(key).owner == "A108"


async def test_who_asked_for_a_supervisor_comes_first_with_the_time_that_is_left(desk: Desk, workstation: Open) -> None:
    handed_over(desk)
    request = desk.callbacks.ask_supervisor(desk.agent("A101"))
    app = workstation("S301")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6")
        assert rows(app)[0] == f"request {request.id}"
        first = app.screen.query_one("#inbox", PickList).items[0]
        assert first.detail == "quedan 3:00"
        await keys(pilot, "enter")
    assert desk.callbacks.request(request.id).state == "taken"


async def test_an_agent_has_no_inbox(workstation: Open) -> None:
    app = workstation("A101")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6")
        assert isinstance(app.screen, HomeScreen)
        labels = [key.label for key in HomeScreen.keys(app.screen)]
        assert "Bandeja" not in labels


async def test_promised_calls_stand_at_home_in_order_and_enter_makes_the_first(desk: Desk, workstation: Open) -> None:
    agent = desk.agent("A101")
    for hours in (3, 1):
        start = NOON + timedelta(hours=hours)
        promise = Promise("749037199", start, start + timedelta(hours=1), reason=f"dentro de {hours} h")
        desk.callbacks.promise(promise, agent)
    app = workstation("A101")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        items = app.screen.query_one(PickList).items
        assert [item.detail.split("  ")[-1] for item in items[:2]] == ["dentro de 1 h", "dentro de 3 h"]
        await keys(pilot, "enter")
        assert isinstance(app.screen, CallScreen)
    assert [one.reason for one in desk.callbacks.due(agent)] == ["dentro de 3 h"]
    assert desk.interactions()[0].direction == "outbound"


async def test_what_is_decided_is_shown_whole_and_told_with_the_same_key(desk: Desk, workstation: Open) -> None:
    demand = "Le cobran de más " * 50
    request = CaseRequest("reclamacion", "Cobro", items=(demand,), received_at=NOON - timedelta(days=60))
    key = desk.cases.open(request, desk.agent("A101")).case.key
    app = workstation("S301")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f6", "f9")
        assert said(app, "#inbox-about").endswith("…") and "Le cobran" not in said(app, "#inbox-text")
        choice = app.screen.query_one("#inbox-choice", PickList)
        assert choice.region.height >= 3 and app.screen.region.contains_region(choice.region)
        await keys(pilot, "1", "enter")
        assert "aceptada" in said(app, "#inbox-caption") and "motivos" in said(app, "#inbox-caption")
        assert app.screen.region.contains_region(app.screen.query_one("#inbox-note").region)
        await keys(pilot, "'Tiene razón", "enter")
        assert rows(app) == [f"untold {key}"] and "Intro Comunicar" in foot(app)
        await keys(pilot, "enter", "escape")
        assert desk.cases.file(key).case.status == "resolved"
        await keys(pilot, "f9")
        assert "Tiene razón" in said(app, "#inbox-text") and "Teléfono" in said(app, "#inbox-caption")
        await keys(pilot, "enter")
        assert "Comunicado" in said(app)
    assert desk.cases.file(key).case.status == "notified"
