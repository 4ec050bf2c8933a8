"""Answering cases: reasoned item by item, told where and in the language it came, never closed by time alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from atencion.errors import Refused
from atencion.scripts.cases import Answer, CaseRefused, Decision
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import MONDAY, Office

YES, IN_PART, NO = Decision.ACCEPTED, Decision.PARTLY, Decision.REFUSED
GRANTED = [Answer(1, YES, "Se le devuelven los doce euros")]
BOTH = [Answer(1, YES, "Se le devuelven los doce euros"), Answer(2, NO, "El precio cambió por el peaje publicado")]


def two_items(office: Office, **more: object) -> str:
    return office.open("reclamacion", "Que me devuelvan 12 euros", "Que baje el precio", **more).case.key


def test_a_case_is_not_resolved_while_an_item_has_no_reasons(office: Office) -> None:
    key = two_items(office)
    with pytest.raises(CaseRefused, match=r"«Que baje el precio».*Ley 10/2025, art\. 13\.1"):
        office.desk.answers.resolve(key, GRANTED, office.agent)
    file = office.file(key)
    assert (file.case.status, [item.decision for item in file.items]) == ("open", ["", ""])


def test_one_text_does_not_answer_items_that_differ(office: Office) -> None:
    key = two_items(office)
    same = [Answer(n, NO, "Hemos revisado su caso") for n in (1, 2)]
    with pytest.raises(CaseRefused, match=r"El mismo texto.*art\. 13\.1"):
        office.desk.answers.resolve(key, same, office.agent)


def test_a_refusal_in_part_tells_whom_to_turn_to_and_the_compensation(office: Office) -> None:
    key = two_items(office, region="ES-CT")
    office.desk.answers.resolve(key, BOTH, office.supervisor, compensation_cents=123456)
    file = office.file(key)
    text = next(one.text for one in file.documents if one.kind == "resolution") or ""
    assert (file.case.decision, file.case.compensation_cents) == ("partly", 123456)
    for told in ("Se acepta en parte", "Junta Arbitral de Consum de Catalunya", "participará", "1.234,56"):
        assert told in text
    assert "El precio cambió por el peaje publicado" in text


def test_what_is_granted_whole_needs_nobody_else(office: Office) -> None:
    key = office.open().case.key
    office.desk.answers.resolve(key, GRANTED, office.agent)
    text = next(one.text for one in office.file(key).documents if one.kind == "resolution") or ""
    assert "Junta Arbitral" not in text


def test_a_refusal_cannot_be_given_where_nobody_is_known_to_turn_to(office: Office) -> None:
    key = two_items(office)
    bodies = office.desk.catalogue.bodies
    office.desk.catalogue.bodies = bodies.model_copy(update={"bodies": ()})
    with pytest.raises(CaseRefused, match=r"art\. 13\.7"):
        office.desk.answers.resolve(key, BOTH, office.agent)
    assert office.file(key).case.status == "open"


def test_the_answer_is_told_by_the_channel_of_the_matter_or_the_one_chosen(office: Office) -> None:
    key = office.open(answer_channel="post").case.key
    office.desk.answers.resolve(key, GRANTED, office.agent)
    with pytest.raises(CaseRefused, match=r"art\. 13\.5"):
        office.desk.answers.notify(key, "email", office.agent)
    assert office.desk.answers.notify(key, "phone", office.agent).status == "notified"


def test_the_answer_is_told_in_the_language_of_the_matter(office: Office) -> None:
    key = office.open(language="ca").case.key
    office.desk.answers.resolve(key, GRANTED, office.agent)
    with pytest.raises(CaseRefused, match=r"art\. 13\.6"):
        office.desk.answers.notify(key, "phone", office.agent, language="es")
    documents = office.file(key).documents
    assert [one.language for one in documents] == ["ca", "ca"]
    assert "S'accepta" in (documents[1].text or "")


def test_what_the_customer_chooses_later_is_where_the_answer_goes(office: Office) -> None:
    key = office.open(customer_id=None, contract_number="").case.key
    office.desk.answers.resolve(key, GRANTED, office.agent)
    assert office.file(key).messages == ()
    office.desk.answers.choose_answer(key, office.agent, channel="email", address="otra@example.com")
    (message,) = office.file(key).messages
    assert (message.channel, message.recipient) == ("email", "otra@example.com")


def test_the_terms_are_met_when_it_is_resolved_and_when_it_is_told(office: Office) -> None:
    key = office.open(subtype="factura").case.key
    office.pass_days(1)
    office.desk.answers.resolve(key, GRANTED, office.agent)
    assert {clock.norm: clock.state for clock in office.file(key).clocks} == {
        "ley-10-2025/17.3": "running",
        "ley-10-2025/17.1": "met",
    }
    assert [one.case.key for one in office.desk.cases.due()] == [key]
    office.desk.answers.notify(key, "phone", office.agent)
    assert office.desk.cases.due() == []
    assert office.desk.answers.close(key, office.agent).status == "closed"


def test_the_contract_is_locked_until_the_answer_is_told(office: Office) -> None:
    key = office.open().case.key
    check = office.desk.answers.check_cut_off
    with pytest.raises(CaseRefused, match=r"no se puede cortar.*art\. 4\.4"):
        check("l 100")
    check("L-200")
    office.desk.answers.resolve(key, GRANTED, office.agent)
    with pytest.raises(CaseRefused):
        check("L-100")
    office.desk.answers.notify(key, "phone", office.agent)
    check("L-100")


def test_a_matter_before_an_out_of_court_body_keeps_collection_and_cut_off_stopped(office: Office) -> None:
    key = two_items(office)
    answers = office.desk.answers
    answers.go_out(key, "junta_md", office.agent)
    answers.resolve(key, BOTH, office.agent)
    answers.notify(key, "phone", office.agent)
    assert {lock.norm for lock in office.file(key).locks} == {"ley-10-2025/4.4", "ley-10-2025/13.8"}
    answers.come_back(key, "La junta da la razón a la empresa", office.agent)
    assert office.file(key).locks == ()
    with pytest.raises(CaseRefused, match="no está ante ningún organismo"):
        answers.come_back(key, "otra vez", office.agent)
    with pytest.raises(Refused, match="No hay ningún organismo"):
        answers.go_out(key, "nadie", office.agent)


def test_telecoms_whose_law_is_the_other_way_round_lock_nothing(office: Office) -> None:
    norms = office.desk.catalogue.norms
    for ref in ("ley-10-2025/4.4", "ley-10-2025/13.8"):
        norms[ref] = replace(norms[ref], enabled=False)
    key = office.open().case.key
    office.desk.answers.go_out(key, "usuario_teleco", office.agent)
    assert office.file(key).locks == ()
    office.desk.answers.check_cut_off("L-100")


def test_an_incomplete_claim_stops_and_warns_and_its_term_starts_anew_when_complete(office: Office) -> None:
    key = office.open().case.key
    case = office.desk.answers.ask(key, "La factura de octubre", office.agent, told=True)
    assert (case.status, case.due_norm, case.due_on) == ("waiting", "ley-10-2025/13.3", date(2026, 12, 16))
    text = office.file(key).documents[-1].text or ""
    for told in ("La factura de octubre", "10 días hábiles", "16/12/2026", "se entenderá resuelto"):
        assert told in text
    office.pass_days(9)
    case = office.desk.answers.complete(key, "La manda por correo", office.agent)
    assert (case.status, case.due_norm) == ("open", "ley-10-2025/17.1")
    assert case.due_on == date(2026, 12, 31)  # 15 working days from 9 December


def test_a_claim_completed_after_its_term_but_before_anybody_acted_goes_on(office: Office) -> None:
    key = office.open().case.key
    office.desk.answers.ask(key, "La factura", office.agent, told=True)
    office.pass_days(17)
    assert office.file(key).case.status == "waiting", "time alone ends nothing"
    assert office.desk.answers.complete(key, "La trae", office.agent).status == "open"
    completed = next(event for event in office.file(key).events if event.kind == "completed")
    assert completed.body["late"] is True


def test_a_claim_that_is_not_completed_is_settled_by_somebody_after_its_term_with_the_warning(office: Office) -> None:
    key = office.open().case.key
    office.desk.answers.ask(key, "La factura", office.agent, told=True)
    office.at = MONDAY + timedelta(days=15)  # the last day
    with pytest.raises(CaseRefused, match=r"aún está en plazo.*art\. 13\.3"):
        office.desk.answers.lapse(key, office.agent)
    office.pass_days(2)
    case = office.desk.answers.lapse(key, office.agent)
    assert (case.status, case.decision, case.due_at) == ("resolved", "lapsed", None)
    file = office.file(key)
    lapsed = next(event for event in file.events if event.kind == "lapsed")
    warning = next(one for one in file.documents if one.kind == "request")
    assert (lapsed.body["warning"], lapsed.body["hash"]) == (warning.id, warning.hash)


def test_one_who_completes_it_after_that_has_it_reopened(office: Office) -> None:
    key = office.open().case.key
    office.desk.answers.ask(key, "La factura", office.agent, told=True)
    office.pass_days(20)
    office.desk.answers.lapse(key, office.agent)
    case = office.desk.answers.complete(key, "La trae al fin", office.agent)
    assert (case.status, case.decision, case.due_norm) == ("reopened", "", "ley-10-2025/17.1")


def test_a_term_that_had_passed_before_it_was_asked_for_stays_late(office: Office) -> None:
    key = office.open().case.key
    office.pass_days(60)
    office.desk.answers.ask(key, "La factura", office.agent, told=True)
    ended = next(event for event in office.file(key).events if event.kind == "clock_ended")
    assert (ended.body["state"], ended.body["late"]) == ("void", True)


def test_an_outage_is_answered_with_its_cause_and_when_service_is_back(office: Office) -> None:
    key = office.open("incidencia", "No tengo luz", subtype="corte", channel="phone").case.key
    answer = office.desk.answers.answer_outage
    for cause, back in (("", "a las diez"), ("avería en la red", " ")):
        with pytest.raises(Refused, match="Falta"):
            answer(key, cause, back, office.agent, told=True)
    with pytest.raises(CaseRefused, match=r"No hay por dónde.*art\. 17\.2"):
        answer(key, "Avería en la red", "A las diez", office.agent)
    office.at += timedelta(minutes=119)
    case = answer(key, "Avería en la red", "A las diez", office.agent, told=True)
    assert (case.status, case.due_at) == ("open", None)
    assert office.file(key).clocks[0].state == "met"


def test_a_stopped_term_runs_on_with_what_was_left_of_it(office: Office) -> None:
    key = office.open().case.key
    office.pass_days(2)
    answers = office.desk.answers
    assert answers.stop(key, "Lo pide el juzgado", office.agent).due_at is None
    office.pass_days(30)
    case = answers.resume(key, "El juzgado ha contestado", office.agent)
    assert case.due_on == date(2027, 1, 21)  # 13 working days after 1 January, Epiphany apart
    assert [event.value for event in office.file(key).events if event.kind in ("stopped", "resumed")] == [
        "Lo pide el juzgado",
        "El juzgado ha contestado",
    ]
    with pytest.raises(CaseRefused, match="ningún plazo detenido"):
        answers.resume(key, "x", office.agent)


def test_a_term_that_has_passed_or_is_of_hours_cannot_be_stopped(office: Office) -> None:
    late = office.open().case.key
    outage = office.open("incidencia", "No tengo luz", subtype="corte").case.key
    office.pass_days(60)
    for key in (late, outage):
        with pytest.raises(CaseRefused, match="no se puede detener"):
            office.desk.answers.stop(key, "porque sí", office.agent)


def test_a_privacy_right_has_a_month_and_two_more_if_it_is_told_why(office: Office) -> None:
    key = office.open("derecho_privacidad", "Una copia de mis datos", subtype="acceso").case.key
    assert office.file(key).case.due_on == date(2026, 12, 30)
    with pytest.raises(CaseRefused, match=r"hacérselo llegar.*art\. 12\.3"):
        office.desk.answers.extend(key, "Hay que juntar tres años de grabaciones", office.agent)
    case = office.desk.answers.extend(key, "Hay que juntar tres años de grabaciones", office.agent, told=True)
    assert case.due_on == date(2027, 3, 1)  # 28 February is a Sunday
    assert "tres años de grabaciones" in (office.file(key).documents[-1].text or "")
    with pytest.raises(CaseRefused, match="ya se amplió"):
        office.desk.answers.extend(key, "más aún", office.agent)


def test_no_other_term_can_be_made_longer(office: Office) -> None:
    with pytest.raises(CaseRefused, match="Ninguna norma"):
        office.desk.answers.extend(office.open().case.key, "falta gente", office.agent)


def test_a_case_is_reopened_for_a_reason_with_its_terms_and_lock_anew(office: Office) -> None:
    key = office.open().case.key
    answers = office.desk.answers
    answers.resolve(key, GRANTED, office.agent)
    answers.notify(key, "phone", office.agent)
    with pytest.raises(Refused, match="por qué se reabre"):
        answers.reopen(key, " ", office.agent)
    office.pass_days(30)
    case = answers.reopen(key, "No se ha devuelto nada", office.agent)
    file = office.file(key)
    assert (case.status, file.items[0].decision, file.case.resolved_at) == ("reopened", "", None)
    assert file.locks and file.case.due_on == date(2027, 1, 22)
    assert answers.resolve(key, [Answer(1, YES, "Devuelto hoy mismo")], office.agent).status == "resolved"


def test_papers_are_registered_word_for_word(office: Office) -> None:
    key = office.open("queja", "Una queja\x1b[31m con <b>trampa</b>").case.key
    receipt = office.file(key).documents[0]
    assert receipt.intact and "\x1b" not in (receipt.text or "")
    event = next(one for one in office.file(key).events if one.kind == "document")
    assert event.body["hash"] == receipt.hash
    page = office.desk.cases.paper(key, "receipt", "html").content.decode()
    assert '<html lang="es">' in page and "&lt;b&gt;trampa" in page and receipt.hash in page
    pdf = office.desk.cases.paper(key, "receipt", "pdf").content
    assert pdf.startswith(b"%PDF") and pdf == office.desk.cases.paper(key, "receipt", "pdf").content
    with pytest.raises(Refused, match="No hay ese documento"):
        office.desk.cases.paper(key, "resolution", "text")


def test_a_warning_that_would_reach_nobody_is_no_warning(office: Office) -> None:
    key = office.open().case.key
    with pytest.raises(CaseRefused, match=r"hacérselo llegar.*art\. 13\.4"):
        office.desk.answers.ask(key, "La factura", office.agent)
    assert office.file(key).case.status == "open"
    office.desk.answers.choose_answer(key, office.agent, channel="email", address="ana@example.com")
    office.desk.answers.ask(key, "La factura", office.agent)
    assert [one.channel for one in office.file(key).messages][-1] == "email"


def test_a_claim_does_not_lapse_if_its_warning_was_sent_and_reached_nobody(office: Office) -> None:
    key = office.open(answer_channel="email", address="ana@example.com").case.key
    answers = office.desk.answers
    answers.ask(key, "La factura", office.agent)
    office.pass_days(20)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox_message SET state = 'failed'")
    with pytest.raises(CaseRefused, match=r"No consta que se le avisara.*art\. 13\.4"):
        answers.lapse(key, office.agent)
    message = office.file(key).messages[-1]
    office.desk.outbox.retry(message.id)
    assert answers.lapse(key, office.agent).decision == "lapsed"


def test_whoever_chooses_a_channel_after_a_lapse_is_sent_the_lapse_and_no_decision_from_before(office: Office) -> None:
    key = office.open().case.key
    answers = office.desk.answers
    answers.resolve(key, GRANTED, office.agent)
    answers.reopen(key, "Trae algo nuevo", office.agent)
    answers.ask(key, "La factura", office.agent, told=True)
    office.pass_days(20)
    answers.lapse(key, office.agent)
    answers.choose_answer(key, office.agent, channel="email", address="ana@example.com")
    papers = {one.id: one.kind for one in office.file(key).documents}
    assert [papers[one.document_id] for one in office.file(key).messages] == ["lapse"]


def test_what_was_stopped_before_it_was_resolved_does_not_run_on_when_it_is_taken_up_again(office: Office) -> None:
    key = office.open("queja", "una").case.key
    office.desk.answers.stop(key, "Se espera un informe", office.agent)
    office.desk.answers.resolve(key, [Answer(1, Decision.REFUSED, "No hubo error")], office.agent)
    with pytest.raises(CaseRefused, match="ningún plazo detenido"):
        office.desk.answers.resume(key, "Ha llegado", office.agent)
    office.desk.answers.reopen(key, "No está conforme", office.agent)
    assert [one.state for one in office.file(key).clocks] == ["met", "running"]


def test_one_who_completes_it_after_being_told_that_it_lapsed_has_the_contract_locked_again(office: Office) -> None:
    key = office.open().case.key
    answers = office.desk.answers
    answers.ask(key, "La factura", office.agent, told=True)
    office.pass_days(20)
    answers.lapse(key, office.agent)
    answers.notify(key, "phone", office.agent)
    answers.check_cut_off("L-100")
    case = answers.complete(key, "La trae al fin", office.agent)
    assert (case.status, case.notified_at, case.due_norm) == ("reopened", None, "ley-10-2025/17.1")
    with pytest.raises(CaseRefused, match=r"no se puede cortar.*art\. 4\.4"):
        answers.check_cut_off("L-100")
    assert office.kinds(key)[-4:] == ["completed", "reopened", "clock_started", "locked"]


def test_a_term_that_was_stopped_when_more_was_asked_for_never_runs_on(office: Office) -> None:
    key = office.open("queja", "una").case.key
    answers = office.desk.answers
    answers.stop(key, "Se espera un informe", office.agent)
    office.pass_days(60)
    answers.ask(key, "La factura", office.agent, told=True)
    answers.complete(key, "La trae", office.agent)
    with pytest.raises(CaseRefused, match="ningún plazo detenido"):
        answers.resume(key, "Ha llegado", office.agent)
    assert [one.state for one in office.file(key).clocks if one.norm == "ley-10-2025/17.1"] == ["void", "running"]
    late = [one.body["late"] for one in office.file(key).events if one.kind == "clock_ended"]
    assert late[0] is False, "what was stopped did not run out"
