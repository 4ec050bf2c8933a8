"""A question in plain speech finds the article that answers it, on each engine alike."""

from __future__ import annotations

import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atencion.data.article_search import search_articles
from atencion.data.articles import ArticleRecord, Validity, get_article, list_articles, put_article
from atencion.data.engine import Store
from atencion.data.stems import WORDS_KEPT, content_form, stem, stem_of, stems

TODAY = date(2026, 11, 24)
DUPLICATE = ArticleRecord(
    "cobro-duplicado",
    "Cobro duplicado de una factura",
    "Si le hemos cobrado dos veces, le devolvemos lo que sobra.",
    "## Qué hacer\n\nMire si hay dos cargos de la misma factura.",
    tags=("factura", "cobro"),
    synonyms=("me han cobrado dos veces", "cargo repetido"),
    channels=("phone", "email"),
    norms=("trlgdcu/60",),
    criteria=("IC1.3",),
    version="1.0.0",
    hash="abc",
    valid_from=date(2026, 1, 1),
    review_by=date(2027, 6, 30),
    sample=True,
)
POWER = ArticleRecord(
    "cambio-de-potencia",
    "Cambiar la potencia contratada",
    "Puede subir o bajar la potencia una vez al año.",
    "La factura cambia desde el día del cambio.",
    tags=("potencia", "contrato"),
    valid_from=date(2026, 1, 1),
)
METER = ArticleRecord(
    "lectura-del-contador",
    "Dar la lectura del contador",
    "La lectura está en la pantalla del contador.",
    "Líneas y números que hay que leer. Si la factura no cuadra, compare.",
)
OLD = ArticleRecord("potencia-antigua", "Potencia: condiciones antiguas", "Potencia.", valid_to=date(2025, 12, 31))
NEXT = ArticleRecord("potencia-futura", "Potencia: condiciones de 2027", "Potencia.", valid_from=date(2027, 1, 1))
CHAT = ArticleRecord("chat", "Cerrar una conversación", "Adiós.", channels=("chat",))
DRAFT = ArticleRecord("borrador", "Potencia sin aprobar", status="draft")
EVERYTHING = (DUPLICATE, POWER, METER, OLD, NEXT, CHAT, DRAFT)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as connection:
        for article in EVERYTHING:
            put_article(connection, article)
    return store


def _ids(store: Store, query: str, channel: str | None = None) -> list[str]:
    with store.reading() as connection:
        return [found.article.id for found in search_articles(connection, query, on=TODAY, channel=channel).found]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("me habéis cobrado dos veces la misma factura, ¿qué hago?", "cobro-duplicado"),
        ("factura cobrada por duplicado", "cobro-duplicado"),
        ("quiero bajar la potencia", "cambio-de-potencia"),
        ("POTENCIA", "cambio-de-potencia"),
        ("poten", "cambio-de-potencia"),
        ("como leo el contador", "lectura-del-contador"),
        ("linea", "lectura-del-contador"),
    ],
)
def test_the_article_that_answers_comes_first(filled: Store, query: str, first: str) -> None:
    assert _ids(filled, query)[0] == first


def test_a_question_with_two_matters_finds_both(filled: Store) -> None:
    found = _ids(filled, "me han cobrado dos veces y además quiero cambiar la potencia")
    assert set(found[:2]) == {"cobro-duplicado", "cambio-de-potencia"}


def test_what_does_not_hold_today_is_told_and_comes_last(filled: Store) -> None:
    with filled.reading() as connection:
        found = search_articles(connection, "potencia", on=TODAY).found
        then = search_articles(connection, "potencia", on=date(2025, 6, 1)).found
    assert (found[0].article.id, found[0].validity) == ("cambio-de-potencia", Validity.CURRENT)
    assert {one.validity for one in found[1:]} == {Validity.EXPIRED, Validity.FUTURE}
    assert then[0].article.id == "potencia-antigua"


def test_articles_of_other_channels_and_drafts_are_left_out(filled: Store) -> None:
    assert _ids(filled, "conversación", channel="phone") == []
    assert _ids(filled, "conversación", channel="chat") == ["chat"]
    assert "borrador" not in _ids(filled, "potencia sin aprobar")


@pytest.mark.parametrize("query", ["", "  ", "¿?", "como puedo", "*", '"', "NEAR("])
def test_a_question_that_says_nothing_finds_nothing(filled: Store, query: str) -> None:
    assert _ids(filled, query) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_can_be_asked(filled: Store, query: str) -> None:
    assert len(_ids(filled, query)) <= 10


def test_an_article_reads_back_as_it_was_written(filled: Store) -> None:
    with filled.reading() as connection:
        assert get_article(connection, "cobro-duplicado") == DUPLICATE
        assert get_article(connection, "nada") is None
        assert {article.id for article in list_articles(connection)} == {a.id for a in EVERYTHING if a is not DRAFT}


def test_a_new_version_is_found_by_what_it_says_now(filled: Store) -> None:
    with filled.writing() as connection:
        put_article(connection, replace(CHAT, title="Despedir al cliente", say="Hasta luego.", version="2"))
    assert _ids(filled, "conversación") == []
    assert _ids(filled, "despedirse") == ["chat"]


def test_an_article_of_nothing_but_marks_can_be_kept(store: Store) -> None:
    with store.writing() as connection:
        put_article(connection, ArticleRecord("x", "¿?"))
    with store.reading() as connection:
        assert get_article(connection, "x") is not None


@pytest.mark.parametrize(
    ("one", "other"), [("línea", "lineas"), ("factura", "Facturas"), ("cobrar", "cobro"), ("COBRÓ", "cobrado")]
)
def test_words_of_a_family_share_their_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_words_have_the_same_stems_when_many_ask_at_once() -> None:
    endings = ("aciones", "amiento", "ando", "ieron", "able", "idad")
    words = [f"{a}{b}{c}{ending}" for a in "bcdfg" for b in "aeiou" for c in "lmnrst" for ending in endings]
    stem.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            at_once = list(threads.map(stem, words))
    finally:
        sys.setswitchinterval(before)
    stem.cache_clear()
    assert at_once == [stem(word) for word in words]


@pytest.mark.parametrize("kept", [stem, content_form, stem_of])
def test_of_words_without_end_so_many_are_remembered(kept: Any) -> None:
    for number in range(WORDS_KEPT + 1):
        kept(f"{number}/")
    assert kept.cache_info().currsize == WORDS_KEPT


def test_codes_and_amounts_are_left_whole() -> None:
    assert stems("tarifa 2.0TD") == ["tarif", "2", "0td"]


@pytest.mark.parametrize("typed", ["서울", "환불 안내", unicodedata.normalize("NFD", "지사")])
def test_an_article_in_korean_is_found_by_its_words(store: Store, typed: str) -> None:
    with store.writing() as connection:
        put_article(connection, ArticleRecord("seul", "서울 지사", "Está en Seúl.", "환불 안내"))
    with store.reading() as connection:
        assert [one.article.id for one in search_articles(connection, typed, on=TODAY).found] == ["seul"]
