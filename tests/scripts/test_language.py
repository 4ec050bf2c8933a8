"""What the language can say beyond steps and branches, each feature on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from atencion.errors import ProblemsFound
from atencion.scripts import acts
from atencion.scripts.acts import Advance, Back, Capture, Choose, Jump, OpenMoment, Say, Send, Skip, Speak
from atencion.scripts.catalogue import LoadedProtocol, protocol_from_text, unpin
from atencion.scripts.decide import StepRefused
from atencion.scripts.lint import World
from atencion.scripts.protocol import END
from atencion.scripts.run import fold
from atencion.scripts.values import Absent
from atencion.scripts.ways import rail
from tests.scripts.samples import HEAD, Call

FRAGMENTS = {
    "common/opening": """\
id: common/opening
version: "1.2.0"
title: Apertura
author: nadie
params:
  quien: {label: Quién atiende}
  despues: {label: Qué se dice después, default: "Dígame."}
fields:
  permiso: {type: yes_no, label: Permiso}
steps:
  - {id: hola, kind: greeting, title: Hola, say: "Hola, soy ${quien}.", locked: yes, capture: [permiso]}
  - id: saber
    kind: choice
    title: Sabe qué quiere
    say: "${despues}"
    options: [{id: si, label: Sí, goto: end}, {id: no, label: No, goto: ayudar}]
  - {id: ayudar, kind: message, title: Ayudar, say: Le ayudo.}
""",
    "common/angry": """\
id: common/angry
version: "1.0.0"
title: Está enfadado
author: nadie
moment: Sube la voz o acusa.
steps:
  - {id: escuchar, kind: message, title: Escuchar, say: Le escucho., next: ofrecer}
  - {id: ofrecer, kind: message, title: Ofrecer, say: Lo miro ahora mismo.}
""",
    "common/address": """\
id: common/address
version: "1.0.0"
title: Dirección
author: nadie
fields:
  calle: {type: text, label: Calle}
  piso: {type: text, label: Piso, required: no}
steps:
  - {id: calle, kind: ask, title: Calle, capture: [calle]}
  - {id: piso, kind: ask, title: Piso, capture: [piso]}
""",
}


def load(text: str, fragments: dict[str, str] | None = None) -> LoadedProtocol:
    known = FRAGMENTS | (fragments or {})
    return protocol_from_text(text, "prueba.yaml", World(), fragments=lambda name: (f"{name}.yaml", known[name]))


def call(text: str) -> Call:
    return Call(load(text).protocol)


def told(text: str, fragments: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        load(text, fragments)
    return [str(problem) for problem in found.value.problems]


def steps(text: str) -> str:
    return HEAD + "steps:\n" + text


# Includes

OPENED = steps(
    """\
  - include: common/opening
    with: {quien: Marina}
  - {id: fin, kind: wrap_up, title: Fin}
"""
)


def test_an_include_puts_the_steps_of_a_fragment_in_its_place() -> None:
    protocol = load(OPENED).protocol
    assert [step.id for step in protocol.steps] == ["hola", "saber", "ayudar", "fin"]
    assert "permiso" in protocol.fields


def test_a_parameter_is_put_into_the_fragment_and_a_default_stands_in_for_one_not_given() -> None:
    protocol = load(OPENED).protocol
    assert protocol.by_id["hola"].say is not None and protocol.by_id["hola"].say.source == "Hola, soy Marina."
    assert protocol.by_id["saber"].say is not None and protocol.by_id["saber"].say.source == "Dígame."


def test_the_end_of_a_fragment_is_what_follows_it() -> None:
    one = call(OPENED)
    one.do(Say("hola"), Capture("permiso", "s"), Advance(), Choose("si"), Advance())
    assert one.run.step == "fin"


def test_an_include_can_give_its_steps_a_prefix_so_that_it_can_stand_twice() -> None:
    twice = steps(
        """\
  - {include: common/address, prefix: suministro_}
  - {include: common/address, prefix: correo_}
"""
    )
    assert [step.id for step in load(twice).protocol.steps] == [
        "suministro_calle",
        "suministro_piso",
        "correo_calle",
        "correo_piso",
    ]


def test_an_include_can_change_take_out_and_add_steps() -> None:
    changed = steps(
        """\
  - include: common/opening
    with: {quien: Marina}
    remove: [ayudar]
    replace: {saber: {kind: message, title: Otra cosa, say: Ya.}}
    before: {hola: [{id: antes, kind: message, title: Antes, say: Espere.}]}
    after: {saber: [{id: despues, kind: message, title: Después, say: Siga.}]}
