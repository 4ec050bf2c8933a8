"""The answer in few keys: told, judged, asked about, missed; and what there is to see to afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from textual.widgets import Static

from atencion.app import Workstation
from atencion.data.articles import get_article, put_article
from atencion.screens.call.screen import CallScreen
from atencion.screens.upkeep import UpkeepScreen
from atencion.widgets.pick_list import PickList
from tests.screens.conftest import MakeApp, MakeAppOn
from tests.screens.driving import keys, settle

SPOKEN = ("enter", "s", "enter", "2", "enter", "'Me cobran dos veces la luz")


def kinds(app: Workstation) -> list[str]:
    assert app.desk is not None and isinstance(app.screen, CallScreen)
    return [entry.kind for entry in app.desk.record_of(app.screen.call.id).entries]


def notice(app: Workstation) -> str:
    return str(app.screen.query_one("#notice", Static).content)


async def test_a_spoken_question_is_answered_in_two_keys_from_any_step(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SPOKEN, "f3", "'me cobran dos veces la luz")
        listed = app.screen.query_one("#articles", PickList)
        assert listed.items[0].id == "cobro-duplicado"
        await keys(pilot, "enter")
        assert kinds(app)[-1] == "told"
        assert "Leído" in notice(app)


async def test_an_expired_article_says_so_and_is_refused(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert app.desk is not None
        with app.desk.store.writing() as connection:
            article = get_article(connection, "cobro-duplicado")
            assert article is not None
            old = replace(article, id="zafiro", title="Pulir zafiros", valid_to=date(2026, 1, 2))
            put_article(connection, old)
        await keys(pilot, *SPOKEN, "f3", "'pulir zafiros")
        assert "Caducó el 02/01/2026" in str(app.screen.query_one("#article-warning", Static).content)
        listed = app.screen.query_one("#articles", PickList)
        while listed.highlighted is not None and listed.highlighted.id != "zafiro":
            await keys(pilot, "down")
        await keys(pilot, "enter")
        assert "no se puede dar como respuesta" in notice(app)
        assert "told" not in kinds(app)


async def test_an_article_is_judged_with_a_word(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SPOKEN, "f3", "'me cobran dos veces", "ctrl+k", "down", "enter", "'falta el plazo", "enter")
        assert kinds(app)[-1] == "judged"
        assert app.desk is not None
        (judged,) = app.desk.knowledge.upkeep().contradicted
        assert (judged.verdict, judged.words) == ("wrong", "falta el plazo")


async def test_a_superior_is_asked_and_the_answer_written_down(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SPOKEN, "f3", "'puedo pulir un zafiro", "ctrl+d", "enter", "'Sí puede", "enter")
        assert kinds(app)[-2:] == ["consulted", "advised"]


async def test_a_question_without_answer_reaches_whoever_keeps_the_articles_and_is_closed(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SPOKEN, "f3", "'xilofonos zurdos", "ctrl+o")
        assert kinds(app)[-1] == "not_found"
        await keys(pilot, "escape", "ctrl+l", "f3")
        assert isinstance(app.screen, UpkeepScreen)
        assert app.screen.query_one(PickList).items[0].label == "xilofonos zurdos"
        await keys(pilot, "enter", "'cobro-duplicado", "enter")
        assert "Cerrada: 1 vez" in notice(app)
        assert app.desk is not None and app.desk.knowledge.upkeep().gaps == ()


SEARCHING = """\
title: Buscar
channels: [phone]
valid: {from: "2026-01-01"}
steps:
  - {id: buscar, kind: knowledge, title: Buscar}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""


async def test_the_words_to_read_are_those_for_the_customer_once_it_is_known_who_they_are(
    make_app_on: MakeAppOn,
) -> None:
    app = make_app_on({"phone/buscar": SEARCHING})
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert app.desk is not None
        with app.desk.store.writing() as connection:
            article = get_article(connection, "cobro-duplicado")
            assert article is not None
            own = replace(article, id="zafiro", title="Pulir zafiros", say="Se pule, {{ cliente.nombre }}.", says=())
            put_article(connection, own)
        await keys(pilot, "enter", "'pulir zafiros", "f2", "'749037199", "enter", "'03/01/1955", "enter", "'36205")
        await keys(pilot, "enter", "escape")
        said = str(app.screen.query_one("#article-say", Static).content)
        assert "Se pule" in said and "‹" not in said
