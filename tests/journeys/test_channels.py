"""An e-mail answered and a call with an angry moment, in the real program and a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from atencion.data.engine import StoreKind
from atencion.desk import Desk, Record
from tests.folders import SEVERAL, protocols_folder
from tests.terminal import Terminal, program

ENDING = "Su clave es ‹clave del expediente›.\n\nMarina, Lumeral Energía"


@pytest.fixture
def protocols(tmp_path: Path) -> Path:
    return protocols_folder(tmp_path / "protocols", SEVERAL)


def workstation(store: Path, protocols: Path, size: tuple[int, int] = (120, 36)) -> Terminal:
    env = {"ATENCION_PROTOCOLS": str(protocols)}
    return Terminal(program("--db", str(store), "demo"), size=size, env=env)


def record(store: Path, protocols: Path) -> Record:
    desk = Desk.open(str(store), protocols, kind=StoreKind.DEMO)
    try:
        return desk.record_of(1)
    finally:
        desk.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_an_email_is_answered_and_stands_in_the_journal_word_for_word(
    store: Path, protocols: Path, size: tuple[int, int]
) -> None:
    with workstation(store, protocols, size) as terminal:
        terminal.wait_for("Correo electrónico")
        terminal.press("2", "enter")
        terminal.wait_for("De qué escribe")
        terminal.type("su factura")
        terminal.press("enter")
        terminal.wait_for("Gracias por escribirnos", "Falta: clave del expediente")
        terminal.press("ctrl+r")
        terminal.wait_for("le falta: clave")
        terminal.press(*["backspace"] * len(ENDING))
        terminal.wait_for("sobre su factura.", gone="Falta: clave")
        terminal.type("Está bien cobrada. Marina")
        terminal.wait_for("cobrada. Marina")
        terminal.press("ctrl+r")
        terminal.wait_for("Tipificación")
    (sent,) = [entry.value for entry in record(store, protocols).entries if entry.kind == "sent"]
    assert sent == "Hola:\n\nGracias por escribirnos sobre su factura. Está bien cobrada. Marina"


def test_a_call_goes_on_where_it_was_after_an_angry_moment(store: Path, protocols: Path) -> None:
    with workstation(store, protocols, (80, 24)) as terminal:
        terminal.wait_for("Siguiente llamada")
        terminal.press("enter")
        terminal.wait_for("Una llamada")
        terminal.type("una")
        terminal.press("enter")
        terminal.wait_for("Buenos días, le atiende Marina")
        terminal.press("enter")
        terminal.wait_for("¿Me da unos datos?")
        terminal.type("9:3")
        terminal.wait_for("9:3")
        terminal.press("ctrl+t")
        terminal.wait_for("Está enfadado", "Sube la voz")
        terminal.press("1", "enter")
        terminal.wait_for("Entiendo que esté molesto")
        terminal.press("enter")
        terminal.wait_for("Le propongo una salida")
        terminal.press("enter")
        terminal.wait_for("¿Me da unos datos?", "9:3")
        terminal.type("0")
        terminal.press("enter", "f8")
        terminal.wait_for("Al seguir se hace", "Apuntar una llamada de vuelta")
        terminal.press("enter")
        terminal.wait_for("Tipificación", "nada debido")
        keys = terminal.pressed
    print(f"call with an angry moment: {keys} keys")
    found = record(store, protocols)
    assert found.run.moments == ("angry",)
    assert found.run.path == ["saludo", "datos", "angry.escuchar", "angry.acordar", "datos", "apuntar", "cierre"]
