"""The due list of one agent among a million cases, and the compliance report over them, beside the bare SQL."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from atencion.data import sqlite
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.desk.sample import load_sample
from atencion.reports.compliance import measure_compliance
from atencion.resources import shipped_protocols
from bench.stores import CACHE

CASES = 1_000_000
RUNS = 200

# A day's cases of each agent in turn, over two years; one in fifty still runs, one in a hundred of the rest was late.
_FILL = f"""
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {CASES} - 1)
"""
_DAY = "strftime('%Y-%m-%dT09:00:00.000000+00:00', '2025-01-01', '+' || ((i / 1400) + {days}) || ' days')"
_VALUES = "INSERT INTO personal_value (id, content, created_at) VALUES (1, 'Un asunto', '2025-01-01T00:00:00+00:00')"
_CASES = f"""
INSERT INTO service_case (id, key, type, subject_value_id, status, department, owner_id, opened_at, submitted_at,
    subtype, priority, channel, language, region, answer_channel, decision, external_body, due_at, due_on, due_norm,
    resolved_at, notified_at, seq)
{_FILL}
SELECT i + 1, printf('%09d', i), 'reclamacion', 1, CASE WHEN i % 50 = 0 THEN 'open' ELSE 'notified' END,
    'reclamaciones', 1 + i % 11, {_DAY.format(days=0)}, {_DAY.format(days=0)}, '', 'normal', 'phone', 'es', 'ES-MD', '',
    CASE WHEN i % 50 = 0 THEN '' ELSE 'partly' END, '',
    CASE WHEN i % 50 = 0 THEN {_DAY.format(days=21)} END,
    CASE WHEN i % 50 = 0 THEN substr({_DAY.format(days=21)}, 1, 10) END,
    CASE WHEN i % 50 = 0 THEN 'ley-10-2025/17.1' ELSE '' END,
    CASE WHEN i % 50 <> 0 THEN {_DAY.format(days=10)} END, CASE WHEN i % 50 <> 0 THEN {_DAY.format(days=10)} END, 4
FROM n
"""
_CLOCKS = f"""
INSERT INTO case_clock (id, case_id, norm, ends, started_at, due_at, due_on, estimated, extended, state, ended_at)
{_FILL}
SELECT i + 1, i + 1, 'ley-10-2025/17.1', 'resolution', {_DAY.format(days=0)}, {_DAY.format(days=21)},
    substr({_DAY.format(days=21)}, 1, 10), 0, 0, CASE WHEN i % 50 = 0 THEN 'running' ELSE 'met' END,
    CASE WHEN i % 50 = 0 THEN NULL WHEN i % 100 = 1 THEN {_DAY.format(days=25)} ELSE {_DAY.format(days=10)} END
FROM n
"""
_ITEMS = f"""
INSERT INTO case_item (case_id, number, value_id, decision, reasons_value_id)
{_FILL} SELECT i + 1, 1, 1, CASE WHEN i % 50 = 0 THEN '' ELSE 'partly' END, CASE WHEN i % 50 <> 0 THEN 1 END FROM n
"""
_DOCUMENTS = f"""
INSERT INTO case_document (id, case_id, kind, language, at, hash, value_id)
{_FILL} SELECT i + 1, i + 1, 'receipt', 'es', {_DAY.format(days=0)}, 'h', 1 FROM n
"""
_EVENTS = f"""
INSERT INTO case_event (case_id, seq, at, agent_id, kind, body)
{_FILL} , k(seq, kind, body) AS (VALUES (1, 'opened', '{{}}'), (2, 'item_answered', '{{}}'),
    (3, 'resolved', '{{"decision":"partly","bodies":2}}'), (4, 'notified', '{{"channel":"phone","language":"es"}}'))
SELECT i + 1, k.seq, {_DAY.format(days=10)}, 1, k.kind, k.body FROM n, k
"""
_BARE_DUE = """
SELECT * FROM service_case WHERE owner_id = 3 AND due_at IS NOT NULL AND due_at < '9999'
ORDER BY due_at, id LIMIT 100
"""
_BARE_REPORT = """
SELECT norm, count(*), sum(ended_at > due_at OR (state = 'running' AND due_at <= '2026-11-24')) FROM case_clock
WHERE due_at >= '2025-01-01' AND due_at < '2028' GROUP BY norm
"""


def run() -> list[str]:
    """Lines of tables."""
    path = _store()
    desk = Desk.open(str(path), shipped_protocols(), kind=StoreKind.DEMO)
    bare = sqlite.connect(path, None, read_only=True)
    agent = next(one for one in desk.agents() if one.id == 3)
    desk.cases.due(agent=agent)
    ours, theirs = [], []
    for _number in range(RUNS):
        ours.append(_timed(lambda: desk.cases.due(agent=agent)))
        theirs.append(_timed(lambda: bare.execute(_BARE_DUE).fetchall()))
    whole = _timed(lambda: measure_compliance(desk, date(2025, 1, 1), date(2027, 12, 31)))
    sql = _timed(lambda: bare.execute(_BARE_REPORT).fetchall())
    desk.close()
    bare.close()
    p95 = sorted(ours)[int(RUNS * 0.95)] * 1000
    return [
        f"| one agent's 100 next of {CASES:,} cases | p50, ms | p95, ms |",
        "|---|---|---|",
        f"| `desk.cases.due` | {statistics.median(ours) * 1000:.2f} | {p95:.2f} |",
        f"| bare SQL | {statistics.median(theirs) * 1000:.2f} | {sorted(theirs)[int(RUNS * 0.95)] * 1000:.2f} |",
        "",
        f"p95 {p95:.2f} ms (aim under 20).",
        "",
        f"Compliance report, every obligation, over {CASES:,} cases of two years: {whole:.2f} s (aim under 5); the bare"
        f" SQL of one of its lines, the terms: {sql:.2f} s.",
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _store() -> Path:
    path = CACHE / f"cases-{CASES}.db"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        desk = Desk.open(str(draft), shipped_protocols(), kind=StoreKind.DEMO)
        load_sample(desk, shipped_protocols() / "demo")
        with desk.store.writing() as connection:
            for statement in (_VALUES, _CASES, _CLOCKS, _ITEMS, _DOCUMENTS, _EVENTS):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("ANALYZE")
        desk.close()
        draft.rename(path)
    return path
