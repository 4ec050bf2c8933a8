"""The same commands do the same on each engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import SAMPLE, Run
from tests.stores import *  # noqa: F403


def test_a_store_is_made_filled_played_on_and_found_well(run: Run, empty_url: str, tmp_path: Path) -> None:
    assert run(empty_url, "init", "--agents", SAMPLE / "agents.yaml").code == 0
    rejects = ("--rejects", tmp_path / "rejects.csv")
    imported = run(empty_url, "customer", "import", SAMPLE / "customers.csv", *rejects, "--json")
    assert (imported.code, imported.document["created"], imported.document["rejected"]) == (0, 620, 0)
    played = run(
        empty_url, "protocol", "run", "phone/inbound", "--answers", SAMPLE / "answers" / "solved.yaml", "--json"
    )
    assert (played.code, played.document["status"], played.document["outcome"]) == (0, "closed", "resuelta")
    shown = run(empty_url, "interaction", "show", played.document["interaction"], "--json").document
    assert shown["journal"] == played.document["journal"]
    assert run(empty_url, "doctor").code == 0


def test_a_password_is_never_told(run: Run) -> None:
    done = run("postgresql://ana:secret-word@127.0.0.1:1/none", "doctor")
    assert (done.code, "secret-word" in done.out + done.err, "127.0.0.1" in done.out) == (3, False, True)
