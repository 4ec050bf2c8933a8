"""Advice: what a protocol that can be used would be better without, told at its line with how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.errors import ProblemsFound
from atencion.resources import shipped_protocols
from atencion.scripts.advice import advise, sentences
from atencion.scripts.catalogue import Catalogue, protocol_from_text
from atencion.scripts.checking import check_file, check_folder
from atencion.scripts.lint import World
from atencion.scripts.reach import can_hold, states
from atencion.scripts.texts import short_hash
from tests.scripts.protocols import FRAGMENT, conditions, protocols
from tests.scripts.samples import HEAD, SMALL, protocol

TODAY = date(2026, 11, 25)
ORGANISATION = Catalogue(shipped_protocols()).organisation
LONG = " ".join(["palabra"] * 26)
CLOSE = "  - {id: cierre, kind: wrap_up, title: Cierre}\n"
PERSONAL = "type: phone, label: Teléfono, personal: yes, purpose: llamar, basis: contract"


def advice(text: str, fragments: Mapping[str, str] | None = None) -> list[str]:
    """The advice for a protocol, as LINE:COLUMN: message; expected."""
    known = fragments or {}
    loaded = protocol_from_text(text, "prueba.yaml", World(), fragments=lambda name: (f"{name}.yaml", known[name]))
    found = advise(loaded.protocol, loaded.document, today=TODAY, organisation=ORGANISATION)
    assert all(one.severity == "advice" for one in found)
    return [str(one).removeprefix("prueba.yaml:") for one in found]


def steps(*lines: str, fields: str = "", head: str = HEAD) -> str:
    return (
        head
        + (f"fields:\n  {fields}\n" if fields else "")
        + "steps:\n"
        + "".join(f"  - {{{one}}}\n" for one in lines)
        + CLOSE
    )


def test_a_protocol_that_is_right_gets_none() -> None:
    assert advice(SMALL) == []


NOTICE = "id: aviso, kind: message, title: Aviso, say: '{{ organizacion.privacidad }}'"
ASK = "id: tel, kind: ask, title: Teléfono, capture: [tel], say: '¿Su teléfono?'"
USE = "id: usar, kind: message, title: Usar, say: 'Le llamamos al {{ tel }}.'"
IDENTIFY = "id: quien, kind: identify, title: Quién es, next: [{when: cliente.verificado, goto: pagar}, {else: cierre}]"
PAY = "id: pagar, kind: action, title: Pagar, do: [{open_case: {type: queja, subject: Sí, amount: '10'}}]"
VARIANTS = "id: hola, kind: message, title: Hola, say: {default: Buenos días, ca: {of: %s, text: Bon dia}}"

GIVEN = {
    "a sentence too long to say": (
        steps(f"id: hola, kind: message, title: Hola, say: '{LONG}.'"),
        "tiene 26 palabras; 25 palabras por frase como mucho",
    ),
    "a text too long for its channel": (
        steps(
            "id: hola, kind: message, title: Hola, say: '" + "Ya. " * 80 + "'",
            head=HEAD.replace("[phone]", "[social]"),
        ),
        "ocupa 319 letras en social; 280 como mucho",
    ),
    "a text that takes several text messages": (
        steps(f"id: hola, kind: message, title: Hola, say: '{'Ya. ' * 41}'", head=HEAD.replace("[phone]", "[sms]")),
        "8:49: el texto ocupa 2 SMS: son 163 letras en GSM-7; 1 SMS como mucho, de 160 letras: acórtelo",
    ),
    "a text that one letter parts in two": (
        steps(f"id: hola, kind: message, title: Hola, say: '{'Sí. ' * 20}'", head=HEAD.replace("[phone]", "[sms]")),
        "son 79 letras en UCS-2; 1 SMS como mucho: quite «í», que dejan 70 letras de 160, o acórtelo",
    ),
    "a text that takes several once it is filled in": (
        steps(
            f"id: hola, kind: message, title: Hola, say: '{'Ya. ' * 38}{{{{ organizacion.telefono }}}}'",
            head=HEAD.replace("[phone]", "[sms]"),
        ),
        "el texto ocupa 2 SMS",
    ),
    "a field nobody asks for": (
        steps(fields="dato: {type: text, label: Dato}"),
        "8:3: el dato «dato» no se anota en ningún paso; nombrarlo en «capture» o quitarlo",
    ),
    "personal data nothing uses": (
        steps(NOTICE, ASK, fields=f"tel: {{{PERSONAL}}}"),
        "el dato «tel» se pide y nada lo usa",
    ),
    "personal data before the notice": (
        steps(ASK, NOTICE, USE, fields=f"tel: {{{PERSONAL}}}"),
        "«tel» es un dato personal y aquí puede no haberse dicho quién lo trata",
    ),
    "money where nobody is verified": (steps(PAY), "«open_case» escribe datos o dinero"),
    "a name where nobody is verified": (
        steps("id: hola, kind: message, title: Hola, say: 'Hola, {{ cliente.nombre }}.'"),
        "el texto nombra «cliente.nombre» y aquí la identidad puede no estar comprobada",
    ),
    "a branch that an earlier one takes": (
        steps(
            "id: p, kind: ask, title: P, capture: [n], "
            "next: [{when: n > 5, goto: cierre}, {when: n > 9, goto: q}, {else: q}]",
            "id: q, kind: message, title: Q, say: Sí",
            fields="n: {type: integer, label: N}",
        ),
        "esta rama no se toma nunca: siempre vale antes otra de encima",
    ),
    "a branch outside the values of its field": (
        steps(
            "id: p, kind: ask, title: P, capture: [n], next: [{when: n > 10, goto: cierre}, {else: q}]",
            "id: q, kind: message, title: Q, say: Sí",
            fields="n: {type: rating, label: N}",
        ),
        "esta rama no se toma nunca: la condición no puede cumplirse",
    ),
    "a step that cannot come": (
        steps("id: p, kind: message, title: P, say: Sí, only_if: canal == \"email\""),
        "esta condición no puede cumplirse nunca",
    ),
    "a channel without words": (
        steps("id: p, kind: message, title: P, say: {email: Sí}", head=HEAD.replace("[phone]", "[phone, email]")),
        "no hay texto para el canal «phone» con trato formal; una variante «default» o «phone»",
    ),
    "a promised language without words": (
        steps("id: p, kind: message, title: P, say: Sí", head=HEAD + "languages: [es, eu]\n"),
        "falta el texto en euskara, prometido en «languages»; una variante «eu»",
    ),
    "a translation of words that have changed": (
        steps(VARIANTS % "00000000"),
        f"la traducción «ca» es de un texto que ha cambiado; revisarla y poner «of: {short_hash('Buenos días')}»",
    ),
    "words for a channel that is not the protocol's": (
        steps("id: p, kind: message, title: P, say: {default: Sí, email: No}"),
        "la variante «email» es para un canal que no es del protocolo; phone",
    ),
    "a criterion no step serves": (
        steps(head=HEAD + "criteria: [IC1.1]\n"),
        "7:12: ningún paso sirve al criterio IC1.1",
    ),
    "two checks with one meaning": (
        steps(
            "id: a, kind: checklist, title: A, checks: [{id: x, label: Ha saludado}]",
            "id: b, kind: checklist, title: B, checks: [{id: y, label: 'HA SALUDADO.'}]",
        ),
        "esta comprobación dice lo mismo que la de la línea 8",
    ),
    "a protocol past its last day": (
        steps(head=HEAD.replace('"2026-01-01"', '"2026-01-01", to: "2026-11-24"')),
        "el protocolo caducó el 24/11/2026; otra fecha, o «status: retired»",
    ),
    "a review that is due": (
        steps(head=HEAD.replace('"2026-01-01"', '"2026-01-01", review_by: "2026-11-01"')),
        "tenía que revisarse antes del 01/11/2026",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), GIVEN.values(), ids=GIVEN)
def test_it_is_given_for(text: str, told: str) -> None:
    found = advice(text)
    assert any(told in one for one in found), found
    assert all("; " in one for one in found), "each says how to mend it"


NOT_GIVEN = {
    "personal data after the notice": steps(NOTICE, ASK, USE, fields=f"tel: {{{PERSONAL}}}"),
    "money once the customer is verified": steps(IDENTIFY, PAY),
    "money only if verified": steps(PAY.replace("do: [{", "do: [{when: cliente.verificado, ")),
    "a name said only if verified": steps(
        "id: a, kind: message, title: A, say: '{% if cliente.verificado %}{{ cliente.nombre }}{% endif %}'"
    ),
    "a translation that is fresh": steps(VARIANTS % short_hash("Buenos días")),
    "a branch bounded by times, and the same again": steps(
        "id: p, kind: ask, title: P, capture: [n], "
        "next: [{when: n > 5, goto: p, times: 2}, {when: n > 5, goto: q}, {else: cierre}]",
        "id: q, kind: message, title: Q, say: Sí",
        fields="n: {type: integer, label: N}",
    ),
    "a text that just fits in a text message": steps(
        f"id: hola, kind: message, title: Hola, say: '{'Ya. ' * 39}Ya.'", head=HEAD.replace("[phone]", "[sms]")
    ),
    "a comparison of two names": steps(
        "id: p, kind: ask, title: P, capture: [n], next: [{when: n > contrato.cuota, goto: cierre}, {else: q}]",
        "id: q, kind: message, title: Q, say: Sí",
        fields="n: {type: amount, label: N}",
    ),
}


@pytest.mark.parametrize("text", NOT_GIVEN.values(), ids=NOT_GIVEN)
def test_it_is_not_given_for(text: str) -> None:
    assert advice(text) == []


def test_one_channel_may_be_told_by_another_step_than_the_others() -> None:
    spoken = NOTICE.replace("title: Aviso", "title: Aviso, channels: [phone]")
    written = spoken.replace("id: aviso", "id: escrito").replace("[phone]", "[email]")
    head = HEAD.replace("[phone]", "[phone, email]")
    assert advice(steps(spoken, written, ASK, USE, fields=f"tel: {{{PERSONAL}}}", head=head)) == []
    told = "\n".join(advice(steps(spoken, ASK, USE, fields=f"tel: {{{PERSONAL}}}", head=head)))
    assert "«tel» es un dato personal" in told


def test_a_called_fragment_can_be_what_tells_and_verifies() -> None:
    fragment = FRAGMENT.partition("fields:")[0] + f"steps:\n  - {{{NOTICE}}}\n"
    call = "id: antes, kind: call, title: Antes, run: common/side"
    text = steps(call, ASK, USE, fields=f"tel: {{{PERSONAL}}}")
    assert advice(text, {"common/side": fragment}) == []


def test_a_moment_can_open_before_anything_is_told() -> None:
    fragment = FRAGMENT.replace("{type: text, label: Aparte}", f"{{{PERSONAL}}}")
    text = steps(NOTICE, head=HEAD + "moments: [common/side]\n")
    found = advice(text, {"common/side": fragment})
    assert any("common/side.yaml:8:" in one and "«aparte» es un dato personal" in one for one in found)


def test_a_circle_of_steps_that_are_all_passed_over_is_walked_once() -> None:
    text = steps(
        "id: a, kind: message, title: A, say: Sí",
        "id: b, kind: message, title: B, say: Sí, channels: [email]",
        "id: c, kind: message, title: C, say: Sí, channels: [email], next: [{when: resuelto, goto: cierre}, {else: b}]",
    )
    assert [step for step in states(protocol(text), "phone")] == ["a", "cierre"]


def test_a_sentence_is_counted_without_what_fills_it_and_each_way_apart() -> None:
    text = "Hola, {{ cliente.nombre }}. {% if cliente.verificado %}Sí{% else %}No{% endif %} ¿Qué tal?"
    assert [len(one.split()) for one in sentences(text)] == [2, 1, 1, 2]


@given(st.sampled_from([True, False]), conditions, conditions)
def test_what_holds_is_never_said_to_be_impossible(claro: bool, first: str, second: str) -> None:
    text = SMALL.replace("  importe:", "  claro: {type: yes_no, label: Claro, required: no}\n  importe:")
    made = protocol(text.replace('motivo == "a" and not importe > 100', "claro"))
    when = made.steps[1].next[0].when  # type: ignore[index]
    assert when is not None
    assert can_hold(made, when) and (not when.holds({"claro": claro}) or can_hold(made, when, given={"claro": claro}))


@given(protocols())
def test_any_protocol_gets_its_advice_without_failing(text: str) -> None:
    assert all(": " in one for one in advice(text, {"common/side": FRAGMENT}))


@given(protocols())
def test_the_first_step_and_every_moment_can_come(text: str) -> None:
    loaded = protocol_from_text(text, "x.yaml", World(), fragments=lambda name: (name, FRAGMENT))
    coming = states(loaded.protocol, "phone")
    first = loaded.protocol.steps[0]
    assert first.only_if is not None or first.id in coming
    assert "side.uno" in coming


def folder(tmp_path: Path, **files: str) -> Catalogue:
    """A small folder: the shipped organisation, which proposes no protocol of its own, with these files."""
    organisation = (shipped_protocols() / "organisation.yaml").read_text()
    (tmp_path / "organisation.yaml").write_text(organisation.replace(", protocol: phone/inbound", ""))
    for name, text in files.items():
        path = tmp_path / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return Catalogue(tmp_path)


NORM = """\
id: ley
title: Ley de prueba
short: Ley
official_id: X
in_force_from: "2026-01-01"
checked_on: "2026-01-01"
source: https://example.com
articles:
  - {id: "1", title: Uno, summary: Uno, kind: [enforce]}
  - {id: "2", title: Dos, summary: Dos, kind: [inform]}
  - {id: "3", title: Tres, summary: Tres, kind: [enforce]}
