"""One entry committed through the desk, beside a bare commit of the same rows with the same settings."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from atencion.data import sqlite
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from atencion.scripts.acts import Note

ENTRIES = 1_000


def run() -> list[str]:
    """Lines of a table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        desk = Desk.open(f"{folder}/desk.db", shipped_protocols())
        Desk.open(f"{folder}/bare.db", shipped_protocols()).close()
        bare = sqlite.connect(Path(folder) / "bare.db", None)
        call = desk.open_interaction(desk.agent(), "phone/inbound")
        _prepare(bare)
        ours, theirs = [], []
        for number in range(ENTRIES):
            began = time.perf_counter()
            call.record(Note("El cliente prefiere que le llamen por la tarde."))
            between = time.perf_counter()
            _commit(bare, number + 2)
            ours.append(between - began)
            theirs.append(time.perf_counter() - between)
        bare.close()
        desk.close()
    rows = ["| | p50, ms | p95, ms |", "|---|---|---|"]
    for name, times in (("through the desk", ours), ("bare commit", theirs)):
        rows.append(f"| {name} | {statistics.median(times) * 1000:.3f} | {_p95(times) * 1000:.3f} |")
    ratios = statistics.median(ours) / statistics.median(theirs), _p95(ours) / _p95(theirs)
    rows += ["", f"{ratios[0]:.2f} times at p50 and {ratios[1]:.2f} at p95 (aim 2)."]
    return rows


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _prepare(connection: sqlite.Any) -> None:
    at = datetime.now(UTC).isoformat()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO agent (id, code, name, alias, role, department, active) VALUES (1,'A','A','A','agent','',1)"
    )
    connection.execute("INSERT INTO protocol_text VALUES ('h', 'p', '1', 's', ?)", (at,))
    connection.execute(
        "INSERT INTO interaction (id, channel, direction, agent_id, protocol_id, protocol_version, protocol_hash,"
        " opened_at, status) VALUES (1, 'phone', 'inbound', 1, 'p', '1', 'h', ?, 'open')",
        (at,),
    )
    connection.execute("COMMIT")


def _commit(connection: sqlite.Any, seq: int) -> None:
    at = datetime.now(UTC).isoformat()
    connection.execute("BEGIN IMMEDIATE")
    value = connection.execute(
        "INSERT INTO personal_value (interaction_id, content, created_at) VALUES (1, ?, ?)",
        ("El cliente prefiere que le llamen por la tarde.", at),
    ).lastrowid
    connection.execute(
        "INSERT INTO journal_entry (interaction_id, seq, at, agent_id, kind, step, body, value_id)"
        " VALUES (1, ?, ?, 1, 'noted', 'saludo', '{}', ?)",
        (seq, at, value),
    )
    connection.execute("COMMIT")
