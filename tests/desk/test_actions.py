"""What a protocol has done in the store, on each engine: in the transaction of its entry, once, or refused whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data import callbacks, case_papers, cases, consents, documents, loyalty, surveys
from atencion.data.agents import AgentRecord
from atencion.data.customers import ContactKind, add_customer
from atencion.desk import Desk, Interaction
from atencion.desk.appointments import appointment
from atencion.desk.doings import DOERS
from atencion.desk.receipts import fingerprint
from atencion.errors import Refused
from atencion.scripts.actions import ACTIONS
from atencion.scripts.acts import Advance, Capture
from tests.desk.test_interaction import CLARA, Clock
from tests.folders import protocols_folder
from tests.stores import *  # noqa: F403

STEPS = """\
title: Prueba
channels: [phone]
valid: {{from: "2026-01-01"}}
fields:
  dato: {{type: text, label: Dato, required: no}}
  cita: {{type: date, label: Día, required: no}}
  a_las: {{type: time, label: Hora, required: no}}
  lengua: {{type: choice, label: Lengua, required: no, options: [{{id: ca, label: Catalán}}, {{id: es, label: Otra}}]}}
steps:
  - {{id: pedir, kind: ask, title: Pedir, capture: [dato, cita, a_las, lengua], do: [{doing}]}}
  - {{id: cierre, kind: wrap_up, title: Cierre}}