"""
    )
    assert [step.id for step in load(changed).protocol.steps] == ["antes", "hola", "saber", "despues"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  - include: common/opening\n", "prueba.yaml:8:14: al fragmento le falta «quien»"),
        ("  - {include: common/opening, with: {quien: A, cuando: B}}\n", "el fragmento no pide «cuando»"),
        ("  - {include: common/otro}\n", "prueba.yaml:8:15: el fragmento «common/otro» no existe"),
        ("  - {include: common/opening@2, with: {quien: A}}\n", "«common/opening» va por la versión 1.2.0"),
        ("  - {include: common/opening, with: {quien: A}, remove: [hola]}\n", "está bloqueado (locked)"),
        ("  - {include: common/opening, with: {quien: A}, remove: [hol]}\n", "el fragmento no tiene el paso «hol»"),
        ("  - {include: common/opening, wiht: {quien: A}}\n", "la clave «wiht» no existe aquí; ¿quería decir «with»?"),
    ],
)
def test_what_is_wrong_with_an_include_is_told_at_its_place(text: str, message: str) -> None:
    assert any(message in problem for problem in told(steps(text)))


def test_a_problem_inside_a_fragment_is_told_in_the_fragments_file() -> None:
    wrong = FRAGMENTS["common/angry"].replace("next: ofrecer", "next: ofrcer")
    assert told(steps("  - {include: common/angry}\n"), {"common/angry": wrong}) == [
        "common/angry.yaml:7:76: el paso «ofrcer» no existe; ¿quería decir «ofrecer»?"
    ]


def test_fragments_that_use_each_other_in_a_circle_are_told_with_the_way() -> None:
    one = "id: common/{0}\nversion: '1.0.0'\ntitle: X\nauthor: nadie\nsteps: [{{include: common/{1}}}]\n"
    circle = {"common/uno": one.format("uno", "dos"), "common/dos": one.format("dos", "uno")}
    assert any(
        "common/uno → common/dos → common/uno" in problem
        for problem in told(steps("  - include: common/uno\n"), circle)
    )


# Sub-protocols and moments

CALLED = steps(
    """\
  - id: direccion
    kind: call
    title: Dirección
    run: common/address
    next: [{when: calle == "Mayor", goto: mayor}, {else: fin}]
  - {id: mayor, kind: message, title: Mayor, say: Es la mayor.}
  - {id: fin, kind: wrap_up, title: Fin}
"""
)


def test_a_called_fragment_runs_and_comes_back_to_where_the_call_says() -> None:
    one = call(CALLED)
    assert one.run.step == "direccion"
    one.do(Advance())
    assert one.run.step == "direccion.calle"
    one.do(Capture("calle", "Mayor"), Advance(), Advance())
    assert one.run.step == "mayor"
    assert one.run.stack == ()


MOMENTS = steps(
    """\
  - {id: uno, kind: ask, title: Uno, capture: [dato]}
  - {id: fin, kind: wrap_up, title: Fin}
moments: [common/angry]
fields:
  dato: {type: text, label: Dato}
"""
)


def test_a_moment_opens_from_any_step_and_comes_back_to_it_with_nothing_lost() -> None:
    one = call(MOMENTS)
    one.do(Capture("dato", "algo"), OpenMoment("angry"))
    assert one.run.step == "angry.escuchar"
    one.do(Say("le escucho"), Advance(), Say("lo miro"), Advance())
    assert (one.run.step, one.run.values) == ("uno", {"dato": "algo"})
    assert one.run.path == ["uno", "angry.escuchar", "angry.ofrecer", "uno"]
    assert fold(one.run.protocol, one.entries).path == one.run.path


def test_a_moment_can_be_left_half_way_by_going_back() -> None:
    one = call(MOMENTS)
    one.do(OpenMoment("angry"), Back("uno"))
    assert (one.run.step, one.run.stack) == ("uno", ())


def test_a_moment_that_is_open_does_not_open_again() -> None:
    one = call(MOMENTS)
    one.do(OpenMoment("angry"))
    with pytest.raises(StepRefused, match="ya está abierto"):
        one.do(OpenMoment("angry"))


def test_the_rail_shows_the_side_path_and_the_way_back() -> None:
    one = call(MOMENTS)
    one.do(OpenMoment("angry"))
    assert [(item.step, item.depth) for item in rail(one.run)] == [
        ("angry.escuchar", 1),
        ("angry.ofrecer", 1),
        ("uno", 0),
        ("fin", 0),
    ]


# Texts

VARIANTS = HEAD.replace("channels: [phone]", "channels: [phone, email]") + (
    """\
