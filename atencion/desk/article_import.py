"""Bringing a folder of articles into the store: what has changed is read, what is good written, the rest told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from atencion.data import article_files, articles
from atencion.data.article_files import FileState
from atencion.data.articles import ArticleRecord
from atencion.data.engine import Store
from atencion.errors import Problem, ProblemsFound, why
from atencion.i18n import _
from atencion.scripts.articles import WrittenArticle, broken_references, circles, read_article_file
from atencion.scripts.synonyms import read_synonyms

SYNONYMS = "synonyms.yaml"
"""The file of a folder of articles with the house's own synonyms."""


@dataclass(frozen=True, slots=True)
class ArticleImport:
    """How an import ended: files there are, those read because they changed, articles written, what is wrong."""

    files: int
    read: int
    written: int
    problems: tuple[Problem, ...]


def import_articles(store: Store, path: Path, at: datetime) -> ArticleImport:
    """Write the articles of a file or a folder that are new or changed: the good ones, all at once."""
    folder = _Folder(path)
    with store.reading() as connection:
        known = article_files.known_files(connection)
    changed = sorted(one for one in folder.files if one not in known)
    problems = list(folder.problems)
    good: list[WrittenArticle] = []
    for one in changed:
        if one.path in folder.twins:
            continue
        try:
            good.append(read_article_file(Path(one.path)))
        except ProblemsFound as error:
            problems += error.problems
    good, refused = _fitting(store, good, folder.ids)
    problems += refused
    groups, wrong = _synonyms(path)
    problems += wrong
    states = {one.path: one for one in changed}
    with store.writing() as connection:
        written = articles.put_articles(connection, map(record, good), at=at)
        if groups is not None:
            articles.put_meanings(connection, groups)
        article_files.put_files(connection, [(states[one.file], one.about.id) for one in good])
    store.gather_words(articles.INDEX, written=written)
    return ArticleImport(len(folder.files), len(changed), written, tuple(sorted(problems)))


def record(article: WrittenArticle) -> ArticleRecord:
    """What the store keeps of an article as it was written."""
    about = article.about
    return ArticleRecord(
        id=about.id,
        title=about.title,
        say=about.own_words,
        body=article.body,
        tags=about.tags,
        synonyms=about.synonyms,
        channels=about.channels,
        norms=about.norms,
        related=about.related,
        criteria=about.criteria,
        version=about.version,
        hash=article.hash,
        status=about.status,
        valid_from=about.valid_from,
        valid_to=about.valid_to,
        review_by=about.review_by,
        checked_on=about.checked_on,
        sample=about.sample,
        owner=about.owner,
        author=about.author,
        approved_by=about.approved_by or "",
        language=about.language,
        says=tuple(about.other_words.items()),
        audience=about.audience,
        products=about.products,
        replaced_by=about.replaced_by or "",
    )


@dataclass
class _Folder:
    """The Markdown files of a folder and of those below it; `twins` are files whose name, the id, is another's too."""

    path: Path
    files: list[FileState] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    twins: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.path.is_dir():
            self.files = list(self._below(str(self.path.absolute())))
        else:
            found = self.path.stat()
            self.files = [FileState(str(self.path.absolute()), found.st_mtime_ns, found.st_size)]
        self.ids = {one.path.rpartition(os.sep)[2][: -len(".md")] for one in self.files}
        if len(self.ids) < len(self.files):
            self._find_twins()

    def _find_twins(self) -> None:
        first: dict[str, str] = {}
        for path in sorted(one.path for one in self.files):
            before = first.setdefault(Path(path).stem, path)
            if before is not path:
                self.twins |= {path, before}
                message = _("el id «{id}» está repetido").format(id=Path(before).stem)
                self.problems.append(Problem(path, 2, 1, message, before))

    def _below(self, folder: str) -> Iterator[FileState]:
        folders = []
        try:
            for entry in _entries(folder):
                path = f"{folder}{os.sep}{entry.name}"
                if entry.is_symlink():
                    if entry.name.endswith(".md") or entry.is_dir():
                        message = _("es un enlace a otro sitio y no se sigue")
                        self.problems.append(Problem(path, 1, 1, message, _("el fichero mismo")))
                elif entry.is_dir():
                    folders.append(path)
                elif entry.name.endswith(".md"):
                    try:
                        state = entry.stat(follow_symlinks=False)
                    except OSError as error:
                        self._not_read(path, error)
                    else:
                        yield FileState(path, state.st_mtime_ns, state.st_size)
        except OSError as error:
            self._not_read(folder, error)
        for one in folders:
            yield from self._below(one)

    def _not_read(self, path: str, error: OSError) -> None:
        self.problems.append(Problem(path, 1, 1, _("no se puede leer: {why}").format(why=why(error))))


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    # By its descriptor, so that the way to the folder is not gone again for each of its files.
    number = os.open(folder, os.O_RDONLY)
    try:
        with os.scandir(number) as entries:
            yield from entries
    finally:
        os.close(number)


def _fitting(
    store: Store, good: list[WrittenArticle], in_folder: set[str]
) -> tuple[list[WrittenArticle], list[Problem]]:
    """Those whose references lead somewhere and not in a circle, and what is wrong with the others."""
    named = {reference.target for article in good for reference in article.references} - in_folder
    replaced = {one.about.id: one.about.replaced_by for one in good if one.about.replaced_by}
    with store.reading() as connection:
        known = in_folder | (named - article_files.missing(connection, named) if named else set())
        # Asking reads every article; without a new link no circle can close.
        following = article_files.replacements(connection) | replaced if replaced else {}
    problems = list(broken_references(good, known))
    by_id = {article.about.id: article for article in good}
    for circle in circles(following):
        message = _("los artículos se sustituyen en círculo: {path}").format(path=" → ".join((*circle, circle[0])))
        problems += [Problem(by_id[one].file, 2, 1, message) for one in circle if one in by_id]
    refused = {problem.file for problem in problems}
    return [one for one in good if one.file not in refused], problems


def _synonyms(path: Path) -> tuple[tuple[tuple[str, ...], ...] | None, tuple[Problem, ...]]:
    file = path / SYNONYMS
    if not path.is_dir() or not file.is_file():
        return None, ()
    try:
        return read_synonyms(file), ()
    except ProblemsFound as error:
        return None, error.problems
