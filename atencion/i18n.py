"""What the program says, in the language of the person: Spanish as written in the sources, or by a catalogue.

`ATENCION_LANG` chooses (`es` unless it says `en`): not `LANG`, which on a server is often English for machines' sake.
"""

from __future__ import annotations

import os
from functools import cache

# The module `typing` takes longer to import than this one may.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gettext import NullTranslations

SOURCE_LANGUAGE = "es"
LOCALES = os.path.join(os.path.dirname(__file__), "locale")


def language() -> str:
    """The language in use, as a two-letter code."""
    return _chosen()[0]


def _(message: str) -> str:
    """The message in the language in use."""
    catalogue = _chosen()[1]
    return message if catalogue is None else catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The singular or the plural, as `count` asks for in the language in use; the number is not filled in."""
    catalogue = _chosen()[1]
    if catalogue is None:
        return singular if count == 1 else plural
    return catalogue.ngettext(singular, plural, count)


def speak_in_libraries() -> None:
    """Have the libraries that ask gettext's default domain (the command line's) speak the language in use.

    They look the language up in the environment each time, `LANGUAGE` before all others.
    """
    import gettext

    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("messages", LOCALES)


@cache
def _chosen() -> tuple[str, NullTranslations | None]:
    """The language, and its catalogue; none for the sources' own. A language there is no catalogue for is Spanish."""
    wanted = os.environ.get("ATENCION_LANG", "").strip().lower().replace("-", "_").partition("_")[0]
    if wanted in ("", SOURCE_LANGUAGE) or not wanted.isalpha():
        return SOURCE_LANGUAGE, None
    import gettext

    try:
        return wanted, gettext.translation("atencion", LOCALES, [wanted])
    except OSError:
        return SOURCE_LANGUAGE, None
