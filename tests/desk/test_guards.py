"""What the law forbids while talking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atencion.scripts.acts import Advance, Capture, Say
from atencion.scripts.cases import Answer, CaseRefused, Decision
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import Office

GRANTED = [Answer(1, Decision.ACCEPTED, "Hecho")]


def test_nothing_is_offered_while_a_cut_of_supply_is_pending_unless_asked_for_or_part_of_the_solution(
    office: Office,
) -> None:
    key = office.open("incidencia", "No tengo luz", subtype="corte").case.key
    offer = office.desk.guards.check_offer
    with pytest.raises(CaseRefused, match=r"No se hacen ofertas.*art\. 16\.2"):
        offer(office.ana)
    offer(office.ana, asked=True)
    offer(office.ana, improves=True)
    office.desk.answers.resolve(key, GRANTED, office.agent)
    offer(office.ana)


def test_customer_care_is_not_for_selling_while_a_complaint_is_pending(office: Office) -> None:
    office.open("queja", "Me trataron mal")
    with pytest.raises(CaseRefused, match=r"TRLGDCU, art\. 21\.2"):
        office.desk.guards.check_offer(office.ana, improves=True)
    office.desk.guards.check_offer(office.ana, asked=True)


def test_nobody_is_surveyed_before_their_case_is_settled_and_told(office: Office) -> None:
    key = office.open().case.key
    for step in (lambda: None, lambda: office.desk.answers.resolve(key, GRANTED, office.agent)):
        step()
        with pytest.raises(CaseRefused, match=r"art\. 18\.2"):
            office.desk.guards.check_survey(key)
    office.desk.answers.notify(key, "phone", office.agent)
    office.desk.guards.check_survey(key)


def test_a_recording_is_kept_until_the_answer_is_told(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    call.record(Say(), Capture("permiso_grabar", "s"), Advance())
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Una factura"), Advance())
    key = call.escalate("factura_compleja", None, "Revisar la factura").key
    with pytest.raises(CaseRefused, match=r"art\. 13\.5"):
        office.desk.guards.check_end_of_recording(call.id)
    office.desk.answers.resolve(key, GRANTED, office.agent)
    office.desk.answers.notify(key, "phone", office.agent)
    office.desk.guards.check_end_of_recording(call.id)


def test_a_guard_whose_norm_is_switched_off_lets_through(office: Office) -> None:
    norms = office.desk.catalogue.norms
    for ref in ("ley-10-2025/16.2", "ley-10-2025/18.2", "trlgdcu/21.2"):
        norms[ref] = replace(norms[ref], enabled=False)
    key = office.open("reclamacion", "Cortes", subtype="corte").case.key
    office.desk.guards.check_offer(office.ana)
    office.desk.guards.check_survey(key)


def test_who_says_to_be_vulnerable_comes_first_and_why_is_not_kept(office: Office) -> None:
    file = office.open("consulta", "Una duda", customer_id=None, contract_number="", vulnerable=True)
    assert file.case.priority == "high"
    given = next(event for event in file.events if event.kind == "given_priority")
    assert (dict(given.body), given.value) == ({"norm": "ley-10-2025/15.2"}, None)


def test_who_is_65_or_more_comes_first(office: Office) -> None:
    assert office.open("consulta", "Una duda").case.priority == "high"  # Ana was born in 1950
    assert office.open("consulta", "Una duda", customer_id=None, contract_number="").case.priority == "normal"
    assert office.open("consulta", "Una duda", priority="urgent").case.priority == "urgent"
