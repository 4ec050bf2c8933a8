"""Articles from the command line: imported, found, kept up, and whom to call back."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

ARTICLE = """---
id: zafiro
title: Pulir un zafiro
say: {say}
owner: a
author: a
approved_by: b
status: published
version: "{version}"
valid_from: "2026-01-01"
valid_to: "{until}"
review_by: "2026-01-02"
---

Cuerpo.
"""


def put(folder: Path, *, say: str = "Se pule.", version: str = "1.0.0", until: str = "2099-01-01") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "zafiro.md"
    path.write_text(ARTICLE.format(say=say, version=version, until=until), encoding="utf-8")
    return folder


def test_a_folder_is_imported_by_what_changed_and_versions_compared(run: Run, db: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "articulos")
    assert run(db, "knowledge", "import", folder, "--json").document["written"] == 1
    assert run(db, "knowledge", "import", folder, "--json").document["read"] == 0
    put(folder, say="Ya no se pule.", version="2.0.0")
    assert run(db, "knowledge", "import", folder).code == 0
    versions = run(db, "knowledge", "history", "zafiro", "--json").document
    assert [one["version"] for one in versions] == ["2.0.0", "1.0.0"]
    assert "+say: Ya no se pule." in run(db, "knowledge", "diff", "zafiro").out


def test_what_is_wrong_in_a_folder_is_told_and_the_code_is_1(run: Run, db: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "articulos")
    (folder / "malo.md").write_text("nada", encoding="utf-8")
    done = run(db, "knowledge", "import", folder)
    assert done.code == 1
    assert f"{folder / 'malo.md'}:1:1: falta la cabecera" in done.err
    assert "1 artículo guardado" in done.out


def test_a_question_with_a_slip_is_answered_and_the_slip_told(run: Run, db: Path) -> None:
    found = run(db, "knowledge", "find", "cobro", "duplicato", "--json").document
    assert found["results"][0]["id"] == "cobro-duplicado"
    assert found["corrections"] == [{"typed": "duplicato", "used": "duplicado"}]


def test_a_word_that_is_not_wanted_begins_with_a_dash_and_an_option_that_there_is_none_of_is_told(
    run: Run, db: Path
) -> None:
    every = run(db, "knowledge", "find", "recibo", "--json").document["results"]
    found = run(db, "knowledge", "find", "recibo", "-hogar", "-gas", "--json").document
    assert found["query"] == "recibo -hogar -gas" and len(every) > 0
    assert run(db, "knowledge", "find", "recibo", "--jason").code == 2


def test_what_is_old_is_listed_and_what_is_new_here_is_not_unused(run: Run, db: Path, tmp_path: Path) -> None:
    run(db, "knowledge", "import", put(tmp_path / "articulos", until="2026-02-01"))
    stale = run(db, "knowledge", "stale", "--json").document
    assert [one["id"] for one in stale["expired"]] == ["zafiro"]
    assert run(db, "knowledge", "told", "zafiro", "--json").document == []
    for noun in ("gaps", "searches", "contradicted", "unused"):
        assert run(db, "knowledge", noun, "--json").document == []


def test_an_article_or_a_gap_that_there_is_none_of_is_refused(run: Run, db: Path) -> None:
    assert run(db, "knowledge", "history", "nada").code == 1
    refused = run(db, "knowledge", "dismiss", "1.1", "porque sí", "--agent", "A101")
    assert (refused.code, "pendiente" in refused.err) == (1, True)
