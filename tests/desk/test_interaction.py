"""A call at the desk, on each engine: on disk at once, taken up exactly, verified blind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data.agents import AgentRecord
from atencion.data.customers import (
    AddressRecord,
    ContactKind,
    ContactRecord,
    CustomerRecord,
    IdentifierKind,
    IdentifierRecord,
    add_customer,
)
from atencion.data.journal import ConcurrentCall
from atencion.desk import Desk, Interaction
from atencion.desk.case_keys import check_digit, is_case_key, new_case_key
from atencion.desk.customer_view import MASK, mask_name
from atencion.errors import Refused, StoreError
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Advance, Back, Capture, Choose, Note, Say, Tick
from atencion.scripts.decide import StepRefused
from atencion.scripts.run import RunStatus
from tests.stores import *  # noqa: F403

MORNING = datetime(2026, 12, 28, 8, 0, tzinfo=UTC)
CLARA = CustomerRecord(
    external_id="C-1",
    given_name="Clara",
    surnames="Inventada Ríos",
    birth_date=date(1980, 12, 31),
    identifiers=(IdentifierRecord(IdentifierKind.NIF, "99125978A"),),
    contacts=(
        ContactRecord(ContactKind.PHONE, "749 037 199", "+34749037199"),
        ContactRecord(ContactKind.EMAIL, "clara@example.com", "clara@example.com"),
    ),
    addresses=(AddressRecord("Calle Inventada, 1", "36205", "Vigo", "Pontevedra"),),
)
SECRETS = ("Inventada", "1980", "99125978A", "clara@example.com", "36205", "Vigo", "037")


class Clock:
    """A clock that goes on a second each time it is asked."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture(name="desk")
def open_desk(store_url: str) -> Desk:
    keys = iter(["482719362", "482719362", "100000005", "200000003"])
    opened = Desk.open(store_url, shipped_protocols(), clock=Clock(), new_key=lambda: next(keys))
    opened.put_agent(AgentRecord("A1", "Marta Inventada", "Marta"))
    with opened.store.writing() as connection:
        add_customer(connection, CLARA, at=MORNING)
        add_customer(connection, CustomerRecord(external_id="C-2", given_name="Nadie"), at=MORNING)
    return opened


def customer(desk: Desk, external_id: str) -> int:
    return next(
        one.customer_id
        for name in ("Clara", "Nadie")
        for one in desk.find_customers(name)
        if one.external_id == external_id
    )


def to_the_demand(call: Interaction) -> Interaction:
    call.record(Say(), Capture("permiso_grabar", "s"), Advance())
    return call


def opened(desk: Desk) -> Interaction:
    return to_the_demand(desk.open_interaction(desk.agent("A1"), "phone/inbound", phone="+34749037199"))


def test_an_act_is_on_disk_before_it_returns(desk: Desk, store_url: str) -> None:
    call = opened(desk)
    other = Desk.open(store_url, shipped_protocols())
    assert [entry.kind for entry in other.record_of(call.id).entries] == ["opened", "said", "captured", "advanced"]
    other.close()


def test_what_was_said_is_kept_with_the_names_it_was_said_with(desk: Desk) -> None:
    said = desk.record_of(opened(desk).id).entries[1].value
    assert said is not None and said.startswith("Buenos días, le atiende Marta, de Lumeral Energía.")


def test_acts_together_are_all_written_or_none(desk: Desk) -> None:
    call = opened(desk)
    with pytest.raises(StepRefused, match="Falta «Motivo de la llamada»"):
        call.record(Say(), Note("una nota"), Advance())
    assert len(desk.record_of(call.id).entries) == call.run.seq == 4


@pytest.mark.parametrize(
    "refused",
    [
        lambda call: call.escalate("cobro_indebido", None, " ", before=[Say()]),
        lambda call: call.tell("no_existe", before=[Say()]),
        lambda call: call.pick(999, before=[Say()]),
    ],
)
def test_with_what_is_refused_nothing_was_said(desk: Desk, refused: Callable[[Interaction], object]) -> None:
    call = opened(desk)
    with pytest.raises(Refused):
        refused(call)
    assert len(desk.record_of(call.id).entries) == call.run.seq == 4
    assert not call.run.state(call.run.step).said


def test_words_are_said_before_what_they_lead_to(desk: Desk) -> None:
    call = opened(desk)
    call.record(Capture("motivo", "otro"), Capture("demanda", "x"))
    call.escalate("cobro_indebido", None, "Le han cobrado de más", before=[Say()])
    assert [entry.kind for entry in desk.record_of(call.id).entries][-2:] == ["said", "escalated"]


