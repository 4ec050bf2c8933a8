"""Protocols: the whole catalogue loaded and checked, journals folded, answers recorded, and many protocols at start."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from atencion.desk import Desk, Interaction
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Advance, Capture, Choose, Note, Resolve, Say, Tell
from atencion.scripts.catalogue import Catalogue, protocol_from_text
from atencion.scripts.decide import take
from atencion.scripts.journal import Entry, Kind
from atencion.scripts.lint import World
from atencion.scripts.run import fold
from bench.stores import demo_store
from bench.watch import Watch

ENTRIES = 1_000
STARTS = 7
FEW, MANY = 20, 2_000

LOOP = """\
id: phone/loop
version: "1.0.0"
title: Vueltas
channels: [phone]
author: nadie
valid: {from: "2026-01-01"}
fields:
  demanda: {type: note, label: Demanda, opens_demand: yes}
steps:
  - {id: pregunta, kind: ask, title: Pregunta, say: Dígame., capture: [demanda]}
  - {id: resolver, kind: resolve, title: Resolver}
  - id: algo_mas
    kind: choice
    title: Algo más
    options: [{id: mas, label: Sí, goto: pregunta}, {id: nada, label: No, goto: cierre}]
  - {id: cierre, kind: wrap_up, title: Cierre}
"""


def run() -> list[str]:
    """Lines of a table."""
    rows = ["| | figure | aim |", "|---|---|---|"]
    catalogue = Catalogue(shipped_protocols())
    listed = catalogue.protocols()
    rows.append(f"| load and check all {len(listed)} protocols | {_best(_check_all) * 1000:.0f} ms | |")
    rows.append(f"| fold a journal of {ENTRIES:,} entries | {_fold() * 1000:.2f} ms | 5 ms |")
    second, later = _recorded()
    rows.append(f"| an answer recorded at step 2, p50 | {second * 1000:.3f} ms | |")
    rows.append(f"| an answer recorded at step 200, p50 | {later * 1000:.3f} ms | as at step 2 |")
    few, many = _starts()
    rows.append(f"| a contact opened with {FEW} protocols in the folder | {few:.3f} s | |")
    rows.append(f"| a contact opened with {MANY:,} protocols in the folder | {many:.3f} s | as with {FEW} |")
    return rows


def _best(what: Callable[[], object], times: int = 3) -> float:
    found = []
    for _turn in range(times):
        began = time.perf_counter()
        what()
        found.append(time.perf_counter() - began)
    return min(found)


def _check_all() -> None:
    Catalogue(shipped_protocols()).check()


def _fold() -> float:
    protocol = protocol_from_text(LOOP, "loop.yaml", World()).protocol
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    entries = [Entry(1, at, Kind.OPENED, "", {"channel": "phone"})]
    run_ = fold(protocol, entries)
    while len(entries) < ENTRIES:
        for acts in (
            (Say("Dígame."), Capture("demanda", "una cosa"), Note("algo"), Advance()),
            (Tell("articulo", "1.0.0", "0" * 64, "Así."), Resolve("resuelta", True, "hecho"), Advance()),
            (Choose("mas"), Advance()),
        ):
            at += timedelta(seconds=1)
            new, run_ = take(run_, acts, at)
            entries += [
                Entry(len(entries) + n, at, one.kind, one.step, one.body, one.value) for n, one in enumerate(new, 1)
            ]
    return _best(lambda: fold(protocol, entries[:ENTRIES]), 20)


def _recorded() -> tuple[float, float]:
    """Seconds that an answer takes, on disk, at the beginning of a long contact and far into it."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        protocols = Path(shutil.copytree(shipped_protocols(), Path(folder) / "protocols"))
        (protocols / "phone" / "loop.yaml").write_text(LOOP, encoding="utf-8")
        desk = Desk.open(f"{folder}/desk.db", protocols)
        early, late = [], []
        for _contact in range(10):
            call = desk.open_interaction(desk.agent(), "phone/loop")
            early += [_answer(call) for _turn in range(5)]
            while len(call.run.path) < 200:
                call.record(Capture("demanda", "una cosa"), Advance())
                call.record(Resolve("resuelta", True, "hecho"), Advance())
                call.record(Choose("mas"), Advance())
            late += [_answer(call) for _turn in range(5)]
        desk.close()
    return statistics.median(early), statistics.median(late)


def _answer(call: Interaction) -> float:
    began = time.perf_counter()
    call.record(Capture("demanda", "una cosa"))
    return time.perf_counter() - began


def _starts() -> tuple[float, float]:
    """Seconds from the start to the first words of a contact, the two folders by turns."""
    figures: dict[int, list[float]] = {FEW: [], MANY: []}
    with tempfile.TemporaryDirectory() as folder:
        for count in figures:
            _folder(Path(folder) / str(count), count)
        for _turn in range(STARTS + 1):
            for count, times in figures.items():
                times.append(_opened(Path(folder) / str(count)))
    return tuple(statistics.median(times[1:]) for times in figures.values())  # type: ignore[return-value]


def _folder(folder: Path, count: int) -> None:
    shutil.copytree(shipped_protocols(), folder)
    text = (folder / "phone" / "inbound.yaml").read_text(encoding="utf-8")
    have = len(list(folder.glob("phone/*.yaml")))
    for number in range(count - have):
        copy = text.replace("id: phone/inbound", f"id: phone/copia-{number}", 1)
        (folder / "phone" / f"copia-{number}.yaml").write_text(copy, encoding="utf-8")


def _opened(folder: Path) -> float:
    script = str(Path(sys.executable).parent / "atencion")
    command = [script, "--db", str(demo_store()), "--protocols", str(folder), "demo"]
    watch = Watch(command, {"TEXTUAL_DISABLE_KITTY_KEY": "1"})
    try:
        watch.until_painted(30)
        watch.send(b"\r\r")  # The telephone, then the first of its protocols.
        return watch.until("le atiende")
    finally:
        watch.close()
