"""Practice calls in real terminals: alone, from the customer's first words to how it went, and with a trainer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.terminal import Terminal, program

F10 = "\x1b[21~"


def cut_off(terminal: Terminal) -> None:
    """The customer is gone: the call is wrapped up."""
    terminal.press("f9")
    terminal.wait_for("PRÁCTICA", "se ha cortado")
    terminal.type("Se corta")
    terminal.press("enter")
    terminal.wait_for("Tipificación")
    terminal.type("voz")
    terminal.press("enter")


def assess(terminal: Terminal, criteria: int) -> str:
    """The learner's own marks, and how it went after them."""
    terminal.wait_for("PRÁCTICA", "¿Cómo cree que lo ha hecho?", "IC1.1")
    terminal.type("3" * criteria)
    terminal.press("enter")
    return terminal.wait_for("PRÁCTICA", "Puntos:", "usted 3/5", "No es una evaluación oficial")


def test_a_call_is_practised_alone_with_the_system_failing_in_it_and_told_at_the_end() -> None:
    command = program("practice", "run", "sistema-caido", "--seed", "19")
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
        terminal.type(F10)
        terminal.type("El sistema no responde; disculpe la espera.")
        terminal.press("enter")
        terminal.wait_for("No pasa nada")
        cut_off(terminal)
        assess(terminal, 5)
        terminal.press("enter")
        terminal.wait_for("Cada punto perdido", "Se esperaba", "Regla")
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0


def test_a_call_is_played_again_from_a_moment_on_with_what_was_said_until_then() -> None:
    command = program("practice", "run", "cobro-duplicado", "--seed", "7")
    with Terminal(command, size=(80, 24)) as terminal:
        terminal.wait_for("PRÁCTICA", "Lucía Ferrer Ortín", "Da permiso para grabar", "1  Sí")
        terminal.type(F10)
        terminal.type("Entiendo que esté molesta.")
        terminal.press("enter")
        terminal.wait_for("me escucha")
        terminal.type("No sea pesada.")
        terminal.press("enter")
        terminal.wait_for("me escucha", gone="No sea pesada.")
        cut_off(terminal)
        assess(terminal, 6)
        terminal.type("4")
        terminal.wait_for("cliente", "agente", "sistema", "No sea pesada.")
        terminal.press("down", "down", "down")
        terminal.wait_for("· agente", "No sea pesada.")
        terminal.press("enter")
        terminal.wait_for("Lucía Ferrer Ortín", "me escucha", gone="sistema")
        cut_off(terminal)
        assess(terminal, 6)
        terminal.wait_for("Antes:")
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0


def test_a_trainer_plays_the_customer_from_another_terminal_and_marks_as_it_happens(tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path)}
    with (
        Terminal(program("practice", "trainer"), size=(120, 36), env=home) as trainer,
        Terminal(program("practice", "run", "cobro-duplicado", "--classroom"), size=(80, 24), env=home) as learner,
    ):
        trainer.wait_for("Esperando a que alguien empiece")
        learner.wait_for("PRÁCTICA", "Lucía Ferrer Ortín", "Quien forma hace de esta persona")
        trainer.wait_for("Lucía Ferrer Ortín", "Quiere: Que le devuelvan", "Preparado")
        trainer.type("Buenas, llamo por un recibo.")
        trainer.press("enter")
        learner.wait_for("— Buenas, llamo por un recibo.")
        learner.wait_for("Da permiso para grabar", "1  Sí")
        learner.type(F10)
        learner.type("Dígame las fechas de los cobros.")
        learner.press("enter")
        trainer.wait_for("Dígame las fechas de los cobros.")
        trainer.press("f2", *["down"] * 5, "enter")
        learner.wait_for("— Me lo cobraron el día tres y otra vez el día cinco.")
        trainer.press("f4")
        trainer.type("4")
        trainer.wait_for("●●●●○ 4")
        cut_off(learner)
        trainer.wait_for("La llamada ha terminado")
        found = assess(learner, 6)
        assert "quien forma 4/5" in found
        trainer.wait_for("su nota: 3")
        trainer.type("2")
        learner.wait_for("quien forma 2/5")
        for terminal in (learner, trainer):
            terminal.press("ctrl+x")
            assert terminal.wait_for_end() == 0


def test_an_attempt_that_was_kept_is_played_on_from_one_of_its_entries(tmp_path: Path) -> None:
    store, steps = str(tmp_path / "kept.db"), tmp_path / "steps.yaml"
    steps.write_text(
        "steps:\n  - {step: saludo, fields: {permiso_grabar: sí}}\n"
        "  - {step: demanda, talk: Entiendo que esté molesta., cut_off: Se corta}\n"
        "  - {step: cierre, disposition: otr_interrumpida}\n",
        encoding="utf-8",
    )
    kept = program("--db", store, "practice", "run", "cobro-duplicado", "--answers", str(steps))
    subprocess.run(kept, check=True, capture_output=True)
    with Terminal(program("--db", store, "practice", "replay", "1", "--from", "7"), size=(80, 24)) as terminal:
        terminal.wait_for("PRÁCTICA", "Lucía Ferrer Ortín", "Dígame, por favor")
        terminal.press("ctrl+l")
        terminal.wait_for("¿Cómo cree que lo ha hecho?")
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0
