"""What an agent says in their own words, matched to speech acts: greeting, empathy, a deadline, a promise.

Text is folded, cut into clauses and brought to stems; a phrase of an act is a few words with gaps. A clause that denies
the phrase before it begins is no such act. Everything runs in linear time (RE2). What is recognised in nothing is left
to the trainer, never counted against anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from atencion.data.stems import stem
from atencion.i18n import _
from atencion.scripts.model import Identifier, Line, Strict, YesNo, invalid
from atencion.text import fold, fold_words

VERSION = "1"
"""Of the way of matching: pinned in every score."""

GAP_WORDS = 4
"""Words that `...` may stand for."""

NEGATION_REACH = 4
"""Words before a phrase among which a negation denies it."""

_NEGATIONS = frozenset(["no", "nunca", "jamas", "tampoco", "sin", "ni", "ningun", "ninguna", "ninguno", "nadie"])
_CLAUSES = re.compile(r"[.,;:!?¿¡…()\"«»\n]+|\b(?:pero|aunque|sino)\b", re.IGNORECASE)


def compile_phrase(phrase: str) -> str:
    """A phrase as a pattern over stems, each followed by a space. Raises ValueError, saying why.

    Words are compared by their stems. `a|b` is one of them, `a?` may be missing, `a*` begins so, `...` is up to four
    words of any kind.
    """
    parts: list[str] = []
    words = phrase.split()
    if not any(word != "..." for word in words):
        raise ValueError(_("una frase necesita alguna palabra"))
    if words[0] == "..." or words[-1] == "...":
        raise ValueError(_("una frase no empieza ni acaba en «...»"))
    for word in words:
        if word == "...":
            parts.append(f"(?:[^ ]+ ){{0,{GAP_WORDS}}}")
            continue
        optional, word = word.endswith("?"), word.removesuffix("?")
        options = [_option(option) for option in word.split("|")]
        parts.append(f"(?:(?:{'|'.join(options)}) )" + ("?" if optional else ""))
    return "(?:^| )" + "".join(parts)


def _option(word: str) -> str:
    begins = word.endswith("*")
    found = fold_words(word.removesuffix("*"))
    if len(found) != 1:
        raise ValueError(_("«{word}» no es una palabra").format(word=word))
    return re.escape(found[0]) + "[^ ]*" if begins else re.escape(stem(found[0]))


def _phrase(value: Any) -> str:
    if not isinstance(value, str):
        raise invalid(_("esto no es un texto"))
    try:
        if value.startswith("regex:"):
            _compiled(value.removeprefix("regex:").strip())
        else:
            compile_phrase(value)
    except ValueError as error:
        raise invalid(str(error)) from error
    return value


def _compiled(pattern: str) -> Any:
    """A pattern in linear time. Raises ValueError for what could hang: back references, looking around."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(
            _("el patrón no sirve o podría no acabar nunca: {why}; use palabras y «...»").format(why=error)
        ) from None


Phrase = Annotated[str, Field(max_length=600), BeforeValidator(_phrase)]


class SpeechAct(Strict):
    """Something that is done by saying it. `forbidden` ones can fail an attempt."""

    id: Identifier
    label: Line
    forbidden: YesNo = False
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    unless: tuple[Phrase, ...] = ()
    """If the same clause says one of these, it is not this act."""


class SpeechActs(Strict):
    """The file of speech acts."""

    acts: Annotated[tuple[SpeechAct, ...], Field(min_length=1)]


class Recogniser:
    """Finds speech acts in what was said."""

    def __init__(self, acts: Iterable[SpeechAct]) -> None:
        import re2

        self.acts = {act.id: act for act in acts}
        self.forbidden = frozenset(act.id for act in self.acts.values() if act.forbidden)
        options = re2.Options()
        options.log_errors = False
        self._phrases: list[tuple[str, bool, Any]] = []
        self._raw: list[tuple[str, bool, Any]] = []
        self._set = re2.Set.SearchSet(options)
        for act in self.acts.values():
            for is_unless, phrases in ((False, act.phrases), (True, act.unless)):
                for phrase in phrases:
                    if phrase.startswith("regex:"):
                        self._raw.append((act.id, is_unless, _compiled(phrase.removeprefix("regex:").strip())))
                        continue
                    pattern = compile_phrase(phrase)
                    self._set.Add(pattern)
                    denies_itself = phrase.split()[0].split("|")[0] in _NEGATIONS
                    self._phrases.append((act.id, is_unless, None if denies_itself else _compiled(pattern)))
        self._set.Compile()
        self.find = lru_cache(maxsize=4096)(self._find)
        """The acts of a text, in the order of the file."""

    def _find(self, text: str) -> tuple[str, ...]:
        found: set[str] = set()
        for clause in _CLAUSES.split(fold(text)):
            found |= self._in_clause(clause)
        return tuple(act for act in self.acts if act in found)

    def _in_clause(self, clause: str) -> set[str]:
        words = fold_words(clause)
        if not words:
            return set()
        stems = "".join(f"{stem(word)} " for word in words)
        found: set[str] = set()
        denied: set[str] = set()
        for number in self._set.Match(stems) or ():
            act, is_unless, pattern = self._phrases[number]
            if is_unless:
                denied.add(act)
            elif pattern is None or not _is_denied(stems, words, pattern):
                found.add(act)
        for act, is_unless, pattern in self._raw:
            if pattern.search(clause):
                (denied if is_unless else found).add(act)
        return found - denied


def _is_denied(stems: str, words: list[str], pattern: Any) -> bool:
    """Whether every place where the phrase stands has a negation shortly before it."""
    for match in pattern.finditer(stems):
        start = match.start() + (stems[match.start()] == " ")
        first = stems.count(" ", 0, start)
        before = words[max(0, first - NEGATION_REACH) : first]
        if not _NEGATIONS.intersection(before) or "solo" in before:
            return False
    return True
