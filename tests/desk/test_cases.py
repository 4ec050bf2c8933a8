"""Cases at the desk, on each engine: opened with key, clocks, lock and receipt; followed, joined and due in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from atencion.data.case_events import ConcurrentCase
from atencion.data.cases import CaseFilter
from atencion.desk import Desk
from atencion.desk.case_keys import check_digit, is_case_key
from atencion.desk.case_opening import CaseRequest
from atencion.errors import Refused, StoreError
from atencion.resources import shipped_protocols
from atencion.scripts.cases import Answer, CaseRefused, Decision
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import MADRID, MONDAY, Office


def test_a_case_has_its_key_items_clocks_lock_and_receipt_at_once(office: Office) -> None:
    file = office.open("reclamacion", "Que me devuelvan 12 euros", "Por qué ha subido", subtype="factura")
    assert is_case_key(file.case.key)
    assert [item.text for item in file.items] == ["Que me devuelvan 12 euros", "Por qué ha subido"]
    assert [(clock.norm, clock.due_on) for clock in file.clocks] == [
        ("ley-10-2025/17.3", date(2026, 12, 5)),
        ("ley-10-2025/17.1", date(2026, 12, 23)),
    ]
    assert (file.case.department, file.case.region, file.contract) == ("facturacion", "ES-MD", "L-100")
    assert [(lock.contract_number, lock.norm) for lock in file.locks] == [("L-100", "ley-10-2025/4.4")]
    (receipt,) = file.documents
    assert receipt.kind == "receipt" and receipt.intact
    for told in ("30/11/2026", "10:00", "1. Que me devuelvan 12 euros", "2. Por qué ha subido", "Marta", "23/12/2026"):
        assert told in (receipt.text or "")


def test_the_receipt_says_how_to_get_the_recording_only_if_there_is_one(office: Office) -> None:
    texts = [office.open(recorded=recorded).documents[0].text or "" for recorded in (True, False)]
    assert ["se ha grabado con su consentimiento" in text for text in texts] == [True, False]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", "Justificante"),
        ("ca", "Justificant del"),
        ("gl", "Xustificante"),
        ("eu", "egiaztagiria"),
        ("en", "Receipt"),
    ],
)
def test_the_receipt_is_in_the_language_asked_for(office: Office, language: str, told: str) -> None:
    assert told in (office.open(language=language).documents[0].text or "")


def test_a_language_asked_for_that_cannot_be_given_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="«oc»"):
        office.open(language="oc")
    assert office.desk.cases.listed(CaseFilter()) == []


def test_an_official_language_that_has_no_papers_is_told_with_the_norm(office: Office) -> None:
    papers = office.desk.catalogue.papers
    spoken = {language: one for language, one in papers.languages.items() if language != "eu"}
    office.desk.catalogue.papers = papers.model_copy(update={"languages": spoken})
    with pytest.raises(CaseRefused, match=r"art\. 8\.6"):
        office.open(language="eu", region="ES-PV")
    with pytest.raises(Refused, match="«eu»"):
        office.open(language="eu", region="ES-MD")


def test_what_came_in_earlier_counts_from_then(office: Office) -> None:
    late = datetime(2026, 11, 24, 23, 59, tzinfo=MADRID)
    file = office.open(received_at=late, region="ES-CT", contract_number="", customer_id=None)
    assert file.clocks[0].due_on == date(2026, 12, 17)  # the organisation's holidays count as well
    with pytest.raises(Refused, match="después de ahora"):
        office.open(received_at=office.at + timedelta(minutes=1))


def test_a_case_opened_at_23_59_of_30_december_counts_from_that_day(office: Office) -> None:
    office.at = datetime(2026, 12, 30, 23, 59, tzinfo=MADRID)
    clock = office.open().clocks[0]
    assert (clock.due_on, clock.estimated) == (date(2027, 1, 22), True)


def test_an_outage_has_two_hours_on_the_clock(office: Office) -> None:
    file = office.open("incidencia", "No tengo luz", subtype="corte")
    assert file.clocks[0].due_at == MONDAY + timedelta(hours=2)
    assert file.case.priority == "urgent"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"type_": "nada"}, "La clase de expediente «nada» no existe"),
        ({"subtype": "nada"}, "no tiene la subclase «nada»"),
        ({"department": "nada"}, "El departamento «nada» no existe"),
        ({"contract_number": "X-9"}, "No hay ningún contrato «X-9»"),
        ({"contract_number": "L-200"}, "No hay ningún contrato «L-200» de ese cliente"),
        ({"customer_id": 999, "contract_number": ""}, "No hay ningún cliente 999"),
        ({"subject": "  "}, "Falta decir qué pide"),
        ({"region": "ES-XX"}, "La región «ES-XX» no existe"),
        ({"answer_channel": "email", "address": "no es un correo"}, "no sirve para enviar"),
    ],
)
def test_what_does_not_exist_is_told_and_nothing_is_opened(office: Office, more: dict[str, object], told: str) -> None:
    with pytest.raises(Refused, match=told):
        office.open(**more)  # type: ignore[arg-type]
    assert office.desk.cases.listed(CaseFilter()) == []


def test_a_norm_that_is_switched_off_starts_no_clock_and_locks_nothing(office: Office) -> None:
    norms = office.desk.catalogue.norms
    for ref in ("ley-10-2025/17.1", "ley-10-2025/4.4"):
        norms[ref] = replace(norms[ref], enabled=False)
    file = office.open()
    assert (file.clocks, file.locks, file.case.due_at) == ((), (), None)


def test_the_key_alone_tells_how_it_stands_and_nothing_about_anybody(office: Office) -> None:
    key = office.open().case.key
    told = office.desk.cases.status(f" {key[:3]}-{key[3:6]} {key[6:]} ")
    assert (told.status, told.due_on) == ("open", date(2026, 12, 23))
    assert "Ana" not in str(told) and "cobrado" not in str(told)


def test_a_misheard_key_is_told_before_anything_is_looked_for(office: Office) -> None:
    key = office.open().case.key
    wrong = str((int(key[0]) + 1) % 10) + key[1:]
    with pytest.raises(Refused, match="no cuadra"):
        office.desk.cases.file(wrong)
    with pytest.raises(Refused, match="No hay ningún expediente"):
        office.desk.cases.file("48271936" + check_digit("48271936"))


def test_what_falls_due_comes_in_order_with_what_is_left(office: Office) -> None:
    keys = {
        name: office.open(name, f"asunto {name}", subtype=subtype).case.key
        for name, subtype in (("queja", ""), ("reclamacion", "factura"), ("incidencia", "corte"), ("sugerencia", ""))
    }
    due = office.desk.cases.due(agent=office.agent)
    assert [one.case.key for one in due] == [keys["incidencia"], keys["reclamacion"], keys["queja"]]
    assert [(one.norm.article, one.left_working_days, one.state) for one in due] == [
        ("17.2", 0, "on_time"),
        ("17.3", 4, "on_time"),
        ("17.1", 15, "on_time"),
    ]
    office.at += timedelta(minutes=95)
    assert [one.state for one in office.desk.cases.due()] == ["warning", "on_time", "on_time"]
    office.pass_days(6)
    left = [(one.state, one.left_working_days) for one in office.desk.cases.due()]
    assert left[:2] == [("overdue", -4), ("overdue", 0)]


def test_what_falls_due_can_be_asked_by_department_day_and_hours(office: Office) -> None:
    office.open("incidencia", "No tengo luz", subtype="corte")
    office.open("reclamacion", subtype="factura")
    due = office.desk.cases.due
    assert [one.case.department for one in due(department="facturacion")] == ["facturacion"]
    assert len(due(within_hours=3)) == 1 and len(due(until=date(2026, 12, 5))) == 2
    assert due(agent=office.supervisor) == [] and len(due(limit=1)) == 1


def test_a_case_whose_time_ran_out_stays_open_until_somebody_acts(office: Office) -> None:
    key = office.open().case.key
    office.pass_days(400)
    (late,) = office.desk.cases.due()
    assert (late.case.key, late.state, late.case.status) == (key, "overdue", "open")
    with pytest.raises(CaseRefused, match=r"art\. 13\.2"):
        office.desk.answers.close(key, office.agent)


def test_the_history_of_a_case_cannot_be_changed(office: Office) -> None:
    office.open()
    for statement in ("UPDATE case_event SET kind = 'x'", "DELETE FROM case_event"):
        with pytest.raises(StoreError), office.desk.store.writing() as connection:
            connection.exec_driver_sql(statement)


def test_a_clock_set_back_does_not_turn_the_history_round(office: Office) -> None:
    key = office.open().case.key
    office.at -= timedelta(hours=5)
    office.desk.cases.comment(key, "una nota", office.agent)
    events = office.file(key).events
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].at == MONDAY


def test_of_two_who_read_the_same_the_second_is_told_who_was_first(office: Office) -> None:
    file = office.open()
    office.desk.cases.assign(file.case.key, office.supervisor, priority="high", version=file.case.seq)
    with pytest.raises(ConcurrentCase, match="Sara Inventada"):
        office.desk.cases.assign(file.case.key, office.agent, department="cobros", version=file.case.seq)
    assert office.file(file.case.key).case.department == "reclamaciones"


def test_two_agents_who_resolve_at_once_leave_one_resolution(office: Office) -> None:
    key = office.open().case.key
    start, ended = Barrier(2), list[str]()

    def resolve(code: str) -> None:
        desk = Desk.open(office.url, shipped_protocols(), clock=lambda: office.at)
        start.wait()
        try:
            desk.answers.resolve(key, [Answer(1, Decision.ACCEPTED, f"Lo decide {code}")], desk.agent(code))
            ended.append("resolved")
        except Refused as refusal:
            ended.append("told" if "resuelto" in refusal.message else refusal.message)
        desk.close()

    threads = [Thread(target=resolve, args=(code,)) for code in ("A1", "S1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["resolved", "told"]
    assert office.kinds(key).count("resolved") == 1
    assert len([one for one in office.file(key).documents if one.kind == "resolution"]) == 1


def test_a_duplicate_joins_the_other_with_its_items_its_earlier_term_and_its_key(office: Office) -> None:
    first = office.open("reclamacion", "Que me devuelvan 12 euros")
    office.pass_days(2)
    again = "que me devuelvan 12 EUROS"
    second = office.open("reclamacion", again, "Una disculpa", customer_id=None, contract_number="")
    kept = office.desk.cases.merge(first.case.key, second.case.key, office.agent)
    assert [item.text for item in kept.items] == ["que me devuelvan 12 EUROS", "Una disculpa"]
    assert kept.case.due_on == first.case.due_on
    assert kept.case.customer_id == office.ana
    assert [(link.kind, link.other_key) for link in kept.links] == [("duplicate", first.case.key)]
    told = office.desk.cases.status(first.case.key)
    assert (told.status, told.merged_into, told.due_on) == ("closed", second.case.key, None)
    with pytest.raises(CaseRefused, match="está unido a otro"):
        office.desk.cases.comment(first.case.key, "x", office.agent)


def test_what_is_not_the_same_matter_is_not_joined(office: Office) -> None:
    mine = office.open().case.key
    with office.desk.store.reading() as connection:
        other_id = connection.exec_driver_sql("SELECT id FROM customer WHERE external_id = 'C-2'").scalar()
    theirs = office.open(customer_id=other_id, contract_number="L-200").case.key
    merge = office.desk.cases.merge
    for key, into in ((mine, theirs), (mine, mine)):
        with pytest.raises(CaseRefused):
            merge(key, into, office.agent)
    assert office.file(mine).case.status == office.file(theirs).case.status == "open"


def test_tasks_links_and_comments_stay_with_the_case(office: Office) -> None:
    key, other = office.open().case.key, office.open().case.key
    cases = office.desk.cases
    cases.comment(key, "Espera la lectura", office.agent)
    cases.link(key, office.agent, other=other)
    cases.link(key, office.agent, reference="factura 2026-11")
    cases.add_task(key, "Llamar a la distribuidora", MONDAY + timedelta(days=1), office.agent, owner=office.agent)
    (task,) = cases.file(key).tasks
    cases.end_task(key, task.id, office.agent)
    file = cases.file(key)
    assert [(link.kind, link.other_key or link.reference) for link in file.links] == [
        ("case", other),
        ("document", "factura 2026-11"),
    ]
    assert file.tasks[0].done_at == MONDAY
    assert [event.value for event in file.events if event.kind == "comment"] == ["Espera la lectura"]
    with pytest.raises(Refused, match="no está pendiente"):
        cases.end_task(key, task.id, office.agent)


def test_one_thing_more_has_its_own_item(office: Office) -> None:
    key = office.open().case.key
    assert [item.number for item in office.desk.cases.add_item(key, "Y una disculpa", office.agent).items] == [1, 2]


def test_texts_that_the_law_had_blocked_are_not_shown(office: Office) -> None:
    key = office.open("queja", "Un secreto").case.key
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE personal_value SET blocked_at = '{datetime(2026, 12, 1, tzinfo=UTC)}'")
    file = office.file(key)
    assert "Un secreto" not in str(file)
    assert (file.case.subject, file.items[0].text, file.documents[0].text) == (None, None, None)


def test_a_request_keeps_what_it_was_given(office: Office) -> None:
    case = office.open(amount_cents=1240, priority="high", channel="email").case
    assert (case.amount_cents, case.priority, case.channel) == (1240, "high", "email")
    assert CaseRequest("queja", "x").items == ()


def test_what_a_case_locks_is_locked_by_the_one_it_is_merged_into_until_it_is_told(office: Office) -> None:
    gone, kept = office.open().case.key, office.open("queja", "otra", contract_number="").case.key
    body = office.desk.catalogue.bodies.bodies[0].id
    office.desk.answers.go_out(gone, body, office.agent)
    office.desk.cases.merge(gone, kept, office.agent)
    assert [one.norm for one in office.file(kept).locks] == ["ley-10-2025/4.4", "ley-10-2025/13.8"]
    office.desk.answers.come_back(kept, "Da la razón a la empresa", office.agent)
    answers = [Answer(number, Decision.ACCEPTED, f"Se acepta la {number}") for number in (1, 2)]
    office.desk.answers.resolve(kept, answers, office.agent)
    office.desk.answers.notify(kept, "phone", office.agent)
    office.desk.answers.check_cut_off("L-100")


def test_a_resolved_case_whose_terms_were_stopped_is_told_what_it_admits_and_not_to_have_them_run_on(
    office: Office,
) -> None:
    gone, kept = (office.open("queja", text).case.key for text in ("una", "otra"))
    office.desk.answers.stop(gone, "Se espera un informe", office.agent)
    office.desk.answers.resolve(gone, [Answer(1, Decision.REFUSED, "No hubo error")], office.agent)
    with pytest.raises(CaseRefused, match="no admite eso") as refused:
        office.desk.cases.merge(gone, kept, office.agent)
    assert "reabrir" in refused.value.remedy


def test_a_case_whose_terms_are_stopped_is_not_merged_so_that_they_are_not_lost(office: Office) -> None:
    gone, kept = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    office.desk.answers.stop(gone, "Se espera un informe", office.agent)
    with pytest.raises(CaseRefused, match="plazos detenidos"):
        office.desk.cases.merge(gone, kept, office.agent)
    office.desk.answers.resume(gone, "Ha llegado", office.agent)
    office.desk.cases.merge(gone, kept, office.agent)
