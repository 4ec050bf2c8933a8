"""`make bench`, or `python -m bench NAME...`: runs benchmarks and adds their figures to bench/RESULTS.md."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

ALL = {
    "start": "Start: painted, ready, memory",
    "lookup": "Lookup: key to painted result on 100,000 customers",
    "search": "Search: recall and latency of each kind of question on 1,000,000 customers",
    "keys": "Lookup: key to painted result on 1,000,000 customers",
    "knowledge": "Knowledge: right answers and speed on 100,000 articles",
    "journal": "Journal: one entry committed",
    "customer_import": "Import of 1,000,000 customers",
    "twins": "Twins among 1,000,000 customers",
    "card": "Full card of a customer with 5,000 interactions",
    "protocols": "Protocols: loaded, folded, recorded, and many of them",
    "cases": "Cases: due list and compliance report among a million",
    "queue_log": "Queue log: lines read into calls",
    "scoring": "Scoring: interactions a second",
    "recognition": "Recognition: precision and recall of each speech act",
}
RESULTS = Path(__file__).parent / "RESULTS.md"


def main(names: list[str]) -> None:
    """Run them and write down what they say."""
    sections = [f"## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n\n{_machine()}\n"]
    for name in names or list(ALL):
        lines = import_module(f"bench.{name}").run()
        sections.append(f"### {ALL[name]}\n\n`python -m bench {name}`\n\n" + "\n".join(lines) + "\n")
        print(sections[-1], flush=True)
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n\nThe latest first.\n\n"
    head, _mark, tail = before.partition("## ")
    RESULTS.write_text(head + "\n".join(sections) + ("\n## " + tail if tail else ""), encoding="utf-8")


def _machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**30
    system = f"{platform.system()} {platform.release()}; Python {platform.python_version()}"
    return f"{cpu}, {os.cpu_count()} cores, {memory} GiB; {system}."


if __name__ == "__main__":
    main(sys.argv[1:])