languages: [es, ca]
steps:
  - id: hola
    kind: greeting
    title: Hola
    say:
      default: Buenos días.
      ca: Bon dia.
      email: Estimada clienta.
      familiar: ¡Hola!
      ca email: Benvolguda clienta.
  - {id: fin, kind: wrap_up, title: Fin}
"""
)


@pytest.mark.parametrize(
    ("language", "channel", "register", "words"),
    [
        ("es", "phone", "formal", "Buenos días."),
        ("ca", "phone", "formal", "Bon dia."),
        ("ca", "email", "formal", "Benvolguda clienta."),
        ("es", "email", "formal", "Estimada clienta."),
        ("es", "phone", "familiar", "¡Hola!"),
        ("es", "email", "familiar", "Estimada clienta."),
        ("ca", "phone", "familiar", "Bon dia."),
        ("eu", "phone", "formal", "Buenos días."),
    ],
)
def test_the_variant_due_is_that_of_the_language_then_the_channel_then_the_register(
    language: str, channel: str, register: str, words: str
) -> None:
    say = load(VARIANTS).protocol.steps[0].say
    assert say is not None
    picked = say.pick(language=language, channel=channel, register=register, own="es")
    assert picked is not None and picked.template.source == words


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("ca eu: Kaixo.", "nombra dos veces lo mismo"),
        ("email ca: Hola.", "dos variantes son para lo mismo"),
        ("en: {txt: Hola}", "{of: …, text: …}"),
        ("en: Hi {{ nobody }}", "nombra «nobody», que no existe"),
        ("en: '{% for a in b %}{% endfor %}'", "no se permite en un texto"),
    ],
)
def test_a_wrong_variant_is_told(wrong: str, message: str) -> None:
    text = VARIANTS.replace("      familiar: ¡Hola!\n", f"      familiar: ¡Hola!\n      {wrong}\n")
    assert any(message in problem for problem in told(text))


def test_the_contact_goes_on_in_another_language_from_any_step() -> None:
    one = call(VARIANTS)
    one.do(Speak(language="ca", register="familiar"))
    assert (one.run.language, one.run.register) == ("ca", "familiar")
    with pytest.raises(StepRefused, match="«fr» no es una opción"):
        one.do(Speak(language="fr"))


def test_what_is_sent_is_in_the_journal_word_for_word() -> None:
    one = call(VARIANTS)
    one.do(Send("Estimada clienta: gracias."))
    assert one.entries[-1].value == "Estimada clienta: gracias."
    assert one.run.state("hola").said


# Fields

FIELDS = steps(
    """\
  - {id: uno, kind: ask, title: Uno, capture: [dato]}
  - {id: fin, kind: wrap_up, title: Fin}
fields:
  dato: {FIELD}
