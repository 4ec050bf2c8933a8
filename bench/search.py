"""Search on a million customers: recall and latency of each kind of question through the desk, beside what is usually
built; then every keystroke of typed names.

`BENCH_SEARCH_ROWS` sets another number of customers; of more than a million the desk alone is asked, for the others
would take days. `BENCH_SEARCH_POSTGRESQL` names a database with pg_trgm to fill.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from atencion.desk import Desk, Interaction
from atencion.resources import shipped_protocols
from bench import search_stores
from bench.search_sample import NAMED, NUMBERED, Question
from bench.search_stores import Search

ROWS = int(os.environ.get("BENCH_SEARCH_ROWS", 1_000_000))
POSTGRESQL = os.environ.get("BENCH_SEARCH_POSTGRESQL", "")
BESIDE = 1_000_000
"""Customers up to which other engines are asked too."""
KEYSTROKE_NAMES = 150
PATIENCE = 5.0
"""Seconds that another engine gets for each kind of question: the slow ones answer only some."""

AIMS = {"two errors": 0.80, "broad": 0.95}


@dataclass(frozen=True)
class Figure:
    """How an engine did with one kind of question. Milliseconds."""

    asked: int
    p50: float
    p95: float
    recall: float
    first: float


def run() -> list[str]:
    """Lines of tables."""
    path, asked = search_stores.our_store(ROWS)
    desk = Desk.open(str(path), shipped_protocols())
    call = desk.open_interaction(desk.agent(), "phone/inbound")
    ours = lambda query: [one.customer_id for one in call.look_up(query, 10).candidates]  # noqa: E731
    kinds = list(dict.fromkeys(question.kind for question in asked))
    figures = {"atencion": _measure(ours, asked, kinds, passes=2)}
    keystrokes = _keystrokes(call, asked)
    desk.close()
    for name, search in _others(ROWS) if ROWS <= BESIDE else ():
        figures[name] = _measure(search, asked, kinds, patience=PATIENCE)
    return [*_table(figures, kinds), "", *_verdicts(figures["atencion"], keystrokes)]


def _measure(
    search: Search, asked: Sequence[Question], kinds: Iterable[str], *, passes: int = 1, patience: float = 1e9
) -> dict[str, Figure]:
    """Each question's best pass of the warm store; recall is of the first ten against the answers there are."""
    figures = {}
    for kind in kinds:
        questions = [question for question in asked if question.kind == kind and question.truth]
        began, times, recalls, firsts = time.perf_counter(), [], [], []
        for question in questions:
            if time.perf_counter() - began > patience:
                break
            taken = []
            for _pass in range(passes):
                start = time.perf_counter()
                found = search(question.text)
                taken.append(time.perf_counter() - start)
            times.append(min(taken) * 1000)
            hits = len(question.truth & set(found[:10]))
            recalls.append(hits / min(10, len(question.truth)))
            firsts.append(bool(found) and found[0] in question.right)
        if times:
            figures[kind] = Figure(
                len(times), statistics.median(times), _p95(times), statistics.mean(recalls), statistics.mean(firsts)
            )
    return figures


def _keystrokes(call: Interaction, asked: Sequence[Question]) -> list[float]:
    """Milliseconds of every look-up while full names are typed, from the second letter on."""
    names = [question.text for question in asked if question.kind in ("full name", "swapped order")]
    times = []
    for name in random.Random(1).sample(names, min(KEYSTROKE_NAMES, len(names))):
        for length in range(2, len(name) + 1):
            start = time.perf_counter()
            call.look_up(name[:length], 20)
            times.append((time.perf_counter() - start) * 1000)
    return times


def _others(rows: int) -> Iterable[tuple[str, Search]]:
    yield "FTS5 prefix", search_stores.fts_search(search_stores.fts_store(rows, "prefix"), "prefix")
    yield "FTS5 trigram", search_stores.fts_search(search_stores.fts_store(rows, "trigram"), "trigram")
    yield "b-trees", search_stores.btree_search(search_stores.btree_store(rows))
    path = search_stores.csv_file(rows)
    makers: list[tuple[str, Callable[[], Search | None]]] = [
        ("ripgrep", lambda: search_stores.ripgrep_search(path)),
        ("fzf", lambda: search_stores.fzf_search(path)),
        ("pg_trgm", lambda: search_stores.trgm_search(rows, POSTGRESQL) if POSTGRESQL else None),
    ]
    for name, make in makers:
        if (search := make()) is not None:
            yield name, search


def _table(figures: dict[str, dict[str, Figure]], kinds: Sequence[str]) -> list[str]:
    """Our p50/p95, recall and the right one first; of the others p50/p95 and recall."""
    lines = [
        f"{ROWS:,} customers; each cell is p50/p95 in ms and recall of the first ten (n if not all were asked).",
        "",
        "| asked | atencion | right first | " + " | ".join(name for name in figures if name != "atencion") + " |",
        "|---" * (len(figures) + 2) + "|",
    ]
    for kind in kinds:
        if kind not in figures["atencion"]:
            continue
        ours = figures["atencion"][kind]
        first = f"{ours.first:.2f}" if kind in (*NAMED, *NUMBERED) else ""
        cells = [_cell(table.get(kind), ours.asked) for name, table in figures.items() if name != "atencion"]
        lines.append(f"| {kind} | {_cell(ours, ours.asked)} | {first} | " + " | ".join(cells) + " |")
    return lines


def _cell(figure: Figure | None, of: int) -> str:
    if figure is None:
        return "-"
    number = "" if figure.asked == of else f" (n={figure.asked})"
    return f"{figure.p50:.2f}/{figure.p95:.2f} {figure.recall:.2f}{number}"


def _verdicts(ours: dict[str, Figure], keystrokes: list[float]) -> list[str]:
    worst_kind = max(ours, key=lambda kind: ours[kind].p95)
    least = min(ours, key=lambda kind: ours[kind].recall - AIMS.get(kind, 0.95))
    named = {kind: ours[kind].first for kind in (*NAMED, *NUMBERED) if kind in ours}
    least_first = min(named, key=lambda kind: named[kind])
    return [
        f"Slowest kind: {worst_kind}, p95 {ours[worst_kind].p95:.1f} ms (aim 10). "
        f"Least recall against its aim: {least}, {ours[least].recall:.3f} (aim {AIMS.get(least, 0.95)}). "
        f"Least often right first: {least_first}, {named[least_first]:.2f} (aim 0.90).",
        "",
        f"{len(keystrokes)} keystrokes of typed names: p50 {statistics.median(keystrokes):.1f} ms, "
        f"p95 {_p95(keystrokes):.1f} ms (aim 12), worst {max(keystrokes):.1f} ms.",
    ]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
