"""Contacts in writing: the message is put right, measured and sent, and stands in the journal word for word."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from atencion.app import Workstation
from atencion.desk.interaction import Interaction
from atencion.resources import shipped_protocols
from atencion.screens.call.screen import CallScreen
from atencion.scripts.run import Run
from atencion.widgets.fields import LineField, MessageField, NoteField
from tests.folders import LETTER, SEVERAL, TEXT_MESSAGE, protocols_folder
from tests.screens.conftest import MakeAppOn
from tests.screens.driving import keys, settle
from tests.stores import locked

ANSWERING = ("2", "enter", "'su factura", "enter")


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


def message(app: Workstation) -> MessageField:
    return app.screen.query_one("#message", MessageField)


def gauge(app: Workstation) -> str:
    return str(app.screen.query_one("#gauge", Static).content)


def sent(app: Workstation) -> list[str | None]:
    assert app.desk is not None
    entries = app.desk.record_of(call_of(app).call.id).entries
    return [entry.value for entry in entries if entry.kind == "sent"]


def kinds(app: Workstation) -> list[str]:
    assert app.desk is not None
    return [entry.kind for entry in app.desk.record_of(call_of(app).call.id).entries]


async def test_what_the_message_lacks_is_said_and_keeps_it_from_being_sent(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ANSWERING)
        assert message(app).text.startswith("Hola:\n\nGracias por escribirnos sobre su factura.")
        assert "Falta: clave del expediente" in gauge(app)
        await keys(pilot, "ctrl+r")
        assert "le falta: clave del expediente" in str(app.screen.query_one("#notice", Static).content)
        assert sent(app) == []


async def test_what_is_sent_is_in_the_journal_word_for_word(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ANSWERING)
        message(app).text = "Hola, Ana:\n\nYa está resuelto."
        await keys(pilot, "ctrl+r")
        assert sent(app) == ["Hola, Ana:\n\nYa está resuelto."]
        assert call_of(app).call.run.step == "cierre"
        assert not [slot for slot in call_of(app).call.drafts() if slot.startswith("send")]


async def test_enter_begins_a_line_in_the_message_and_sends_nothing(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ANSWERING)
        before = message(app).text
        await keys(pilot, "enter")
        assert message(app).text == before + "\n"
        assert call_of(app).call.run.step == "responder"


async def test_a_message_half_written_is_there_when_the_contact_is_taken_up(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ANSWERING)
        message(app).text = "A medio escri"
        await keys(pilot, "ctrl+l", "enter")
        assert message(app).text == "A medio escri"
        await keys(pilot, "ctrl+o")
        assert message(app).text.startswith("Hola:")


async def test_a_text_message_shows_its_segments_and_what_makes_them_shorter(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "3", "enter")
        assert "UCS-2, donde caben menos, por: í" in gauge(app)
        message(app).text = "a" * 161
        await settle(pilot)
        assert "2 SMS · caben 145 más" in gauge(app)


@pytest.mark.parametrize(("letters", "told"), [(280, "280 de 280"), (281, "sobran 1")])
async def test_what_does_not_fit_in_its_channel_is_not_sent(make_app_on: MakeAppOn, letters: int, told: str) -> None:
    app = make_app_on({"social/a": TEXT_MESSAGE.replace("[sms]", "[social]")})
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter")
        message(app).text = "a" * letters
        await settle(pilot)
        assert told in gauge(app)
        await keys(pilot, "ctrl+r")
        assert sent(app) == (["a" * letters] if letters <= 280 else [])


TOOLS = {
    "identify": "title: Quién es",
    "knowledge": "title: Buscar, query: asunto",
    "resolve": "title: Cómo queda, outcomes: [resuelta]",
    "escalate": "title: Derivar, departments: [facturacion]",
}


def with_step(kind: str) -> dict[str, str]:
    """A letter that is answered in a step of that kind, which has words."""
    step = f"  - {{id: aqui, kind: {kind}, {TOOLS[kind]}, say: 'Hola, {{{{ agente.alias }}}}.'}}\n"
    return {
        "email/carta": LETTER.partition("  - id: responder")[0] + step + "  - {id: cierre, kind: wrap_up, title: Fin}\n"
    }


async def arrive(pilot: Pilot[object]) -> None:
    await settle(pilot)
    await keys(pilot, "enter", "'su factura", "enter")


@pytest.mark.parametrize("kind", TOOLS)
async def test_the_words_of_any_step_are_sent_only_as_the_agent_saw_them(make_app_on: MakeAppOn, kind: str) -> None:
    app = make_app_on(with_step(kind))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert message(app).text == "Hola, Marina." and message(app).has_focus
        message(app).text = "Buenos días."
        await keys(pilot, "ctrl+r")
        assert sent(app) == ["Buenos días."] and call_of(app).call.run.step == "aqui"
        assert "✓ Enviado" in gauge(app) and not message(app).has_focus
        assert not [slot for slot in call_of(app).call.drafts() if slot.startswith("send")]


@pytest.mark.parametrize(("kind", "doing"), [("identify", ()), ("knowledge", ("enter",))])
async def test_a_step_left_without_its_message_asks_once_and_writes_that_nothing_was_sent(
    make_app_on: MakeAppOn, kind: str, doing: tuple[str, ...]
) -> None:
    app = make_app_on(with_step(kind))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await keys(pilot, "tab", *doing, "enter")
        assert "El mensaje no se ha enviado" in str(app.screen.query_one("#notice", Static).content)
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "cierre"
        assert sent(app) == [] and "said" not in kinds(app)


async def test_how_it_ends_is_written_without_a_message_that_was_not_sent(make_app_on: MakeAppOn) -> None:
    app = make_app_on(with_step("resolve"))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await keys(pilot, "tab", "1", "enter", "'Se le devuelve", "enter", "enter")
        assert call_of(app).call.run.outcome == "resuelta"
        assert sent(app) == [] and "said" not in kinds(app)


async def test_the_key_of_the_case_is_in_the_message_once_it_is_open(make_app_on: MakeAppOn) -> None:
    folder = with_step("escalate")
    folder["email/carta"] = folder["email/carta"].replace("agente.alias", "expediente.clave")
    app = make_app_on(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert "Falta: clave del expediente" in gauge(app) and not message(app).has_focus
        await keys(pilot, "enter", "enter")
        assert sent(app) == [] and "said" not in kinds(app)
        key = call_of(app).call.run.case
        assert key and message(app).text == f"Hola, {key}." and message(app).has_focus
        await keys(pilot, "ctrl+r", "enter")
        assert sent(app) == [f"Hola, {key}."] and call_of(app).call.run.step == "cierre"


def notice(app: Workstation) -> str:
    return str(app.screen.query_one("#notice", Static).content)


def of_kind(app: Workstation, kind: str) -> list[str | None]:
    assert app.desk is not None
    return [one.value for one in app.desk.record_of(call_of(app).call.id).entries if one.kind == kind]


async def test_an_article_is_put_into_the_message_after_its_greeting_and_not_told_before_it_is_sent(
    make_app_on: MakeAppOn,
) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ANSWERING)
        greeting, _gap, rest = message(app).text.partition("\n\n")
        await keys(pilot, "f3", "'me han cobrado dos veces")
        assert call_of(app).keys()[0].label == "Poner en el mensaje"
        await keys(pilot, "enter", "escape")
        (words,) = of_kind(app, "quoted")
        assert words is not None and words.startswith("Si el mismo recibo se pagó dos veces")
        assert message(app).text == f"{greeting}\n\n{words}\n\n{rest}"
        assert of_kind(app, "told") == []
        message(app).text = f"Hola:\n\n{words}"
        await keys(pilot, "ctrl+r")
        assert of_kind(app, "told") == [words]


async def test_an_article_is_put_where_the_cursor_was_left(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ANSWERING)
        message(app).text = "Hola:\n\nLe cuento. Un saludo."
        message(app).cursor_location = (2, len("Le cuento. "))
        await keys(pilot, "f3", "'me han cobrado dos veces", "enter", "escape")
        assert message(app).text.startswith("Hola:\n\nLe cuento. Si el mismo recibo")
        assert message(app).text.endswith("Un saludo.")


@pytest.fixture
def reply(tmp_path: Path, make_app_on: MakeAppOn) -> Workstation:
    """A workstation with the shipped protocol that answers letters, and no other."""
    folder, shipped = protocols_folder(tmp_path / "protocols", {}), shipped_protocols()
    shutil.copytree(shipped / "common", folder / "common")
    shutil.copytree(shipped / "email", folder / "email")
    return make_app_on({})


SEARCHED = ("enter", "'Me cobran dos veces la luz", "enter", "1", "enter", "n", "enter")
"""A letter is read, and is a general question without documents: its answer is looked for."""


async def test_a_letter_is_answered_with_the_article_that_was_chosen_and_is_told_once_it_is_sent(
    reply: Workstation,
) -> None:
    async with reply.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SEARCHED)
        assert call_of(reply).call.run.step == "buscar"
        assert call_of(reply).keys()[0].label == "Poner en el mensaje"
        await keys(pilot, "enter")
        assert "Irá en el mensaje" in notice(reply)
        await keys(pilot, "enter")
        (words,) = of_kind(reply, "quoted")
        assert reply.screen.query_one(NoteField).text == words
        await keys(pilot, "enter")
        assert of_kind(reply, "told") == [] and words in message(reply).text
        assert reply.screen.query_one("#message", MessageField).text.count(str(words)) == 1
        await keys(pilot, "tab", "space", "ctrl+r")
        assert of_kind(reply, "told") == [words]


async def test_an_answer_in_other_words_tells_no_article(reply: Workstation) -> None:
    async with reply.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SEARCHED, "enter", "enter")
        reply.screen.query_one(NoteField).text = "Le devolvemos el dinero que se cobró de más."
        await keys(pilot, "enter", "tab", "space", "ctrl+r")
        assert sent(reply) and of_kind(reply, "told") == []


async def test_an_article_looked_up_while_the_answer_is_written_goes_into_it(reply: Workstation) -> None:
    async with reply.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *SEARCHED, "ctrl+o", "enter", "'Verá: ", "f3", "'me cobran dos veces", "enter", "escape")
        (words,) = of_kind(reply, "quoted")
        assert reply.screen.query_one(NoteField).text == f"Verá: {words}"
        assert "Puesto en el mensaje" in notice(reply)


SHORT = {
    "email/corto": """\
