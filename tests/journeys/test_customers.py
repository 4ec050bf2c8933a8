"""Customers written down, joined and parted, in the real program and a real terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from tests.journeys.test_calls import record, to_the_demand, workstation
from tests.terminal import Terminal, program


def command(store: Path, *arguments: str) -> Any:
    with Terminal(program("--db", str(store), "customer", *arguments), size=(200, 50)) as terminal:
        assert terminal.wait_for_end() == 0, terminal.text
        return terminal.text


def show(store: Path, customer: int) -> Any:
    desk = Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO)
    try:
        return desk.customer(customer)
    finally:
        desk.close()


def test_a_customer_is_written_down_in_the_call_and_a_twin_is_caught(store: Path) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "factura", "Quiere darse de alta")
        terminal.wait_for("Identificación", "Para hablar de su contrato")
        terminal.type("Zutana Perengánez")
        terminal.wait_for("Nadie coincide")
        terminal.press("ctrl+o")
        terminal.wait_for("Ctrl+E lo registra")
        terminal.press("ctrl+e")
        terminal.wait_for("Cliente nuevo", "Perengánez")
        terminal.type("12345678A")
        terminal.wait_for("de control")
        terminal.press("backspace")
        terminal.wait_for("no tiene forma")
        terminal.type("Z")
        terminal.wait_for("✓ NIF", gone="de control")
        terminal.press("enter", "enter")
        terminal.type("749000123")
        terminal.wait_for("✓ 749 000 123")
        terminal.press("ctrl+s")
        terminal.wait_for("Registrado en esta llamada: Zutana Perengánez", "749 000 123")
        terminal.press("ctrl+o")
        terminal.wait_for("Cliente sin elegir")
        terminal.press("ctrl+e")
        terminal.wait_for("Cliente nuevo", "Perengánez")
        terminal.press("enter", "enter")
        terminal.type("749000123")
        terminal.wait_for("Puede que ya esté", "mismo nombre, mismo teléfono")
        terminal.press("ctrl+s")
        terminal.wait_for("no se ha guardado")
        terminal.press("ctrl+o")
        terminal.wait_for("Zutana", gone="Cliente nuevo")
        terminal.press("ctrl+l")
        terminal.wait_for("Siguiente llamada")
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0
    found = record(store)
    assert [entry.kind for entry in found.entries].count("registered") == 1
    assert found.run.customer == 621


def test_two_customers_are_joined_and_parted(store: Path) -> None:
    with workstation(store) as terminal:
        terminal.wait_for("Siguiente llamada")
        terminal.press("ctrl+x")
        terminal.wait_for_end()
    first, second = show(store, 1), show(store, 2)
    told = command(store, "merge", "1", "2", "--take", "surnames=B", "--dry-run")
    assert "Castro d'Aubry" in told and "--take given_name=B" in told
    assert show(store, 2).id == 2
    told = command(store, "merge", "1", "2", "--take", "surnames=B")
    assert "sus documentos son distintos" in told.lower() and "unmerge 1" in told
    joined = show(store, 2)
    assert (joined.id, joined.name) == (1, "François Castro d'Aubry")
    assert {one.number for one in joined.contracts} == {one.number for one in (*first.contracts, *second.contracts)}
    assert '"id": 1' in command(store, "find", "DEMO-0002", "--json")
    assert "Vuelven a ser dos: 1 y 2" in command(store, "unmerge", "1")
    for before in (first, second):
        now = show(store, before.id)
        assert (now.name, now.contacts, now.contracts, now.identifiers) == (
            before.name,
            before.contacts,
            before.contracts,
            before.identifiers,
        )


def test_what_is_twice_is_found_told_and_settled_from_the_command_line(store: Path, tmp_path: Path) -> None:
    with workstation(store) as terminal:
        terminal.wait_for("Siguiente llamada")
        terminal.press("ctrl+x")
        terminal.wait_for_end()
    path = tmp_path / "more.csv"
    path.write_text("nombre;apellidos;móvil\nFrancois;Daubry;749037199\n")
    command(store, "import", str(path))
    found = json.loads(command(store, "duplicates", "--json").partition("{")[2].join(["{", ""]) or "{}")
    pair = next(one for one in found["pairs"] if one["a"] == 1)
    assert (pair["b"], "same_phone" in pair["reasons"]) == (621, True)
    command(store, "duplicates", "--dismiss", "1", "621")
    assert "François" not in command(store, "duplicates", "--no-search")
