"""Text that came from outside, made safe to store and to show.

Names, notes, imported files and pasted text may carry characters that a terminal obeys (escape sequences), that
reverse what is read (bidi overrides) or that cannot be seen at all. They are cleaned at the store's door and again
before painting, by the same functions.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\ufffd"
"""Stands, visibly, for a character that was taken out because it could do harm."""

MARKS_PER_BASE = 8
"""Combining marks kept over one character: more is never writing."""


def clean_line(text: str, limit: int = 300) -> str:
    """One line of safe text of at most `limit` characters: line breaks and tabs become spaces, ends are trimmed."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text.strip()
    if not _is_plain(text):
        text = _clean_characters(text.replace("\r\n", " ").translate(_BREAKS_TO_SPACE))
    return _cut(text.strip(), limit).strip()


def clean_text(text: str, limit: int = 20_000, max_lines: int = 500) -> str:
    """Safe text of one or more lines, at most `limit` characters and `max_lines` lines; tabs become spaces."""
    if not _is_plain_prose(text):
        text = _clean_characters(text.replace("\r\n", "\n").translate(_BREAKS_TO_NEWLINE))
    if text.count("\n") >= max_lines:
        text = "\n".join(text.split("\n", max_lines)[:max_lines])
    return _cut(text.strip("\n"), limit).strip("\n")


def holds(text: str, words: str) -> bool:
    """Whether a text has these words in it, however its lines are broken."""
    wanted = " ".join(words.split())
    return bool(wanted) and wanted in " ".join(text.split())


def holds_number(text: str, digits: str) -> bool:
    """Whether a text has these digits in it, however they are parted: by spaces, line breaks, stops or words."""
    return digits in "".join(filter(str.isdigit, text))


def is_clean(text: str) -> bool:
    """Whether every character of `text` may be stored and shown as it is; line breaks are allowed."""
    return _is_plain_prose(text) or _clean_characters(text) == text


def fold(text: str) -> str:
    """`text` for comparing: lower case, without accents or invisible characters, ñ as n."""
    lowered = text.lower()
    if not lowered.isascii():
        for accented, plain in _SPANISH:  # of a long text, many times quicker than translate
            lowered = lowered.replace(accented, plain)
    if not lowered.isascii():
        lowered = lowered.translate(_COMMON_ACCENTS)
        if not lowered.isascii():
            decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
            kept = (c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
            # Composed as all text in the store is: what is indexed past its door is found by what is asked through it.
            lowered = unicodedata.normalize("NFC", "".join(kept).translate(_COMMON_ACCENTS))
    return lowered


def fold_words(text: str) -> list[str]:
    """The folded words of `text`: runs of letters and digits, in order."""
    folded = fold(text)
    # Of a long text, twice as quick as the pattern.
    return folded.translate(_WORDS_APART).split() if folded.isascii() else _WORD.findall(folded)


_WORDS_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_PLAIN_PROSE = re.compile(r"[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2013\u2014\u2018-\u201d\u2026\u20ac]*")
_PLAIN = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u02ff]*")
_WORD = re.compile(r"[^\W_]+")
_ZWJ, _ZWNJ = "\u200d", "\u200c"
_COMMON_ACCENTS = str.maketrans("áàâäãåéèêëíìîïóòôöõúùûüñçýÿøłđð", "aaaaaaeeeeiiiiooooouuuuncyyoldd", "\u0307") | {
    ord("ß"): "ss",
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("ı"): "i",
    ord("þ"): "th",
    ord("·"): "",
    ord("º"): "o",
    ord("ª"): "a",
}
_SPANISH = (("á", "a"), ("é", "e"), ("í", "i"), ("ó", "o"), ("ú", "u"), ("ü", "u"), ("ñ", "n"))
_BREAKS = (0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_BREAKS_TO_SPACE = dict.fromkeys((*_BREAKS, 0x09), " ")
_BREAKS_TO_NEWLINE = {**dict.fromkeys(_BREAKS, "\n"), 0x09: " "}

# What obeys, reverses or cannot be exchanged: C0 but the line feed, DEL, C1, surrogates, bidi embeddings, overrides
# and isolates, interlinear annotations, noncharacters.
_HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
# Format characters that are drawn (Arabic number signs and the like); every other one is invisible and goes.
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def _is_plain_prose(text: str) -> bool:
    """Lines of writing, with the signs that are common in it: nothing to clean."""
    return _PLAIN_PROSE.fullmatch(text) is not None


def _clean_characters(text: str) -> str:
    text = _HARMFUL.sub(REPLACEMENT, text)
    if any(unicodedata.category(c) == "Cf" for c in text):
        text = "".join(_without_invisible(text))
    return _limit_marks(unicodedata.normalize("NFC", text))


def _without_invisible(text: str) -> list[str]:
    kept: list[str] = []
    following = [*text[1:], ""]
    for char, after in zip(text, following, strict=True):
        if unicodedata.category(char) != "Cf" or char in _VISIBLE_FORMAT or _joins(kept, char, after):
            kept.append(char)
    return kept


def _joins(kept: list[str], char: str, after: str) -> bool:
    """Whether a joiner does its work: inside an emoji, or between letters of a script that shapes them."""
    before = kept[-1] if kept else ""
    if char == _ZWJ and _is_pictograph(before) and _is_pictograph(after):
        return True
    return char in (_ZWJ, _ZWNJ) and _is_shaped(before) and _is_shaped(after)


def _is_pictograph(char: str) -> bool:
    return char == "\ufe0f" or (char != "" and unicodedata.category(char) in ("So", "Sk") and ord(char) > 0x2000)


def _is_shaped(char: str) -> bool:
    return "\u0590" <= char < "\u1e00" and unicodedata.category(char) in ("Lo", "Mn", "Mc")


def _limit_marks(text: str) -> str:
    """At most MARKS_PER_BASE combining marks in a row, and none without a character to stand on."""
    kept: list[str] = []
    marks = MARKS_PER_BASE
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me"):
            if marks >= MARKS_PER_BASE:
                continue
            marks += 1
        else:
            marks = MARKS_PER_BASE if char.isspace() else 0
        kept.append(char)
    return "".join(kept)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit].rstrip(_ZWJ + _ZWNJ)