title: Responder en una frase
channels: [email]
valid: {from: "2026-01-01"}
fields:
  respuesta: {type: text, label: La respuesta, answer: yes}
steps:
  - {id: redactar, kind: ask, title: Redactar, capture: [respuesta]}
  - {id: enviar, kind: message, title: Enviar, say: "Hola: {{ respuesta }}"}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""
}


async def test_words_that_do_not_fit_are_not_put_in_part_and_it_is_said(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SHORT)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", f"'{'a' * 250}", "f3", "'me cobran dos veces", "enter")
        assert "No cabe en el mensaje" in notice(app)
        assert of_kind(app, "quoted") == []
        await keys(pilot, "escape", "ctrl+u", "f3", "'me cobran dos veces", "enter", "escape")
        (words,) = of_kind(app, "quoted")
        assert app.screen.query_one(LineField).value == words


async def test_words_are_in_what_is_kept_of_the_answer_before_it_is_written_that_they_were_put_there(
    make_app_on: MakeAppOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    tell = Interaction.tell

    def told(call: Interaction, *given: Any, **more: Any) -> Run:
        kept.extend(call.drafts().values())
        return tell(call, *given, **more)

    app = make_app_on(SHORT)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        monkeypatch.setattr(Interaction, "tell", told)
        await keys(pilot, "enter", "f3", "'me cobran dos veces", "enter")
        (words,) = of_kind(app, "quoted")
        assert words in kept


async def test_words_whose_choice_could_not_be_written_are_not_put_twice(make_app_on: MakeAppOn, store: Path) -> None:
    app = make_app_on(SHORT)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "f3", "'me cobran dos veces")
        assert app.desk is not None
        with locked(app.desk.store, store):
            await keys(pilot, "enter")
            assert of_kind(app, "quoted") == []
        await keys(pilot, "enter", "escape")
        assert [app.screen.query_one(LineField).value] == of_kind(app, "quoted")
