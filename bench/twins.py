"""Twins among a million customers: how many of those planted are found, how many suggestions are wrong, how long."""

from __future__ import annotations

import random
import resource
from datetime import UTC, datetime
from pathlib import Path

from atencion.data.customer_columns import recognise
from atencion.data.customer_rows import RowReader
from atencion.data.customers import add_customers
from atencion.data.engine import Store, open_store
from atencion.data.twin_search import hunt
from bench.sample_customers import CUSTOMER_COLUMNS, TODAY, Customer, customers
from bench.sample_twins import twin_of
from bench.stores import CACHE

SHARE = 0.02
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def run(rows: int = 1_000_000) -> list[str]:
    """Lines of a table."""
    path, truth = _store(rows)
    store = open_store(str(path), kind=None)
    try:
        with store.writing() as connection:
            connection.exec_driver_sql("DELETE FROM twin_pair")
        done = hunt(store, clock=lambda: NOW)
        with store.reading() as connection:
            found = {(row[0], row[1]) for row in connection.exec_driver_sql("SELECT low_id, high_id FROM twin_pair")}
    finally:
        store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    right = len(found & truth)
    suggested = f"{done.compared:,} pairs compared, {len(found):,} suggested"
    return [
        f"{rows:,} customers, {len(truth):,} twins planted; {suggested}.",
        "",
        f"Found {right / len(truth):.2%} (aim 95 %), wrong {1 - right / max(1, len(found)):.2%} of the suggestions "
        f"(aim at most 2 %), {done.seconds:.0f} s (aim under 180), {memory} MiB.",
    ]


def _store(rows: int) -> tuple[Path, set[tuple[int, int]]]:
    """A store with the customers and their twins, and the pairs that were planted."""
    path, pairs_path = CACHE / f"twins-{rows}.db", CACHE / f"twins-{rows}.txt"
    if not pairs_path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        store = open_store(str(path))
        pairs = _plant(store, rows)
        store.close()
        pairs_path.write_text("".join(f"{one} {other}\n" for one, other in pairs), encoding="ascii")
    pairs = [tuple(map(int, line.split())) for line in pairs_path.read_text(encoding="ascii").splitlines()]
    return path, {(min(pair), max(pair)) for pair in pairs}


def _plant(store: Store, rows: int) -> list[tuple[int, int]]:
    rng = random.Random(271)
    reader = RowReader(recognise(CUSTOMER_COLUMNS), CUSTOMER_COLUMNS, TODAY)
    twins = round(rows * SHARE)
    chosen = set(rng.sample(range(rows - twins), twins))
    waiting: list[tuple[int, Customer]] = []
    pairs: list[tuple[int, int]] = []
    batch: list[Customer] = []

    def write() -> None:
        records = [reader.read(n, one.row()).record() for n, one in enumerate(batch)]
        with store.writing() as connection:
            ids.extend(add_customers(connection, records, at=NOW))
        batch.clear()

    ids: list[int] = []
    for n, customer in enumerate(customers(rows - twins)):
        batch.append(customer)
        if n in chosen:
            waiting.append((n, customer))
        if len(batch) == 10_000:
            write()
    write()
    originals = list(ids)
    rng.shuffle(waiting)
    for start in range(0, len(waiting), 10_000):
        some = waiting[start : start + 10_000]
        batch.extend(twin_of(customer, rng) for _n, customer in some)
        before = len(ids)
        write()
        pairs += [(originals[n], twin) for (n, _customer), twin in zip(some, ids[before:], strict=True)]
    return pairs