"""
)


def capture(field: str, typed: str) -> object:
    one = call(FIELDS.replace("{FIELD}", "{" + field + ", label: Dato}"))
    one.do(Capture("dato", typed))
    return one.run.values["dato"]


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("type: time", "18.30", "18:30:00"),
        ("type: time", "9h", "09:00:00"),
        ("type: iban", "es91 2100 0418 4502 0005 1332", "ES9121000418450200051332"),
        ("type: rating", "10", "10"),
        ("type: rating, min: '1', max: '5'", "5", "5"),
        ("type: integer, min: '2', max: '4'", "3", "3"),
        ("type: amount, max: '50,00'", "49,99", "49.99"),
        ("type: date, min: 2026-01-01", "31/12/2026", "2026-12-31"),
        ("type: text, pattern: '[A-Z]{2}-[0-9]+'", "LE-12", "LE-12"),
        ("type: text, max: '5'", "cinco", "cinco"),
        ("type: nif, allow: [no_facilita]", "no lo facilita", "no_facilita"),
    ],
)
def test_a_field_takes_what_it_should(field: str, typed: str, value: str) -> None:
    assert str(capture(field, typed)) == value


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("type: time", "25:00", "una hora como 18:30"),
        ("type: iban", "ES00 2100 0418 4502 0005 1332", "un IBAN cuyas cifras de control cuadren"),
        ("type: rating", "11", "10 como mucho"),
        ("type: integer, min: '2'", "1", "2 como poco"),
        ("type: amount, max: '50,00'", "50,01", "50,00"),
        ("type: text, pattern: '[A-Z]+', pattern_hint: solo mayúsculas", "no", "solo mayúsculas"),
        ("type: text, max: '5'", "seis..", "5 letras como mucho"),
        ("type: nif", "no lo facilita", "un NIF, NIE o CIF"),
        ("type: integer, reject: [{when: dato == 13, say: Ese no.}]", "13", "Ese no."),
    ],
)
def test_a_field_says_what_it_would_take(field: str, typed: str, expected: str) -> None:
    with pytest.raises(StepRefused) as refusal:
        capture(field, typed)
    assert expected in refusal.value.expected


def test_several_choices_are_kept_in_the_order_of_the_options() -> None:
    options = "type: choices, options: [{id: luz, label: Luz}, {id: gas, label: Gas}, {id: agua, label: Agua}]"
    assert capture(options, "Gas; luz") == ("luz", "gas")


def test_not_giving_a_datum_is_an_answer_that_is_no_value() -> None:
    one = call(FIELDS.replace("{FIELD}", "{type: nif, allow: [no_facilita], label: Dato}"))
    one.do(Capture("dato", "No lo facilita"))
    assert one.run.values["dato"] is Absent.NOT_GIVEN
    assert one.entries[-1].value is None
    one.do(Advance())
    assert one.run.step == "fin"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("type: nif, personal: yes, purpose: x", "con qué base"),
        ("type: text, pattern: '(a'", "la expresión regular no vale"),
        ("type: text, pattern: '(?=a)b'", "la expresión regular no vale"),
        ("type: yes_no, min: '1'", "«min» no va con el tipo yes_no"),
        ("type: date, max: mañana", "una fecha como 31/12/1980"),
        ("type: text, source: cliente.sueldo", "no hay esa fuente; cliente.nombre"),
        ("type: choices", "las opciones van con"),
    ],
)
def test_a_wrong_field_is_told(field: str, message: str) -> None:
    problems = told(FIELDS.replace("{FIELD}", "{" + field + ", label: Dato}"))
    assert any(message in problem for problem in problems)


def test_a_pattern_that_would_hang_another_engine_answers_at_once() -> None:
    with pytest.raises(StepRefused):
        capture("type: text, pattern: '(a+)+b'", "a" * 250)


KNOWN = steps(
    """\
  - {id: uno, kind: message, title: Uno, say: Hola.}
  - {id: telefono, kind: ask, title: Teléfono, capture: [telefono]}
  - {id: fin, kind: wrap_up, title: Fin}
fields:
  telefono: {type: phone, label: Teléfono, personal: yes, purpose: llamar, basis: contract, source: cliente.telefono}
"""
)


def test_what_the_store_knows_is_not_asked_again() -> None:
    one = call(KNOWN)
    one.do(Say("hola"), Advance(), facts={"cliente.telefono": "+34612345678"})
    assert one.run.step == "fin"
    assert one.run.values["telefono"] == "+34612345678"


def test_what_the_store_does_not_know_is_asked() -> None:
    one = call(KNOWN)
    one.do(Say("hola"), Advance())
    assert one.run.step == "telefono"


def test_a_personal_datum_is_not_asked_twice_in_one_contact() -> None:
    looped = KNOWN.replace("title: Fin}", "title: Fin}\n").replace(
        "  - {id: fin, kind: wrap_up",
        "  - {id: otra, kind: choice, title: Otra,\n"
        "     options: [{id: si, label: Sí, goto: uno}, {id: no, label: No, goto: fin}]}\n"
        "  - {id: fin, kind: wrap_up",
    )
    one = call(looped)
    one.do(Say("hola"), Advance(), Capture("telefono", "612345678"), Advance(), Choose("si"), Advance())
    one.do(Say("hola"), Advance())
    assert one.run.step == "otra"


# Ways

BOUNDED = steps(
    """\
  - {id: uno, kind: ask, title: Uno, capture: [dato], next: [{when: dato < 3, goto: uno, times: 2}, {else: fin}]}
  - {id: fin, kind: wrap_up, title: Fin}
fields:
  dato: {type: integer, label: Dato}
