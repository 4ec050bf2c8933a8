"""The full card of a customer with thousands of interactions behind, through the desk."""

from __future__ import annotations

import shutil
import statistics
import time
from datetime import UTC, datetime, timedelta

from atencion.data.engine import StoreKind
from atencion.data.interactions import NewInteraction, add_interaction, set_customer
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from bench.stores import CACHE, demo_store

INTERACTIONS = 5_000
TIMES = 200


def run() -> list[str]:
    """Lines of a table."""
    path = CACHE / "card.db"
    shutil.copy(demo_store(), path)
    desk = Desk.open(str(path), shipped_protocols(), kind=StoreKind.DEMO)
    try:
        agent = desk.agents()[0]
        call = desk.open_interaction(agent, "phone/inbound")
        call.pick(1, "749037199")
        answers = {"birth_date": "03/01/1955", "postcode": "36205"}
        for question in call.questions():
            call.identify(question.datum, answers[question.datum])
        began = datetime(2020, 1, 1, tzinfo=UTC)
        summary = desk.record_of(call.id).summary
        with desk.store.writing() as connection:
            for n in range(INTERACTIONS):
                at = began + timedelta(hours=n)
                new = NewInteraction(
                    "phone",
                    "inbound",
                    agent.id,
                    summary.protocol_id,
                    summary.protocol_version,
                    summary.protocol_hash,
                    at,
                )
                set_customer(connection, add_interaction(connection, new), 1)
        times = []
        for _ in range(TIMES):
            start = time.perf_counter()
            call.file()
            times.append((time.perf_counter() - start) * 1000)
    finally:
        desk.close()
    times.sort()
    return [
        f"{INTERACTIONS:,} interactions: median {statistics.median(times):.1f} ms, "
        f"p95 {times[int(TIMES * 0.95)]:.1f} ms (aim under 100)."
    ]
