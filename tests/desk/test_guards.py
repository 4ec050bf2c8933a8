"""What the law forbids while talking."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from atencion.data import consents
from atencion.data.personal_values import Occasion
from atencion.desk.case_work import told_with_norm
from atencion.desk.guards import refuse_end_of_recording, refuse_offer, refuse_survey
from atencion.scripts.acts import Advance, Capture, Say
from atencion.scripts.cases import Answer, CaseRefused, Decision
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import Office

GRANTED = [Answer(1, Decision.ACCEPTED, "Hecho")]


def offer(office: Office, **how: Any) -> None:
    """Offer Ana something."""
    around = office.desk._around
    with told_with_norm(around), office.desk.store.reading() as connection:
        refuse_offer(connection, around, office.ana, **how)


def survey(office: Office) -> None:
    """Ask Ana how she was attended, in a contact where she wanted nothing else."""
    around = office.desk._around
    with told_with_norm(around), office.desk.store.reading() as connection:
        refuse_survey(connection, around, office.ana, 0, case_id=None, unsettled=False)


def destroy_recording(office: Office, interaction_id: int) -> None:
    around = office.desk._around
    with told_with_norm(around), office.desk.store.reading() as connection:
        refuse_end_of_recording(connection, around, interaction_id)


def test_nothing_is_offered_while_a_cut_of_supply_is_pending_unless_asked_for_or_part_of_the_solution(
    office: Office,
) -> None:
    key = office.open("incidencia", "No tengo luz", subtype="corte").case.key
    with pytest.raises(CaseRefused, match=r"No se hacen ofertas.*art\. 16\.2"):
        offer(office)
    offer(office, asked=True)
    offer(office, improves=True)
    office.desk.answers.resolve(key, GRANTED, office.agent)
    offer(office)


def test_customer_care_is_not_for_selling_while_a_complaint_is_pending(office: Office) -> None:
    office.open("queja", "Me trataron mal")
    with pytest.raises(CaseRefused, match=r"TRLGDCU, art\. 21\.2"):
        offer(office, improves=True)
    offer(office, asked=True)


def test_whoever_said_they_want_no_offers_is_offered_nothing_they_do_not_ask_for(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    occasion = Occasion(call.id, office.agent.id, office.ana, office.at)

    def say(*, yes: bool, purpose: str = "comercial") -> None:
        with office.desk.store.writing() as connection:
            if yes:
                consents.give_consent(connection, occasion, purpose=purpose, text="Acepta", channel="phone")
            else:
                consents.withdraw_consent(connection, occasion, purpose=purpose, channel="phone")

    offer(office)
    say(yes=False, purpose="seguimiento")
    offer(office)
    say(yes=False)
    with pytest.raises(CaseRefused, match=r"no las quiere.*art\. 21"):
        offer(office)
    offer(office, asked=True)
    say(yes=True)
    offer(office)


def test_nobody_is_surveyed_before_their_case_is_settled_and_told(office: Office) -> None:
    key = office.open().case.key
    for step in (lambda: None, lambda: office.desk.answers.resolve(key, GRANTED, office.agent)):
        step()
        with pytest.raises(CaseRefused, match=r"art\. 18\.2"):
            survey(office)
    office.desk.answers.notify(key, "phone", office.agent)
    survey(office)


def test_a_recording_is_kept_until_the_answer_is_told(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    call.record(Say(), Capture("permiso_grabar", "s"), Advance())
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Una factura"), Advance())
    key = call.escalate("factura_compleja", None, "Revisar la factura").key
    with pytest.raises(CaseRefused, match=r"art\. 13\.5"):
        destroy_recording(office, call.id)
    office.desk.answers.resolve(key, GRANTED, office.agent)
    office.desk.answers.notify(key, "phone", office.agent)
    destroy_recording(office, call.id)


def test_a_guard_whose_norm_is_switched_off_lets_through(office: Office) -> None:
    office.open("reclamacion", "Cortes", subtype="corte")
    for act in (offer, survey):
        with pytest.raises(CaseRefused):
            act(office)
    norms = office.desk.catalogue.norms
    for ref in ("ley-10-2025/16.2", "ley-10-2025/18.2", "trlgdcu/21.2"):
        norms[ref] = replace(norms[ref], enabled=False)
    offer(office)
    survey(office)


def test_who_says_to_be_vulnerable_comes_first_and_why_is_not_kept(office: Office) -> None:
    file = office.open("consulta", "Una duda", customer_id=None, contract_number="", vulnerable=True)
    assert file.case.priority == "high"
    given = next(event for event in file.events if event.kind == "given_priority")
    assert (dict(given.body), given.value) == ({"norm": "ley-10-2025/15.2"}, None)


def test_who_is_65_or_more_comes_first(office: Office) -> None:
    assert office.open("consulta", "Una duda").case.priority == "high"  # Ana was born in 1950
    assert office.open("consulta", "Una duda", customer_id=None, contract_number="").case.priority == "normal"
    assert office.open("consulta", "Una duda", priority="urgent").case.priority == "urgent"


def test_the_card_of_who_is_65_or_more_says_that_they_come_first(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    call.pick(office.ana)
    masked = call.customer()
    assert masked is not None and masked.comes_first == "", "their age is theirs until they are verified"
    answers = {"birth_date": "31/12/1950", "postcode": "28013", "email": "ana@example.com"}
    for question in call.questions():
        call.identify(question.datum, answers[question.datum])
    card = call.customer()
    assert card is not None and "Ley 10/2025, art. 10.6" in card.comes_first
