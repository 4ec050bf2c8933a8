"""What is said, in as many variants as channels, languages and forms of address need, and which of them is due.

Of the variants whose every word fits the contact, one that names the language wins over one that does not, then one
that names the channel, then one that names the form of address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from atencion.i18n import _
from atencion.scripts.model import invalid
from atencion.scripts.templates import Template, TemplateError, parse_template

LANGUAGES: Mapping[str, str] = {
    "es": "castellano",
    "ca": "català",
    "eu": "euskara",
    "gl": "galego",
    "en": "English",
}
"""The languages that texts can be written in, by their own names."""

REGISTERS = ("formal", "familiar")
"""Forms of address: usted and tú."""

DEFAULT = "default"


@dataclass(frozen=True)
class Variant:
    """One wording, and what it is for; None is whatever. `of` is the short hash of the text it translates."""

    template: Template
    language: str | None = None
    channel: str | None = None
    register: str | None = None
    of: str | None = None

    @property
    def key(self) -> str:
        """The words that choose it, as they are written."""
        return " ".join(filter(None, (self.language, self.channel, self.register))) or DEFAULT


@dataclass(frozen=True)
class Text:
    """Something to say, in its variants, in the order they are written."""

    variants: tuple[Variant, ...]

    @property
    def source(self) -> str:
        """The wording that is for whatever contact, or the first there is."""
        return next((one for one in self.variants if one.key == DEFAULT), self.variants[0]).template.source

    def pick(self, *, language: str, channel: str, register: str, own: str) -> Variant | None:
        """The variant due; `own` is the language of those that name none, used where the wanted one is lacking.

        None if no variant is for that channel and form of address.
        """
        fitting = [one for one in self.variants if one.channel in (None, channel) and one.register in (None, register)]
        for wanted in dict.fromkeys((language, own)):
            spoken = [one for one in fitting if (one.language or own) == wanted]
            if spoken:
                return max(spoken, key=lambda one: (bool(one.language), bool(one.channel), bool(one.register)))
        return None


def short_hash(text: str) -> str:
    """Eight hexadecimal digits of a text, spaces apart: what a translation says it translates."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def after_greeting(message: str, words: str) -> str:
    """A message with these words after its greeting, which is its first paragraph."""
    greeting, _gap, rest = message.partition("\n\n")
    return "\n\n".join(filter(None, (greeting, words, rest)))


def _text(value: Any) -> Any:
    if isinstance(value, Text):
        return value
    if isinstance(value, str):
        return Text((Variant(_template(value)),))
    if not isinstance(value, dict) or not value:
        raise invalid(_("se esperaba un texto, o variantes: «default», «ca», «email familiar»…"))
    variants = tuple(_variant(key, wording) for key, wording in value.items())
    keys = [one.key for one in variants]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise invalid(_("dos variantes son para lo mismo: «{key}»").format(key=twice), _("una sola de las dos"))
    return Text(variants)


def _variant(key: str, wording: Any) -> Variant:
    of = None
    if isinstance(wording, dict):
        of = wording.get("of")
        if set(wording) - {"of", "text"} or not isinstance(of, str) or not isinstance(wording.get("text"), str):
            raise invalid(_("la variante «{key}» es un texto, o {{of: …, text: …}}").format(key=key))
        wording = wording["text"]
    if not isinstance(wording, str):
        raise invalid(_("la variante «{key}» no es un texto").format(key=key), _("un texto entre comillas"))
    template = _template(wording, key)
    words = [] if key == DEFAULT else key.split()
    chosen: dict[str, str] = {}
    for word in words:
        axis = "language" if word in LANGUAGES else "register" if word in REGISTERS else "channel"
        if axis in chosen:
            expected = _("un idioma, un canal y un trato como mucho")
            raise invalid(_("la variante «{key}» nombra dos veces lo mismo").format(key=key), expected)
        chosen[axis] = word
    return Variant(template, chosen.get("language"), chosen.get("channel"), chosen.get("register"), of)


def _template(source: str, under: str = "") -> Template:
    try:
        return parse_template(source)
    except TemplateError as error:
        raise invalid(str(error), error.expected, under=under, line=error.line) from error


Say = Annotated[Text, BeforeValidator(_text)]


def _words(value: Any) -> Template:
    if isinstance(value, Template):
        return value
    if not isinstance(value, str):
        raise invalid(_("se esperaba un texto"))
    return _template(value)


Words = Annotated[Template, BeforeValidator(_words)]
"""A text of one wording."""
