"""Articles in a call and their upkeep, on each engine: told in their exact version, missed, judged, asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from atencion.data.agents import AgentRecord
from atencion.data.articles import ArticleRecord, put_articles
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.customers import ContactKind, ContactRecord, CustomerRecord, add_customer
from atencion.desk import Desk, Interaction
from atencion.errors import Refused
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Advance, Capture, Say, Send, Tell
from tests.desk.test_interaction import MORNING, Clock
from tests.stores import *  # noqa: F403

MOVE = ArticleRecord(
    "mudanza-prueba",
    "Trasladar el zafiro",
    "Le trasladamos el zafiro, {{ cliente.nombre }}.",
    "Sin coste.",
    version="1.0.0",
    hash="aaa",
    says=(("ca", "Li traslladem el safir."),),
    valid_from=date(2026, 1, 1),
)
OLD = ArticleRecord(
    "zafiro-viejo", "Zafiro: lo de antes", "Antes.", hash="b", valid_to=date(2025, 12, 31), replaced_by="mudanza-prueba"
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store_url: str, clock: Clock) -> Iterator[Desk]:
    opened = Desk.open(store_url, shipped_protocols(), clock=clock)
    opened.put_agent(AgentRecord("A1", "Marta Inventada", "Marta"))
    opened.put_agent(AgentRecord("S1", "Jefa Inventada", "Jefa", role="supervisor"))
    phone = ContactRecord(ContactKind.PHONE, "749 037 199", "+34749037199")
    clara = CustomerRecord(
        external_id="C-1",
        given_name="Clara",
        surnames="Inventada",
        language="ca",
        birth_date=date(1980, 12, 31),
        contacts=(phone,),
    )
    with opened.store.writing() as connection:
        put_articles(connection, [MOVE, OLD])
        add_customer(connection, clara, at=MORNING)
        put_products(connection, [ProductRecord("SAFIR", "Zafiro", "joyas")])
        put_contracts(connection, [NewContract("C-1", "L-100", "SAFIR")])
    yield opened
    opened.close()


@pytest.fixture
def call(desk: Desk) -> Interaction:
    opened = desk.open_interaction(desk.agent("A1"), "phone/inbound")
    opened.record(Say(), Capture("permiso_grabar", "s"), Advance())
    return opened


def last(desk: Desk, call: Interaction) -> tuple[str, dict[str, object], str | None]:
    entry = desk.record_of(call.id).entries[-1]
    return entry.kind, dict(entry.body), entry.value


def test_the_journal_keeps_article_version_hash_and_words(desk: Desk, call: Interaction) -> None:
    call.tell("mudanza-prueba", "zafiro", 2)
    kind, body, words = last(desk, call)
    assert (kind, words) == ("told", "Le trasladamos el zafiro, ‹nombre del cliente›.")
    assert body == {"article": "mudanza-prueba", "version": "1.0.0", "hash": "aaa", "language": "es"}


def test_the_words_are_had_in_another_language_for_a_written_reply(call: Interaction) -> None:
    article = call.article("mudanza-prueba")
    assert article is not None
    assert call.article_words(article, "ca") == ("ca", "Li traslladem el safir.")
    assert call.article_words(article, "eu")[0] == "es"


def test_in_writing_only_what_was_sent_was_told(desk: Desk) -> None:
    letter = desk.open_interaction(desk.agent("A1"), "email/reply")
    letter.tell("mudanza-prueba", language="ca")
    assert last(desk, letter)[0] == "quoted" and desk.knowledge.told("mudanza-prueba") == []
    letter.record(
        Capture("asunto_correo", "El safir"), Capture("tipo_correo", "consulta"), Capture("trae_adjuntos", "no"),
        Advance(), Advance(),
    )  # fmt: skip
    view = letter.step_view()
    assert view is not None and [one.proposed for one in view.fields] == ["Li traslladem el safir."]
    letter.record(Capture("respuesta", "Li traslladem el safir, és clar que sí."), Advance())
    letter.record(Send("Hola! Li traslladem el safir, és clar."))
    assert desk.knowledge.told("mudanza-prueba") == []
    letter.record(Send("Hola!\n\nLi traslladem el safir."))
    (told,) = desk.knowledge.told("mudanza-prueba", "1.0.0")
    assert (told.words, told.interaction_id) == ("Li traslladem el safir.", letter.id)


def test_words_that_an_answer_cannot_hold_are_told_to_be_so(desk: Desk) -> None:
    message = desk.open_interaction(desk.agent("A1"), "sms/reply")
    message.record(Capture("texto_sms", "¿Y el zafiro?"), Capture("tipo_sms", "general"), Advance())
    message.tell("mudanza-prueba")  # with ‹ ›, which no SMS of one part has
    message.record(Advance())
    view = message.step_view()
    assert view is not None and [(one.proposed, "no cabe aquí" in one.help) for one in view.fields] == [("", True)]


def test_nothing_is_read_aloud_in_writing(desk: Desk) -> None:
    letter = desk.open_interaction(desk.agent("A1"), "email/reply")
    with pytest.raises(Refused, match="se escribe"):
        letter.record(Tell("mudanza-prueba", "1.0.0", "aaa", "Así."))


def test_articles_of_the_customer_s_products_come_first_once_it_is_known_who_they_are(
    desk: Desk, call: Interaction
) -> None:
    ruby = ArticleRecord("a-rubi", "Pulir la joya", "Se pule.", products=("RUBI",))
    with desk.store.writing() as connection:
        put_articles(connection, [ruby, replace(ruby, id="b-zafiro", products=("joyas", "SAFIR"))])
    call.pick(desk.find_customers("Clara")[0].customer_id)
    assert [one.article.id for one in call.search("pulir la joya").found] == ["a-rubi", "b-zafiro"]
    call.identify("birth_date", "31/12/1980")
    assert call.identify("phone", "749037199").verified
    found = call.search("pulir la joya").found
    assert [(one.article.id, one.of_own_product) for one in found] == [("b-zafiro", True), ("a-rubi", False)]


def test_an_expired_article_is_found_last_and_never_told(desk: Desk, call: Interaction) -> None:
    found = call.search("zafiro").found
    assert [(one.article.id, one.validity.value) for one in found][-1] == ("zafiro-viejo", "expired")
    with pytest.raises(Refused, match=r"caducó el 31/12/2025") as refused:
        call.tell("zafiro-viejo")
    assert "mudanza-prueba" in refused.value.remedy
    assert "told" not in {entry.kind for entry in desk.record_of(call.id).entries}


def test_a_question_without_answer_becomes_a_gap_that_an_article_closes(desk: Desk, call: Interaction) -> None:
    call.not_found("cómo pulo un zafiro")
    call.not_found("pulir zafiros, cómo")
    call.not_found("otra cosa distinta")
    gaps = desk.knowledge.upkeep().gaps
    assert [(gap.times, gap.question) for gap in gaps] == [(2, "pulir zafiros, cómo"), (1, "otra cosa distinta")]
    with pytest.raises(Refused, match="en vigor"):
        desk.knowledge.answer_gap(gaps[0].number, "zafiro-viejo")
    assert desk.knowledge.answer_gap(gaps[0].number, "mudanza-prueba", desk.agent("S1")) == 2
    assert desk.knowledge.dismiss_gap(gaps[1].number, "no es nuestro") == 1
    assert desk.knowledge.upkeep().gaps == ()
    with pytest.raises(Refused, match="pendiente"):
        desk.knowledge.answer_gap(gaps[0].number, "mudanza-prueba")


def test_a_search_that_found_nothing_is_told_apart(desk: Desk, call: Interaction) -> None:
    call.found_nothing("qwertyuiop")
    upkeep = desk.knowledge.upkeep()
    assert [gap.question for gap in upkeep.without_result] == ["qwertyuiop"]
    assert upkeep.gaps == ()


def test_who_was_told_a_version_that_turned_out_wrong_is_listed(desk: Desk, call: Interaction) -> None:
    call.pick(desk.find_customers("Clara")[0].customer_id)
    call.tell("mudanza-prueba")
    with desk.store.writing() as connection:
        put_articles(connection, [replace(MOVE, say="Ya no.", version="2.0.0", hash="ccc")], at=MORNING)
    call.tell("mudanza-prueba")
    (told,) = desk.knowledge.told("mudanza-prueba", "1.0.0")
    assert (told.customer, told.phone, told.version) == ("Clara Inventada", "749 037 199", "1.0.0")
    assert told.words.startswith("Le trasladamos")
    assert len(desk.knowledge.told("mudanza-prueba")) == 2
    assert [one.version for one in desk.knowledge.told("mudanza-prueba", "ccc")] == ["2.0.0"]


def test_history_and_difference_of_versions(desk: Desk) -> None:
    with desk.store.writing() as connection:
        put_articles(connection, [replace(MOVE, say="Ya no.", version="2.0.0", hash="ccc")], at=MORNING)
    assert [(one.article.version, one.until) for one in desk.knowledge.history(MOVE.id)] == [
        ("2.0.0", None),
        ("1.0.0", MORNING),
    ]
    diff = desk.knowledge.diff(MOVE.id)
    assert "+say: Ya no." in diff and any(line.startswith("-say: Le trasladamos") for line in diff)
    assert desk.knowledge.diff(MOVE.id, "1.0.0", "2.0.0") == diff
    with pytest.raises(Refused, match="versión"):
        desk.knowledge.diff(MOVE.id, "9.9.9")


def test_what_an_agent_says_of_an_article_is_kept_with_a_word(desk: Desk, call: Interaction) -> None:
    call.judge("mudanza-prueba", "useful")
    call.judge("mudanza-prueba", "wrong", "ya cuesta dinero")
    (one,) = desk.knowledge.upkeep().contradicted
    assert (one.article_id, one.verdict, one.words, one.version) == (
        "mudanza-prueba",
        "wrong",
        "ya cuesta dinero",
        "1.0.0",
    )
    assert len(desk.knowledge.feedback("mudanza-prueba")) == 2
    with pytest.raises(Refused, match="juicio"):
        call.judge("mudanza-prueba", "regular")


def test_a_superior_is_asked_and_who_answered_what_and_when_is_kept(desk: Desk, call: Interaction) -> None:
    assert [one.code for one in call.superiors()] == ["S1"]
    asked = call.consult("¿se puede pulir?", "S1")
    call.advise(asked, "S1", "Sí, hasta dos veces.")
    kind, body, answer = last(desk, call)
    assert (kind, body, answer) == ("advised", {"consultation": asked, "by": "S1"}, "Sí, hasta dos veces.")
    assert [gap.question for gap in desk.knowledge.upkeep().gaps] == ["¿se puede pulir?"]
    with pytest.raises(Refused, match="agente"):
        call.advise(asked, "NADIE", "No.")


def test_what_is_old_due_or_unused_for_as_long_as_it_could_be_used_is_listed(
    desk: Desk, clock: Clock, call: Interaction
) -> None:
    with desk.store.writing() as connection:
        put_articles(connection, [replace(MOVE, id="zafiro-nuevo", hash="c", valid_from=date(2027, 3, 1))])
    upkeep = desk.knowledge.upkeep()
    assert [one.id for one in upkeep.expired] == ["zafiro-viejo"] and upkeep.unused == ()
    clock.at += timedelta(days=91)
    call.tell("mudanza-prueba")
    unused = {one.id for one in desk.knowledge.upkeep().unused}
    assert unused & {"mudanza-prueba", "zafiro-nuevo", "zafiro-viejo"} == {"zafiro-viejo"}