"""

Take = Callable[..., Interaction]


@pytest.fixture
def take(store_url: str, tmp_path: Path) -> Iterator[Take]:
    """Opens a call with Clara that does some actions when its only step is left, and leaves it."""
    opened: list[Desk] = []

    def taking(
        doing: str, *, verified: bool = True, picked: bool = True, phone: str | None = "+34910000000", **also: str
    ) -> Any:
        folder = protocols_folder(tmp_path / f"p{len(opened)}", {"phone/prueba": STEPS.format(doing=doing)})
        keys = iter(["482719362", "100000005"])
        desk = Desk.open(store_url, folder, clock=Clock(), new_key=lambda: next(keys))
        if not opened:
            desk.put_agent(AgentRecord("A1", "Marta Inventada", "Marta"))
            with desk.store.writing() as connection:
                add_customer(connection, CLARA, at=datetime(2026, 1, 1, tzinfo=UTC))
        opened.append(desk)
        call = desk.open_interaction(desk.agent("A1"), "phone/prueba", phone=phone)
        if picked:
            call.pick(desk.find_customers("Clara")[0].customer_id)
        if picked and verified:
            call.identify("birth_date", "31/12/1980")
            call.identify("postcode", "36205")
        call.record(*(Capture(name, text) for name, text in {"dato": "749000002", **also}.items()), Advance())
        return call

    yield taking
    for desk in opened:
        desk.close()


def read(call: Interaction, function: Callable[..., Any], *arguments: object) -> Any:
    with call._around.store.reading() as connection:
        return function(connection, *arguments)


def test_every_action_has_somebody_who_does_it() -> None:
    assert set(DOERS) == set(ACTIONS)


def test_a_note_goes_into_the_case_that_the_same_step_opened(take: Take) -> None:
    call = take('{open_case: {type: queja, subject: "x"}}, {update_case: {note: "Llamó de {{ dato }}"}}')
    case = read(call, cases.case_by_key, "482719362")
    assert read(call, case_papers.notes_of_case, case.id) == ["Llamó de 749000002"]


def test_a_case_of_somebody_else_or_that_is_not_there_takes_no_note(take: Take) -> None:
    take("{open_case: {type: queja, subject: x}}")
    with pytest.raises(Refused, match="es de otra persona"):
        take("{update_case: {key: '482 719 362', note: hola}}", picked=False)
    with pytest.raises(Refused, match="ningún expediente con la clave 999999999"):
        take("{update_case: {key: '999999999', note: hola}}")
    with pytest.raises(Refused, match="ningún expediente abierto"):
        take("{update_case: {note: hola}}")


def test_a_case_of_a_kind_that_the_organisation_lacks_is_refused(take: Take) -> None:
    with pytest.raises(Refused, match="clase de expediente «749000002» no existe"):
        take('{open_case: {type: "{{ dato }}", subject: x}}')


def test_a_receipt_is_kept_word_for_word_with_its_hash(take: Take) -> None:
    call = take("{open_case: {type: queja, subject: Una lectura}}, {issue_receipt: {by: email}}")
    case = read(call, cases.case_by_key, "482719362")
    (receipt,) = read(call, case_papers.receipts_of_case, case.id)
    assert "Clave: 482 719 362" in receipt.text and "Lo que pide: Una lectura" in receipt.text
    assert "Justificante de queja" in receipt.text and "28 de diciembre de 2026, a las 9:00" in receipt.text
    assert (receipt.channel, receipt.hash) == ("email", fingerprint(receipt.text))


def test_a_new_phone_is_the_preferred_one_and_the_old_one_is_still_found(take: Take) -> None:
    call = take('{update_customer: {datum: phone, value: "{{ dato }}"}}')
    assert "749 000 002" in str(call.customer())
    card = call._load_card(call.run.customer or 0)
    assert [one.normal for one in card.contacts if one.kind is ContactKind.PHONE] == ["+34749000002", "+34749037199"]
    assert [one.primary for one in card.contacts if one.kind is ContactKind.PHONE] == [True, False]


def test_a_new_address_keeps_what_was_not_said_and_the_old_one_stays_behind(take: Take) -> None:
    call = take(
        "{update_customer: {datum: address, value: 'Plaza Nueva, 2'}},"
        "{update_customer: {datum: postcode, value: '28001'}}, {update_customer: {datum: town, value: Madrid}}"
    )
    addresses = call._load_card(call.run.customer or 0).addresses
    assert (addresses[0].street, addresses[0].postcode, addresses[0].town) == ("Plaza Nueva, 2", "28001", "Madrid")
    assert addresses[0].province == "" and sum(one.primary for one in addresses) == 1
    assert addresses[1].street == "Calle Inventada, 1"


def test_language_and_treatment_are_changed_to_ones_that_exist(take: Take) -> None:
    call = take("{update_customer: {datum: language, value: ca}}, {update_customer: {datum: treatment, value: tú}}")
    card = call._load_card(call.run.customer or 0)
    assert (card.language, card.treatment) == ("ca", "tu")
    with pytest.raises(Refused, match="«xx» no es una de estas opciones: es, ca"):
        take("{update_customer: {datum: language, value: xx}}")


def test_a_datum_that_cannot_be_is_refused_and_the_call_stays_where_it_was(take: Take) -> None:
    with pytest.raises(Refused, match="correo «749000002» no está bien escrito"):
        take('{update_customer: {datum: email, value: "{{ dato }}"}}')
    call = take("{offer_loyalty: {programme: club}}")
    assert read(call, loyalty.offers_of_interaction, call.id) == ["club"]


def test_data_of_a_customer_who_is_not_verified_are_not_changed(take: Take) -> None:
    with pytest.raises(Refused, match="la identidad no está comprobada"):
        take("{update_customer: {datum: town, value: Lugo}}", verified=False)


def test_a_consent_is_kept_in_its_words_until_it_is_taken_back(take: Take) -> None:
    call = take("{record_consent: {purpose: publicidad, text: ¿Podemos escribirle?}}")
    (given,) = read(call, consents.consents_of_customer, call.run.customer)
    assert (given.purpose, given.text, given.channel, given.holds) == (
        "publicidad",
        "¿Podemos escribirle?",
        "phone",
        True,
    )
    call = take("{withdraw_consent: {purpose: publicidad}}")
    (taken,) = read(call, consents.consents_of_customer, call.run.customer)
    assert not taken.holds and taken.given_at == given.given_at


def test_a_consent_that_is_not_on_record_is_taken_back_all_the_same(take: Take) -> None:
    call = take("{withdraw_consent: {purpose: llamadas}}", verified=False)
    (taken,) = read(call, consents.consents_of_customer, call.run.customer)
    assert taken.given_at is None and not taken.holds


def test_a_consent_of_nobody_is_refused(take: Take) -> None:
    with pytest.raises(Refused, match="no hay ningún cliente elegido"):
        take("{record_consent: {purpose: publicidad, text: x}}", picked=False)


def test_documents_are_counted_by_year_and_direction_without_gaps(take: Take) -> None:
    entry = "{register_document: {type: dni, title: Su documento, reference: R1, direction: in}}"
    first = take(entry)
    with pytest.raises(Refused, match="nota 11 no vale"):
        take(f"{entry}, {{record_survey: {{survey: s, score: '11'}}}}")
    second = take(f"{entry}, {{register_document: {{type: carta, title: Respuesta, direction: out}}}}")
    codes = [[one.code for one in read(call, documents.documents_of_interaction, call.id)] for call in (first, second)]
    assert codes == [["E2026-000001"], ["E2026-000002", "S2026-000001"]]


def test_a_callback_goes_to_the_phone_they_call_from_unless_another_is_said(take: Take) -> None:
    take("{schedule_callback: {when: '2026-12-29 10:00', reason: Revisar}}")
    call = take('{schedule_callback: {when: +1 working day, phone: "{{ dato }}", department: cobros, reason: Plazos}}')
    first, second = read(call, callbacks.pending_callbacks)
    assert (second.phone, second.reason, second.department) == ("+34910000000", "Revisar", "")
    assert (first.phone, first.department) == ("+34749000002", "cobros")
    assert second.due_at == datetime(2026, 12, 29, 9, 0, tzinfo=UTC)


def test_a_day_and_an_hour_that_were_written_down_reach_the_callback_and_its_reason_is_said(take: Take) -> None:
    call = take(
        '{schedule_callback: {when: "{{ cita }} {{ a_las }}", reason: "El {{ cita }}, en {{ lengua | minuscula }}"}}',
        cita="30/12/2026",
        a_las="17:30",
        lengua="ca",
    )
    (promised,) = read(call, callbacks.pending_callbacks)
    assert promised.due_at == datetime(2026, 12, 30, 17, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    assert promised.reason == "El 30 de diciembre de 2026, en catalán"


def test_a_choice_reaches_an_action_by_its_id(take: Take) -> None:
    call = take('{update_customer: {datum: language, value: "{{ lengua }}"}}', lengua="Catalán")
    assert call.facts()["cliente.idioma"] == "ca"


def test_a_callback_without_a_phone_or_to_a_department_that_is_not_there_is_refused(take: Take) -> None:
    with pytest.raises(Refused, match="a qué teléfono"):
        take("{schedule_callback: {when: +1 working day, reason: x}}", picked=False, phone=None)
    with pytest.raises(Refused, match="«749000002» no existe"):
        take('{schedule_callback: {when: +1 working day, department: "{{ dato }}", reason: x}}')


def test_a_callback_falls_back_on_the_phone_of_a_verified_customer(take: Take) -> None:
    call = take("{schedule_callback: {when: +1 working day, reason: x}}", phone=None)
    assert read(call, callbacks.pending_callbacks)[0].phone == "+34749037199"


def test_nobody_is_enrolled_twice_nor_offered_what_they_have(take: Take) -> None:
    call = take("{offer_loyalty: {programme: club}}, {enrol_loyalty: {programme: club}}")
    assert read(call, loyalty.programmes_of_customer, call.run.customer) == ["club"]
    for again in ("offer_loyalty", "enrol_loyalty"):
        with pytest.raises(Refused, match="ya está en el programa «club»"):
            take(f"{{{again}: {{programme: club}}}}")


def test_surveys_are_asked_for_and_answered(take: Take) -> None:
    call = take("{send_survey: {survey: trato, by: sms}}, {record_survey: {survey: trato, score: '9', comment: Bien}}")
    assert read(call, surveys.surveys_asked, call.id) == [("trato", "sms")]
    (answer,) = read(call, surveys.answers_of_survey, "trato")
    assert (answer.score, answer.comment) == (9, "Bien")


MADRID = ZoneInfo("Europe/Madrid")
FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=MADRID)


def test_working_days_leave_the_weekend_out() -> None:
    assert appointment("+1 working day", FRIDAY) == datetime(2026, 11, 30, 9, 30, tzinfo=MADRID)
    assert appointment("+2 working days", FRIDAY).astimezone(MADRID).day == 1


@pytest.mark.parametrize(
    "text",
    ["mañana", "2026-13-01 10:00", "2026-11-27 09:00", "+0 working days", "+61 working days", "2027-03-28 02:30"],
)
def test_a_moment_that_is_not_understood_or_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        appointment(text, FRIDAY)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(1, 60))
def test_a_promise_in_working_days_is_a_working_day_and_that_many_on(now: datetime, days: int) -> None:
    now = now.replace(tzinfo=MADRID)
    day = appointment(f"+{days} working days", now).astimezone(MADRID).date()
    between = [now.date() + timedelta(days=n) for n in range(1, (day - now.date()).days + 1)]
    assert day.weekday() < 5 and sum(one.weekday() < 5 for one in between) == days
