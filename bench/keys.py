"""Key press to painted result in the lookup, on the million customers of the search benchmark."""

from __future__ import annotations

from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.desk.sample import load_sample
from atencion.resources import shipped_protocols
from bench import lookup
from bench.search_sample import samples
from bench.search_stores import AT, record
from bench.stores import CACHE

ROWS = 1_000_000
BATCH = 5_000


def run() -> list[str]:
    """Lines of a table."""
    from itertools import islice

    from atencion.data.customers import add_customers

    path = CACHE / f"keys-{ROWS}.db"
    if not path.exists():
        making = path.with_suffix(".new")
        desk = Desk.open(str(making), shipped_protocols(), kind=StoreKind.DEMO)
        load_sample(desk, shipped_protocols() / "demo")
        people = samples(ROWS)
        while batch := list(islice(people, BATCH)):
            with desk.store.writing() as connection:
                add_customers(connection, [record(sample) for sample in batch], at=AT)
        desk.close()
        making.rename(path)
    return lookup.run(path)
