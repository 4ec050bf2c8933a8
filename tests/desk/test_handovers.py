"""Handing cases over: routed by reason, hours and language; taken, returned or passed on; told to whoever gave them."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from atencion.desk import Desk
from atencion.desk.handovers import handover_told
from atencion.desk.inbox import read_inbox
from atencion.desk.interaction import Interaction
from atencion.errors import AtencionError, Refused
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Act, Advance, Back, Capture, Choose, CutOff, Note, Say, Skip, TellKey, Tick
from atencion.scripts.cases import Answer, CaseRefused, Decision
from atencion.scripts.decide import StepRefused
from atencion.scripts.organisation import EscalationRoute, Organisation
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import MADRID, MONDAY, Office

NOON, NIGHT = datetime(2026, 11, 30, 12, tzinfo=MADRID), datetime(2026, 11, 30, 23, tzinfo=MADRID)


def with_routes(office: Office, *routes: dict[str, Any]) -> Organisation:
    made = tuple(EscalationRoute(**{"department": "facturacion", **route}) for route in routes)
    # A copy, so that what was worked out from the old routes is not kept.
    return Organisation.model_validate({**dict(office.desk.organisation), "escalation_routes": made})


def test_a_case_waits_for_the_department_of_its_route_with_a_summary(office: Office) -> None:
    key = office.open(subtype="factura").case.key
    office.desk.handovers.hand_over(
        key, "cobro_indebido", "Le cobran 12 euros de más; quiere que se le devuelvan", office.agent
    )
    (waiting,) = office.desk.handovers.waiting("facturacion")
    assert (waiting.case_key, waiting.route, waiting.level, waiting.agent) == (key, "facturas_1", 1, "Marta Inventada")
    assert "12 euros" in (waiting.summary or "")
    case = office.file(key).case
    assert (case.status, case.owner_id, case.department) == ("escalated", None, "facturacion")


def test_out_of_hours_the_route_goes_on_to_the_next_that_is_open(office: Office) -> None:
    organisation = office.desk.organisation
    for at, route in ((NOON, "facturas_1"), (datetime(2026, 11, 30, 21, tzinfo=MADRID), "turno"), (NIGHT, "turno")):
        found = organisation.route_for("cobro_indebido", "es", at)
        assert found is not None and found.id == route


def test_a_language_that_a_route_does_not_speak_goes_on(office: Office) -> None:
    organisation = with_routes(
        office,
        {"id": "a", "reasons": ("otro",), "languages": ("es",), "then": "b"},
        {"id": "b", "languages": ("ca",), "then": "c"},
        {"id": "c", "department": "supervision"},
    )
    assert [getattr(organisation.route_for("otro", lang, NOON), "id", None) for lang in ("es", "ca", "eu")] == [
        "a",
        "b",
        "c",
    ]
    assert organisation.route_for("olor_a_gas", "es", NOON) is None


def test_a_route_that_loops_ends_where_it_would_begin_again(office: Office) -> None:
    closed = {"languages": ("ca",)}
    organisation = with_routes(
        office, {"id": "a", "reasons": ("otro",), "then": "b", **closed}, {"id": "b", "then": "a", **closed}
    )
    found = organisation.route_for("otro", "es", NOON)
    assert found is not None and found.id == "b"


def test_a_department_with_no_hours_attends_always(office: Office) -> None:
    departments = [one.model_copy(update={"hours": ()}) for one in office.desk.organisation.departments]
    organisation = Organisation.model_validate({**dict(office.desk.organisation), "departments": tuple(departments)})
    found = organisation.route_for("cobro_indebido", "es", NIGHT)
    assert found is not None and found.id == "facturas_1"


def test_whoever_takes_it_has_it_and_whoever_gave_it_is_told(office: Office) -> None:
    key = office.open().case.key
    handovers = office.desk.handovers
    handovers.hand_over(key, "cliente_insatisfecho", "No está conforme", office.agent)
    case = handovers.accept(key, office.supervisor, "Lo llevo yo")
    assert (case.status, case.owner_id) == ("open", office.supervisor.id)
    assert handovers.waiting() == []
    (news,) = handovers.news(office.agent)
    assert (news.state, news.decided_by, news.comment) == ("accepted", "Sara Inventada", "Lo llevo yo")
    handovers.see_news(office.agent, [news.id])
    assert handovers.news(office.agent) == []
    with pytest.raises(CaseRefused, match="no admite eso"):
        handovers.accept(key, office.agent)


def test_what_is_returned_comes_back_with_its_reason(office: Office) -> None:
    key = office.open().case.key
    handovers = office.desk.handovers
    handovers.hand_over(key, "cliente_insatisfecho", "No está conforme", office.agent)
    with pytest.raises(Refused, match="por qué se devuelve"):
        handovers.give_back(key, "  ", office.supervisor)
    case = handovers.give_back(key, "Falta la factura", office.supervisor)
    assert (case.status, case.owner_id) == ("open", office.agent.id)
    assert [(one.state, one.comment) for one in handovers.news(office.agent)] == [("returned", "Falta la factura")]


def test_why_a_case_was_returned_is_hidden_with_the_other_texts_about_its_customer(office: Office) -> None:
    key = office.open().case.key
    office.desk.handovers.hand_over(key, "cliente_insatisfecho", "No está conforme", office.agent)
    office.desk.handovers.give_back(key, "Ana no ha pagado", office.supervisor)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE personal_value SET blocked_at = '2026-12-01T00:00:00+00:00' WHERE customer_id = {office.ana}"
        )
    (returned,) = office.file(key).handovers
    assert (returned.summary, returned.comment) == (None, None)


def test_what_is_passed_on_waits_for_the_next_alone(office: Office) -> None:
    key = office.open().case.key
    handovers = office.desk.handovers
    handovers.hand_over(key, "factura_compleja", "Para facturación", office.agent)
    handovers.hand_over(key, "reclamacion_formal", "Mejor reclamaciones", office.supervisor, warm=True)
    (waiting,) = handovers.waiting()
    assert (waiting.department, waiting.warm) == ("reclamaciones", True)
    assert [one.state for one in office.file(key).handovers] == ["passed_on", "waiting"]


def test_nobody_waits_to_take_a_case_that_was_resolved(office: Office) -> None:
    key = office.open().case.key
    handovers = office.desk.handovers
    handovers.hand_over(key, "factura_compleja", "Para facturación", office.agent)
    office.desk.answers.resolve(key, [Answer(1, Decision.ACCEPTED, "Se le devuelven")], office.agent)
    assert handovers.waiting() == []
    office.desk.answers.reopen(key, "No está conforme", office.agent)
    handovers.hand_over(key, "reclamacion_formal", "Ahora reclamaciones", office.agent)
    assert [one.state for one in office.file(key).handovers] == ["gone_on", "waiting"]


def test_an_agent_is_told_of_what_another_answered_without_taking_it_first(office: Office) -> None:
    handovers, answers = office.desk.handovers, office.desk.answers
    own, other = (office.open("queja", said).case.key for said in ("una", "otra"))
    for key in (own, other):
        handovers.hand_over(key, "factura_compleja", "Para facturación", office.agent)
    answers.resolve(own, [Answer(1, Decision.ACCEPTED, "Se arregla")], office.agent)
    answers.resolve(other, [Answer(1, Decision.ACCEPTED, "Se arregla")], office.supervisor)
    (told,) = handovers.news(office.agent)
    assert (told.case_key, told.state, told.decided_by) == (other, "gone_on", office.supervisor.name)
    handovers.see_news(office.agent, [told.id])
    assert handovers.news(office.agent) == []


def test_a_case_that_went_on_without_being_taken_is_told_when_it_falls_due(office: Office) -> None:
    key = office.open().case.key
    office.desk.handovers.hand_over(key, "factura_compleja", "Para facturación", office.agent)
    office.desk.answers.ask(key, "La factura", office.agent, told=True)
    office.desk.answers.complete(key, "La trae", office.agent)
    office.pass_days(60)
    inbox = read_inbox(office.desk)
    assert (inbox.waiting, [one.case.key for one in inbox.due]) == ((), [key])


def test_a_case_that_waits_to_be_taken_is_merged_only_into_one_that_does(office: Office) -> None:
    gone, kept = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    handovers = office.desk.handovers
    handovers.hand_over(gone, "factura_compleja", "Para facturación", office.agent)
    with pytest.raises(CaseRefused, match="Espera a que alguien lo acepte"):
        office.desk.cases.merge(gone, kept, office.agent)
    handovers.hand_over(kept, "factura_compleja", "Para facturación", office.agent)
    office.desk.cases.merge(gone, kept, office.agent)
    assert [one.case_key for one in handovers.waiting()] == [kept]
    assert [one.state for one in office.file(gone).handovers] == ["gone_on"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"reason": "nada"}, "El motivo «nada»"),
        ({"department": "nada"}, "El departamento «nada»"),
        ({"summary": " "}, "Falta el resumen"),
    ],
)
def test_what_cannot_be_handed_over_stays(office: Office, given: dict[str, str], told: str) -> None:
    key = office.open().case.key
    said = {"reason": "otro", "summary": "algo", "department": "", **given}
    with pytest.raises(Refused, match=told):
        office.desk.handovers.hand_over(
            key, said["reason"], said["summary"], office.agent, department=said["department"]
        )
    assert office.file(key).case.status == "open"


def test_the_most_urgent_waits_first(office: Office) -> None:
    slow = office.open("queja", "Una queja").case.key
    quick = office.open("incidencia", "Sin luz", subtype="corte").case.key
    for key in (slow, quick):
        office.desk.handovers.hand_over(key, "otro", "algo", office.agent)
    assert [one.case_key for one in office.desk.handovers.waiting()] == [quick, slow]


def demanded(office: Office) -> Interaction:
    call = office.desk.open_interaction(office.agent, "phone/inbound", phone="+34749037199")
    call.record(Say(), Capture("permiso_grabar", "s"), Advance())
    call.pick(office.ana)
    call.identify("birth_date", "31/12/1950")
    call.identify("postcode", "28013")
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "Una factura"), Advance())
    return call


def test_a_call_handed_over_opens_a_case_like_any_other(office: Office) -> None:
    key = demanded(office).escalate("factura_compleja", None, "Revisar la factura de mayo").key
    file = office.file(key)
    assert (file.case.due_norm, file.contract, [one.norm for one in file.locks]) == (
        "ley-10-2025/17.3",
        "L-100",
        ["ley-10-2025/4.4"],
    )
    assert [(one.kind, one.intact) for one in file.documents] == [("receipt", True)]
    assert [(one.department, one.route, one.level) for one in file.handovers] == [("facturacion", "facturas_1", 1)]


def test_the_receipt_of_a_claim_goes_out_once(office: Office) -> None:
    call = demanded(office)
    call.not_found("una factura")
    call.record(Say(), Advance())
    call.record(Choose("reclamar"), Advance())
    call.record(Say(), Capture("hechos", "La lectura no es la suya"), Capture("medio_justificante", "email"), Advance())
    assert call.run.step == "abrir_expediente", "the address is on file, so it was not asked for"
    key = call.escalate("reclamacion_formal", None, "Lectura mal tomada").key
    call.record(Say(), Advance())
    file = office.file(key)
    assert [(one.channel, one.recipient) for one in file.messages] == [("email", "ana@example.com")]
    assert len(file.documents) == 1


def test_the_receipt_of_a_claim_goes_where_somebody_who_is_not_verified_says(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "phone/inbound")
    call.record(Say(), Capture("permiso_grabar", "no"), Advance())
    call.pick(office.ana)
    call.record(Say(), Capture("motivo", "reclamacion"), Capture("demanda", "Una factura"), Advance())
    call.not_found("una factura")
    call.record(Say(), Advance())
    call.record(Choose("reclamar"), Advance())
    call.record(Say(), Capture("hechos", "La lectura no es la suya"), Capture("medio_justificante", "sms"), Advance())
    call.record(Say(), Capture("movil_justificante", "749037199"), Advance())
    key = call.escalate("reclamacion_formal", None, "Lectura mal tomada").key
    call.record(Say(), Advance())
    assert [(one.channel, one.recipient) for one in office.file(key).messages] == [("sms", "+34749037199")]


def test_a_call_is_handed_over_to_whoever_attends_at_that_hour(office: Office) -> None:
    office.at = MONDAY.replace(hour=20)
    opened = demanded(office).escalate("factura_compleja", None, "Revisar la factura")
    assert office.file(opened.key).case.department == "supervision"


def test_a_call_is_passed_on_with_words_for_the_customer_the_colleague_and_both(office: Office) -> None:
    customer, colleague, together = demanded(office).escalate("factura_compleja", None, "Lectura mal tomada.").transfer
    assert "Le paso con Facturación" in customer and "no tendrá que repetir nada" in customer
    assert "Soy Marta" in colleague and "Lectura mal tomada." in colleague
    assert "Ya estamos los tres" in together


def test_the_summary_is_said_to_the_colleague_in_sentences(office: Office) -> None:
    summary = "Me cobran dos veces\n\nYa se le ha leído: «Copia»."
    colleague = demanded(office).escalate("factura_compleja", None, summary).transfer[1]
    assert "Me cobran dos veces. Ya se le ha leído: «Copia». ¿Puedes" in colleague


def test_a_handover_whose_words_cannot_be_said_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))
    organisation = folder / "organisation.yaml"
    text = organisation.read_text(encoding="utf-8")
    text = text.replace("Le paso con {{ departamento }}.", "{% if extension > 3 %}Le paso.{% endif %}")
    organisation.write_text(text, encoding="utf-8")
    office.desk.close()
    office.desk = Desk.open(office.url, folder, clock=lambda: office.at)
    call = demanded(office)
    before = call.run
    with pytest.raises(AtencionError):
        call.escalate("factura_compleja", None, "Lectura mal tomada.")
    assert call.run == before and call.run.case is None


def test_nobody_is_passed_on_where_nobody_attends(office: Office) -> None:
    office.at = MONDAY.replace(hour=20)
    assert demanded(office).escalate("factura_compleja", "facturacion", "Revisar").transfer == ()


def test_whether_a_call_was_passed_on_warm_or_cold_is_in_the_history_of_its_case(office: Office) -> None:
    warm = demanded(office).escalate("factura_compleja", None, "Revisar").key
    cold = demanded(office).escalate("factura_compleja", None, "Revisar", cold=True)
    assert cold.transfer == (), "there is nothing to say to anybody"
    office.at = MONDAY.replace(hour=20)
    closed = demanded(office).escalate("factura_compleja", "facturacion", "Revisar").key
    for key, is_warm in ((warm, True), (cold.key, False), (closed, False)):
        file = office.file(key)
        assert [one.warm for one in file.handovers] == [is_warm]
        assert [one.body["warm"] for one in file.events if one.kind == "escalated"] == [is_warm]
    assert handover_told(office.desk.organisation, office.file(warm).handovers[0]) == (
        "Derivado de viva voz a Facturación"
    )


def test_what_is_written_is_never_passed_on_with_the_customer_on_the_line(office: Office) -> None:
    call = office.desk.open_interaction(office.agent, "email/reply", channel="email")
    assert not call.can_be_warm("facturacion")


def at_the_farewell(office: Office) -> Interaction:
    """A call whose demand was handed over half way, with its key untold, and all that is left is to say goodbye."""
    call = demanded(office)
    call.escalate("factura_compleja", None, "Revisar")
    call.not_found("una factura")
    call.record(Say(), Advance())
    call.record(Choose("resolver"), Advance())
    call.record(Say())
    call.resolve("informada")
    call.record(Advance(), Say(), Choose("nada_mas"), Advance())
    call.record(Tick("datos_al_dia"), Advance(), Say())
    return call


@pytest.mark.parametrize("way", [Advance(), Skip("Tiene prisa")])
def test_a_conversation_does_not_end_before_the_key_of_what_was_handed_over_is_told(office: Office, way: Act) -> None:
    call = at_the_farewell(office)
    (key,) = call.run.untold_keys
    with pytest.raises(StepRefused, match=f"clave del asunto: {' '.join(key)}") as refused:
        call.record(way)
    assert refused.value.norm == "ley-10-2025/11.2"
    call.key_told()
    assert call.record(Advance()).step == "cierre"


def test_what_is_handed_over_in_the_wrap_up_has_a_key_to_be_told_too(office: Office) -> None:
    call = at_the_farewell(office)
    call.key_told()
    call.record(Advance())
    call.escalate("contrato_complejo", None, "Y además cambia de titular")
    with pytest.raises(StepRefused, match="clave del asunto"):
        call.close("ayu_general")
    call.key_told()
    call.close("ayu_general")


def test_who_is_gone_cannot_be_told_a_key(office: Office) -> None:
    call = at_the_farewell(office)
    call.record(CutOff("Se corta"))
    assert call.run.untold_keys
    call.close("ayu_general")


def test_who_is_back_can_be_told_it(office: Office) -> None:
    call = at_the_farewell(office)
    call.record(CutOff("Se corta"), Back("despedida"))
    with pytest.raises(StepRefused, match="clave del asunto"):
        call.record(Advance())


def test_a_note_that_names_a_key_tells_it_to_nobody(office: Office) -> None:
    call = at_the_farewell(office)
    (key,) = call.run.untold_keys
    call.record(Note(f"Su clave es {key}"))
    assert call.run.untold_keys == (key,)


def test_each_key_is_told_by_an_entry_that_names_it(office: Office) -> None:
    call = demanded(office)
    keys = [call.escalate("factura_compleja", None, words).key for words in ("Revisar", "Y la otra")]
    call.key_told()
    told = [entry.body for entry in office.desk.record_of(call.id).entries if entry.kind == "key_told"]
    assert told == [{"case": key} for key in keys]
    assert call.run.untold_keys == ()
    with pytest.raises(StepRefused, match="no está por decir"):
        call.record(TellKey(keys[0]))
