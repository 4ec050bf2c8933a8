"""Interactions of sixty entries scored on one core, each folded anew; the core's own time, so that a neighbour that
takes turns on it changes little.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import timedelta

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.journal import Entry, Kind
from atencion.scripts.run import fold
from atencion.training.library import Library
from atencion.training.rehearsal import read_rehearsals, rehearse
from atencion.training.scoring import Pinned, score

TURNS, ROUNDS, ENTRIES = 11, 200, 60


def run() -> list[str]:
    """A line with the rate."""
    library = Library(Catalogue(shipped_protocols()))
    loaded = library.scenario("cobro-duplicado")
    path = library.tests_of("cobro-duplicado")
    assert path is not None
    rehearsals, _document = read_rehearsals(path)
    record = rehearse(library, loaded, rehearsals.steps(rehearsals.attempts[0])).record
    entries = [Entry(one.seq, one.at, one.kind, one.step, one.body, one.value) for one in record.entries]
    protocol, last = record.run.protocol, entries[-1]
    while len(entries) < ENTRIES:
        at = last.at - timedelta(seconds=1)
        entries.insert(-1, Entry(len(entries), at, Kind.NOTED, "cierre", {}, "Prefiere que le llamen por la tarde."))
    entries[-1] = replace(last, seq=ENTRIES)
    pinned = Pinned("p", "h", "r", "h", "h")
    rates = []
    for _turn in range(TURNS):
        began = time.process_time()
        for _round in range(ROUNDS):
            folded = fold(protocol, entries)
            score(folded, entries, library.recogniser, library.rubric, pinned, scenario=loaded.scenario, caller=1)
        rates.append(ROUNDS / (time.process_time() - began))
    middle, best = statistics.median(rates), max(rates)
    return [f"{middle:,.0f} interactions of {ENTRIES} entries a second, at best {best:,.0f} (aim over 2,000)."]
