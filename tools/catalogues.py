"""Message catalogues: `update` extracts the sources' messages into the `.po` files, `compile` writes the `.mo` files.

The sources are in Spanish. `atencion.po` holds what atencion itself says; `messages.po` what the library of the
command line says, which asks gettext's default domain.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "atencion"
LOCALES = PACKAGE / "locale"
KEYWORDS = {"_": None, "ngettext": (1, 2)}


def extract() -> Catalog:
    """Every message of the sources, with the files (not the lines, which move) it stands in."""
    catalog = Catalog(project="atencion", charset="utf-8", fuzzy=False)
    for filename, _line, message, comments, context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("NOTE:",)
    ):
        catalog.add(message, locations=[(f"atencion/{filename}", 0)], auto_comments=comments, context=context)
    return catalog


def read(path: Path) -> Catalog:
    """The catalogue in a `.po` file, whose language is that of its folder."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parents[1].name, domain=path.stem, abort_invalid=True)


def update_all() -> None:
    """Bring every `atencion.po` up to the sources: new messages come in untranslated, gone ones go."""
    template = extract()
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/atencion.po")):
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with path.open("wb") as stream:
            write_po(stream, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
        missing = len(untranslated(catalog))
        print(f"{path.relative_to(ROOT)}: {len(catalog)} messages, {missing} untranslated")


def compile_all() -> None:
    """Write each `.mo` beside its `.po`; a file that is already newer than its source stays."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > path.stat().st_mtime:
            continue
        with target.open("wb") as stream:
            write_mo(stream, read(path))


def untranslated(catalog: Catalog) -> list[str]:
    """The messages that lack a translation, or one of its plurals."""
    missing = []
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


if __name__ == "__main__":
    actions = {"update": update_all, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(f"usage: {sys.argv[0]} {' | '.join(actions)}")
    actions[sys.argv[1]]()
