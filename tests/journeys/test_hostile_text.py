"""Names, notes and articles that would be obeyed by a terminal or by Textual are shown as they are, on every screen.

They are written straight into the file, past the store's own cleaning, so that what is proved is the showing.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from atencion.data.sqlite import driver
from atencion.resources import shipped_protocols
from tests.terminal import Terminal, program

PAYLOAD = "[bold red]Ana[/] [@click=app.bell]x[/] [/a] \x1b]0;PWNED\x07\x1b[31m\x9b31m\u202eevil\u2066 \x07😀"
FORBIDDEN = [b"\x1b]0;", "\x9b".encode(), "\u202e".encode(), "\u2066".encode(), b"\x07", b"\x1b]52", b"\x1b[31m"]
POINTER_SHAPE = re.compile(rb"\x1b\]22;[a-z-]*\x07")
"""What Textual writes by itself to choose the mouse pointer."""

SHOWN = "[bold red]Ana[/]"

COLUMNS = {
    "agent": ("name", "alias"),
    "customer": ("given_name", "surnames", "treatment"),
    "identifier": ("value",),
    "contact_point": ("value",),
    "address": ("street", "town"),
    "product": ("name",),
    "contract": ("number", "address"),
    "article": ("title", "say", "body"),
}


@pytest.fixture
def hostile_store(store: Path) -> Path:
    connection = driver().connect(str(store))
    for table, columns in COLUMNS.items():
        for column in columns:
            unique = ", rowid" if column == "number" else ""
            value = "? || rowid" if unique else "?"
            connection.execute(f"UPDATE {table} SET {column} = {value}", (PAYLOAD,))
    connection.commit()
    connection.close()
    return store


@pytest.fixture
def hostile_protocols(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))
    organisation = folder / "organisation.yaml"
    text = organisation.read_text(encoding="utf-8")
    text = text.replace("name: Lumeral Energía", f"name: '{SHOWN} [/a] {'ñ' * 200}'", 1)
    for label in ("label: Resuelta en este contacto", "label: Factura explicada", "label: Factura que hay que revisar"):
        text = text.replace(label, f"label: '{SHOWN} [@click=app.bell]x[/]'", 1)
    text = text.replace(" o rehacer, department", ", department")
    organisation.write_text(text, encoding="utf-8")
    protocol = folder / "phone" / "inbound.yaml"
    text = protocol.read_text(encoding="utf-8").replace("title: Saludo", f"title: '{SHOWN} [/a]'", 1)
    protocol.write_text(text.replace("hint: Deje hablar", f"hint: '{SHOWN}' #", 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_no_byte_of_hostile_data_reaches_the_terminal_unescaped_on_any_screen(
    hostile_store: Path, hostile_protocols: Path, size: tuple[int, int]
) -> None:
    command = program("--db", str(hostile_store), "--protocols", str(hostile_protocols), "demo")
    seen: list[str] = []
    with Terminal(command, size=size) as terminal:
        seen.append(terminal.wait_for("Siguiente llamada"))
        terminal.press("enter")
        seen.append(terminal.wait_for("qué protocolo"))
        terminal.press("enter")
        seen.append(terminal.wait_for("le atiende", SHOWN))
        terminal.type("s")
        terminal.press("enter")
        seen.append(terminal.wait_for("Dígame"))
        terminal.type("factura")
        terminal.press("enter")
        terminal.paste(f"{SHOWN} \x07 \x9b31m \u202e [@click=app.bell]x[/]")
        seen.append(terminal.wait_for(SHOWN))
        terminal.press("enter")
        terminal.wait_for("Para hablar")
        terminal.type("749037199")
        terminal.wait_for("› •••")
        terminal.press("enter")
        terminal.wait_for("Fecha de nacimiento")
        terminal.type("03/01/1955")
        terminal.press("enter")
        terminal.wait_for("Código postal")
        terminal.type("36205")
        terminal.press("enter")
        seen.append(terminal.wait_for("Identidad comprobada", SHOWN))
        terminal.press("f7")
        terminal.press("f7")
        terminal.press("f4")
        terminal.wait_for("Todavía no hay notas")
        terminal.paste(f"{SHOWN}\nsegunda \x9b31m línea")
        terminal.press("enter")
        terminal.wait_for("Identidad comprobada", gone="Guardar nota")
        terminal.press("f4")
        seen.append(terminal.wait_for("Guardar nota", SHOWN))
        terminal.press("escape")
        terminal.wait_for("Identidad comprobada", gone="Guardar nota")
        terminal.press("enter")
        seen.append(terminal.wait_for("Voy a consultarlo", SHOWN))
        terminal.press("enter")
        terminal.wait_for("Leído:")
        terminal.press("enter")
        terminal.wait_for("Queda resuelta ahora")
        terminal.press("f6")
        seen.append(terminal.wait_for("Derivar", "Motivo"))
        terminal.press("f1")
        terminal.wait_for("Teclas de esta pantalla")
        terminal.press("escape")
        terminal.wait_for("Motivo", gone="Teclas de esta pantalla")
        terminal.press("ctrl+p")
        terminal.wait_for("escriba parte del nombre")
        terminal.press("escape")
        terminal.wait_for("Motivo", gone="escriba parte del nombre")
        terminal.press("escape")
        terminal.wait_for("Queda resuelta ahora")
        terminal.press("enter")
        seen.append(terminal.wait_for("Resultado", SHOWN))
        terminal.press("1", "enter")
        terminal.press("enter")
        terminal.wait_for("¿Ha quedado atendido")
        terminal.press("ctrl+l")
        seen.append(terminal.wait_for("Retomar"))
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0
        body = POINTER_SHAPE.sub(b"", bytes(terminal.output))
    assert sum(SHOWN in screen for screen in seen) >= 6
    for forbidden in FORBIDDEN:
        at = body.find(forbidden)
        assert at < 0, body[at - 60 : at + 60]


def test_the_command_line_prints_hostile_names_as_plain_text(hostile_store: Path) -> None:
    with Terminal(program("--db", str(hostile_store), "customer", "find", "749037199"), size=(200, 24)) as terminal:
        assert terminal.wait_for_end() == 0
        body = bytes(terminal.output)
    assert SHOWN.encode() in body
    assert not any(forbidden in body for forbidden in FORBIDDEN)


def test_the_command_line_shows_a_hostile_card_as_plain_text(hostile_store: Path) -> None:
    with Terminal(program("--db", str(hostile_store), "customer", "show", "1"), size=(200, 50)) as terminal:
        assert terminal.wait_for_end() == 0
        body = bytes(terminal.output)
    assert SHOWN.encode() in body
    assert not any(forbidden in body for forbidden in FORBIDDEN)
