"""Stores made once for the benchmarks and kept below .cache/bench."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.desk.sample import load_sample, open_demo
from atencion.resources import shipped_protocols

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "bench"


def demo_store() -> Path:
    """The sample data."""
    path = CACHE / "demo.db"
    CACHE.mkdir(parents=True, exist_ok=True)
    open_demo(str(path), shipped_protocols()).close()
    return path


def big_store(rows: int = 100_000) -> Path:
    """So many invented customers beside the sample data."""
    path = CACHE / f"customers-{rows}.db"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        source = CACHE / f"customers-{rows}.csv"
        subprocess.run(
            [sys.executable, "-m", "bench.sample_customers", "--rows", str(rows), "--out", str(source)], check=True
        )
        desk = Desk.open(str(path), shipped_protocols(), kind=StoreKind.DEMO)
        load_sample(desk, shipped_protocols() / "demo")
        desk.import_customers(source, rejects_path=CACHE / "rejects.csv")
        desk.close()
    return path
