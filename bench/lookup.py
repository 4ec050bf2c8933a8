"""Key press to painted result in the lookup, on 100,000 customers, measured at the terminal."""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path

from bench.stores import big_store
from bench.watch import Watch

PRESSES = 200
QUERIES = (
    "garcia lopez maria",
    "749037199",
    "fernandez",
    "maria jose",
    "99125978a",
    "energia solar",
    "sanchez ruiz",
    "m",
)
"""Typed letter by letter, then taken back."""

QUIET = 0.06
"""Seconds without output after which the screen is taken to be done."""


def run(store: Path | None = None) -> list[str]:
    """Lines of a table; on the store of 100,000 customers unless another is given."""
    store = store or big_store()
    watch = Watch([str(Path(sys.executable).parent / "atencion"), "--db", str(store), "demo"])
    times: list[float] = []
    try:
        watch.until("Siguiente llamada")
        watch.settle()
        watch.send(b"\r\r")  # The telephone, then the first of its protocols.
        watch.until("permiso")
        watch.settle()
        watch.send(b"\x1bOQ")
        watch.until("Los resultados salen")
        watch.settle()
        while len(times) < PRESSES:
            for query in QUERIES:
                times += [_press(watch, letter.encode()) for letter in query]
                watch.send(b"\x7f" * len(query))
                watch.settle(0.4)
    finally:
        watch.close()
    times = sorted(times[:PRESSES])
    median, p95, worst = statistics.median(times), times[int(len(times) * 0.95)], times[-1]
    return [
        f"{len(times)} keys: median {median * 1000:.1f} ms (aim under 60), p95 {p95 * 1000:.1f} ms, "
        f"worst {worst * 1000:.1f} ms (aim under 120)."
    ]


def _press(watch: Watch, key: bytes) -> float:
    """Seconds from the key to the last byte of what it painted: the letter itself, then the results."""
    watch.forget()
    began = watch.now()
    watch.send(key)
    done = began
    patience = 1.0
    while (at := watch.read(patience)) is not None:
        if not _CLOCK.fullmatch(watch.visible()):
            done = at
        watch.raw = b""
        patience = QUIET
    return done - began


_CLOCK = re.compile(rb"\s*paso [\d:/]+\s+[\d:]+\s*")
"""What is painted each second, whatever is typed."""
