"""Small protocols that tests start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from atencion.errors import ProblemsFound
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Act
from atencion.scripts.catalogue import Catalogue, protocol_from_text
from atencion.scripts.decide import take
from atencion.scripts.expressions import Known
from atencion.scripts.journal import Entry, Kind
from atencion.scripts.lint import World
from atencion.scripts.protocol import Protocol
from atencion.scripts.run import Run, fold

HEAD = """\
id: phone/test
version: "1.0.0"
title: Prueba
channels: [phone]
author: nadie
valid: {from: "2026-01-01"}
"""

SMALL = (
    HEAD
    + """\
fields:
  motivo: {type: choice, label: Motivo, options: [{id: a, label: Uno}, {id: b, label: Dos}]}
  demanda: {type: note, label: Demanda, opens_demand: yes}
  importe: {type: amount, label: Importe, required: no}
steps:
  - id: saludo
    kind: greeting
    title: Saludo
    say: Hola, {{ agente.alias }}.
    checks:
      - {id: dicho, label: Ha saludado, proof: paso.dicho, mandatory: ley/1}
  - id: pregunta
    kind: ask
    title: Pregunta
    capture: [motivo, demanda, importe]
    checks:
      - {id: repetido, label: Ha repetido lo entendido}
    next:
      - {when: 'motivo == "a" and not importe > 100', goto: fin}
      - else: resolver
  - {id: resolver, kind: resolve, title: Resolver}
  - id: fin
    kind: choice
    title: Fin
    options:
      - {id: mas, label: Otra cosa, goto: pregunta}
      - {id: nada, label: Nada más, goto: cierre}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""
)

START = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)


def protocol(text: str = SMALL) -> Protocol:
    """The protocol of a text that has no problems."""
    return protocol_from_text(text, "prueba.yaml", World()).protocol


def shipped() -> Protocol:
    """The phone protocol that comes with the program."""
    return Catalogue(shipped_protocols()).protocol("phone/inbound").protocol


def problems(text: str, world: World | None = None) -> list[str]:
    """What is wrong with a protocol, as LINE:COLUMN: message; expected."""
    try:
        protocol_from_text(text, "prueba.yaml", world or World())
    except ProblemsFound as error:
        return [str(problem).removeprefix("prueba.yaml:") for problem in error.problems]
    return []


class Call:
    """A call played in memory, second by second, with its journal."""

    def __init__(self, led_by: Protocol) -> None:
        self.at = START
        self.entries: list[Entry] = [Entry(1, START, Kind.OPENED, "", {"channel": "phone"})]
        self.run: Run = fold(led_by, self.entries)

    def do(self, *acts: Act, seconds: float = 1.0, facts: Known | None = None) -> Run:
        """Take acts so many seconds later, in a world of which `facts` are known."""
        self.at += timedelta(seconds=seconds)
        new, run = take(self.run, acts, self.at, facts or {})
        first = len(self.entries) + 1
        self.entries += [
            Entry(first + n, self.at, one.kind, one.step, one.body, one.value) for n, one in enumerate(new)
        ]
        self.run = run
        return run
