"""What protocols can say, done at a desk on a real store: fragments, channels, languages, moments, actions."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atencion.desk import Desk
from atencion.desk.play import open_for, play, read_answers
from atencion.errors import ProblemsFound, Refused
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Advance, Capture, OpenMoment, Say, Send, Speak
from atencion.scripts.decide import StepRefused
from atencion.scripts.journal import Kind
from tests.stores import *  # noqa: F403

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

PROTOCOL = """\
id: phone/idioma
version: "1.0.0"
title: Idiomas
channels: [phone, email]
languages: [es, ca]
author: nadie
valid: {from: "2026-01-01", to: "2026-12-31"}
contract: contrato_en_curso
fields:
  queja: {type: note, label: Queja, opens_demand: yes}
  contrato_en_curso: {type: text, label: Contrato, required: no}
  telefono: {type: phone, label: Teléfono, personal: yes, purpose: llamar, basis: contract, source: cliente.telefono}
steps:
  - include: common/hola
    with: {quien: la casa}
  - id: abrir
    kind: ask
    title: Abrir
    capture: [queja]
    do: [{open_case: {type: queja, subject: "{{ queja }}", department: reclamaciones}}]
  - {id: clave, kind: message, title: Clave, say: "Su clave es {{ expediente.clave }}; su cuota, {{ contrato.cuota }}."}
  - {id: telefono, kind: ask, title: Teléfono, capture: [telefono]}
  - {id: fin, kind: wrap_up, title: Fin}
moments: [common/calma]
"""

HELLO = """\
id: common/hola
version: "1.0.0"
title: Hola
author: nadie
params: {quien: {label: Quién}}
steps:
  - id: hola
    kind: greeting
    title: Hola
    say: {default: "{{ saludo }}, de ${quien}.", ca: "Bon dia, de ${quien}.", email: "Hola, de ${quien}:"}
"""

CALM = """\
id: common/calma
version: "1.0.0"
title: Calma
author: nadie
moment: Sube la voz.
steps:
  - {id: escuchar, kind: message, title: Escuchar, say: Le escucho.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))
    (path / "common").mkdir(exist_ok=True)
    (path / "phone" / "idioma.yaml").write_text(PROTOCOL, encoding="utf-8")
    (path / "common" / "hola.yaml").write_text(HELLO, encoding="utf-8")
    (path / "common" / "calma.yaml").write_text(CALM, encoding="utf-8")
    return path


def test_a_contact_is_opened_on_a_channel_and_in_a_language(store_url: str, folder: Path) -> None:
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    agent = desk.agent()
    assert desk.open_interaction(agent, "phone/idioma").speech().words == "Buenos días, de la casa."
    catalan = desk.open_interaction(agent, "phone/idioma", language="ca")
    assert (catalan.speech().words, catalan.speech().language) == ("Bon dia, de la casa.", "ca")
    assert desk.open_interaction(agent, "phone/idioma", channel="email").speech().words == "Hola, de la casa:"
    desk.close()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("author: nadie", "author: nadie\nstatus: draft", "no está publicado"),
        ('to: "2026-12-31"', 'to: "2026-06-30"', "no está en vigor hoy"),
        ("author: nadie", "author: nadie\nroles: [supervisor]", "no lo puede abrir"),
    ],
)
def test_a_protocol_that_may_not_be_used_now_opens_nothing(folder: Path, old: str, new: str, message: str) -> None:
    path = folder / "phone" / "idioma.yaml"
    path.write_text(PROTOCOL.replace(old, new, 1), encoding="utf-8")
    desk = Desk.open(str(folder / "store.db"), folder, clock=lambda: NOW)
    with pytest.raises(Refused, match=message):
        desk.open_interaction(desk.agent(), "phone/idioma")
    assert desk.interactions() == []
    desk.close()


def test_a_protocol_is_not_opened_on_a_channel_that_is_not_its_own(folder: Path) -> None:
    desk = Desk.open(str(folder / "store.db"), folder, clock=lambda: NOW)
    with pytest.raises(Refused, match="no es para el canal «sms»"):
        desk.open_interaction(desk.agent(), "phone/idioma", channel="sms")
    desk.close()


