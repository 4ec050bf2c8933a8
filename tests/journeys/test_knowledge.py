"""The answer to a spoken question, in the real program and a real terminal."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.test_calls import record, to_the_demand, workstation


def test_a_spoken_question_is_answered_within_five_keys_from_any_step(store: Path) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "factura", "Me han cobrado dos veces el recibo")
        terminal.wait_for("Identificación")
        before = terminal.pressed
        terminal.press("f3")
        terminal.wait_for("Conocimiento", "Me han cobrado dos veces", "se pagó dos")
        terminal.press("enter")
        terminal.wait_for("Leído:")
        assert terminal.pressed - before <= 5
    told = [entry for entry in record(store).entries if entry.kind == "told"]
    assert [entry.body["article"] for entry in told] == ["cobro-duplicado"]
    assert told[0].value is not None and told[0].value.startswith("Si el mismo recibo se pagó dos veces")
