"""What means the same in a house: `synonyms.yaml`, beside its articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from atencion.scripts.document import parse, read_file
from atencion.scripts.model import Line, Strict, validate


class _Synonyms(Strict):
    groups: tuple[Annotated[tuple[Line, ...], Field(min_length=2)], ...]


def read_synonyms(path: Path) -> tuple[tuple[str, ...], ...]:
    """Groups of words and phrases that mean the same. Raises ProblemsFound."""
    return validate(_Synonyms, parse(read_file(path), str(path))).groups
