"""A practice call in a real terminal, from the customer's first words to how it went."""

from __future__ import annotations

from tests.terminal import Terminal, program


def test_a_call_is_practised_alone_with_the_system_failing_in_it_and_told_at_the_end() -> None:
    command = program("practice", "start", "sistema-caido", "--seed", "19")
    with Terminal(command, size=(120, 36)) as terminal:
        terminal.wait_for("PRÁCTICA", "Irene Cano Luna", "gas", "Da permiso para grabar")
        terminal.type("s")
        terminal.press("enter")
        terminal.wait_for("Dígame, por favor")
        terminal.type("información")
        terminal.press("enter")
        terminal.type("Cómo dar la lectura del gas")
        terminal.press("enter")
        terminal.wait_for("Voy a consultarlo", "El sistema no responde")
        terminal.type("\x1b[21~")
        terminal.type("El sistema no responde; disculpe la espera.")
        terminal.press("enter")
        terminal.wait_for("No pasa nada")
        terminal.press("f9")
        terminal.wait_for("PRÁCTICA", "se ha cortado")
        terminal.type("Se corta")
        terminal.press("enter")
        terminal.wait_for("Tipificación")
        terminal.type("voz")
        terminal.press("enter")
        terminal.wait_for("PRÁCTICA", "Puntos", "No es una evaluación oficial")
        terminal.press("enter")
        assert terminal.wait_for_end() == 0
