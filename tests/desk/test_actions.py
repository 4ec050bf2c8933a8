"""What a protocol has done in the store, on each engine: in the transaction of its entry, once, or refused whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data import case_events, cases, consents, documents, journal, loyalty, surveys
from atencion.data.agents import AgentRecord
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.customers import ContactKind, add_customer
from atencion.desk import Desk, Interaction
from atencion.desk.appointments import appointment, appointment_words
from atencion.desk.callbacks import Callback, Callbacks
from atencion.desk.case_answers import CaseAnswers
from atencion.desk.case_opening import CaseRequest
from atencion.desk.cases import CaseFile, Cases
from atencion.desk.doings import DOERS
from atencion.errors import ProblemsFound, Refused
from atencion.scripts.actions import ACTIONS
from atencion.scripts.acts import Advance, Capture, Say, Tick
from atencion.scripts.cases import Answer, CaseRefused, Decision
from atencion.scripts.deadlines import WorkCalendar
from atencion.scripts.decide import StepRefused
from atencion.scripts.organisation import OpenHours
from tests.desk.test_interaction import CLARA, Clock
from tests.folders import protocols_folder
from tests.stores import *  # noqa: F403

STEPS = """\
title: Prueba
channels: [phone]
valid: {{from: "2026-01-01"}}
{more}{fields}  dato: {{type: text, label: Dato, required: no}}
  cita: {{type: date, label: Día, required: no}}
  a_las: {{type: time, label: Hora, required: no}}
  lengua: {{type: choice, label: Lengua, required: no, options: [{{id: ca, label: Catalán}}, {{id: es, label: Otra}}]}}