def test_a_call_is_taken_up_at_the_same_step_with_the_same_values_and_drafts(desk: Desk) -> None:
    call = opened(desk)
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "algo"), Advance())
    call.save_draft("note", "a medio escri")
    again = desk.resume(call.id, desk.agent("A1"))
    assert (again.run.step, again.run.values, again.drafts()) == (
        call.run.step,
        call.run.values,
        {"note": "a medio escri"},
    )


def test_a_call_goes_on_with_the_protocol_it_began_with_when_the_file_changes(store_url: str, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))
    desk = Desk.open(store_url, folder)
    call = to_the_demand(desk.open_interaction(desk.agent(), "phone/inbound"))
    desk.close()
    path = folder / "phone" / "inbound.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("¿en qué puedo ayudarle?", "¿QUÉ QUIERE?"), encoding="utf-8"
    )
    desk = Desk.open(store_url, folder)
    assert "¿en qué puedo ayudarle?" in desk.resume(call.id, desk.agent()).speech().words
    desk.close()


def test_two_desks_in_the_same_call_cannot_both_write_and_the_second_is_told(desk: Desk) -> None:
    call = opened(desk)
    other = desk.resume(call.id, desk.agent("A1"))
    other.record(Note("desde el otro"))
    with pytest.raises(ConcurrentCall):
        call.record(Note("desde el primero"))
    assert [entry.value for entry in desk.record_of(call.id).entries if entry.kind == "noted"] == ["desde el otro"]


def test_until_verified_nothing_of_the_customer_is_shown_or_told(desk: Desk) -> None:
    call = opened(desk)
    shown = [str(call.look_up("749037199")), str(call.pick(customer(desk, "C-1"), "749037199")), str(call.questions())]
    shown.append(str(call.identify("birth_date", "01/01/1981")))
    with pytest.raises(Refused) as refusal:
        call.identify("birth_date", "no lo sé")
    shown += [refusal.value.message, str(call.customer()), str(call.step_view())]
    assert not [secret for secret in SECRETS for text in shown if secret in text]
    assert "Inventada Ríos" in str(_verified(call).customer())


def _verified(call: Interaction) -> Interaction:
    for question, answer in (("birth_date", "31/12/1980"), ("postcode", "36205")):
        call.identify(question, answer)
    return call


def test_the_card_of_a_verified_customer_speaks_the_words_of_the_organisation(desk: Desk) -> None:
    first = opened(desk)
    first.pick(customer(desk, "C-1"), "C-1")
    first.escalate("cobro_indebido", None, "Le han cobrado de más")
    first.leave_open()
    call = opened(desk)
    call.pick(customer(desk, "C-1"), "C-1")
    answers = {"birth_date": "31/12/1980", "postcode": "36205", "nif": "99125978A", "phone": "749037199"}
    for question in call.questions():
        assert call.identify(question.datum, answers[question.datum]).right
    card = call.customer()
    assert card is not None and card.verified
    assert [(case.type, case.department) for case in card.cases] == [("Reclamación", "Facturación")]
    assert [contact.outcome for contact in card.contacts] == ["Derivada a otro departamento"]


def test_what_the_customer_was_found_by_is_asked_last(desk: Desk) -> None:
    call = opened(desk)
    call.pick(customer(desk, "C-1"), "36205")
    assert "postcode" not in [question.datum for question in call.questions()]


def test_an_answer_that_cannot_be_the_datum_does_not_count(desk: Desk) -> None:
    call = opened(desk)
    call.pick(customer(desk, "C-1"))
    for nonsense in ("no lo sé", "31/02/1980", ""):
        with pytest.raises(Refused, match="No cuenta como fallo"):
            call.identify("birth_date", nonsense)
    assert call.run.wrong == 0


def test_three_wrong_answers_lock_and_say_what_to_tell_the_customer(desk: Desk) -> None:
    call = opened(desk)
    call.pick(customer(desk, "C-1"))
    told = [call.identify("birth_date", f"0{day}/01/1981") for day in (1, 2, 3)]
    assert [one.left for one in told] == [2, 1, 0]
    assert told[-1].locked and "no puedo darle información" in told[-1].say
    with pytest.raises(Refused, match="bloqueada"):
        call.identify("birth_date", "31/12/1980")


def test_a_customer_with_too_little_on_file_cannot_be_verified_by_phone(desk: Desk) -> None:
    call = opened(desk)
    call.pick(customer(desk, "C-2"))
    with pytest.raises(Refused, match="No constan datos bastantes"):
        call.questions()


def test_no_answer_of_the_customer_is_kept_anywhere(desk: Desk) -> None:
    call = opened(desk)
    call.pick(customer(desk, "C-1"))
    call.identify("birth_date", "07/07/1977")
    kept = str(desk.record_of(call.id).entries)
    assert "1977" not in kept


