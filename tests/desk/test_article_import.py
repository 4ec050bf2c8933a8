"""A folder of articles is brought in by what has changed; what is wrong is told at its place, and the rest comes in."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from atencion.desk import Desk
from atencion.desk.article_conversion import convert
from atencion.resources import shipped_protocols
from tests.stores import *  # noqa: F403

HEAD = """---
id: {id}
title: Artículo {id}
say: Se dice esto.
owner: a
author: a
approved_by: b
status: published
version: "1.0.0"
valid_from: "2026-01-01"
review_by: "2027-06-30"
{more}---

{body}
"""


def write(folder: Path, name: str, *, body: str = "Cuerpo.", more: str = "") -> Path:
    path = folder / f"{name}.md"
    path.write_text(HEAD.format(id=name, body=body, more=more), encoding="utf-8")
    return path


@pytest.fixture
def desk(store_url: str, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.open(store_url, shipped_protocols())
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articulos"
    made.mkdir()
    write(made, "bueno")
    return made


def test_only_what_changed_is_read_again(desk: Desk, folder: Path) -> None:
    write(folder, "otro")
    assert desk.knowledge.import_folder(folder).written == 2
    again = desk.knowledge.import_folder(folder)
    assert (again.files, again.read, again.written) == (2, 0, 0)
    os.utime(write(folder, "otro", body="Otra cosa."), ns=(1, 1))
    once_more = desk.knowledge.import_folder(folder)
    assert (once_more.read, once_more.written) == (1, 1)
    assert desk.knowledge.article("otro").body == "Otra cosa."


@pytest.mark.parametrize(
    ("body", "more", "line", "told"),
    [
        ("Vea [esto](no-existe.md).", "", 14, "no-existe"),
        ("Vea [esto](../../etc/passwd).", "", 14, "sale de la carpeta"),
        ("Vea [esto](file:///etc/passwd).", "", 14, "sale de la carpeta"),
        ("Uno\n\n<script>alert(1)</script>", "", 16, "HTML"),
        ("Uno\n<b onclick=x>dos</b>", "", 15, "HTML"),
        ("Rojo \x1b[31m", "", 14, "control"),
        ("[red]Rojo[/red]", "", 14, "color de terminal"),
        ("a" * 100_000, "", 14, "palabra"),
        ("x", "related: [no-existe]\n", 12, "no-existe"),
        ("x", "related: [malo]\n", 12, "sí mismo"),
        ("x", "nada: 1\n", 12, "nada"),
        ("x", "related: [a, b\n", 13, ""),
        ("x", 'valid_to: "2025-01-01"\n', 2, "antes de empezar"),
    ],
)
def test_what_is_wrong_is_told_at_its_line_and_the_rest_comes_in(
    desk: Desk, folder: Path, body: str, more: str, line: int, told: str
) -> None:
    path = write(folder, "malo", body=body, more=more)
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    problem = result.problems[0]
    assert (problem.file, problem.line) == (str(path), line), result.problems
    assert told in problem.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('valid_from: "2026-01-01"\n', ""), "falta «valid_from»"),
        (("approved_by: b\n", ""), "approved_by"),
        (("approved_by: b", "approved_by: a"), "quien lo escribió"),
        (('review_by: "2027-06-30"\n', ""), "review_by"),
        (("---\n\nCuerpo", "\n\nCuerpo"), "no se cierra"),
        (("Artículo malo", "\0"), "binario"),
    ],
)
def test_a_front_matter_that_does_not_hold_is_told(
    desk: Desk, folder: Path, change: tuple[str, str], told: str
) -> None:
    path = write(folder, "malo")
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    assert told in " ".join(problem.message for problem in result.problems)


def test_files_that_are_no_articles_are_told(desk: Desk, folder: Path, tmp_path: Path) -> None:
    (folder / "binario.md").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with (folder / "enorme.md").open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)
    secret = tmp_path / "fuera.md"
    secret.write_text("secreto", encoding="utf-8")
    (folder / "enlace.md").symlink_to(secret)
    (folder / "vueltas").symlink_to(folder)
    (folder / "dentro").mkdir()
    write(folder / "dentro", "doble")
    write(folder, "doble")
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    told = {(Path(problem.file).name, problem.message) for problem in result.problems}
    assert ("doble.md", "el id «doble» está repetido") in told
    assert {"binario.md", "enorme.md", "enlace.md", "vueltas"} <= {name for name, _message in told}


def test_articles_that_replace_each_other_in_a_circle_are_told(desk: Desk, folder: Path) -> None:
    write(folder, "uno", more="replaced_by: dos\n")
    write(folder, "dos", more="replaced_by: uno\n")
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    assert {"dos → uno → dos" in problem.message for problem in result.problems} == {True}


def test_pages_of_other_programs_become_drafts_to_be_completed(desk: Desk, tmp_path: Path) -> None:
    page = "<html><head><title>Mudanza fácil</title><script>x()</script></head><body><p>Llame <b>antes</b>.</p></body>"
    (tmp_path / "pagina.html").write_text(page, encoding="utf-8")
    book = {"book": {"name": "Libro", "chapters": [{"name": "C", "pages": [{"name": "Alta", "html": "<p>Uno.</p>"}]}]}}
    with zipfile.ZipFile(tmp_path / "libro.zip", "w") as packed:
        packed.writestr("data.json", json.dumps(book))
    zammad = {
        "KnowledgeBaseAnswerTranslation": {"1": {"id": 1, "title": "Baja", "content_id": 7, "answer_id": 3}},
        "KnowledgeBaseAnswerTranslationContent": {"7": {"id": 7, "body": "<p>Dos.</p>"}},
    }
    (tmp_path / "kb.json").write_text(json.dumps(zammad), encoding="utf-8")
    (tmp_path / "nada.bin").write_bytes(b"\0\1")
    sources = [tmp_path / name for name in ("pagina.html", "libro.zip", "kb.json", "nada.bin", "no-existe.html")]
    result = convert(sources, tmp_path / "borradores", "calidad")
    assert [path.name for path in result.written] == ["mudanza-facil.md", "alta.md", "baja.md"]
    assert {Path(problem.file).name for problem in result.problems} == {"nada.bin", "no-existe.html"}
    text = result.written[0].read_text(encoding="utf-8")
    assert "Llame **antes**." in text and "x()" not in text
    imported = desk.knowledge.import_folder(tmp_path / "borradores")
    assert (imported.written, imported.problems) == (3, ())
    assert desk.knowledge.article("alta").status == "draft"


def test_a_word_document_and_a_pdf_are_read(tmp_path: Path) -> None:
    body = (
        '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Hola documento</w:t></w:r></w:p></w:body></w:document>"
    )
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="word/document.xml"/></Relationships>'
    )
    with zipfile.ZipFile(tmp_path / "mi_manual.docx", "w") as packed:
        for name, text in (("[Content_Types].xml", types), ("_rels/.rels", rels), ("word/document.xml", body)):
            packed.writestr(name, text)
    (tmp_path / "roto.pdf").write_bytes(b"%PDF-1.7\nnada")
    result = convert([tmp_path / "mi_manual.docx", tmp_path / "roto.pdf"], tmp_path / "borradores", "calidad")
    assert "Hola documento" in result.written[0].read_text(encoding="utf-8")
    assert [Path(problem.file).name for problem in result.problems] == ["roto.pdf"]
