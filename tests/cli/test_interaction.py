"""`atencion interaction` and `atencion knowledge`."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import SAMPLE, Run


@pytest.fixture
def played(run: Run, db: Path) -> Path:
    """A store with a solved call by A101 and an escalated one by A108."""
    for sample in ("solved", "escalated"):
        run(db, "protocol", "run", "phone/inbound", "--answers", SAMPLE / "answers" / f"{sample}.yaml")
    return db


def test_the_latest_interactions_come_first(run: Run, played: Path) -> None:
    rows = run(played, "interaction", "list", "--json").document
    assert [(row["id"], row["outcome"]) for row in rows] == [(2, "expediente_abierto"), (1, "resuelta")]
    listed = run(played, "interaction", "list")
    assert (listed.code, "cerrada" in listed.out, "François" in listed.out) == (0, True, True)


def test_as_many_are_listed_as_are_wanted_of_whom_is_wanted(run: Run, played: Path) -> None:
    assert len(run(played, "interaction", "list", "--limit", 1, "--json").document) == 1
    assert [row["id"] for row in run(played, "interaction", "list", "--agent", "A101", "--json").document] == [1]
    unknown = run(played, "interaction", "list", "--agent", "X")
    assert (unknown.code, unknown.out, "A101" in unknown.err) == (1, "", True)


def test_a_store_without_interactions_says_so(run: Run, db: Path) -> None:
    assert run(db, "interaction", "list").out == "Todavía no hay ninguna.\n"
    assert run(db, "interaction", "list", "--json").document == []


def test_a_journal_is_shown_in_words_at_the_organisation_s_time(run: Run, played: Path) -> None:
    shown = run(played, "interaction", "show", 1)
    first = run(played, "interaction", "show", 1, "--json").document["journal"][0]
    at = datetime.fromisoformat(first["at"]).astimezone(ZoneInfo("Europe/Madrid"))
    assert f"   1  {at:%H:%M:%S}  abierta" in shown.out
    for wanted in ("Identificación", "identidad comprobada", "artículo dicho", "«Me han cobrado dos veces el recibo"):
        assert wanted in shown.out


def test_a_journal_is_one_document(run: Run, played: Path) -> None:
    shown = run(played, "interaction", "show", 2, "--json").document
    assert (shown["id"], shown["status"], shown["owed"], shown["path"][-1]) == (2, "closed", [], "cierre")
    assert [entry["seq"] for entry in shown["journal"]] == list(range(1, len(shown["journal"]) + 1))
    assert shown["journal"][-1]["kind"] == "closed"


@pytest.mark.parametrize(("number", "code"), [("99", 1), ("0", 1), ("9" * 18, 1), ("9" * 30, 2), ("-1", 2), ("uno", 2)])
def test_an_interaction_that_is_not_there_is_told(run: Run, db: Path, number: str, code: int) -> None:
    done = run(db, "interaction", "show", "--", number)
    assert (done.code, done.out) == (code, "")


def test_articles_are_found_with_the_customer_s_words(run: Run, db: Path) -> None:
    done = run(db, "knowledge", "find", "me", "han", "cobrado", "dos", "veces", "--json")
    assert (done.code, done.document["results"][0]["id"]) == (0, "cobro-duplicado")
    assert "cobro-duplicado" in run(db, "knowledge", "find", "me han cobrado dos veces").out
    assert (run(db, "knowledge", "find", "xyzzy").code, run(db, "knowledge", "find", "xyzzy").err) == (0, "")


def test_articles_are_imported_and_the_wrong_ones_told(run: Run, db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    good = (SAMPLE.parent / "knowledge" / "cobro-duplicado.md").read_text()
    (folder / "cobro-duplicado.md").write_text(good.replace("title: ", "title: Renovado, ", 1))
    (folder / "wrong.md").write_text("no heading")
    done = run(db, "knowledge", "import", folder, "--json")
    assert (done.code, done.document["read"], done.document["written"]) == (1, 2, 1)
    assert [problem["file"] for problem in done.document["problems"]] == [str(folder / "wrong.md")]
    assert "Renovado, " in run(db, "knowledge", "find", "cobrado dos veces").out


def test_the_folder_s_own_articles_are_imported_if_nothing_is_said(run: Run, db: Path) -> None:
    shipped = sorted(path.stem for path in (SAMPLE.parent / "knowledge").glob("*.md"))
    done = run(db, "knowledge", "import", "--json")
    counts = {key: done.document[key] for key in ("files", "read", "written", "problems")}
    # A new store has them already: none has changed since, so none is read.
    assert (done.code, counts) == (0, {"files": len(shipped), "read": 0, "written": 0, "problems": []})


def test_a_folder_of_protocols_brings_its_own_articles_and_no_others(run: Run, db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "protocols"
    (folder / "knowledge").mkdir(parents=True)
    shutil.copy(SAMPLE.parent / "organisation.yaml", folder)
    own = (SAMPLE.parent / "knowledge" / "cobro-duplicado.md").read_text()
    (folder / "knowledge" / "propio.md").write_text(
        re.sub("(?m)^related: .*\\n", "", own.replace("id: cobro-duplicado", "id: propio", 1))
    )
    store = tmp_path / "own.db"
    assert run(store, "--protocols", folder, "init").code == 0
    done = run(store, "--protocols", folder, "knowledge", "import", "--json")
    assert (done.code, done.document["files"], done.document["written"]) == (0, 1, 0)
    found = run(store, "--protocols", folder, "knowledge", "find", "cobrado dos veces", "--json").document["results"]
    assert [one["id"] for one in found] == ["propio"]


def test_a_path_that_is_not_there_is_told(run: Run, db: Path, tmp_path: Path) -> None:
    done = run(db, "knowledge", "import", tmp_path / "none")
    assert (done.code, done.out, "none" in done.err) == (1, "", True)
