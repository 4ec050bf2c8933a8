"""The summary for whoever takes a demand over."""

from __future__ import annotations

from atencion.scripts.acts import Advance, Capture, Note, Say, Tell
from atencion.scripts.handover import summary_of
from tests.scripts.samples import Call, protocol


def call() -> Call:
    made = Call(protocol())
    made.do(Say("Hola"), Advance())
    return made


def test_before_anything_is_known_there_is_nothing_to_say() -> None:
    assert summary_of(call().run, {}) == ""


def test_it_holds_the_demand_what_was_written_down_and_the_notes() -> None:
    made = call()
    made.do(Capture("motivo", "a"), Capture("demanda", "Me han cobrado dos veces"), Capture("importe", "12,40"))
    made.do(Note("Prefiere que le llamen por la tarde"))
    assert summary_of(made.run, {}) == (
        "Me han cobrado dos veces\nImporte: 12,40\u00a0€\nPrefiere que le llamen por la tarde"
    )


def test_it_says_which_articles_were_told_by_their_titles() -> None:
    made = call()
    made.do(Capture("demanda", "Una duda"), Tell("cobro-duplicado", "1.0.0", "h", "Le devolvemos uno"))
    assert summary_of(made.run, {"cobro-duplicado": "Me cobran dos veces"}).endswith(
        "Ya se le ha dicho: «Me cobran dos veces»"
    )
