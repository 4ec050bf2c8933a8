"""The languages that customers want to be attended in, as files and people call them."""

from __future__ import annotations

import re
from functools import lru_cache

from atencion.text import fold

LANGUAGES = {"es": "castellano", "ca": "catalán", "gl": "gallego", "eu": "euskera", "en": "inglés", "fr": "francés",
             "de": "alemán", "pt": "portugués", "it": "italiano", "ro": "rumano", "ar": "árabe", "uk": "ucraniano",
             "ru": "ruso", "zh": "chino", "bg": "búlgaro"}  # fmt: skip
"""The usual ones, by code and as they are called in Spain."""

LONGEST = 40
"""Characters of what may be the name of a language."""


@lru_cache(1024)
def language_code(text: str) -> str | None:
    """The code of a language told by its name, or the beginning of it, or by a code (es, es_ES, spa); None if it is
    none. A code of two letters is taken at its word.
    """
    match = _FIRST_WORD.match(fold(text.strip()))
    word = match[0] if match else ""
    if word in _BY_NAME or len(word) == 2:
        return _BY_NAME.get(word, word)
    begun = {code for name, code in _BY_NAME.items() if name.startswith(word)} if len(word) > 3 else set()
    return begun.pop() if len(begun) == 1 else None


_FIRST_WORD = re.compile(r"[^\W\d_]+")  # what follows is a country, or the same in another language
_OTHER_NAMES = {
    "es": "español espanyol castellà castelán gaztelania spanish castilian spa esp",
    "ca": "català valenciano valencià catalan valencian cat",
    "gl": "galego galician glg",
    "eu": "euskara vasco vascuence basque eus baq",
    "en": "anglès english eng",
    "fr": "francès français french fra fre",
    "de": "alemany deutsch german deu ger",
    "pt": "português portuguese por",
    "it": "italià italian ita",
    "ro": "română romanian ron rum",
    "ar": "arabic ara",
    "uk": "ukrainian ukr",
    "ru": "russian rus",
    "zh": "chinese zho chi",
    "bg": "bulgarian bul",
}
_BY_NAME = {fold(name): code for code, usual in LANGUAGES.items() for name in (usual, *_OTHER_NAMES[code].split())}