def test_what_is_missing_from_a_text_is_named(store_url: str, folder: Path) -> None:
    desk = Desk.open(store_url, folder, clock=lambda: NOW, new_key=lambda: "482719362")
    call = desk.open_interaction(desk.agent(), "phone/idioma")
    call.record(Say(), Advance())
    call.record(Capture("queja", "Nadie me llama"), Advance())
    assert call.speech().words == "Su clave es 482719362; su cuota, ‹cuota›."
    assert call.speech().missing == ("cuota",)
    desk.close()


def test_leaving_a_step_does_its_actions_in_the_store_with_the_entry_that_says_so(store_url: str, folder: Path) -> None:
    desk = Desk.open(store_url, folder, clock=lambda: NOW, new_key=lambda: "482719362")
    call = desk.open_interaction(desk.agent(), "phone/idioma")
    call.record(Say(), Advance(), Capture("queja", "Nadie me llama"))
    view = call.step_view()
    assert view is not None and [one.title for one in view.doing] == ["Abrir un expediente"]
    call.record(Advance())
    entry = next(one for one in desk.record_of(call.id).entries if one.kind == Kind.DID)
    assert entry.body["case"] == "482719362"
    assert "Nadie me llama" not in str(entry.body)
    assert "Nadie me llama" in str(entry.value)
    assert call.run.case == "482719362"
    desk.close()


def test_an_action_that_cannot_be_done_leaves_the_step_as_it_was(folder: Path) -> None:
    path = folder / "phone" / "idioma.yaml"
    wrong = PROTOCOL.replace(
        '{open_case: {type: queja, subject: "{{ queja }}", department: reclamaciones}}',
        '{update_customer: {datum: email, value: "{{ queja }}"}}',
    )
    path.write_text(wrong, encoding="utf-8")
    desk = Desk.open(str(folder / "store.db"), folder, clock=lambda: NOW)
    call = desk.open_interaction(desk.agent(), "phone/idioma")
    call.record(Say(), Advance(), Capture("queja", "a@b.es"))
    before = len(desk.record_of(call.id).entries)
    with pytest.raises(StepRefused, match="la identidad no está comprobada"):
        call.record(Advance())
    assert call.run.step == "abrir"
    assert len(desk.record_of(call.id).entries) == before
    desk.close()


def test_a_moment_language_and_message_are_in_the_journal_and_fold_again_after_a_restart(
    store_url: str, folder: Path
) -> None:
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    call = desk.open_interaction(desk.agent(), "phone/idioma", channel="email")
    call.record(Speak(language="ca"), OpenMoment("calma"))
    with pytest.raises(StepRefused, match="se escribe"):
        call.record(Say())
    call.record(Send("Le escucho."), Advance(), Send("Hola, gràcies."))
    call.leave_open()
    desk.close()
    for path in (folder / "common").glob("*.yaml"):
        path.unlink()  # What it began with is in the store.
    again = Desk.open(store_url, folder, clock=lambda: NOW)
    run = again.resume(call.id, again.agent()).run
    assert (run.step, run.language, run.path) == ("hola", "ca", ["hola", "calma.escuchar", "hola"])
    assert run.state("hola").said
    again.close()


def test_answers_play_a_contact_on_its_channel_with_a_moment_and_a_message(store_url: str, folder: Path) -> None:
    answers = folder / "answers.yaml"
    answers.write_text(
        """\
channel: email
language: ca
steps:
  - {step: hola, moment: calma}
  - {step: calma.escuchar}
  - {step: hola, send: Bon dia.}
  - {step: abrir, fields: {queja: Res}}
  - {step: clave, send: La seva clau és la del rebut.}
  - {step: telefono, fields: {telefono: "612345678"}}
  - {step: fin, disposition: rec_queja}
""",
        encoding="utf-8",
    )
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    file = read_answers(answers)
    call = open_for(desk, file, "phone/idioma")
    played = play(call, file)
    assert played.refusal is None
    assert call.run.path == ["hola", "calma.escuchar", "hola", "abrir", "clave", "telefono", "fin"]
    sent = [entry.value for entry in desk.record_of(call.id).entries if entry.kind == Kind.SENT]
    assert sent == ["Le escucho.", "Bon dia.", "La seva clau és la del rebut."]
    desk.close()


