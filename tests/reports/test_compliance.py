"""The compliance report: what was measured, what was kept, and each breach by its case, on each engine."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data import loyalty, surveys
from atencion.data.personal_values import Occasion
from atencion.desk.interaction import Interaction
from atencion.reports.compliance import (
    Obligation,
    document,
    mean_of_fastest,
    measure_compliance,
    percentile,
)
from atencion.reports.compliance_pages import to_csv, to_html, to_report_pdf, write_bundle
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Act, Advance, Back, Capture, CutOff, Note, Say, Send, Speak
from atencion.scripts.cases import Answer, Decision
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import MONDAY, Office

YEAR = (date(2026, 11, 1), date(2027, 12, 31))
NO = [Answer(1, Decision.REFUSED, "El cargo es el del contrato")]


def measured(office: Office, ref: str) -> Obligation:
    report = measure_compliance(office.desk, *YEAR)
    return next(one for one in report.obligations if f"{one.norm}/{one.article}" == ref)


def counts(office: Office, ref: str) -> tuple[int, int]:
    found = measured(office, ref)
    return found.total, found.kept


def test_a_term_counts_once_it_is_met_or_has_passed_and_a_breach_names_its_case(office: Office) -> None:
    answered, late, running = (office.open("queja", f"queja {n}").case.key for n in range(3))
    office.desk.answers.resolve(answered, NO, office.agent)
    assert counts(office, "ley-10-2025/17.1") == (1, 1), "those that still run are neither kept nor broken"
    office.pass_days(60)
    office.desk.answers.resolve(late, NO, office.agent)
    found = measured(office, "ley-10-2025/17.1")
    assert (found.total, found.kept, found.fulfilled) == (3, 1, False)
    assert sorted(breach.case_key for breach in found.breaches) == sorted([late, running])


def test_what_was_asked_for_in_time_is_not_measured_and_late_stays_late(office: Office) -> None:
    in_time, late = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    office.desk.answers.ask(in_time, "algo", office.agent, told=True)
    office.pass_days(60)
    office.desk.answers.ask(late, "algo", office.agent, told=True)
    assert [one.case_key for one in measured(office, "ley-10-2025/17.1").breaches] == [late]


def test_what_a_merged_case_still_owed_is_measured_once_in_the_one_that_goes_on(office: Office) -> None:
    gone, kept = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    office.pass_days(60)
    office.desk.cases.merge(gone, kept, office.agent)
    found = measured(office, "ley-10-2025/17.1")
    assert (found.total, [one.case_key for one in found.breaches]) == (1, [kept])
    assert counts(office, "ley-10-2025/11.1") == (2, 2), "each had its receipt to be given"


def test_a_late_answer_is_not_forgotten_by_merging_its_case(office: Office) -> None:
    gone, kept = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    office.pass_days(60)
    office.desk.answers.resolve(gone, NO, office.agent)
    office.desk.answers.reopen(gone, "Es lo mismo que la otra", office.agent)
    office.pass_days(1)
    office.desk.cases.merge(gone, kept, office.agent)
    assert [one.case_key for one in measured(office, "ley-10-2025/17.1").breaches] == [gone, kept]


def test_a_term_to_complete_that_goes_on_in_another_case_is_measured_once(office: Office) -> None:
    gone, kept = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    office.desk.answers.ask(gone, "la factura", office.agent, told=True)
    office.desk.cases.merge(gone, kept, office.agent)
    assert counts(office, "ley-10-2025/13.3") == (1, 1)


def test_every_obligation_of_an_answer_is_proved(office: Office) -> None:
    key = office.open().case.key
    office.desk.answers.resolve(key, NO, office.agent)
    office.desk.answers.notify(key, "phone", office.agent)
    lapsed = office.open("queja", "otra").case.key
    office.desk.answers.ask(lapsed, "la factura", office.agent, told=True)
    office.pass_days(30)
    office.desk.answers.lapse(lapsed, office.agent)
    for ref in ("13.1", "13.4", "13.5", "13.6", "13.7", "4.4"):
        assert counts(office, f"ley-10-2025/{ref}")[0] >= 1, ref
        assert measured(office, f"ley-10-2025/{ref}").fulfilled, ref
    assert counts(office, "ley-10-2025/11.1") == (2, 2)


@pytest.mark.parametrize(
    ("ref", "damage"),
    [
        ("ley-10-2025/11.1", "UPDATE case_document SET kind = 'x' WHERE kind = 'receipt'"),
        ("ley-10-2025/13.1", "UPDATE case_item SET decision = ''"),
        ("ley-10-2025/13.5", "UPDATE service_case SET channel = 'email'"),
        ("ley-10-2025/13.6", "UPDATE service_case SET language = 'ca'"),
        ("ley-10-2025/4.4", "UPDATE contract_lock SET case_id = (SELECT max(id) FROM service_case)"),
    ],
)
def test_a_breach_that_got_into_the_store_some_other_way_is_found(office: Office, ref: str, damage: str) -> None:
    key = office.open().case.key
    office.desk.answers.resolve(key, NO, office.agent)
    office.desk.answers.notify(key, "phone", office.agent)
    office.open("sugerencia", "otra cosa", contract_number="")
    assert measured(office, ref).fulfilled
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(damage)
    assert key in [breach.case_key for breach in measured(office, ref).breaches]


def escalated(office: Office, *before: Act) -> str:
    """The key of the case of a call that is handed over."""
    return handed_over(office, *before).run.untold_keys[0]


def handed_over(office: Office, *before: Act, language: str | None = None) -> Interaction:
    """A call that is handed over and goes on."""
    call = office.desk.open_interaction(office.agent, "phone/inbound", language=language)
    call.record(*before, Say(), Capture("permiso_grabar", "no"), Advance())
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Una factura"), Advance())
    call.escalate("factura_compleja", None, "Revisar la factura")
    return call


def contact(office: Office) -> Occasion:
    """Where offers and surveys are written past the guards, as some other program would."""
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    return Occasion(call.id, office.agent.id, office.ana, office.at)


def test_offers_and_surveys_are_breaches_only_while_the_matter_was_pending(office: Office) -> None:
    def offer_and_ask(*, asked: bool = False) -> None:
        occasion = contact(office)
        with office.desk.store.writing() as connection:
            loyalty.offer(connection, occasion, "club", asked=asked)
            surveys.ask_survey(connection, occasion, survey="trato", channel="sms")

    offer_and_ask()
    assert counts(office, "ley-10-2025/16.2") == (1, 1) == counts(office, "ley-10-2025/18.2")
    office.pass_days(1)
    key = office.open("incidencia", "Sin luz", subtype="corte").case.key
    offer_and_ask()
    offer_and_ask(asked=True)
    office.pass_days(1)
    office.desk.answers.resolve(key, [Answer(1, Decision.ACCEPTED, "Hay luz")], office.agent)
    office.desk.answers.notify(key, "phone", office.agent)
    office.pass_days(1)
    offer_and_ask()
    assert (counts(office, "ley-10-2025/16.2"), counts(office, "ley-10-2025/18.2")) == ((4, 3), (4, 2))
    assert [one.case_key for one in measured(office, "ley-10-2025/16.2").breaches] == [key]
    office.pass_days(1)
    office.desk.answers.reopen(key, "Se ha vuelto a ir", office.agent)
    told = (counts(office, "ley-10-2025/16.2"), counts(office, "ley-10-2025/18.2"))
    assert told == ((4, 3), (4, 2)), "what was lawful then stays so"
    offer_and_ask()
    assert (counts(office, "ley-10-2025/16.2"), counts(office, "ley-10-2025/18.2")) == ((5, 3), (5, 2))


def test_an_offer_is_no_breach_once_the_matter_lapsed_and_is_again_once_it_is_completed(office: Office) -> None:
    def offer() -> tuple[int, int]:
        occasion = contact(office)
        with office.desk.store.writing() as connection:
            loyalty.offer(connection, occasion, "club", asked=False)
        office.pass_days(1)
        return counts(office, "ley-10-2025/16.2")

    key = office.open("incidencia", "Sin luz", subtype="corte").case.key
    office.desk.answers.ask(key, "La dirección", office.agent, told=True)
    assert offer() == (1, 0)
    office.pass_days(30)
    office.desk.answers.lapse(key, office.agent)
    assert offer() == (2, 1)
    office.desk.answers.complete(key, "Calle Inventada, 1", office.agent)
    assert offer() == (3, 1)


def test_a_survey_that_names_its_case_is_measured_by_that_one_alone(office: Office) -> None:
    pending = office.desk.cases.file(office.open("consulta", "una").case.key).case
    told = office.open("queja", "otra").case
    office.desk.answers.resolve(told.key, NO, office.agent)
    office.desk.answers.notify(told.key, "phone", office.agent)
    office.pass_days(1)
    occasion = contact(office)
    with office.desk.store.writing() as connection:
        surveys.answer_survey(connection, occasion, survey="trato", score=9, comment=None, case_id=told.id)
    assert counts(office, "ley-10-2025/18.2") == (1, 1)
    with office.desk.store.writing() as connection:
        surveys.answer_survey(connection, occasion, survey="trato", score=9, comment=None, case_id=pending.id)
    assert [one.case_key for one in measured(office, "ley-10-2025/18.2").breaches] == [pending.key]


def test_a_recorded_contact_has_receipts_that_say_how_to_get_the_recording(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    call.record(Say(), Capture("permiso_grabar", "no"), Advance())
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Una factura"), Advance())
    key = call.escalate("factura_compleja", None, "Revisar la factura").key
    assert counts(office, "ley-10-2025/12.1") == (0, 0)
    call.record(Back("saludo"), Capture("permiso_grabar", "s"))
    assert counts(office, "ley-10-2025/12.1") == (1, 1)
    assert "se ha grabado con su consentimiento" in (office.file(key).documents[-1].text or "")
    other = office.open("consulta", "otra").case
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE service_case SET opened_by_interaction = {call.id} WHERE id = {other.id}")
    assert [one.case_key for one in measured(office, "ley-10-2025/12.1").breaches] == [other.key]


def test_who_waited_for_a_supervisor_is_kept_if_called_back_that_day(office: Office) -> None:
    office.desk.callbacks.ask_supervisor(office.agent)
    office.at += timedelta(minutes=4)
    (booked,) = office.desk.callbacks.due()
    assert counts(office, "ley-10-2025/8.3") == (1, 1), "there is still time to call"
    office.at = booked.until_at + timedelta(seconds=1)
    office.desk.callbacks.sweep()
    assert counts(office, "ley-10-2025/8.3") == (1, 0)
    office.at = MONDAY
    request = office.desk.callbacks.ask_supervisor(office.agent)
    office.desk.callbacks.take_request(request.id, office.supervisor)
    assert counts(office, "ley-10-2025/8.3") == (2, 1)


def test_a_term_that_was_stopped_is_told_and_not_counted(office: Office) -> None:
    office.desk.answers.stop(office.open("queja", "una").case.key, "Se espera un informe", office.agent)
    office.pass_days(60)
    found = measured(office, "ley-10-2025/17.1")
    assert (found.total, found.note) == (0, "Plazos detenidos, que no cuentan: 1.")


def test_a_term_that_stood_still_until_it_was_answered_is_measured_with_the_time_that_it_ran(office: Office) -> None:
    key = office.open("queja", "una").case.key
    office.desk.answers.stop(key, "Se espera un informe", office.agent)
    office.pass_days(60)
    office.desk.answers.resolve(key, NO, office.agent)
    (clock,) = office.file(key).clocks
    assert (clock.state, clock.ended_at, clock.left_days) == ("met", office.at, None) and office.at < clock.due_at
    found = measured(office, "ley-10-2025/17.1")
    assert (found.total, found.kept, found.note) == (1, 1, "")


def test_what_is_written_presents_whoever_attends_as_what_is_said_does(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "chat/conversation", channel="chat")
    call.record(Send("Le atiende Marta."), CutOff("se fue"))
    call.close("otr_interrumpida")
    assert counts(office, "ley-10-2025/8.2") == (1, 1)


def test_training_is_not_measured_here_and_the_report_says_so_and_of_how_many(office: Office) -> None:
    found = measured(office, "ley-10-2025/9.2")
    assert (found.total, found.value) == (0, "0 personas atendieron.")
    assert "no se mide aquí" in found.measured and "otros registros" in found.note
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    call.record(Say(), Capture("permiso_grabar", "no"), Advance(), CutOff("se cortó"))
    call.close("otr_interrumpida")
    assert measured(office, "ley-10-2025/9.2").value == "1 persona atendió."


def test_satisfaction_tells_bad_attention_from_bad_service_and_knows_its_causes(office: Office) -> None:
    marks = [("trato", 1, "Me cortaron dos veces"), ("trato", 2, None), ("solucion", 5, None), ("trato", 3, None)]
    for survey, score, comment in marks:
        occasion = contact(office)
        with office.desk.store.writing() as connection:
            surveys.answer_survey(connection, occasion, survey=survey, score=score, comment=comment)
    office.open("queja", "Mal trato", subtype="trato")
    office.open("queja", "Mal servicio", subtype="servicio")
    found = measured(office, "ley-10-2025/18.1")
    assert (found.total, found.kept) == (2, 1)
    assert [breach.interaction_id for breach in found.breaches] == [2]
    assert "solucion: 1 respuestas, media 5,00; trato: 3 respuestas, media 2,00" in found.value
    assert "Queja: Mal servicio, 1; Queja: Mala atención, 1" in found.value


def test_the_cause_of_a_bad_mark_is_a_complaint_and_no_other_matter_of_the_contact(office: Office) -> None:
    for type_ in ("consulta", "queja"):
        occasion = contact(office)
        with office.desk.store.writing() as connection:
            surveys.answer_survey(connection, occasion, survey="trato", score=1, comment=None)
        office.open(type_, "Una", interaction_id=occasion.interaction_id)
    found = measured(office, "ley-10-2025/18.1")
    assert (found.total, [breach.interaction_id for breach in found.breaches]) == (2, [1])


def test_a_key_that_was_neither_said_nor_written_in_the_contact_is_a_breach(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/claim")
    call.record(Say(), Capture("permiso_grabar", "no"), Advance())
    told = [Capture("relato", "Le colgaron"), Capture("tipo_asunto", "queja"), Capture("de_contrato", "no")]
    call.record(Say(), *told, Advance())
    call.record(Say(), Capture("pide", "Que le llamen"), Capture("tiene_documentos", "no"), Advance())
    call.record(Say(), Advance())
    call.record(Say(), Capture("medio_justificante", "sms"), Advance())
    call.record(Say(), Capture("movil_justificante", "749037199"), Advance())
    assert call.run.step == "clave"
    assert [one.case_key for one in measured(office, "ley-10-2025/11.2").breaches] == [call.run.case]
    call.record(Say())
    assert counts(office, "ley-10-2025/11.2") == (1, 1)


@pytest.mark.parametrize("between", ["", " ", "-", ".", "\n", "\u00a0", "/", ", "])
def test_a_key_is_told_however_its_digits_are_parted(office: Office, between: str) -> None:
    call = handed_over(office)
    (key,) = call.run.untold_keys
    call.record(Say(f"Su clave es {key[:3]}{between}{key[3:6]}{between}{key[6:]}."))
    assert call.run.untold_keys == ()
    assert counts(office, "ley-10-2025/11.2") == (1, 1)


def test_a_key_is_told_by_the_agent_who_says_so_and_by_no_note_that_names_it(office: Office) -> None:
    call = handed_over(office)
    (key,) = call.run.untold_keys
    call.record(Note(f"Su clave es {key}"))
    assert counts(office, "ley-10-2025/11.2") == (1, 0)
    call.key_told()
    assert counts(office, "ley-10-2025/11.2") == (1, 1)


def test_a_contact_whose_words_the_law_had_destroyed_is_no_breach_of_telling_the_key(office: Office) -> None:
    key = escalated(office)
    assert [one.case_key for one in measured(office, "ley-10-2025/11.2").breaches] == [key]
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE personal_value SET content = NULL")
    assert measured(office, "ley-10-2025/11.2").fulfilled


def test_a_matter_in_another_language_than_the_one_asked_for_is_a_breach(office: Office) -> None:
    key = escalated(office, Speak("ca"))
    assert counts(office, "ley-10-2025/8.6") == (1, 1)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE service_case SET language = 'es'")
    assert [one.case_key for one in measured(office, "ley-10-2025/8.6").breaches] == [key]
    office.desk.answers.choose_answer(key, office.agent, language="es")
    assert counts(office, "ley-10-2025/8.6") == (1, 1), "the customer has changed their mind"


@pytest.mark.parametrize(("since", "other"), [((), "es"), ((Speak("es"),), "ca")])
def test_a_language_asked_for_when_the_contact_was_opened_counts_until_another_is(
    office: Office, since: tuple[Act, ...], other: str
) -> None:
    handed_over(office)
    handed_over(office, language="es")
    assert counts(office, "ley-10-2025/8.6") == (0, 0), "nobody had asked for another"
    key = handed_over(office, *since, language="ca").run.case
    assert counts(office, "ley-10-2025/8.6") == (1, 1)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE service_case SET language = '{other}'")
    assert [one.case_key for one in measured(office, "ley-10-2025/8.6").breaches] == [key]


def test_a_receipt_that_went_where_nobody_chose_is_a_breach(office: Office) -> None:
    key = office.open("queja", "una", answer_channel="email", address="ana@example.com").case.key
    office.desk.answers.choose_answer(key, office.agent, language="ca")
    office.desk.answers.choose_answer(key, office.agent, channel="post", address="Calle Inventada, 1")
    assert counts(office, "ley-10-2025/12.2") == (1, 1), "it went where they had chosen then"
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox_message SET channel = 'sms'")
    assert [one.case_key for one in measured(office, "ley-10-2025/12.2").breaches] == [key]


def test_a_term_to_complete_that_was_cut_short_is_a_breach(office: Office) -> None:
    key = office.open("queja", "una").case.key
    office.desk.answers.ask(key, "la factura", office.agent, told=True)
    office.pass_days(30)
    office.desk.answers.lapse(key, office.agent)
    assert counts(office, "ley-10-2025/13.3") == (1, 1)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE case_clock SET due_at = '2027-01-20T00:00:00+00:00' WHERE ends = 'completion'"
        )
    assert [one.case_key for one in measured(office, "ley-10-2025/13.3").breaches] == [key]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE case_document SET kind = 'x' WHERE kind = 'request'",
        "UPDATE outbox_message SET state = 'failed'",
        "DELETE FROM outbox_message",
    ],
)
def test_a_lapse_of_which_nobody_was_warned_is_a_breach(office: Office, damage: str) -> None:
    told, written = (
        office.open("queja", f"queja {n}", answer_channel="email", address="a@b.es").case.key for n in "12"
    )
    office.desk.answers.ask(told, "la factura", office.agent, told=True)
    office.desk.answers.ask(written, "la factura", office.agent)
    office.pass_days(30)
    for key in (told, written):
        office.desk.answers.lapse(key, office.agent)
    assert counts(office, "ley-10-2025/13.4") == (2, 2)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(damage)
    breaches = [one.case_key for one in measured(office, "ley-10-2025/13.4").breaches]
    assert breaches == ([told, written] if "case_document" in damage else [written])


def test_everything_that_the_law_of_customer_care_wants_proved_has_its_line(office: Office) -> None:
    norms = office.desk.catalogue.norms.items()
    wanted = {card.article for ref, card in norms if ref.startswith("ley-10-2025/") and "prove" in card.kind}
    lines = {one.article for one in measure_compliance(office.desk, *YEAR).obligations if one.norm == "ley-10-2025"}
    # 4.7 is the whole report, 21 its bundle and 22 its column of errors.
    shared = {"4.2": "11.1", "7.2": "8.6", "8.1": "8.2"}
    assert wanted - lines == {"4.7", "21", "22", *shared}
    assert set(shared.values()) <= lines


def test_a_norm_that_is_switched_off_is_not_in_the_report(office: Office) -> None:
    norms = office.desk.catalogue.norms
    norms["ley-10-2025/13.7"] = replace(norms["ley-10-2025/13.7"], enabled=False)
    articles = [one.article for one in measure_compliance(office.desk, *YEAR).obligations]
    assert "13.7" not in articles and "13.6" in articles


def test_an_estimated_calendar_is_a_margin_of_error(office: Office) -> None:
    office.pass_days(30)
    key = office.open("queja", "una").case.key
    office.desk.answers.resolve(key, NO, office.agent)
    found = measured(office, "ley-10-2025/17.1")
    assert (found.error, "sin cotejar" in found.note) == (100.0, True)


def test_before_a_law_binds_the_report_says_so(office: Office) -> None:
    assert "28/12/2026" in measured(office, "ley-10-2025/17.1").note
    office.at = MONDAY + timedelta(days=40)
    assert measured(office, "ley-10-2025/17.1").note == ""


LOG = """\
1780000000|a|q|NONE|ENTERQUEUE||600|1
1780000010|a|q|SIP/1|CONNECT|10|x|3
1780000060|a|q|SIP/1|COMPLETEAGENT|10|50|1
1780000000|b|q|NONE|ENTERQUEUE||600|1
1780000200|b|q|NONE|ABANDON|1|1|200
1780000000|c|q|NONE|ENTERQUEUE||600|1
1780000020|c|q|NONE|ABANDON|1|1|20
1780000000|d|q|NONE|ENTERQUEUE||600|1
"""


def test_waits_come_from_the_exchange_s_own_log(office: Office, tmp_path: Path) -> None:
    (tmp_path / "queue_log").write_text(LOG, encoding="utf-8")
    office.desk.import_queue_log(tmp_path / "queue_log")
    report = measure_compliance(office.desk, date(2026, 5, 1), date(2026, 6, 30))
    found = next(one for one in report.obligations if one.article == "10.3")
    assert (found.total, found.kept, found.fulfilled) == (2, 1, False), "who gave up at once was not kept waiting"
    assert round(found.error, 1) == 33.3, "one call has no end in the log"
    assert "percentil 95: 200 s" in found.value


waits = st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 5)), min_size=1, max_size=40)


@given(waits, st.integers(1, 100))
def test_the_percentile_is_that_of_the_waits_one_by_one(counted: list[tuple[int, int]], share: int) -> None:
    flat = sorted(wait for wait, calls in counted for _call in range(calls))
    found = percentile(counted, share)
    assert found in flat
    assert sum(wait <= found for wait in flat) * 100 >= share * len(flat)
    mean = mean_of_fastest(counted, share)
    fastest = flat[: len(flat) * share // 100]
    assert mean == (sum(fastest) / len(fastest) if fastest else None)


def test_nobody_waiting_is_no_measure() -> None:
    assert percentile([], 95) is None and mean_of_fastest([], 95) is None


def test_the_report_is_a_page_a_pdf_and_one_document(office: Office) -> None:
    office.open("queja", "<script>alert(1)</script>")
    office.pass_days(60)
    report = measure_compliance(office.desk, *YEAR)
    page = to_html(report)
    assert "<script>" not in page and "art. 17.1" in page and 'scope="row"' in page
    assert to_report_pdf(report).startswith(b"%PDF")
    assert len(to_csv(report).splitlines()) == 1 + report.breached
    written = json.loads(json.dumps(document(report)))
    assert written["breached"] == report.breached == 1


def test_the_yearly_evaluation_is_one_bundle_whose_hashes_check(office: Office, tmp_path: Path) -> None:
    office.open()
    report = measure_compliance(office.desk, *YEAR)
    digests = {write_bundle(report, shipped_protocols(), tmp_path / name) for name in ("a.zip", "b.zip")}
    content = (tmp_path / "a.zip").read_bytes()
    assert digests == {hashlib.sha256(content).hexdigest()}, "the same report gives the same bytes"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())
        assert "normas/regulation/ley-10-2025.yaml" in sums and "informe.pdf" in sums
