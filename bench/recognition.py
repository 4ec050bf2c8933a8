"""Precision and recall of the recognition of speech acts, on utterances that people labelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.training.library import Library
from atencion.training.speech_acts import Recogniser

UTTERANCES = Path(__file__).parent.parent / "tests" / "training" / "utterances.txt"

Labelled = tuple[str, frozenset[str]]


@dataclass
class Tally:
    """How one act fared: found rightly, and the utterances in which it was missed or found wrongly."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what was found, the part that was there."""
        return self.right / (self.right + len(self.wrong)) if self.right or self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what was there, the part that was found."""
        return self.right / (self.right + len(self.missed)) if self.right or self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def labelled(path: Path) -> list[Labelled]:
    """The utterances of a file with the acts that a person found in each."""
    found: list[Labelled] = []
    acts: frozenset[str] = frozenset()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        names = [name.strip() for name in line.split(",")]
        if all(
            name == "-" or (name.islower() and name.replace("_", "").isascii() and " " not in name and "." not in name)
            for name in names
        ):
            acts = frozenset(names) - {"-"}
        else:
            found.append((line, acts))
    return found


def tally(recogniser: Recogniser, utterances: Iterable[Labelled]) -> dict[str, Tally]:
    """How each act fared."""
    found = {act: Tally() for act in recogniser.acts}
    for text, wanted in utterances:
        given = set(recogniser.find(text))
        for act in wanted & given:
            found[act].right += 1
        for act in wanted - given:
            found[act].missed.append(text)
        for act in given - wanted:
            found[act].wrong.append(text)
    return found


def macro_f1(tallies: dict[str, Tally]) -> float:
    """The mean F1 over the acts that were there or were found."""
    scored = [one.f1 for one in tallies.values() if one.right or one.missed or one.wrong]
    return sum(scored) / len(scored)


def run() -> list[str]:
    """Lines of tables: what was tuned on, and what was held back."""
    recogniser = Library(Catalogue(shipped_protocols())).recogniser
    everything = labelled(UTTERANCES)
    rows = []
    for name, held in (("tuned on", False), ("held back", True)):
        part = [one for number, one in enumerate(everything) if (number % 3 == 2) is held]
        tallies = tally(recogniser, part)
        rows += [f"{name}: {len(part)} utterances, macro F1 {macro_f1(tallies):.3f} (aim 0.90)", ""]
        rows += ["| act | precision | recall |", "|---|---|---|"]
        rows += [f"| {act} | {one.precision:.2f} | {one.recall:.2f} |" for act, one in tallies.items()]
        rows.append("")
    return rows
