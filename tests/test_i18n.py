"""The program speaks Spanish, or English when asked to; every message has its translation."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys

import click
import pytest
from babel.messages.extract import extract_from_dir

from tools import catalogues

SAY = "from atencion.i18n import _, language, ngettext; print(language(), _('Cancelado.'), sep='|')"
ENGLISH = catalogues.LOCALES / "en" / "LC_MESSAGES" / "atencion.po"
COMMAND_LINE = catalogues.LOCALES / "es" / "LC_MESSAGES" / "messages.po"


def said(**environment: str) -> str:
    ours = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LANGUAGE")}
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=ours | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("lang", ["en_GB.UTF-8", "C.UTF-8", "es_ES.UTF-8"])
def test_it_speaks_spanish_whatever_the_language_of_the_system(lang: str) -> None:
    assert said(LANG=lang, LC_ALL=lang) == "es|Cancelado."


@pytest.mark.parametrize("wanted", ["en", "EN", "en_GB.UTF-8", "en-US"])
def test_it_speaks_english_when_asked_to(wanted: str) -> None:
    assert said(ATENCION_LANG=wanted) == "en|Cancelled."


@pytest.mark.parametrize("wanted", ["", "xx", "../../etc", "es_ES"])
def test_a_language_it_does_not_know_is_spanish(wanted: str) -> None:
    assert said(ATENCION_LANG=wanted) == "es|Cancelado."


def test_the_words_cost_no_heavy_import() -> None:
    heavy = "{'gettext', 'typing', 're', 'click', 'locale'} & set(sys.modules)"
    before = f"import sys; before = {heavy}; import atencion.i18n as i; i._('x'); print(({heavy}) - before)"
    done = subprocess.run([sys.executable, "-S", "-c", before], cwd=catalogues.ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


def test_the_english_catalogue_holds_just_what_the_sources_say() -> None:
    sources = {message.id for message in catalogues.extract() if message.id}
    known = {message.id for message in catalogues.read(ENGLISH) if message.id}
    assert (sorted(map(str, sources - known)), sorted(map(str, known - sources))) == ([], []), "run `make catalog`"


def test_no_message_stands_inside_an_f_string_where_the_extractor_does_not_see_it() -> None:
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in catalogues.PACKAGE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in catalogues.KEYWORDS
    ]
    assert hidden == []


def test_every_message_has_an_english_translation() -> None:
    assert catalogues.untranslated(catalogues.read(ENGLISH)) == []


@pytest.mark.parametrize("path", [ENGLISH, COMMAND_LINE], ids=lambda path: path.name)
def test_a_translation_fills_in_what_its_message_does(path: os.PathLike[str]) -> None:
    for message in catalogues.read(catalogues.Path(path)):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple | list) else [message.id]
        translations = message.string if isinstance(message.string, tuple | list) else [message.string]
        wanted = set().union(*map(filled_in, originals))
        assert all(filled_in(text or "") <= wanted for text in translations), message.id
        assert filled_in(translations[-1] or "") == filled_in(originals[-1]), message.id


def test_what_the_command_line_says_in_spanish_is_something_the_library_says() -> None:
    folder = os.path.dirname(click.__file__)
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=catalogues.KEYWORDS)
    spoken = {message for _file, _line, message, _comments, _context in found}
    catalogue = {message.id for message in catalogues.read(COMMAND_LINE) if message.id}
    assert catalogue - spoken == set()


def filled_in(text: str) -> set[str]:
    """The names of what is filled in, in braces or the printf way."""
    return set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}", text)) | set(re.findall(r"%\((\w+)\)", text))