"""
)


def test_a_branch_back_is_taken_so_many_times_and_no_more() -> None:
    one = call(BOUNDED)
    for _turn in range(2):
        one.do(Capture("dato", "1"), Advance())
        assert one.run.step == "uno"
    one.do(Capture("dato", "1"), Advance())
    assert one.run.step == "fin"


def test_a_step_repeats_while_its_condition_holds() -> None:
    one = call(
        steps(
            """\
  - {id: uno, kind: ask, title: Uno, capture: [dato], repeat: {while: dato == "mas", times: 3}}
  - {id: fin, kind: wrap_up, title: Fin}
fields:
  dato: {type: text, label: Dato}
"""
        )
    )
    for _turn in range(2):
        one.do(Capture("dato", "mas"), Advance())
    assert (one.run.step, one.run.visits["uno"]) == ("uno", 3)
    one.do(Capture("dato", "mas"), Advance())
    assert one.run.step == "fin"


GUARDED = HEAD.replace("channels: [phone]", "channels: [phone, email]") + (
    """\
steps:
  - {id: uno, kind: message, title: Uno, say: Hola.}
  - {id: mayor, kind: message, title: Mayor, say: Despacio., only_if: cliente.edad >= 65}
  - {id: escrito, kind: message, title: Escrito, say: Por escrito., channels: [email]}
  - {id: libre, kind: message, title: Libre, say: Si quiere., optional: yes}
  - {id: fin, kind: wrap_up, title: Fin, jump: yes}
"""
)


def test_a_step_for_other_channels_or_other_cases_is_passed_over() -> None:
    one = call(GUARDED)
    one.do(Say("hola"), Advance())
    assert one.run.step == "libre"
    again = call(GUARDED)
    again.do(Say("hola"), Advance(), facts={"cliente.edad": 70})
    assert again.run.step == "mayor"


def test_an_optional_step_is_left_without_a_reason() -> None:
    one = call(GUARDED)
    one.do(Say("hola"), Advance(), Skip(""))
    assert one.run.step == "fin"


def test_one_can_jump_to_a_step_that_allows_it_and_to_no_other() -> None:
    one = call(GUARDED)
    with pytest.raises(StepRefused, match="no se puede ir directamente"):
        one.do(Jump("libre"))
    one.do(Jump("fin"))
    assert one.run.step == "fin"


def test_a_jump_never_passes_over_what_a_norm_makes_mandatory() -> None:
    guarded = GUARDED.replace("optional: yes", "mandatory: ley/1")
    with pytest.raises(StepRefused) as refusal:
        call(guarded).do(Jump("fin"))
    assert refusal.value.norm == "ley/1"


def test_a_step_that_must_not_be_left_forbids_jumps() -> None:
    with pytest.raises(StepRefused, match="no se puede dejar a medias"):
        call(GUARDED.replace("say: Hola.", "say: Hola., leave: no")).do(Jump("fin"))


# Conditions


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("dato + 1 == 5", True),
        ("dato * 2 - 1 > 6", True),
        ("dato / 0 == 1", False),
        ("-dato < 0", True),
        ("hoy - inicio <= 14", True),
        ("inicio + 30 > hoy", True),
        ('hora >= "09:30" and hora < "22:00"', True),
        ('"gas" in servicios', True),
        ('"agua" in servicios', False),
        ("limite.abono_agente >= dato", True),
        ("departamento.averias.abierto", True),
        ("otro + 1 > 0", False),
        ("otro is not known", True),
    ],
)
def test_conditions_reckon_compare_and_ask_the_world(condition: str, holds: bool) -> None:
    from datetime import date, time

    from atencion.scripts.expressions import parse_condition

    known = {
        "dato": 4,
        "inicio": date(2026, 11, 20),
        "hoy": date(2026, 11, 24),
        "hora": time(10, 0),
        "servicios": ("luz", "gas"),
        "limite.abono_agente": 50,
        "departamento.averias.abierto": True,
        "otro": None,
    }
    assert parse_condition(condition).holds(known) is holds


def test_a_proof_can_only_name_what_the_journal_knows() -> None:
    text = GUARDED.replace("say: Hola.", "say: Hola., checks: [{id: a, label: A, proof: horario.abierto}]")
    assert any("no está en el diario" in problem for problem in told(text))


# Actions

ACTING = steps(
    """\
  - id: uno
    kind: ask
    title: Uno
    capture: [dato]
    do:
      - {open_case: {type: queja, subject: "{{ dato }}"}}
      - {when: dato == "nunca", withdraw_consent: {purpose: publicidad}}
  - {id: fin, kind: wrap_up, title: Fin}
