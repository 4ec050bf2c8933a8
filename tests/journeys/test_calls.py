"""Whole calls, in the real program and a real terminal. Each says how many keys it takes beside the typed text."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from atencion.data.engine import StoreKind
from atencion.desk import Desk, Record
from atencion.resources import shipped_protocols
from tests.terminal import Terminal, program

SIZES = [(80, 24), (120, 36), (200, 50)]


def workstation(store: Path, size: tuple[int, int] = (120, 36)) -> Terminal:
    return Terminal(program("--db", str(store), "demo"), size=size)


def record(store: Path, interaction: int = 1) -> Record:
    desk = Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO)
    try:
        return desk.record_of(interaction)
    finally:
        desk.close()


def take_a_call(terminal: Terminal) -> None:
    """The next call, by the protocol that is proposed first."""
    terminal.wait_for("Siguiente llamada")
    terminal.press("enter")
    terminal.wait_for("qué protocolo")
    terminal.press("enter")
    terminal.wait_for("permiso")


def to_the_demand(terminal: Terminal, reason: str, demand: str) -> None:
    take_a_call(terminal)
    terminal.type("s")
    terminal.press("enter")
    terminal.wait_for("Dígame, por favor")
    terminal.type(reason)
    terminal.press("enter")
    terminal.type(demand)
    terminal.press("enter")


def find_customer(terminal: Terminal) -> None:
    terminal.wait_for("Identificación", "Para hablar de su contrato")
    terminal.type("749037199")
    terminal.wait_for("por su teléfono")
    terminal.press("enter")
    terminal.wait_for("Fecha de nacimiento")


def verify(terminal: Terminal) -> None:
    terminal.type("03/01/1955")
    terminal.press("enter")
    terminal.wait_for("Código postal", "Coincide")
    terminal.type("36205")
    terminal.press("enter")
    terminal.wait_for("Identidad comprobada")


def say_goodbye(terminal: Terminal, disposition: str) -> None:
    terminal.wait_for("¿Algo más?", "¿Ha quedado atendido")
    terminal.press("2", "enter")
    terminal.wait_for("Antes de despedirse", "□ Ha registrado")
    terminal.press("space")
    terminal.wait_for("✓ Ha registrado")
    terminal.press("enter")
    terminal.wait_for("Gracias por llamar")
    terminal.press("enter")
    terminal.wait_for("Tipificación", "nada debido")
    terminal.type(disposition)
    terminal.press("enter")
    terminal.wait_for("Siguiente llamada")


@pytest.mark.parametrize("size", SIZES)
def test_a_solved_call_takes_at_most_25_keys_and_ends_in_the_store(store: Path, size: tuple[int, int]) -> None:
    with workstation(store, size) as terminal:
        to_the_demand(terminal, "factura", "Me han cobrado dos veces el recibo")
        find_customer(terminal)
        verify(terminal)
        terminal.press("enter")
        terminal.wait_for("Voy a consultarlo", "le devolvemos")
        terminal.press("enter")
        terminal.wait_for("Leído:")
        terminal.press("enter")
        terminal.wait_for("Queda resuelta ahora")
        terminal.press("enter")
        terminal.wait_for("Resuelta en este contacto")
        terminal.press("1", "enter")
        terminal.type("Se devuelve uno de los dos recibos")
        terminal.press("enter")
        say_goodbye(terminal, "indebido")
        keys = terminal.pressed
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0
    print(f"solved call: {keys} keys")
    assert keys <= 25
    found = record(store)
    assert found.summary.status == "closed"
    assert (found.run.outcome, found.run.disposition, found.run.owed) == ("resuelta", "fac_cobro_indebido", [])
    assert found.run.demands[0].articles == ("cobro-duplicado",)
    assert found.run.verified


def test_an_escalated_call_gives_the_customer_a_key_and_takes_at_most_30_keys(store: Path) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "queja", "Quiere reclamar por una lectura")
        terminal.wait_for("Voy a consultarlo")
        terminal.wait_for("Leído al cliente")
        terminal.press("enter")
        terminal.wait_for("Leído:")
        terminal.press("enter")
        terminal.wait_for("asunto que queda abierto")
        terminal.press("4", "enter")
        terminal.wait_for("Registrar el asunto")
        terminal.type("La lectura de septiembre no es la suya")
        terminal.press("enter")
        terminal.type("correo el")
        terminal.press("enter")
        terminal.wait_for("¿A qué correo se lo envío?")
        terminal.type("clara@example.com")
        terminal.press("enter")
        terminal.wait_for("Abrir el expediente", "Motivo")
        terminal.type("no puede resolver")
        terminal.press("enter")
        terminal.wait_for("✓ Reclamación que el agente", "✓ Reclamaciones")
        terminal.press("enter")
        terminal.wait_for("Clave:")
        terminal.press("enter")
        terminal.wait_for("Apunte, por favor, la clave")
        terminal.press("space")
        terminal.wait_for("✓ El cliente sabe")
        terminal.press("enter")
        say_goodbye(terminal, "reclamación registrada")
        keys = terminal.pressed
    print(f"escalated call: {keys} keys")
    assert keys <= 30
    found = record(store)
    assert found.run.disposition == "rec_reclamacion"
    assert found.run.outcome == "expediente_abierto"
    assert found.run.case is not None and len(found.run.case) == 9


def test_when_identity_fails_the_call_goes_on_without_contract_data_and_says_what_to_do(store: Path) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "datos", "Cambiar el teléfono")
        find_customer(terminal)
        for wrong, left in (("04/01/1955", "quedan 2"), ("05/01/1955", "queda 1")):
            terminal.type(wrong)
            terminal.press("enter")
            terminal.wait_for(left)
        terminal.type("06/01/1955")
        terminal.press("enter")
        screen = terminal.wait_for("no puedo darle")
        assert "1955" not in screen.replace("06/01/1955", "")
        terminal.press("enter")
        terminal.wait_for("Identidad sin comprobar")
        terminal.press("3", "enter")
        terminal.wait_for("Le explico cómo queda")
        terminal.type("verificar")
        terminal.press("enter")
        terminal.press("enter")
        say_goodbye(terminal, "no verificada")
        keys = terminal.pressed
        assert b"Aubry" not in terminal.output
    print(f"identity fails: {keys} keys")
    assert keys <= 25
    found = record(store)
    assert found.run.locked and not found.run.verified
    assert found.run.outcome == "identidad_no_verificada"


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_an_abandoned_call_is_taken_up_at_the_same_step_with_the_same_values(store: Path, ending: int) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "factura", "Me han cobrado dos veces el recibo")
        find_customer(terminal)
        terminal.type("03/01/1955")
        terminal.press("enter")
        terminal.wait_for("Coincide")
        code = terminal.kill(ending)
    assert code == {signal.SIGKILL: -9, signal.SIGHUP: 129, signal.SIGTERM: 143}[ending]
    if ending != signal.SIGKILL:
        assert b"\x1b[?1049l" in terminal.output, "the screen is given back"
    with workstation(store) as terminal:
        terminal.wait_for("Retomar: Identificación", "a medias")
        terminal.press("enter")
        terminal.wait_for("Código postal", "F••• d•••")
        terminal.type("36205")
        terminal.press("enter")
        terminal.wait_for("Identidad comprobada", "François")
        keys = terminal.pressed
    print(f"taken up: {keys} keys")
    found = record(store)
    assert found.run.values["demanda"] == "Me han cobrado dos veces el recibo"
    assert found.run.verified


def test_what_is_typed_and_not_confirmed_is_there_when_the_call_is_taken_up(store: Path) -> None:
    with workstation(store) as terminal:
        take_a_call(terminal)
        terminal.type("s")
        terminal.press("enter")
        terminal.wait_for("Dígame, por favor")
        terminal.type("factura")
        terminal.press("enter")
        terminal.type("No le llega la factura de ag")
        terminal.wait_for("No le llega la factura de ag")
        assert terminal.kill(signal.SIGTERM) == 143
    with workstation(store) as terminal:
        terminal.wait_for("Retomar: Qué necesita")
        terminal.press("enter")
        terminal.wait_for("No le llega la factura de ag")


def test_a_terminal_that_is_too_small_says_so_and_loses_nothing_when_it_grows(store: Path) -> None:
    with workstation(store, (100, 30)) as terminal:
        take_a_call(terminal)
        terminal.type("s")
        terminal.press("enter")
        terminal.wait_for("Dígame, por favor")
        terminal.press("2", "enter")
        terminal.type("algo escrito")
        terminal.wait_for("algo escrito")
        terminal.resize(60, 15)
        terminal.wait_for("La ventana es pequeña", "60×15", gone="algo escrito")
        terminal.resize(100, 30)
        terminal.wait_for("algo escrito", gone="La ventana es pequeña")
        terminal.type(" y más")
        terminal.wait_for("algo escrito y más")


def test_ctrl_c_ends_nothing(store: Path) -> None:
    with workstation(store) as terminal:
        take_a_call(terminal)
        terminal.press("ctrl+c")
        terminal.type("s")
        terminal.press("enter")
        terminal.wait_for("Dígame, por favor")