steps:
  - {{id: pedir, kind: ask, title: Pedir, capture: [dato, cita, a_las, lengua], do: [{doing}]}}
{after}  - {{id: cierre, kind: wrap_up, title: Cierre}}
"""

Take = Callable[..., Interaction]

UNASKED = '"{% if dato %}no{% else %}sí{% endif %}"'
"""That the customer asked for it, in a way that only the call can tell."""


@pytest.fixture
def take(store_url: str, tmp_path: Path) -> Iterator[Take]:
    """Opens a call with Clara that does some actions when its only step is left, and leaves it."""
    opened: list[Desk] = []

    def taking(
        doing: str,
        *,
        verified: bool = True,
        picked: bool = True,
        phone: str | None = "+34910000000",
        more: str = "",
        after: str = "",
        fields: str = "fields:\n",
        **also: str,
    ) -> Any:
        steps = STEPS.format(doing=doing, more=more, after=after, fields=fields)
        folder = protocols_folder(tmp_path / f"p{len(opened)}", {"phone/prueba": steps})
        keys = iter(["482719364", "100000008"])
        desk = Desk.open(store_url, folder, clock=Clock(), new_key=lambda: next(keys))
        if not opened:
            desk.put_agent(AgentRecord("A1", "Marta Inventada", "Marta"))
            with desk.store.writing() as connection:
                add_customer(connection, CLARA, at=datetime(2026, 1, 1, tzinfo=UTC))
                put_products(connection, [ProductRecord("LUZ", "Luz", "electricidad")])
                put_contracts(connection, [NewContract("C-1", "L-100", "LUZ")])
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
    case = read(call, cases.case_by_key, "482719364")
    *_, note = read(call, case_events.read_events, case.id)
    assert (note.kind, note.value, note.agent) == ("comment", "Llamó de 749000002", "Marta Inventada")


def test_a_case_of_somebody_else_or_that_is_not_there_takes_no_note(take: Take) -> None:
    take("{open_case: {type: queja, subject: x}}")
    with pytest.raises(Refused, match="es de otra persona"):
        take("{update_case: {key: '482 719 364', note: hola}}", picked=False)
    with pytest.raises(Refused, match="ningún expediente con la clave 100 000 008"):
        take("{update_case: {key: '100-000-008', note: hola}}")
    with pytest.raises(Refused, match="La clave «999999999» no cuadra"):
        take("{update_case: {key: '999999999', note: hola}}")
    with pytest.raises(Refused, match="ningún expediente abierto"):
        take("{update_case: {note: hola}}")


def test_a_case_of_a_kind_that_the_organisation_lacks_is_refused(take: Take) -> None:
    with pytest.raises(Refused, match="clase de expediente «749000002» no existe"):
        take('{open_case: {type: "{{ dato }}", subject: x}}')


def opened(call: Interaction) -> CaseFile:
    return Cases(call._around).file("482719364")


def test_a_case_that_an_action_opens_has_its_terms_items_and_receipt(take: Take) -> None:
    items = "Que rehagan la factura\\nUna disculpa"
    call = take(
        f'{{open_case: {{type: queja, subtype: factura, subject: Una lectura, items: "{items}", amount: "12,5"}}}}'
    )
    file = opened(call)
    assert [item.text for item in file.items] == ["Que rehagan la factura", "Una disculpa"]
    assert {clock.norm for clock in file.clocks} == {"ley-10-2025/17.3", "ley-10-2025/17.1"}
    assert file.case.due_norm == "ley-10-2025/17.3" and file.case.amount_cents == 1250
    assert [one.kind for one in file.documents] == ["receipt"] and file.interactions == (call.id,)
    assert (file.case.channel, file.case.language, file.case.department) == ("phone", "es", "facturacion")


def test_the_receipt_goes_by_the_way_chosen_word_for_word_and_only_once(take: Take) -> None:
    issue = '{issue_receipt: {by: email, to: "clara@example.com"}}'
    call = take(f"{{open_case: {{type: queja, subject: Una lectura}}}}, {issue}, {issue}")
    file = opened(call)
    (paper,), (message,) = file.documents, file.messages
    assert paper.intact and "482 719 364" in (paper.text or "") and "Una lectura" in (paper.text or "")
    assert "28/12/2026 a las 09:00" in (paper.text or "")
    assert (message.channel, message.recipient, message.body) == ("email", "clara@example.com", paper.text)
    assert file.case.answer_channel == "email"


def test_the_receipt_goes_where_a_verified_customer_is_reached(take: Take) -> None:
    call = take("{open_case: {type: queja, subject: x}}, {issue_receipt: {by: post}}")
    (message,) = opened(call).messages
    assert message.channel == "post" and "Calle Inventada, 1" in (message.recipient or "")


def test_a_text_message_goes_to_the_phone_they_call_from(take: Take) -> None:
    call = take("{open_case: {type: queja, subject: x}}, {issue_receipt: {by: sms}}", verified=False)
    assert [one.recipient for one in opened(call).messages] == ["+34910000000"]


def test_a_receipt_that_would_reach_nobody_is_refused_and_no_case_is_opened(take: Take) -> None:
    with pytest.raises(Refused, match="no se sabe a dónde enviarlo"):
        take("{open_case: {type: queja, subject: x}}, {issue_receipt: {by: email}}", verified=False)
    call = take("{offer_loyalty: {programme: club}}")
    assert read(call, cases.case_by_key, "482719364") is None


def test_a_receipt_may_be_given_by_hand(take: Take) -> None:
    call = take("{open_case: {type: queja, subject: x}}, {issue_receipt: {by: none}}", verified=False)
    assert [one.kind for one in opened(call).documents] == ["receipt"] and opened(call).messages == ()


def test_a_case_about_the_contract_in_hand_locks_it_and_the_card_says_so(take: Take) -> None:
    call = take("{open_case: {type: reclamacion, subject: x}}")
    view = call.customer()
    assert view is not None and opened(call).contract == "L-100"
    assert view.contracts[0].locks == ("No se corta ni se cobra lo discutido: 482 719 364 (Ley 10/2025, art. 4.4)",)
    assert "482 719 364" in call.file().contracts[0].detail
    with pytest.raises(CaseRefused, match=r"no se puede cortar.*art\. 4\.4"):
        CaseAnswers(call._around).check_cut_off("L-100")


def test_a_demand_that_stays_open_has_its_case_and_key(take: Take) -> None:
    more = "  - {id: queda, kind: resolve, title: Cómo queda, outcomes: [expediente_abierto, resuelta]}\n"
    call = take("{offer_loyalty: {programme: club}}", after=more)
    with pytest.raises(StepRefused, match=r"le falta su clave.*art\. 11\.1"):
        call.resolve("expediente_abierto")
    call.resolve("resuelta")
    call = take("{open_case: {type: queja, subject: x}}", after=more)
    assert call.resolve("expediente_abierto").outcome == "expediente_abierto"
    call = take("{update_case: {key: '482 719 364', note: Trae el documento}}", after=more)
    assert call.resolve("expediente_abierto").case == "482719364"


def test_a_demand_is_resolved_with_the_words_said_and_the_step_left_or_nothing_is_written(take: Take) -> None:
    check = "{id: conforme, label: Está conforme, mandatory: ley-10-2025/8.2}"
    more = f"  - {{id: queda, kind: resolve, title: Cómo queda, say: Queda resuelto., checks: [{check}]}}\n"
    call = take("{offer_loyalty: {programme: club}}", after=more)
    for _again in range(2):
        with pytest.raises(StepRefused, match="Está conforme"):
            call.resolve("resuelta", "hecho", before=[Say()], goes_on=True)
    call.record(Tick("conforme"))
    assert call.resolve("resuelta", "hecho", before=[Say()], goes_on=True).step == "cierre"
    kinds = [entry.kind for entry in read(call, journal.read, call.id)]
    assert kinds[kinds.index("advanced") + 1 :] == ["checked", "said", "resolved", "advanced"]


def test_who_says_to_be_vulnerable_comes_first_from_then_on_and_nothing_says_why(take: Take) -> None:
    call = take(
        "{open_case: {type: consulta, subject: x}}, {presume_vulnerable: {}}, {open_case: {type: consulta, subject: y}}"
    )
    for key in ("482719364", "100000008"):
        file = Cases(call._around).file(key)
        first = [one for one in file.events if one.kind == "given_priority"]
        assert file.case.priority == "high" and [(dict(one.body), one.value) for one in first] == [
            ({"norm": "ley-10-2025/15.2"}, None)
        ]
    view = call.customer()
    assert view is not None and view.comes_first == "Atención prioritaria (Ley 10/2025, art. 15.2)"
    with pytest.raises(CaseRefused, match=r"no se le baja la prioridad.*art\. 15\.2"):
        Cases(call._around).assign("482719364", call.agent, priority="low")


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


def promised(call: Interaction) -> list[Callback]:
    return Callbacks(call._around).due()


def test_a_callback_goes_to_the_phone_they_call_from_unless_another_is_said(take: Take) -> None:
    take("{schedule_callback: {when: '2026-12-29 10:00-12:30', reason: Revisar}}")
    call = take('{schedule_callback: {when: +1 working day, phone: "{{ dato }}", department: cobros, reason: Plazos}}')
    theirs, mine = promised(call)
    assert (mine.phone, mine.reason, mine.agent_id) == ("+34910000000", "Revisar", call.agent.id)
    assert (mine.from_at, mine.until_at) == (at_utc(29, 9), at_utc(29, 11, 30))
    assert (theirs.phone, theirs.department, theirs.agent_id) == ("+34749000002", "cobros", None)
    assert (theirs.from_at, theirs.until_at) == (at_utc(29, 7), at_utc(29, 19)), "the hours of that department"


def at_utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def test_a_callback_is_about_the_case_in_hand(take: Take) -> None:
    call = take(
        "{open_case: {type: queja, subject: x}}, {schedule_callback: {when: '2026-12-29 10:00', reason: Responder}}"
    )
    assert [one.case_key for one in promised(call)] == ["482719364"]


def test_a_commercial_callback_keeps_the_hours_of_the_law(take: Take) -> None:
    with pytest.raises(CaseRefused, match=r"de 9 a 21.*TRLGDCU, art\. 96"):
        take("{schedule_callback: {when: '2026-12-29 21:30', reason: x, kind: commercial}}")
    take("{schedule_callback: {when: '2026-12-29 10:30', reason: x, kind: commercial}}")


def test_a_case_opened_in_a_call_speaks_the_customers_language_unless_another_was_asked_for(take: Take) -> None:
    call = take("{update_customer: {datum: language, value: ca}}, {open_case: {type: queja, subject: x}}")
    assert opened(call).case.language == "ca"


def test_the_receipt_of_an_earlier_case_goes_nowhere_for_a_caller_who_is_not_verified(take: Take) -> None:
    take("{open_case: {type: queja, subject: Lo suyo}}")
    steal = "{update_case: {key: '482719364', note: x}}, {issue_receipt: {by: email, to: malo@example.com}}"
    with pytest.raises(Refused, match="la identidad no está comprobada"):
        take(steal, verified=False)
    call = take(steal.replace("malo@", "clara@"))
    assert [one.recipient for one in opened(call).messages] == ["clara@example.com"]


def test_a_consent_to_record_is_kept_though_the_case_of_the_call_was_merged_meanwhile(take: Take) -> None:
    recorded = "recording: grabar\n"
    asked = "  - {id: pregunta, kind: ask, title: Pregunta, capture: [grabar]}\n"
    field = "fields:\n  grabar: {type: yes_no, label: Grabar}\n"
    call = take("{open_case: {type: queja, subject: x}}", more=recorded, after=asked, fields=field)
    desk_cases = Cases(call._around)
    other = desk_cases.open(CaseRequest("queja", "otra", customer_id=call.run.customer), call.agent).case.key
    desk_cases.merge("482719364", other, call.agent)
    call.record(Capture("grabar", "sí"))
    assert call.run.recording


def test_who_asks_for_a_supervisor_is_called_the_same_working_day(take: Take) -> None:
    with pytest.raises(CaseRefused, match=r"el mismo día laborable.*art\. 8\.3"):
        take("{schedule_callback: {when: '2026-12-29 10:30', reason: x, kind: supervisor}}")
    call = take("{schedule_callback: {when: '2026-12-28 17:30', reason: x, kind: supervisor}}")
    assert [(one.norm, one.department) for one in promised(call)] == [("ley-10-2025/8.3", "supervision")]


def test_a_day_and_an_hour_that_were_written_down_reach_the_callback_and_its_reason_is_said(take: Take) -> None:
    call = take(
        '{schedule_callback: {when: "{{ cita }} {{ a_las }}", reason: "El {{ cita }}, en {{ lengua | minuscula }}"}}',
        cita="30/12/2026",
        a_las="17:30",
        lengua="ca",
    )
    (one,) = promised(call)
    assert one.from_at == datetime(2026, 12, 30, 17, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    assert one.reason == "El 30 de diciembre de 2026, en catalán"


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
    assert promised(call)[0].phone == "+34749037199"


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


OUTAGE = "{open_case: {type: incidencia, subtype: corte, subject: Sin luz}}"
OFFERS = [
    "{offer_loyalty: {programme: club}}",
    "{enrol_loyalty: {programme: club}}",
    "{schedule_callback: {when: '2026-12-29 10:30', reason: x, kind: commercial}}",
]


@pytest.mark.parametrize("offer", OFFERS)
def test_nothing_is_offered_while_a_cut_of_supply_is_pending(take: Take, offer: str) -> None:
    with pytest.raises(CaseRefused, match=r"No se hacen ofertas.*art\. 16\.2"):
        take(f"{OUTAGE}, {offer}")
    take(OUTAGE)
    with pytest.raises(CaseRefused, match=r"No se hacen ofertas.*art\. 16\.2"):
        take(offer)
    take(offer.replace("}}", ", asked: 'sí'}}"))


def test_nothing_is_offered_in_a_contact_about_a_cut_of_supply_even_if_there_is_no_case(take: Take) -> None:
    commercial = "schedule_callback: {when: '2026-12-29 10:30', reason: x, kind: commercial"
    offers = ("offer_loyalty: {programme: club", commercial)
    for offer in offers:
        with pytest.raises(ProblemsFound, match="aquí no se ofrece nada"):
            take(f"{{{offer}, asked: 'no'}}}}", picked=False, more="continuity: yes\n")
    for offer in offers:
        with pytest.raises(CaseRefused, match=r"este contacto trata de la continuidad.*art\. 16\.2"):
            take(f"{{{offer}, asked: {UNASKED}}}}}", picked=False, more="continuity: yes\n")
    call = take("{offer_loyalty: {programme: club, asked: 'sí'}}", picked=False, more="continuity: yes\n")
    assert read(call, loyalty.offers_of_interaction, call.id) == ["club"]


@pytest.mark.parametrize(
    "survey", ["{send_survey: {survey: trato, by: sms}}", "{record_survey: {survey: trato, score: '9'}}"]
)
def test_nobody_is_surveyed_before_what_they_asked_for_is_over(take: Take, survey: str) -> None:
    with pytest.raises(CaseRefused, match=r"482 719 364 sigue pendiente.*art\. 18\.2"):
        take(f"{{open_case: {{type: queja, subject: x}}}}, {survey}")
    call = take("{open_case: {type: queja, subject: x}}")
    with pytest.raises(CaseRefused, match=r"sigue pendiente.*art\. 18\.2"):
        take(survey)
    with pytest.raises(CaseRefused, match=r"sigue pendiente.*art\. 18\.2"):
        take(survey.replace("}}", ", case: '482719364'}}"))
    answers = CaseAnswers(call._around)
    answers.resolve("482719364", [Answer(1, Decision.ACCEPTED, "Hecho")], call.agent)
    answers.notify("482719364", "phone", call.agent)
    take(survey)
    take(survey.replace("}}", ", case: '482719364'}}"))


MADRID = ZoneInfo("Europe/Madrid")
FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=MADRID)


WORK = WorkCalendar(lambda year: {date(2026, 12, 7): "fiesta local", date(2026, 12, 8): "Inmaculada"})
OPEN = (OpenHours(days=("mon", "tue", "wed"), **{"from": "08:00", "to": "20:00"}),)  # type: ignore[arg-type]


def local(text: str, now: datetime = FRIDAY) -> tuple[datetime, datetime]:
    slot = appointment(text, now, WORK, OPEN)
    return slot.from_at.astimezone(MADRID), slot.until_at.astimezone(MADRID)


def test_a_promise_in_working_days_is_for_the_hours_of_whoever_calls_and_leaves_holidays_out() -> None:
    assert local("+1 working day") == (
        datetime(2026, 11, 30, 8, tzinfo=MADRID),
        datetime(2026, 11, 30, 20, tzinfo=MADRID),
    )
    before = datetime(2026, 12, 4, 9, tzinfo=MADRID)
    assert local("+1 working day", before)[0] == datetime(2026, 12, 9, 8, tzinfo=MADRID)
    assert appointment("+1 working day", FRIDAY, WORK).until_at == datetime(2026, 11, 30, 20, tzinfo=UTC)


def test_a_moment_is_a_window_of_an_hour_unless_another_is_said() -> None:
    assert local("2026-11-27 10:00") == (
        datetime(2026, 11, 27, 10, tzinfo=MADRID),
        datetime(2026, 11, 27, 11, tzinfo=MADRID),
    )
    assert local("2026-11-27T10:00 - 12:30")[1] == datetime(2026, 11, 27, 12, 30, tzinfo=MADRID)
    assert appointment_words("2026-11-27 10:00-12:30", FRIDAY, WORK) == "viernes 27 de noviembre, de 10:00 a 12:30"


def test_a_window_over_the_night_when_the_clock_changes_lasts_what_it_says() -> None:
    slot = appointment("2026-10-25 01:30", datetime(2026, 10, 24, 9, tzinfo=MADRID), WORK)
    assert slot.until_at - slot.from_at == timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    [
        "mañana",
        "2026-13-01 10:00",
        "2026-11-27 09:00",
        "2026-11-30 10:00-09:00",
        "+0 working days",
        "+61 working days",
        "2027-03-28 02:30",
    ],
)
def test_a_moment_that_is_not_understood_or_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        appointment(text, FRIDAY, WORK)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(1, 60))
def test_a_promise_in_working_days_is_a_working_day_and_that_many_on(now: datetime, days: int) -> None:
    now = now.replace(tzinfo=MADRID)
    day = appointment(f"+{days} working days", now, WORK).from_at.astimezone(MADRID).date()
    between = [now.date() + timedelta(days=n) for n in range(1, (day - now.date()).days + 1)]
    assert WORK.rest(day) is None and sum(WORK.rest(one) is None for one in between) == days
