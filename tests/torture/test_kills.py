"""Two hundred calls killed at a random moment: nothing that was confirmed is lost, and each is taken up again.

`make torture`. The caller is a process that says each entry it has been told is on disk; what it said is the promise.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from atencion.desk import Desk
from atencion.resources import shipped_protocols
from atencion.scripts.run import RunStatus
from tests.terminal import Terminal, program

RUNS = 200
THROUGH_SCREENS = 12

CALLER = """
import itertools, sys
from pathlib import Path
from atencion.desk import Desk
from atencion.scripts.acts import Advance, Back, Capture, Choose, Note, Say

desk = Desk.open(sys.argv[1], Path(sys.argv[2]))
call = desk.open_interaction(desk.agent(), "phone/inbound")
print("call", call.id, flush=True)

def confirmed():
    print("seq", call.run.seq, call.run.step, flush=True)

confirmed()
for number in itertools.count():
    call.record(Say(), Capture("permiso_grabar", "s"), Advance()); confirmed()
    call.record(Say(), Capture("motivo", "otro"), Capture("demanda", f"demanda {number}"), Advance()); confirmed()
    call.save_draft("note", "x" * (number % 500))
    call.record(Note(f"nota {number}")); confirmed()
    call.record(Say(), Advance()); confirmed()
    call.record(Choose("resolver"), Advance()); confirmed()
    call.record(Say()); confirmed()
    call.resolve("resuelta", "hecho"); confirmed()
    call.record(Back("saludo")); confirmed()
"""


@pytest.mark.torture
@pytest.mark.timeout(1800)
def test_of_200_calls_killed_at_random_no_confirmed_entry_is_missing_and_every_call_is_taken_up(tmp_path: Path) -> None:
    store, chance = tmp_path / "store.db", random.Random(20_261_228)
    Desk.open(str(store), shipped_protocols()).close()
    for run in range(RUNS):
        call, confirmed, step = _kill_a_caller(store, chance.uniform(0.0, 0.25))
        if not call:
            continue
        desk = Desk.open(str(store), shipped_protocols())
        try:
            assert desk.store.check_integrity() == [], run
            record = desk.record_of(call)
            numbers = [entry.seq for entry in record.entries]
            assert numbers == list(range(1, len(numbers) + 1))
            assert numbers[-1] >= confirmed, f"run {run}: {confirmed} was confirmed, {numbers[-1]} is there"
            if numbers[-1] == confirmed and step:
                assert record.run.step == step
            taken_up = desk.resume(call, desk.agent())
            assert taken_up.run.status is RunStatus.OPEN
            assert (taken_up.run.step, taken_up.run.values) == (record.run.step, record.run.values)
        finally:
            desk.close()


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_a_workstation_killed_right_after_an_answer_offers_its_call_at_the_step_painted(
    tmp_path: Path,
) -> None:
    chance = random.Random(241)
    for run in range(THROUGH_SCREENS):
        store = tmp_path / f"screens-{run}.db"
        with Terminal(program("--db", str(store), "demo")) as terminal:
            terminal.wait_for("Siguiente llamada")
            terminal.press("enter")
            terminal.wait_for("qué protocolo")
            terminal.press("enter")
            terminal.wait_for("¿Da permiso")
            terminal.type("s")
            terminal.press("enter")
            terminal.wait_for("Dígame, por favor")
            if run % 2:
                terminal.press("2", "enter")
                terminal.type("Me cobran dos veces")
                terminal.press("enter")
                terminal.wait_for("Para hablar de su contrato")
            time.sleep(chance.uniform(0, 0.05))
            terminal.kill(signal.SIGKILL)
        with Terminal(program("--db", str(store), "demo")) as terminal:
            terminal.wait_for("Retomar: Identificación" if run % 2 else "Retomar: Qué necesita")
            terminal.press("enter")
            terminal.wait_for("Para hablar de su contrato" if run % 2 else "Dígame, por favor")


def _kill_a_caller(store: Path, after: float) -> tuple[int, int, str]:
    """Start a caller, kill it so many seconds after its first word, and give its call and what it had confirmed."""
    command = [sys.executable, "-c", CALLER, str(store), str(shipped_protocols())]
    caller = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ})
    assert caller.stdout is not None
    first = caller.stdout.readline()
    time.sleep(after)
    caller.send_signal(signal.SIGKILL)
    rest = caller.stdout.read()
    caller.wait()
    call, confirmed, step = int(first.split()[1]) if first else 0, 0, ""
    for line in rest.splitlines(keepends=True):
        if line.endswith("\n") and line.startswith("seq"):
            _word, number, step = line.split()
            confirmed = int(number)
    return call, confirmed, step
