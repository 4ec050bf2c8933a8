"""A folder of articles is brought in by what has changed; what is wrong is told at its place, and the rest comes in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from atencion.desk import Desk
from atencion.errors import ProblemsFound
from atencion.resources import shipped_protocols
from atencion.scripts.articles import circles, read_article
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
        ("[" * 100_000, "", 14, "palabra"),
        ("Uno\n" * 6_000, "", 13, "demasiado largo"),
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
    (folder / "roto.md").symlink_to(tmp_path / "no-existe.md")
    os.mkfifo(folder / "tubo.md")
    (folder / "vueltas").symlink_to(folder)
    (folder / "dentro").mkdir()
    write(folder / "dentro", "doble")
    write(folder, "doble")
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    told = {(Path(problem.file).name, problem.message) for problem in result.problems}
    assert ("doble.md", "el id «doble» está repetido") in told
    assert {"binario.md", "enorme.md", "enlace.md", "roto.md", "tubo.md", "vueltas"} <= {
        name for name, _message in told
    }


def test_articles_that_replace_each_other_in_a_circle_are_told(desk: Desk, folder: Path) -> None:
    write(folder, "uno", more="replaced_by: dos\n")
    write(folder, "dos", more="replaced_by: uno\n")
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    assert {"dos → uno → dos" in problem.message for problem in result.problems} == {True}


def test_each_circle_is_found_once_however_long_the_chain_that_leads_into_it() -> None:
    chain = {f"{n:06}": f"{n + 1:06}" for n in range(100_000)}
    into = {"a": "b", "b": "c", "c": "b", "d": "b", "e": "e", "f": "nadie"}
    assert circles(chain) == []
    assert circles(chain | into | {"100000": "099998"}) == [("099998", "099999", "100000"), ("b", "c"), ("e",)]


def test_a_folder_that_cannot_be_read_is_told_and_the_rest_comes_in(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "cerrada").mkdir()
    opening = os.open

    def refusing(path: str, *how: int) -> int:
        if str(path).endswith("cerrada"):
            raise PermissionError(13, "Permission denied")
        return opening(path, *how)

    monkeypatch.setattr(os, "open", refusing)
    result = desk.knowledge.import_folder(folder)
    assert result.written == 1
    assert [Path(problem.file).name for problem in result.problems] == ["cerrada"]


@pytest.mark.parametrize("opened", ["[](a", "[](a ", "![](a", "]( ", "{{ "])
def test_an_article_that_opens_a_hundred_thousand_things_is_read_all_the_same(opened: str) -> None:
    body = f"{opened * 100_000}\n[vea](../otra.md)"
    with pytest.raises(ProblemsFound) as told:
        read_article(HEAD.format(id="abierto", body=body, more=""), "abierto.md")
    assert "el enlace «../otra.md» sale de la carpeta" in {problem.message for problem in told.value.problems}


def test_a_link_is_read_to_where_it_leads_whatever_stands_around_it() -> None:
    body = '[a](b.md "un (título)") [c](d.md) [e](https://f.es/x_(y)) [g](h.md sin cerrar'
    article = read_article(HEAD.format(id="enlaces", body=body, more=""), "enlaces.md")
    assert [(one.target, one.line, one.column) for one in article.references] == [("b", 14, 5), ("d", 14, 29)]


def test_of_two_folders_with_an_article_of_one_id_the_one_imported_last_holds(desk: Desk, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "uno", body=f"De {name}.")
    for name in ("a", "b", "a"):
        assert desk.knowledge.import_folder(tmp_path / name).written == 1
        article = desk.knowledge.article("uno")
        assert article is not None and article.body == f"De {name}."
    assert desk.knowledge.import_folder(tmp_path / "a").read == 0


def test_articles_that_name_each_other_come_in(desk: Desk, folder: Path) -> None:
    write(folder, "uno", body="Vea [dos](dos.md).", more="related: [dos]\n")
    write(folder, "dos", body="Vea [uno](uno.md).", more="related: [uno]\n")
    assert desk.knowledge.import_folder(folder).problems == ()


def test_an_article_that_goes_while_its_folder_is_read_is_told_and_the_others_come_in(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "ido")
    scandir = os.scandir

    @contextmanager
    def late(path: str) -> Iterator[list[os.DirEntry[str]]]:
        with scandir(path) as entries:
            found = list(entries)
        (folder / "ido.md").unlink()
        yield found

    monkeypatch.setattr(os, "scandir", late)
    done = desk.knowledge.import_folder(folder)
    assert (done.written, [Path(problem.file).name for problem in done.problems]) == (1, ["ido.md"])
