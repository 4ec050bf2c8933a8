"""The table of obligations names tests that there are, and articles that the norms have."""

from __future__ import annotations

import re
from pathlib import Path

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "obligaciones.md").read_text(encoding="utf-8")


def test_every_test_that_the_table_of_obligations_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TABLE)
    assert len(named) > 25
    for path, test in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in source, f"{path}::{test}"
    for line in TABLE.splitlines():
        for test in re.findall(r"`…::(\w+)`", line):
            paths = re.findall(r"tests/[\w/]+\.py", line)
            assert any(f"def {test}(" in (ROOT / path).read_text(encoding="utf-8") for path in paths), test


def test_everything_that_the_program_must_enforce_in_the_law_of_customer_care_is_in_the_table() -> None:
    norms = Catalogue(shipped_protocols()).norms
    law = [card for ref, card in norms.items() if ref.startswith("ley-10-2025/") and "prove" in card.kind]
    told = TABLE.partition("## Otras normas")[0]
    rows = " ".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| "))
    covered = {part for part in re.split(r"[ ,]+", rows.replace("4.2.c", "4.2").replace("12.1-12.3", "12.1 12.2 12.3"))}
    whole_report = {"4.7"}
    assert {card.article for card in law} - covered - whole_report == set()
