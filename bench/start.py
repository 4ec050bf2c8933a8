"""From start to the first painted screen, to a search that answers, and memory then; beside programs of its kind."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.stores import CACHE, demo_store
from bench.watch import Watch

RUNS = 7
PAINTED = 30
"""Visible characters that make a painted screen."""

OTHERS = {"posting": ("posting==2.10.0", "tree-sitter==0.25.2"), "harlequin": ("harlequin",)}
"""Programs made with Textual too, and what installs each."""


@dataclass(frozen=True)
class Program:
    """How to start one, and how to see that it answers."""

    name: str
    command: list[str]
    ready: Callable[[Watch], float]


def run() -> list[str]:
    """Lines of a table, programs interleaved so that they meet the same machine."""
    figures: dict[str, list[tuple[float, float, float]]] = {}
    programs = _programs()
    for turn in range(RUNS + 1):
        for program in programs:
            found = _once(program)
            if turn:  # the first turn warms the disk's cache
                figures.setdefault(program.name, []).append(found)
    rows = ["| program | painted, s | ready, s | memory, MiB |", "|---|---|---|---|"]
    medians = {
        name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in figures.items()
    }
    for name, (painted, ready, memory) in medians.items():
        rows.append(f"| {name} | {painted:.3f} | {ready:.3f} | {memory:.0f} |")
    bare, ours = medians["bare table"], medians["atencion"]
    rows.append("")
    rows.append(
        f"Painted {ours[0] / bare[0]:.2f} times the bare table (aim 1.5), ready {ours[1] / bare[1]:.2f} (aim 2.5)."
    )
    if "posting" in medians:
        rows.append(f"Memory {ours[2] / medians['posting'][2]:.2f} times Posting's (aim 1.2).")
    missing = sorted(set(OTHERS) - set(medians))
    if missing:
        rows.append(f"Not installed here: {', '.join(missing)}.")
    return rows


def _once(program: Program) -> tuple[float, float, float]:
    watch = Watch(program.command, {"TEXTUAL_DISABLE_KITTY_KEY": "1", "HOME": str(CACHE / "home")})
    try:
        painted = watch.until_painted(PAINTED)
        ready = program.ready(watch)
        watch.settle()
        return painted, ready, watch.memory()
    finally:
        watch.close()


def _programs() -> list[Program]:
    store = demo_store()
    script = str(Path(sys.executable).parent / "atencion")
    programs = [
        Program("bare table", [sys.executable, "-m", "bench.bare_table"], lambda watch: watch.until("fila 00020")),
        Program("atencion", [script, "--db", str(store), "demo"], _search_answers),
    ]
    for name, requirements in OTHERS.items():
        path = _installed(name, requirements)
        if path is not None:
            shown = {"posting": "Collection", "harlequin": "Data Catalog"}[name]
            programs.append(Program(name, [path], lambda watch, shown=shown: watch.until(shown)))  # type: ignore[misc]
    return programs


def _search_answers(watch: Watch) -> float:
    """Take a call, open the lookup and search, with the keys pressed as soon as there is a screen."""
    watch.send(b"\r\r\x1bOQ749037199")
    return watch.until("por su tel")


def _installed(name: str, requirements: tuple[str, ...]) -> str | None:
    """The program in an environment of its own, made once; None if it cannot be had."""
    folder = CACHE / name
    path = folder / "bin" / name
    if not path.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
            install = [str(folder / "bin" / "pip"), "install", "-q", *requirements]
            subprocess.run(install, check=True, capture_output=True, env={**os.environ}, timeout=300)
        except (subprocess.SubprocessError, OSError):
            return None
    return str(path) if path.exists() else None
