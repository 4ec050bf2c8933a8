"""Importing the exchange's log, beside reading the same file and nothing else."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from atencion.data.engine import open_store
from atencion.data.queue_log import import_queue_log

CALLS = 400_000


def run() -> list[str]:
    """Lines of a table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        log = Path(folder) / "queue_log"
        _write(log)
        began = time.perf_counter()
        with log.open("rb") as stream:
            lines = sum(1 for _line in stream)
        bare = time.perf_counter() - began
        store = open_store(f"{folder}/store.db")
        began = time.perf_counter()
        result = import_queue_log(store, log)
        ours = time.perf_counter() - began
        store.close()
    assert result.lines == lines and result.torn == 0 and result.calls == CALLS
    return [
        "| | lines/s |",
        "|---|---|",
        f"| `import queue-log` | {lines / ours:,.0f} |",
        f"| reading the file, line by line | {lines / bare:,.0f} |",
        "",
        f"{lines:,} lines of {CALLS:,} calls in {ours:.2f} s: {lines / ours:,.0f} lines/s (aim over 200,000).",
    ]


def _write(path: Path) -> None:
    chance, at = random.Random(1), 1_780_000_000
    with path.open("w", encoding="ascii") as out:
        for number in range(CALLS):
            at += chance.randint(0, 5)
            call, wait, talk = f"{at}.{number}", int(chance.expovariate(1 / 40)), chance.randint(30, 600)
            agent = f"SIP/10{number % 9}"
            out.write(f"{at}|{call}|atencion|NONE|ENTERQUEUE||+34600{number % 1_000_000:06}|1\n")
            if chance.random() < 0.06:
                out.write(f"{at + wait}|{call}|atencion|NONE|ABANDON|1|1|{wait}\n")
                continue
            if chance.random() < 0.2:
                out.write(f"{at + 5}|{call}|atencion|{agent}|RINGNOANSWER|5000\n")
            out.write(f"{at + wait}|{call}|atencion|{agent}|CONNECT|{wait}|{call}x|3\n")
            out.write(f"{at + wait + talk}|{call}|atencion|{agent}|COMPLETECALLER|{wait}|{talk}|1\n")