"""


def test_articles_that_no_step_answers_for_are_told_with_their_norm(tmp_path: Path) -> None:
    catalogue = folder(tmp_path, regulation__ley=NORM, phone__test=SMALL)
    found = [one for one in check_folder(catalogue, today=TODAY) if "ley.yaml" in one.file]
    assert [(one.line, one.message) for one in found] == [(11, "ningún paso responde de estos artículos de Ley: 3")]


def test_criteria_that_no_protocol_serves_and_fragments_nobody_uses_are_told(tmp_path: Path) -> None:
    found = check_folder(folder(tmp_path, common__side=FRAGMENT, phone__test=SMALL), today=TODAY)
    told = "\n".join(map(str, found))
    assert "ningún protocolo sirve a estos criterios del estándar: IC1.1, " in told
    assert "side.yaml:1:1: ningún protocolo usa este fragmento" in told


def test_a_fragment_is_checked_by_itself_with_what_its_protocols_lend_it(tmp_path: Path) -> None:
    lent = FRAGMENT.replace("{{ aparte }}.", "{{ aparte }} y {{ demanda }}. {% if canal %}{% endif %}")
    catalogue = folder(tmp_path, common__side=lent)
    assert _errors(catalogue) == []
    broken = folder(tmp_path, common__side=FRAGMENT.replace("goto: tres", "goto: cuatro"))
    assert _errors(broken) == [("side.yaml", 9)]


def test_a_fragment_that_must_be_told_something_is_checked_where_it_is_used(tmp_path: Path) -> None:
    needy = FRAGMENT.replace("fields:", "params: {que: {label: Qué}}\nfields:")
    assert check_file(folder(tmp_path, common__side=needy), tmp_path / "common" / "side.yaml", today=TODAY) == []


def test_examples_that_cannot_be_read_are_a_problem_of_the_folder(tmp_path: Path) -> None:
    catalogue = folder(tmp_path, phone__test=SMALL)
    (tmp_path / "phone" / "test.test.yaml").write_text("tests: []\n")
    assert [name for name, _line in _errors(catalogue)] == ["test.test.yaml"]


def _errors(catalogue: Catalogue) -> list[tuple[str, int]]:
    """All that is wrong in a folder, be it small or the shipped one."""
    found = check_folder(catalogue, today=TODAY)
    return [(Path(one.file).name, one.line) for one in found if one.severity == "error"]


def test_a_folder_without_cases_nor_articles_nor_norms_is_asked_for_none(tmp_path: Path) -> None:
    assert _errors(folder(tmp_path, phone__test=SMALL)) == []
    assert _errors(Catalogue(shipped_protocols())) == []


def test_a_folder_whose_protocols_open_cases_is_asked_for_what_cases_need(tmp_path: Path) -> None:
    handing_over = SMALL.replace("kind: resolve,", "kind: escalate,")
    found = [name for name, _line in _errors(folder(tmp_path, phone__test=handing_over))]
    assert found == ["bodies.yaml", "calendar.yaml", "papers.yaml", "sending.yaml"]


def test_a_protocol_that_a_channel_proposes_and_that_is_not_there_is_told_at_its_line(tmp_path: Path) -> None:
    catalogue = folder(tmp_path, phone__test=SMALL, sms__test=SMALL.replace("phone", "sms"))
    path = tmp_path / "organisation.yaml"
    line = path.read_text().split("name: Teléfono")[0].count("\n") + 1
    whole = path.read_text()
    for named, told in (
        ("phone/tes", "el protocolo «phone/tes» no existe; ¿quería decir «phone/test»?"),
        ("sms/test", "«sms/test» no es para el canal «phone»; phone/test"),
    ):
        path.write_text(whole.replace("name: Teléfono", f"name: Teléfono, protocol: {named}"))
        (found,) = [one for one in check_folder(Catalogue(tmp_path), today=TODAY) if one.severity == "error"]
        assert str(found).startswith(f"{path}:{line}:") and str(found).endswith(told)
    assert _errors(catalogue) == [("organisation.yaml", line)]


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "cualquiera.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    catalogue = Catalogue(shipped_protocols())
    try:
        assert all(one.line >= 1 for one in check_file(catalogue, path, today=TODAY))
    except ProblemsFound:
        raise AssertionError("a problem is told, not raised") from None