def test_answers_send_no_message_that_lacks_a_datum(store_url: str, folder: Path) -> None:
    answers = folder / "answers.yaml"
    answers.write_text(
        "channel: email\nsteps:\n  - {step: hola}\n  - {step: abrir, fields: {queja: Nada}}\n  - {step: clave}\n",
        encoding="utf-8",
    )
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    file = read_answers(answers)
    call = open_for(desk, file, "phone/idioma")
    played = play(call, file)
    assert played.refusal is not None and "Al mensaje le falta: cuota" in played.refusal.told
    assert [entry.value for entry in desk.record_of(call.id).entries if entry.kind == Kind.SENT] == [
        "Hola, de la casa:"
    ]
    desk.close()


def test_a_new_contact_begins_with_the_file_as_it_was_just_saved_and_one_in_hand_keeps_its_own(
    store_url: str, folder: Path
) -> None:
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    agent, path = desk.agent(), folder / "phone" / "idioma.yaml"
    before = desk.open_interaction(agent, "phone/idioma")
    path.write_text(
        PROTOCOL.replace("quien: la casa", "quien: la casa nueva").replace("1.0.0", "1.1.0"), encoding="utf-8"
    )
    after = desk.open_interaction(agent, "phone/idioma")
    (folder / "common" / "hola.yaml").write_text(HELLO.replace("{{ saludo }}, de", "Aquí,"), encoding="utf-8")
    last = desk.open_interaction(agent, "phone/idioma")
    assert before.speech().words == "Buenos días, de la casa."
    assert after.speech().words == "Buenos días, de la casa nueva." and after.protocol.version == "1.1.0"
    assert last.speech().words == "Aquí, la casa nueva."
    assert [desk.record_of(one.id).run.protocol.version for one in (before, after)] == ["1.0.0", "1.1.0"]
    desk.close()


def test_while_the_saved_file_is_wrong_contacts_are_led_by_the_last_text_that_led_one(
    store_url: str, folder: Path
) -> None:
    path = folder / "phone" / "idioma.yaml"
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    with pytest.raises(Refused, match="no existe"):
        desk.open_interaction(desk.agent(), "phone/otro")
    assert desk.open_interaction(desk.agent(), "phone/idioma").file_problems == ()
    path.write_text(
        PROTOCOL.replace("kind: greeting", "kind: gritar").replace("kind: ask", "kind: gritar"), encoding="utf-8"
    )
    desk.close()
    again = Desk.open(store_url, folder, clock=lambda: NOW)  # What it is led by is in the store, not in memory.
    call = again.open_interaction(again.agent(), "phone/idioma")
    assert call.speech().words == "Buenos días, de la casa."
    assert [one.line for one in call.file_problems] == [17, 22]
    call.record(Say(), Advance())
    path.write_text(PROTOCOL.replace("quien: la casa", "quien: todos"), encoding="utf-8")
    mended = again.open_interaction(again.agent(), "phone/idioma")
    assert mended.speech().words == "Buenos días, de todos." and mended.file_problems == ()
    again.close()


def test_a_file_that_is_wrong_and_never_led_a_contact_opens_none(store_url: str, folder: Path) -> None:
    (folder / "phone" / "idioma.yaml").write_text(PROTOCOL.replace("kind: ask", "kind: gritar"), encoding="utf-8")
    desk = Desk.open(store_url, folder, clock=lambda: NOW)
    with pytest.raises(ProblemsFound):
        desk.open_interaction(desk.agent(), "phone/idioma")
    assert desk.interactions() == []
    desk.close()
