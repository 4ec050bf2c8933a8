"""Articles on a channel that is written: chosen for a message, and told once one is sent with their words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atencion.scripts.acts import Advance, Capture, Quote, Send, Tell
from atencion.scripts.decide import StepRefused
from atencion.scripts.journal import Entry
from atencion.scripts.run import fold
from tests.scripts.samples import HEAD, Call, protocol

LETTER = protocol(
    HEAD
    + """\
fields:
  asunto: {type: note, label: Asunto, opens_demand: yes}
  respuesta: {type: note, label: La respuesta, answer: yes}
steps:
  - {id: leer, kind: ask, title: Leer, capture: [asunto]}
  - {id: buscar, kind: knowledge, title: Buscar}
  - {id: redactar, kind: ask, title: Redactar, capture: [respuesta]}
  - id: enviar
    kind: message
    title: Enviar
    say: "Hola, sobre {{ asunto }}: {{ respuesta }} Un saludo."
  - {id: resolver, kind: resolve, title: Resolver}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""
)
WORDS = "Se devuelve el segundo cobro.\nTarda cinco días."
ARTICLE = ("cobro", "1.0.0", "aaa")


def searching() -> Call:
    """A letter that has been read and whose answer is being looked for."""
    call = Call(LETTER)
    call.do(Capture("asunto", "Me cobran dos veces"), Advance())
    return call


def told(call: Call) -> list[Entry]:
    return [entry for entry in call.entries if entry.kind == "told"]


def test_an_article_chosen_for_a_message_is_not_told_yet() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS))
    assert told(call) == [] and call.run.known()["articulo.leido"] is False
    assert call.run.state("buscar").done


def test_it_is_told_when_its_words_are_sent_however_the_lines_are_broken() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS, "es"), Advance(), Capture("respuesta", "x"), Advance())
    call.do(Send("Hola:\n\nSe devuelve  el segundo\ncobro. Tarda cinco días. Un saludo."))
    (entry,) = told(call)
    assert (entry.step, entry.value) == ("enviar", WORDS)
    assert entry.body == {"article": "cobro", "version": "1.0.0", "hash": "aaa", "language": "es"}
    assert call.run.known()["articulo.leido"] is True and call.run.quoted == ()


def test_a_message_with_other_words_tells_nothing() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS), Advance(), Capture("respuesta", "x"), Advance(), Send("Se devuelve el cobro."))
    assert told(call) == [] and call.run.demands[-1].articles == ()


def test_it_is_told_once_by_two_messages_with_its_words() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS), Advance(), Capture("respuesta", "x"), Advance(), Send(WORDS), Send(WORDS))
    assert len(told(call)) == 1


def test_it_is_told_once_though_it_was_chosen_twice() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS), Quote(*ARTICLE, WORDS, placed=True), Advance(), Capture("respuesta", "x"))
    call.do(Advance(), Send(WORDS))
    assert len(told(call)) == 1 and call.run.demands[-1].articles == ("cobro",)


def test_it_waits_for_the_next_step_that_writes_and_for_no_other() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS))
    assert call.run.quotes_here == ()
    call.do(Advance())
    assert call.run.quotes_here == (WORDS,)
    call.do(Capture("respuesta", "Con mis palabras"), Advance())
    assert call.run.quotes_here == ()


def test_it_waits_for_nothing_once_it_is_in_a_message() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS, placed=True), Advance())
    assert call.run.quotes_here == ()


def test_words_destroyed_by_law_are_in_no_message() -> None:
    call = searching()
    call.do(Quote(*ARTICLE, WORDS))
    call.run = fold(LETTER, [replace(entry, value=None) for entry in call.entries])
    call.do(Advance(), Capture("respuesta", "x"), Advance(), Send(WORDS))
    assert told(call) == []


def test_a_journal_that_told_when_it_chose_folds_as_it_did() -> None:
    call = searching()
    call.do(Tell(*ARTICLE, WORDS), Advance(), Capture("respuesta", "x"), Advance(), Send(WORDS))
    assert fold(LETTER, call.entries).demands[-1].articles == ("cobro",)
    assert len(told(call)) == 1


def test_an_article_looked_up_while_it_is_settled_settles_nothing() -> None:
    call = searching()
    call.do(Advance(), Capture("respuesta", "x"), Advance(), Advance(), Tell(*ARTICLE, WORDS))
    with pytest.raises(StepRefused, match="cómo queda"):
        call.do(Advance())
