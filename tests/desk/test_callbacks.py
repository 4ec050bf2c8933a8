"""Promised calls, and the minutes of whoever asks for a supervisor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from atencion.data import journal
from atencion.data.agents import AgentRecord
from atencion.data.customer_search import find
from atencion.desk import Desk
from atencion.desk.callbacks import Promise
from atencion.errors import Refused, StoreError
from atencion.scripts.acts import Advance, Capture, Choose, OpenMoment, Say
from atencion.scripts.cases import CaseRefused
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import MADRID, MONDAY, Office
from tests.folders import CALL, SEVERAL, protocols_folder


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=MADRID)


def promise(office: Office, start: datetime, end: datetime, **more: object) -> int:
    made = Promise("749 037 199", start, end, **more)  # type: ignore[arg-type]
    return office.desk.callbacks.promise(made, office.agent).id


def test_calls_come_in_the_order_of_their_windows(office: Office) -> None:
    key = office.open().case.key
    later = promise(office, at(2, 16), at(2, 18), reason="La lectura")
    sooner = promise(office, at(1, 10), at(1, 11), case_key=key)
    due = office.desk.callbacks.due(office.agent)
    assert [one.id for one in due] == [sooner, later]
    assert (due[0].phone, due[0].case_key, due[0].customer_id) == ("+34749037199", key, office.ana)


def test_a_window_is_of_the_zone_it_was_given_in(office: Office) -> None:
    promise(office, at(1, 10), at(1, 11))
    (due,) = office.desk.callbacks.due()
    assert due.from_at == at(1, 10) and due.from_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (at(2, 10), at(2, 10), "termina antes"),
        (at(2, 10), at(2, 9), "termina antes"),
        (datetime(2026, 11, 29, 9, tzinfo=MADRID), datetime(2026, 11, 29, 10, tzinfo=MADRID), "ya ha pasado"),
    ],
)
def test_a_window_that_is_none_is_refused(office: Office, start: datetime, end: datetime, told: str) -> None:
    with pytest.raises(Refused, match=told):
        promise(office, start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(1, 8, 59), at(1, 10)),
        (at(1, 20), at(1, 21, 1)),
        (at(5, 10), at(5, 11)),  # a Saturday
        (at(7, 10), at(7, 11)),  # a holiday in Madrid
        (at(8, 10), at(8, 11)),
        (at(1, 10), at(2, 11)),
    ],
)
def test_a_commercial_call_is_never_promised_outside_the_hours_of_the_law(
    office: Office, start: datetime, end: datetime
) -> None:
    with pytest.raises(CaseRefused, match=r"TRLGDCU, art\. 96"):
        promise(office, start, end, commercial=True)
    assert promise(office, start, end)


def test_a_commercial_call_within_them_is(office: Office) -> None:
    assert promise(office, at(1, 9), at(1, 21), commercial=True)


def test_a_number_of_somebody_with_a_pending_complaint_is_not_promised_a_commercial_call(office: Office) -> None:
    office.open("queja", "Me trataron mal")
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO contact_point (customer_id, kind, label, value, normal, is_primary)"
            f" VALUES ({office.ana}, 'phone', '', '749037199', '+34749037199', TRUE)"
        )
    with pytest.raises(CaseRefused, match=r"TRLGDCU, art\. 21\.2"):
        promise(office, at(1, 10), at(1, 11), commercial=True)
    with office.desk.store.reading() as connection:
        other = find(connection, "C-2")[0].customer_id
    with pytest.raises(CaseRefused, match=r"TRLGDCU, art\. 21\.2"):
        promise(office, at(1, 10), at(1, 11), commercial=True, customer_id=other)
    assert promise(office, at(1, 10), at(1, 11), commercial=True, asked=True)


def test_a_commercial_call_is_not_made_outside_the_hours_of_the_law_nor_once_a_matter_is_pending(
    office: Office,
) -> None:
    made = [promise(office, at(1, 10), at(1, 20), commercial=True, customer_id=office.ana) for _number in range(2)]
    for office.at in (at(1, 8, 30), at(1, 21, 1), at(5, 11), at(8, 11)):
        with pytest.raises(CaseRefused, match=r"TRLGDCU, art\. 96"):
            office.desk.call_back(office.agent, made[0])
    office.at = at(1, 11)
    assert office.desk.call_back(office.agent, made[0]).phone == "+34749037199"
    office.open("incidencia", "Sin luz", subtype="corte")
    with pytest.raises(CaseRefused, match=r"art\. 16\.2"):
        office.desk.call_back(office.agent, made[1])
    assert [one.id for one in office.desk.callbacks.due()] == [made[1]], "it is still to be made"


def test_a_promise_is_kept_only_once_the_contact_is_open(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    promised = promise(office, at(1, 10), at(1, 20))
    office.at = at(1, 11)
    with monkeypatch.context() as full:

        def no_room(*_args: object, **_more: object) -> None:
            raise StoreError("no queda sitio")

        full.setattr(journal, "append", no_room)
        with pytest.raises(StoreError):
            office.desk.call_back(office.agent, promised)
    assert [one.id for one in office.desk.callbacks.due()] == [promised]
    office.desk.call_back(office.agent, promised)
    with pytest.raises(Refused, match="No hay ninguna llamada"):
        office.desk.call_back(office.supervisor, promised)
    assert len(office.desk.interactions()) == 1, "who comes second opens none"


def test_one_that_was_begun_and_nobody_answered_is_to_be_made_again_while_its_window_lasts(office: Office) -> None:
    promised = promise(office, at(1, 10), at(1, 20))
    office.at = at(1, 11)
    office.desk.call_back(office.agent, promised)
    office.desk.callbacks.no_answer(promised)
    (again,) = office.desk.callbacks.due(office.agent)
    assert (again.id, again.attempts, again.ended_at) == (promised, 1, None)
    office.desk.call_back(office.agent, promised)
    office.at = at(1, 20)
    with pytest.raises(Refused, match="No hay ninguna llamada"):
        office.desk.callbacks.no_answer(promised)


def test_one_that_nobody_made_goes_to_the_supervisors_and_can_still_be_made(office: Office) -> None:
    missed = promise(office, at(1, 10), at(1, 11))
    office.at = at(1, 11)
    assert office.desk.callbacks.due(office.agent) == []
    (told,) = office.desk.callbacks.due(office.supervisor, state="missed")
    assert (told.id, told.department) == (missed, "supervision")
    office.desk.callbacks.no_answer(missed)
    office.desk.callbacks.done(missed)
    for ended in (office.desk.callbacks.done, office.desk.callbacks.cancel, office.desk.callbacks.no_answer):
        with pytest.raises(Refused, match="No hay ninguna llamada"):
            ended(missed)


def test_a_supervisor_who_comes_in_time_ends_the_wait(office: Office) -> None:
    request = office.desk.callbacks.ask_supervisor(office.agent)
    assert request.limit_at == MONDAY + timedelta(minutes=3)
    office.at += timedelta(minutes=2)
    office.desk.callbacks.take_request(request.id, office.supervisor)
    assert office.desk.callbacks.request(request.id).state == "taken"
    assert office.desk.callbacks.requests() == []


def test_one_who_does_not_come_in_three_minutes_calls_back_the_same_working_day(office: Office) -> None:
    request = office.desk.callbacks.ask_supervisor(office.agent, case_key=office.open().case.key)
    office.at += timedelta(minutes=3)
    assert office.desk.callbacks.requests() == []
    (booked,) = office.desk.callbacks.due(office.supervisor)
    assert (booked.norm, booked.from_at) == ("ley-10-2025/8.3", request.limit_at)
    assert booked.until_at == datetime(2026, 11, 30, 22, 0, tzinfo=MADRID), "when the supervisors go home"
    assert office.desk.callbacks.request(request.id).callback_id == booked.id
    with pytest.raises(Refused, match="se devolverá la llamada"):
        office.desk.callbacks.take_request(request.id, office.supervisor)
    assert len(office.desk.callbacks.due()) == 1, "booked once"


@pytest.mark.parametrize("asked", [at(5, 14), at(6, 10), at(8, 23)])
def test_who_asks_on_a_day_that_is_not_worked_is_called_the_next_that_is(office: Office, asked: datetime) -> None:
    office.at = asked
    office.desk.callbacks.ask_supervisor(office.agent)
    office.at += timedelta(minutes=4)
    (booked,) = office.desk.callbacks.due()
    assert booked.until_at == at(9, 22)


def test_where_the_law_does_not_ask_for_it_there_is_no_such_clock(office: Office) -> None:
    norms = office.desk.catalogue.norms
    norms["ley-10-2025/8.3"] = replace(norms["ley-10-2025/8.3"], enabled=False)
    with pytest.raises(Refused, match="no le obliga"):
        office.desk.callbacks.ask_supervisor(office.agent)


def test_escalating_a_call_to_a_supervisor_starts_the_clock_and_calls_the_same_number_back(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound", phone="+34749037199")
    call.record(Say(), Capture("permiso_grabar", "s"), Advance())
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Quiere un responsable"), Advance())
    case = call.escalate("pide_supervisor", None, "Quiere hablar con un responsable")
    (request,) = office.desk.callbacks.requests()
    assert (request.interaction_id, request.case_key) == (call.id, case.key)
    office.at += timedelta(minutes=5)
    (booked,) = office.desk.callbacks.due()
    assert (booked.phone, booked.case_key) == ("+34749037199", case.key)
    assert "se ha grabado" in (office.file(case.key).documents[0].text or "")


def test_who_agrees_to_be_called_while_they_wait_is_called_once(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound", phone="+34749037199")
    call.record(Say(), Capture("permiso_grabar", "s"), Advance())
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Quiere un responsable"), Advance())
    call.escalate("pide_supervisor", None, "Quiere hablar con un responsable")
    agreed = promise(office, MONDAY.replace(hour=17), MONDAY.replace(hour=18), supervisor=True, interaction_id=call.id)
    office.at += timedelta(minutes=10)
    assert [one.id for one in office.desk.callbacks.due()] == [agreed]
    assert office.desk.callbacks.request(1).callback_id == agreed


def test_a_promised_call_is_not_lost_to_a_protocol_that_is_wrong(store_url: str, tmp_path: Path) -> None:
    wrong = CALL.replace("Una llamada", "Al principio").replace("kind: ", "kind: no_", 1)
    folder = protocols_folder(tmp_path / "p", {**SEVERAL, "phone/aaa": wrong})
    desk = Desk.open(store_url, folder, clock=lambda: MONDAY)
    desk.put_agent(AgentRecord("A1", "Marta Inventada"))
    agent = desk.agent("A1")
    promised = desk.callbacks.promise(Promise("749037199", at(1, 10), at(1, 11)), agent)
    call = desk.call_back(agent, promised.id)
    assert (call.protocol.id, call.phone) == ("phone/otra", promised.phone)
    desk.close()


def test_who_agrees_to_be_called_today_is_called_once_and_waits_for_nobody(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound", phone="+34749037199")
    call.record(OpenMoment("asks_supervisor"))
    call.record(Say(), Choose("no_puede"), Advance())
    call.record(Say(), Capture("momento_supervision", "2026-11-30 17:30"))
    call.record(Capture("telefono_supervision", "749037199"), Advance())
    key = call.escalate("pide_supervisor", None, "Quiere una persona responsable").key
    office.at += timedelta(minutes=10)
    (due,) = office.desk.callbacks.due()
    assert (due.case_key, due.department, due.norm) == (key, "supervision", "ley-10-2025/8.3")
    assert office.desk.callbacks.requests() == []
    assert office.desk.callbacks.request(1).state == "called_back"
