"""Example conversations tell an author what a protocol does, and where it does not do what it should."""

from __future__ import annotations

import pytest

from atencion.errors import ProblemsFound
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.examples import Played, play_examples, read_examples, untaken
from atencion.scripts.protocol import Protocol
from tests.scripts.samples import HEAD
from tests.scripts.test_language import load

ORGANISATION = Catalogue(shipped_protocols()).organisation

PROTOCOL = load(
    HEAD
    + """\
fields:
  motivo: {type: choice, label: Motivo, options: [{id: cobro, label: Cobro}, {id: otro, label: Otro}]}
  importe: {type: amount, label: Importe}
steps:
  - {id: saludo, kind: greeting, title: Saludo, say: "{{ saludo }}, soy {{ agente.alias }}.", capture: [motivo]}
  - {id: quien, kind: identify, title: Quién, next: [{when: cliente.verificado, goto: importe}, {else: cierre}]}
  - id: importe
    kind: ask
    title: Importe
    capture: [importe]
    do: [{when: importe > 10, open_case: {type: queja, subject: "Cobro de {{ importe }}"}}]
    next: [{when: importe > contrato.ultima_factura, goto: resolver}, {else: cierre}]
  - {id: resolver, kind: resolve, title: Resolver, say: "Su clave es {{ expediente.clave | deletreo }}."}
  - {id: cierre, kind: wrap_up, title: Cierre}
moments: [common/angry]
"""
).protocol

GOOD = """\
tests:
  - name: más que la última factura
    clock: "2026-12-07T21:00"
    facts: {contrato.ultima_factura: "40"}
    steps:
      - {step: saludo, fields: {motivo: cobro}}
      - {step: quien, customer: verified}
      - {step: importe, moment: angry}
      - {step: angry.escuchar}
      - {step: angry.ofrecer}
      - {step: importe, fields: {importe: "50,00"}}
      - {step: resolver, outcome: resuelta}
      - {step: cierre, disposition: fac_copia}
    expect:
      path: [saludo, quien, importe, angry.escuchar, angry.ofrecer, importe, resolver, cierre]
      passes: [quien, resolver]
      fields: {motivo: cobro, importe: "50.00"}
      says: {saludo: [Buenas noches, soy Marina], resolver: 4 8 2}
      does: [open_case]
      outcome: resuelta
      owed: []
"""


def play(text: str, protocol: Protocol = PROTOCOL) -> list[Played]:
    return play_examples(protocol, ORGANISATION, read_examples(text, "p.test.yaml"))


def told(text: str) -> list[str]:
    return [str(problem) for one in play(text) for problem in one.problems]


def test_a_conversation_that_comes_out_as_expected_passes() -> None:
    assert told(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "outcome: resuelta\n      owed",
            "outcome: informada\n      owed",
            "20:16: el resultado fue «resuelta»; informada",
        ),
        ("does: [open_case]", "does: []", "19:13: se hizo: open_case"),
        ("soy Marina]", "soy Lucía]", "se dijo «Buenas noches, soy Marina.»; soy Lucía"),
        ('importe: "50.00"}', 'importe: "51.00"}', "«importe» quedó en «50.00»; 51.00"),
        ("passes: [quien, resolver]", "passes: [resolver, quien]", "el camino fue saludo → quien"),
        (
            "{step: quien, customer: verified}",
            "{step: quien, customer: nobody}",
            "8:9: La conversación está en «cierre»",
        ),
        ("{step: saludo, fields: {motivo: cobro}}", "{step: saludo}", "Falta «Motivo»"),
        ("{motivo: cobro}}\n", "{motivo: broma}}\n", "una de estas opciones: Cobro, Otro"),
        ("contrato.ultima_factura:", "contrato.ultima_facturas:", "el hecho «contrato.ultima_facturas» no existe"),
        ('ultima_factura: "40"', 'ultima_factura: "mucho"', "un importe en euros"),
        ("outcome: resuelta}", "outcome: resulta}", "El resultado «resulta» no existe"),
    ],
)
def test_what_comes_out_otherwise_is_told_at_its_line(old: str, new: str, problem: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    assert any(problem in one for one in told(text)), told(text)


def test_a_refusal_can_be_what_is_expected() -> None:
    text = """\
tests:
  - name: sin motivo no se sigue
    steps: [{step: saludo}]
    expect: {refused: Falta «Motivo»}
"""
    assert told(text) == []
    assert told(text.replace("[{step: saludo}]", "[{step: saludo, fields: {motivo: otro}}]"))


def test_facts_of_the_customer_are_unknown_until_the_identity_is_verified() -> None:
    text = GOOD.replace("customer: verified", "customer: found")
    assert any("«cierre»" in one for one in told(text))


def test_the_exits_that_no_example_takes_are_named() -> None:
    assert untaken(PROTOCOL, play(GOOD)) == [("quien", "cierre"), ("importe", "cierre")]


def test_a_file_of_examples_that_is_wrong_is_told_with_its_places() -> None:
    with pytest.raises(ProblemsFound) as found:
        read_examples("tests:\n  - name: x\n    clock: ayer\n    steps: [{stp: a}]\n", "p.test.yaml")
    assert [str(one).split(":")[1] for one in found.value.problems] == ["3", "4", "4"]