def test_escalating_opens_a_case_with_a_free_key_in_the_reason_s_department(desk: Desk) -> None:
    keys = []
    for _call in range(2):
        call = opened(desk)
        call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "x"), Advance())
        keys.append(call.escalate("cobro_indebido", None, "Le han cobrado de más"))
    assert [case.key for case in keys] == ["482719362", "100000005"]
    assert keys[0].department == "Facturación"
    assert keys[0].spoken == "482 719 362"


def test_a_whole_call_ends_in_the_store_with_its_outcome(desk: Desk) -> None:
    call = opened(desk)
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "algo"), Advance())
    found = call.search("me han cobrado dos veces").found
    call.tell(found[0].article.id, "me han cobrado dos veces", len(found))
    call.record(Say(), Advance(), Choose("resolver"), Advance(), Say())
    call.resolve("resuelta", "hecho")
    call.record(Advance(), Say(), Choose("nada_mas"), Advance(), Tick("datos_al_dia"), Advance(), Say(), Advance())
    call.close("fac_cobro_indebido", "Vigilar el próximo recibo")
    record = desk.record_of(call.id)
    assert (record.summary.status, record.summary.outcome, record.summary.disposition) == (
        "closed",
        "resuelta",
        "fac_cobro_indebido",
    )
    assert record.run.status is RunStatus.CLOSED
    assert desk.open_interactions(desk.agent("A1")) == []
    assert desk.my_day(desk.agent("A1")).closed == 1
    with pytest.raises(Refused, match="cerrada"):
        desk.resume(call.id, desk.agent("A1"))


def test_calls_left_open_are_listed_with_their_step_and_a_masked_customer(desk: Desk) -> None:
    call = opened(desk)
    call.pick(customer(desk, "C-1"), "clara")
    call.leave_open()
    (left,) = desk.open_interactions(desk.agent("A1"))
    assert (left.id, left.step_title, left.customer) == (call.id, "Qué necesita", f"C{MASK} I{MASK} R{MASK}")


def test_going_back_is_in_the_journal_and_keeps_the_values(desk: Desk) -> None:
    call = opened(desk)
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", "algo"), Advance(), Back("demanda"))
    assert call.run.values["demanda"] == "algo"
    assert desk.record_of(call.id).entries[-1].kind == "went_back"


def test_a_store_that_cannot_be_written_leaves_the_call_as_it_was(tmp_path: Path) -> None:
    desk = Desk.open(str(tmp_path / "store.db"), shipped_protocols())
    call = desk.open_interaction(desk.agent(), "phone/inbound")
    with desk.store.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    before = call.run
    with pytest.raises(StoreError, match="espacio"):
        for _note in range(100):
            before = call.run
            call.record(Note("x" * 20_000))
    assert call.run is before
    assert len(desk.record_of(call.id).entries) == before.seq
    with desk.store.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    call.record(Note("x" * 20_000))
    desk.close()


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_a_key_with_one_wrong_digit_is_no_key(number: str, at: int, by: int) -> None:
    key = number + check_digit(number)
    wrong = key[:at] + str((int(key[at]) + by) % 10) + key[at + 1 :]
    assert is_case_key(key) and not is_case_key(wrong)


def test_a_new_key_is_nine_digits_that_check() -> None:
    assert all(is_case_key(new_case_key()) for _key in range(200))


@given(st.text(max_size=60), st.text(max_size=30))
def test_a_masked_name_shows_no_word_that_was_not_typed(name: str, typed: str) -> None:
    shown = mask_name(name, typed).split()
    assert len(shown) == len(name.split())
    for word, original in zip(shown, name.split(), strict=True):
        assert word == original or word in (MASK, original[:1] + MASK)


def test_agents_are_listed_by_their_names_whatever_the_accents(desk: Desk) -> None:
    for code, name in (("A3", "Xoán Inventado"), ("A2", "Íñigo Inventado")):
        desk.put_agent(AgentRecord(code, name))
    assert [one.code for one in desk.agents()][:2] == ["A2", "A1"] and desk.agents()[-1].code == "A3"
    with pytest.raises(Refused) as refused:
        desk.agent("A9")
    assert refused.value.remedy == "A1, A2, A3"


def test_an_agent_must_be_said_where_there_are_several(desk: Desk) -> None:
    desk.put_agent(replace(AgentRecord("A2", "Otra Inventada")))
    with pytest.raises(Refused, match="Hay varios agentes"):
        desk.agent()
    with pytest.raises(Refused, match="No hay ningún agente «A9»"):
        desk.agent("A9")
