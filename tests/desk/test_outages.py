"""One answer to all who gave notice of an outage."""

from __future__ import annotations

import pytest

from atencion.errors import Refused
from atencion.scripts.acts import Advance, Capture, Say
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import Office


def test_all_who_gave_notice_are_answered_at_once_each_by_their_way_and_at_least_by_sms(office: Office) -> None:
    mailed = office.open("incidencia", "Sin luz", subtype="corte", channel="email").case.key
    call = office.desk.open_interaction(office.agent, "phone/inbound", phone="+34749037199")
    call.record(Say(), Capture("permiso_grabar", "n"), Advance())
    call.record(Say(), Capture("motivo", "urgencia"), Capture("demanda", "Sin luz"), Advance())
    phoned = call.escalate("sin_suministro", None, "Sin luz en toda la calle").key
    nowhere = office.open("incidencia", "Sin luz", subtype="corte", customer_id=None, contract_number="").case.key
    other = office.open("queja", "Otra cosa").case.key
    answer = office.desk.outages.answer("Avería en la red", "A las diez", office.agent)
    assert (set(answer.told), answer.untold) == ({mailed, phoned}, (nowhere,))
    sent = {message.case_key: message for message in office.desk.outbox.messages() if "aviso" in message.subject}
    assert {key: message.channel for key, message in sent.items()} == {mailed: "email", phoned: "sms"}
    assert sent[phoned].recipient == "+34749037199" and "Avería en la red" in (sent[phoned].body or "")
    assert [clock.state for key in (mailed, phoned, nowhere) for clock in office.file(key).clocks] == [
        "met",
        "met",
        "running",
    ]
    assert office.file(other).clocks[0].state == "running"


def test_news_of_it_goes_to_all_of_them_again(office: Office) -> None:
    office.open("incidencia", "Sin luz", subtype="corte", channel="email")
    for back in ("A las diez", "A las once"):
        office.desk.outages.answer("Avería en la red", back, office.agent)
    bodies = [message.body or "" for message in office.desk.outbox.messages() if "aviso" in message.subject]
    assert ["A las once" in body for body in bodies] == [True, False]


def test_an_outage_of_one_region_is_answered_there_alone(office: Office) -> None:
    office.open("incidencia", "Sin luz", subtype="corte", channel="email")
    assert office.desk.outages.answer("Avería", "Pronto", office.agent, region="ES-CT").told == ()
    assert len(office.desk.outages.answer("Avería", "Pronto", office.agent, region="ES-MD").told) == 1


def test_without_cause_or_restoration_nobody_is_answered(office: Office) -> None:
    office.open("incidencia", "Sin luz", subtype="corte", channel="email")
    with pytest.raises(Refused, match="Faltan la causa"):
        office.desk.outages.answer("Avería", " ", office.agent)