fields:
  dato: {type: text, label: Dato}
"""
)


def test_leaving_a_step_does_its_actions_once_and_says_so_in_the_journal() -> None:
    from atencion.scripts.actions import Due

    one = call(ACTING)
    one.do(Capture("dato", "algo"), Advance((Due(0, "open_case", {"type": "queja"}, {"case": "482719362"}),)))
    assert [entry.kind for entry in one.entries[-2:]] == ["did", "advanced"]
    assert one.run.case == "482719362"
    one.do(Back("uno"))
    from atencion.scripts.ways import due_actions

    assert due_actions(one.run, {}, one.run.context()) == ()


def test_a_case_that_is_opened_escalates_nothing() -> None:
    from atencion.scripts.actions import Due

    one = call(
        ACTING.replace(
            "{id: fin, kind: wrap_up", "{id: otra, kind: escalate, title: Otra}\n  - {id: fin, kind: wrap_up"
        )
    )
    one.do(Capture("dato", "algo"), Advance((Due(0, "open_case", {"type": "queja"}, {"case": "482719362"}),)))
    known = one.run.known()
    assert (known["escalado"], known["expediente.abierto"]) == (False, True)
    one.do(acts.Escalate("averias", "otro", "100000005", "derivada", "No tiene luz"))
    known = one.run.known()
    assert (known["escalado"], known["expediente.abierto"]) == (True, True)


@pytest.mark.parametrize(
    ("doing", "message"),
    [
        ("{open_cas: {type: queja}}", "¿quería decir «open_case»?"),
        ("{open_case: {type: queja}}", "a «open_case» le falta «subject»"),
        ("{open_case: {type: queja, subject: x, color: rojo}}", "no tiene el dato «color»"),
        ("{issue_receipt: {by: paloma}}", "email, sms, post, none"),
        ("{record_survey: {survey: trato, score: mucho}}", "un número entero"),
        ("{when: dato = 1, issue_receipt: {by: email}}", "no se entiende"),
    ],
)
def test_a_wrong_action_is_told(doing: str, message: str) -> None:
    text = ACTING.replace('      - {open_case: {type: queja, subject: "{{ dato }}"}}\n', f"      - {doing}\n")
    assert any(message in problem for problem in told(text))


def test_a_subtype_that_its_type_does_not_have_is_told() -> None:
    text = ACTING.replace("type: queja,", "type: queja, subtype: trata,")
    world = World(case_types=frozenset({"queja"}), case_subtypes=frozenset({("queja", "trato"), ("otra", "trata")}))
    with pytest.raises(ProblemsFound, match=r"la subclase de expediente «trata» no existe; ¿quería decir «trato»"):
        protocol_from_text(text, "prueba.yaml", world)


@pytest.mark.parametrize("offer", ["offer_loyalty: {programme: club}", "enrol_loyalty: {programme: club}"])
def test_a_protocol_about_a_cut_of_supply_offers_nothing_but_what_is_asked_for(offer: str) -> None:
    acting = ACTING.replace('open_case: {type: queja, subject: "{{ dato }}"}', offer)
    load(acting)
    text = acting.replace("steps:\n", "continuity: yes\nsteps:\n", 1)
    assert any("aquí no se ofrece nada" in problem for problem in told(text))
    load(text.replace("programme: club}", "programme: club, asked: sí}"))


def test_timers_that_offer_name_a_moment_or_a_step_to_jump_to() -> None:
    text = MOMENTS.replace("capture: [dato]", "capture: [dato], timers: [{after: 30s, offer: enfado}]")
    assert any("«enfado» no existe" in problem and "angry" in problem for problem in told(text))


# What a contact began with


def test_a_contact_keeps_all_the_texts_it_began_with(tmp_path: Path) -> None:
    loaded = load(OPENED)
    again = unpin(loaded.pinned, "phone/test")
    assert [step.id for step in again.steps] == ["hola", "saber", "ayudar", "fin"]
    other = load(OPENED, {"common/opening": FRAGMENTS["common/opening"].replace("Le ayudo.", "Le ayudamos.")})
    assert other.hash != loaded.hash


def test_the_end_of_a_protocol_is_still_its_end() -> None:
    one = call(steps("  - {id: uno, kind: message, title: Uno, say: Hola.}\n"))
    one.do(Say("hola"), Advance(), acts.Close("x"))
    assert one.run.step == END
