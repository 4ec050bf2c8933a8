"""The verdict on a folder of protocols, or on one file of it: every problem and every piece of advice, at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from atencion.errors import Problem, ProblemsFound, Refused
from atencion.i18n import _
from atencion.scripts.advice import advise, advise_fragment
from atencion.scripts.catalogue import FRAGMENTS, TESTS, Catalogue, LoadedProtocol, load_protocol
from atencion.scripts.coverage import advise_folder
from atencion.scripts.document import Document, parse, read_file
from atencion.scripts.examples import read_examples
from atencion.scripts.fragments import ListedFragment, list_fragment


def check_folder(catalogue: Catalogue, *, today: date) -> list[Problem]:
    """All that is wrong in a folder, and then the advice for what is not."""
    return [*catalogue.check(), *advise_folder(catalogue, today=today)]


def check_one(catalogue: Catalogue, protocol_id: str, *, today: date) -> list[Problem]:
    """All that there is to say of the protocol or the fragment of that id. Raises Refused if there is none."""
    return check_file(catalogue, catalogue.path(protocol_id), today=today, expected_id=protocol_id)


def check_file(catalogue: Catalogue, path: Path, *, today: date, expected_id: str | None = None) -> list[Problem]:
    """All that there is to say of a file, be it a protocol, a fragment or example conversations."""
    try:
        if path.name.endswith(TESTS):
            read_examples(read_file(path), str(path))
            return []
        if fragment := _fragment(catalogue, path):
            if fragment.problems or fragment.alone is None or fragment.document is None:
                return list(fragment.problems)
            return advise_fragment(fragment.alone, fragment.document)
        loaded = load_protocol(path, catalogue.world, expected_id=expected_id, fragments=catalogue.fragment_text)
    except ProblemsFound as error:
        return list(error.problems)
    return advise(loaded.protocol, loaded.document, today=today, organisation=catalogue.organisation_or_none)


def read_whole(catalogue: Catalogue, which: str) -> LoadedProtocol:
    """The effective protocol of an id or a file, be it of a protocol or of a fragment by itself.

    Raises Refused if there is none or it needs to be told something by its users, ProblemsFound if it is wrong.
    """
    path = Path(which) if is_file(which) else catalogue.path(which)
    fragment = _fragment(catalogue, path)
    if fragment is None:
        expected = None if is_file(which) else which
        return load_protocol(path, catalogue.world, expected_id=expected, fragments=catalogue.fragment_text)
    if fragment.problems:
        raise ProblemsFound(fragment.problems)
    if fragment.alone is None or fragment.document is None:
        told = ", ".join(name for name, one in fragment.about.params.items()) if fragment.about else ""
        message = _("El fragmento «{id}» no se lee solo: quien lo usa le dice {params}.")
        raise Refused(message.format(id=fragment.id, params=told), remedy=_("Vea un protocolo que lo use."))
    return LoadedProtocol(fragment.alone, fragment.source, {}, fragment.document)


def is_file(which: str) -> bool:
    """Whether a person means a file, and not an id."""
    return Path(which).suffix in (".yaml", ".yml") or Path(which).is_file()


def _fragment(catalogue: Catalogue, path: Path) -> ListedFragment | None:
    """The fragment in a file; None if it is a protocol."""
    source = read_file(path)
    tree = parse(source, str(path)).tree
    named = tree.get("id") if isinstance(tree, dict) else None
    if not isinstance(named, str) or not named.startswith(f"{FRAGMENTS}/"):
        return None

    def find(fragment_id: str) -> Document:
        return parse(source, str(path)) if fragment_id == named else catalogue.fragment_document(fragment_id)

    return list_fragment(named, path, source, find, catalogue.world)
