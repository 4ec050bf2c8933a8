"""Customers written down and changed in a call: checked, warned of twins, never one agent over another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data import validation
from atencion.data.alerts import add_alert
from atencion.data.consents import give_consent, withdraw_consent
from atencion.data.customers import CustomerRecord
from atencion.data.documents import register_document
from atencion.data.loyalty import enrol
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.personal_values import Occasion
from atencion.data.surveys import answer_survey
from atencion.data.twin_search import queue
from atencion.desk import Desk, Interaction
from atencion.desk.customer_form import FIELDS, FormInvalid, check_field, form_texts, read_form, sort_out
from atencion.desk.twin_view import TwinsFound
from atencion.errors import Refused
from atencion.scripts.decide import StepRefused
from tests.desk.test_interaction import MORNING, SECRETS, customer, open_desk
from tests.stores import *  # noqa: F403

desk = open_desk
TODAY = date(2026, 12, 28)
NEW = {
    "given_name": "Rosa",
    "surnames": "Nueva Inventada",
    "document": "99188967H",
    "phones": "749 111 597, 861007919 trabajo",
    "emails": "rosa@example.com",
    "birth_date": "28/12/1949",
    "street": "Calle del Olmo, 86",
    "postcode": "28055",
    "town": "Madrid",
}


def call(desk: Desk, phone: str | None = None) -> Interaction:
    return desk.open_interaction(desk.agent("A1"), "phone/inbound", phone=phone)


def verified(desk: Desk) -> Interaction:
    one = call(desk)
    one.pick(customer(desk, "C-1"), "749037199")
    answers = {"birth_date": "31/12/1980", "postcode": "36205", "nif": "99125978A", "email": "clara@example.com"}
    for question in one.questions():
        one.identify(question.datum, answers[question.datum])
    assert one.run.verified
    return one


def values(view: Any) -> list[str]:
    return [detail.value for detail in view.details]


def test_a_new_customer_is_written_in_the_call_and_the_call_is_theirs(desk: Desk) -> None:
    one = call(desk, "749111597")
    assert one.form().texts == {"phones": "749 111 597"}
    view = one.register(NEW)
    assert (view.name, view.registered, view.verified) == ("Rosa Nueva Inventada", True, False)
    assert "749 111 597" in values(view)
    assert one.run.customer == view.customer_id
    record = desk.record_of(one.id)
    assert (record.run.customer, record.summary.customer_id) == (view.customer_id, view.customer_id)
    assert "registered" in [entry.kind for entry in record.entries]
    assert not any("Nueva" in str(entry.body) for entry in record.entries)
    found = desk.customer(view.customer_id)
    assert found is not None
    assert (found.addresses[0].province, found.phones[1].label) == ("Madrid", "trabajo")
    assert found.phones[0].last_used_on == TODAY
    assert desk.find_customers("861007919")[0].customer_id == view.customer_id


def test_a_phone_written_twice_stands_where_it_was_first(desk: Desk) -> None:
    record = read_form({**NEW, "phones": "749111597 móvil, 861007919, 749 111 597"}, TODAY)
    phones = [(part.normal, part.label, part.primary) for part in record.contacts[:2]]
    assert phones == [("+34749111597", "móvil", True), ("+34861007919", "", False)]


def test_a_call_taken_up_again_still_has_the_customer_that_was_written(desk: Desk) -> None:
    one = call(desk)
    one.register(NEW)
    again = desk.resume(one.id, desk.agent("A1"))
    again.amend({**again.form().texts, "town": "Getafe"}, again.form().version)
    view = again.customer()
    assert view is not None
    assert any("Getafe" in value for value in values(view))


def test_whoever_may_be_there_already_is_told_before_a_twin_is_made(desk: Desk) -> None:
    one = call(desk)
    twin = {"given_name": "Clara", "surnames": "Inventada Rios", "phones": "749037199"}
    (hint,) = one.twins({"given_name": "Clara", "surnames": "Inv", "phones": "749037199"}) or one.twins(twin)
    assert "mismo teléfono" in hint.why
    with pytest.raises(TwinsFound, match="mismo teléfono") as told:
        one.register(twin)
    assert told.value.twins[0].customer_id == customer(desk, "C-1")
    assert one.run.customer is None
    view = one.register(twin, despite_twins=True)
    with desk.store.reading() as connection:
        (pair,) = queue(connection)
    assert {pair.low_id, pair.high_id} == {view.customer_id, customer(desk, "C-1")}


def test_a_warning_of_twins_tells_nothing_that_was_not_typed(desk: Desk) -> None:
    (hint,) = call(desk).twins({"given_name": "Clara", "surnames": "Inventada", "phones": "749037199"})
    assert "Ríos" not in hint.name
    assert not any(secret in f"{hint.name} {hint.why}" for secret in SECRETS if secret != "Inventada")


def test_data_of_a_caller_who_is_not_verified_are_neither_shown_nor_changed(desk: Desk) -> None:
    one = call(desk)
    one.pick(customer(desk, "C-1"), "749037199")
    for act in (one.form, one.file, lambda: one.contacts_page(0), lambda: one.amend(NEW, 1), lambda: one.register(NEW)):
        with pytest.raises(StepRefused):
            act()
    found = desk.customer(customer(desk, "C-1"))
    assert found is not None
    assert found.surnames == "Inventada Ríos"


def test_a_change_keeps_what_was_and_says_so_in_the_journal(desk: Desk) -> None:
    one = verified(desk)
    form = one.form()
    assert form.texts["phones"] == "749 037 199"
    one.amend({**form.texts, "phones": "749 037 200", "accessibility": "Hablar despacio"}, form.version)
    view = one.customer()
    assert view is not None
    assert {"749 037 200", "Hablar despacio"} <= set(values(view))
    assert "749 037 199" not in values(view)
    found = one.file()
    assert [line.ended for line in found.lines if line.value.startswith("749 037 199")] == [True]
    assert any("Accesibilidad" in row.text and "Marta Inventada" in row.detail for row in found.changes)
    assert desk.find_customers("749037199")[0].customer_id == view.customer_id
    (entry,) = [entry for entry in desk.record_of(one.id).entries if entry.kind == "amended"]
    assert "accessibility" in str(entry.body["fields"])


def test_a_change_of_nothing_leaves_no_trace(desk: Desk) -> None:
    one = verified(desk)
    form = one.form()
    one.amend(form.texts, form.version)
    assert one.form().version == form.version
    assert "amended" not in [entry.kind for entry in desk.record_of(one.id).entries]


def test_two_agents_do_not_write_over_each_other(desk: Desk) -> None:
    one, other = verified(desk), verified(desk)
    mine, theirs = one.form(), other.form()
    other.amend({**theirs.texts, "town": "Cangas"}, theirs.version)
    with pytest.raises(Refused, match="Marta Inventada ha cambiado"):
        one.amend({**mine.texts, "town": "Redondela"}, mine.version)
    again = one.form()
    assert again.texts["town"] == "Cangas"
    one.amend({**again.texts, "town": "Redondela"}, again.version)


def test_an_old_number_finds_and_proves_nothing(desk: Desk) -> None:
    one = verified(desk)
    form = one.form()
    one.amend({**form.texts, "postcode": "36201"}, form.version)
    other = call(desk)
    other.pick(customer(desk, "C-1"), "clara@example.com")
    datum = next(question.datum for question in other.questions() if question.datum == "postcode")
    assert not other.identify(datum, "36205").right


def test_alerts_are_shown_until_their_day(desk: Desk) -> None:
    with desk.store.writing() as connection:
        origin_id = add_origin(connection, NewOrigin(OriginKind.DESK, MORNING))
        for text, days in (("Vigente", 1), ("Pasada", -1)):
            day = TODAY + timedelta(days=days)
            add_alert(connection, customer(desk, "C-1"), text, "prueba", day, origin_id=origin_id)
    view = verified(desk).customer()
    assert view is not None
    assert [alert.text for alert in view.alerts] == ["Vigente"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("document", "12345678A", "control"),
        ("document", "hola", "forma"),
        ("birth_date", "31/02/1990", "no existe"),
        ("birth_date", "01/01/2090", "no puede"),
        ("phones", "123", "plan de numeración"),
        ("phones", "749037199, 12", "«12»"),
        ("emails", "a@b", "bien escrito"),
        ("postcode", "99999", "no existe"),
        ("language", "klingon", "lista"),
        ("treatment", "vos", "ni tú ni usted"),
    ],
)
def test_what_a_field_cannot_be_is_told(name: str, text: str, said: str) -> None:
    assert said in check_field(name, text, TODAY).problem


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("phones", "+34 749037199 móvil", "749 037 199"),
        ("document", "99.125.978-a", "NIF"),
        ("document", "pasaporte AB123456", "Pasaporte"),
        ("document", "passport AB123456", "Pasaporte"),
        ("postcode", "36205", "Pontevedra"),
        ("postcode", "8001", "Barcelona"),
        ("language", "catal", ""),
        ("language", "valencià", ""),
        ("language", "nl", ""),
        ("surnames", "", ""),
    ],
)
def test_how_a_field_is_understood_is_told(name: str, text: str, note: str) -> None:
    check = check_field(name, text, TODAY)
    assert (check.problem, check.note) == ("", note)


@pytest.mark.parametrize("label", ["Teléfono 2", "móvil 1 (casa)", "Teléfono, fijo", "trabajo"])
def test_a_form_of_whoever_was_imported_is_as_it_came_whatever_its_columns_are_called(label: str) -> None:
    contacts = (validation.phone("749037199", label), validation.email("ana@example.com", "Correo 1"))
    known = CustomerRecord(
        given_name="Ana", surnames="Ríos", contacts=tuple(replace(one, primary=True) for one in contacts)
    )
    assert read_form(form_texts(known), TODAY, known) == known


def test_a_second_phone_is_not_taken_for_a_label() -> None:
    assert check_field("phones", "749037199 o 612345678", TODAY).problem


def test_every_problem_of_a_form_is_told_at_once() -> None:
    with pytest.raises(FormInvalid) as told:
        read_form({"phones": "1", "emails": "x", "postcode": "36205", "province": "Madrid"}, TODAY)
    assert set(told.value.problems) == {"given_name", "phones", "emails", "province"}


def test_a_form_that_is_read_and_shown_again_is_the_same() -> None:
    made = read_form(NEW, TODAY)
    assert form_texts(read_form(form_texts(made), TODAY, made)) == form_texts(made)
    assert read_form(form_texts(made), TODAY, made) == made


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=80)))
def test_any_text_is_read_or_told(texts: dict[str, str]) -> None:
    try:
        read_form(texts, TODAY)
    except FormInvalid as told:
        assert told.problems


def test_the_full_card_shows_what_was_agreed_registered_joined_and_answered(desk: Desk) -> None:
    one = verified(desk)
    occasion = Occasion(one.id, one.agent.id, customer(desk, "C-1"), MORNING)
    with desk.store.writing() as connection:
        give_consent(connection, occasion, purpose="ofertas", text="¿Quiere recibir ofertas?", channel="phone")
        give_consent(connection, occasion, purpose="grabación", text="¿Podemos grabar?", channel="phone")
        withdraw_consent(connection, occasion, purpose="ofertas", channel="phone")
        register_document(
            connection, occasion, year=2026, kind="dni", title="Copia del DNI", reference=None, direction="in"
        )
        enrol(connection, occasion, "Hogar Verde", asked=False)
        answer_survey(connection, occasion, survey="trato", score=9, comment="Muy amable")
    found = one.file()
    assert [(row.text, row.detail, row.open) for row in found.consents] == [
        ("grabación", "¿Podemos grabar?", True),
        ("ofertas", "retirado", False),
    ]
    assert [(row.text, row.detail) for row in found.documents] == [("E2026-000001  dni", "Copia del DNI")]
    assert [(row.text, row.detail) for row in found.surveys] == [("trato: 9", "Muy amable")]
    assert ("Programa", "Hogar Verde") in [(line.label, line.value) for line in found.lines]


@pytest.mark.parametrize(
    ("typed", "given_name", "surnames"),
    [
        ("lucía", "Lucía", ""),
        ("lucía gil", "Lucía", "Gil"),
        ("lucía gil peña", "Lucía", "Gil Peña"),
        ("maría josé gil peña", "María José", "Gil Peña"),
        ("maría del carmen gil peña", "María del Carmen", "Gil Peña"),
        ("lucía de la fuente gil", "Lucía", "de la Fuente Gil"),
        ("josé ortega y gil", "José", "Ortega y Gil"),
        ("gil de la peña, maría josé", "María José", "Gil de la Peña"),
    ],
)
def test_a_name_that_was_looked_for_is_parted_as_names_are(typed: str, given_name: str, surnames: str) -> None:
    assert sort_out(typed, date(2026, 11, 24)) == {"given_name": given_name, "surnames": surnames}


def test_a_year_of_two_figures_is_told_to_lack_them() -> None:
    problem = check_field("birth_date", "03-01-55", date(2026, 11, 24)).problem
    assert "le faltan cifras del año" in problem
