"""Key press to painted result in the lookup, on the million customers of the search benchmark."""

from __future__ import annotations

from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.desk.sample import load_sample
from atencion.resources import shipped_protocols
from bench import lookup
from bench.search_stores import fill
from bench.stores import CACHE

ROWS = 1_000_000


def run() -> list[str]:
    """Lines of a table."""
    path = CACHE / f"keys-{ROWS}.db"
    if not path.exists():
        making = path.with_suffix(".new")
        desk = Desk.open(str(making), shipped_protocols(), kind=StoreKind.DEMO)
        load_sample(desk, shipped_protocols() / "demo")
        fill(desk.store, ROWS, [])
        desk.close()
        making.rename(path)
    return lookup.run(path)
