"""Values are said as a person would say them in Spanish."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.errors import AtencionError
from atencion.scripts import spoken
from atencion.scripts.templates import FILTERS, Chosen, Missing, parse_template

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("{{ x | importe }}", Decimal("1234.5"), f"1.234,50{NBSP}€"),
        ("{{ x | importe }}", 12, f"12,00{NBSP}€"),
        ("{{ x | fecha }}", date(2026, 3, 9), "9 de marzo de 2026"),
        ("{{ x | fecha_corta }}", date(2026, 3, 9), "09/03/2026"),
        ("{{ x | dia }}", date(2026, 11, 24), "martes 24 de noviembre"),
        ("{{ x | hora }}", time(9, 5), "9:05"),
        ("{{ x | telefono }}", "+34612345678", "612 345 678"),
        ("{{ x | deletreo }}", "48B", "4 8 B"),
        ("{{ x | alfabeto }}", "B7ñ", "B de Burgos, 7, Ñ de ñandú"),
        ("{{ x | alfabeto }}", "á z", "Á de Antonio, Z de Zaragoza"),
        ("{{ x | neutro }}", "usuario/a", "persona usuaria"),
        ("{{ x | neutro }}", "Interesados", "Personas interesadas"),
        ("{{ x | neutro }}", "persona", "persona"),
        ("{{ x | lista }}", ("luz", "gas", "agua"), "luz, gas y agua"),
        ("{{ x | lista }}", ("luz", "internet"), "luz e internet"),
        ("{{ x | lista }}", ("agua", "hielo"), "agua y hielo"),
        ("{{ x }}", ("luz", "gas"), "luz y gas"),
        ("{{ x }}", time(18, 30), "18:30"),
        ("{{ x }}", True, "sí"),
        ("{{ x | minuscula | mayuscula }}", "Árbol", "Árbol"),
        ("{{ x | minuscula }}", "En papel", "en papel"),
        ("{{ x | minuscula }}", "SMS o carta", "SMS o carta"),
        ("{{ x | minuscula }}", "A la vez", "a la vez"),
        ("{{ x }}", Chosen("papel", "En papel"), "En papel"),
        ("{{ x | minuscula }}", Chosen("papel", "En papel"), "en papel"),
        ("{{ x | lista }}", (Chosen("sms", "SMS"), Chosen("carta", "Carta")), "SMS y Carta"),
        ('{% if x == "papel" %}sí{% else %}no{% endif %}', Chosen("papel", "En papel"), "sí"),
        ('{% if x == "En papel" %}sí{% else %}no{% endif %}', Chosen("papel", "En papel"), "no"),
        ('{% if "sms" in x %}sí{% else %}no{% endif %}', (Chosen("sms", "SMS"),), "sí"),
    ],
)
def test_a_filter_says_a_value_as_a_person_would(text: str, value: object, said: str) -> None:
    assert parse_template(text).render({"x": value}) == said  # type: ignore[dict-item]


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_a_missing_value_is_still_shown_as_missing_after_a_filter(name: str) -> None:
    assert parse_template("{{ x | " + name + " }}").render({"x": Missing("importe")}) == "‹importe›"


@given(st.text(max_size=50))
def test_no_filter_ever_raises(text: str) -> None:
    for name in FILTERS:
        FILTERS[name](text)


@given(st.text(min_size=1, max_size=20))
def test_spelling_loses_no_letter(text: str) -> None:
    said = spoken.alphabet(text)
    assert all(char in said or char.upper() in said for char in text if char.strip())


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(2026, 3, 9), "2026-03-09"),
        (time(9, 5), "09:05"),
        (Decimal("1234.5"), "1234.5"),
        (Chosen("papel", "En papel"), "papel"),
        ((Chosen("sms", "SMS"), Chosen("carta", "Carta")), "sms,carta"),
        (True, "yes"),
    ],
)
def test_what_is_for_the_store_keeps_its_values_as_they_are(value: object, kept: str) -> None:
    assert parse_template("{{ x }}").render({"x": value}, said=False) == kept  # type: ignore[dict-item]


def test_a_text_that_compares_what_cannot_be_compared_says_so() -> None:
    with pytest.raises(AtencionError, match="no se pueden comparar"):
        parse_template("{% if x > 'a' %}sí{% endif %}").render({"x": 3})
