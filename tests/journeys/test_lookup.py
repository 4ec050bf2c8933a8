"""Finding who is calling, in the real program: misheard, sharing a phone, or handed over by the telephone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from tests.journeys.test_calls import to_the_demand, workstation
from tests.terminal import Terminal, program

FAMILY = (
    "código;nombre;apellidos;móvil;dirección;CP;municipio\n"
    "X-1;Elvira;Zubizarreta Giménez;655000111;Calle Inventada, 3;48001;Bilbao\n"
    "X-2;Tomás;Zubizarreta Lozano;655000111;Calle Inventada, 3;48001;Bilbao\n"
    "X-3;Elvira;Zubizarreta Rey;655000333;Calle Inventada, 9;28013;Madrid\n"
)


@pytest.fixture
def with_family(store: Path, tmp_path: Path) -> Path:
    """The sample, and a household that shares its phone."""
    desk = Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO)
    source = tmp_path / "family.csv"
    source.write_text(FAMILY, encoding="utf-8")
    assert desk.import_customers(source, rejects_path=tmp_path / "rejects.csv").created == 3
    desk.close()
    return store


def to_the_lookup(terminal: Terminal) -> None:
    to_the_demand(terminal, "factura", "Me han cobrado dos veces el recibo")
    terminal.wait_for("Identificación", "Para hablar de su contrato")


def test_a_customer_is_found_by_a_misheard_surname(with_family: Path) -> None:
    with workstation(with_family) as terminal:
        to_the_lookup(terminal)
        terminal.type("elbira suvisarreta")
        terminal.wait_for("Elvira Zubizarreta G•••", "por su nombre (s", "Pida nombre")
        terminal.type(" jimenes")
        terminal.wait_for("Una persona", gone="Tomás")
        terminal.press("enter")
        terminal.wait_for("Elvira Zubizarreta Giménez")


def test_those_who_share_a_phone_are_told_apart_by_what_they_say(with_family: Path) -> None:
    with workstation(with_family) as terminal:
        to_the_lookup(terminal)
        terminal.type("655000111")
        screen = terminal.wait_for("por su teléfono · contacto c", "Pida nombre")
        assert "Zubizarreta" not in screen and "Inventada" not in screen
        terminal.type(" tomas")
        terminal.wait_for("Una persona", "Tomás")
        terminal.press("enter")
        terminal.wait_for("Tomás Z•••")


def test_a_call_handed_over_while_another_is_open_waits_and_is_taken_next(
    with_family: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with workstation(with_family) as terminal:
        to_the_lookup(terminal)
        terminal.type("zubi")
        terminal.wait_for("Zubizarreta R•••")
        command = program(
            "pop", "--phone", "+34 655 00 03 33", "--queue", "Averías", "--call-id", "c1", "--waited", "42"
        )
        assert subprocess.run(command, timeout=60).returncode == 0
        terminal.wait_for("Llamada: +34655000333 · Averías · espera 0:42")
        terminal.type("zarreta rey")
        terminal.wait_for("Una persona")
        terminal.press("ctrl+l")
        terminal.wait_for("Retomar:", "Llamada: +34655000333")
        terminal.press("home", "enter")
        terminal.wait_for("qué protocolo")
        terminal.press("enter")
        terminal.wait_for("permiso", "655")
        terminal.press("f2")
        terminal.wait_for("por su teléfono", "Una persona")
