"""The errors that are told to a person: a sentence that says what happened, and one that says what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from atencion.i18n import _


class AtencionError(Exception):
    """Something a person can understand and mend. `str()` is what happened; `remedy` what to do, or empty.

    `exit_code` is what a command ends with: 1 the input or the data has a problem, 2 wrong usage, 3 the store cannot be
    reached or opened.
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def why(error: OSError) -> str:
    """Why the system refused a file, in our words."""
    known = {
        errno.ENOENT: _("no existe"),
        errno.EACCES: _("no hay permiso"),
        errno.EPERM: _("no hay permiso"),
        errno.EISDIR: _("es una carpeta"),
        errno.ENOTDIR: _("una parte de la ruta no es una carpeta"),
        errno.EEXIST: _("ya existe"),
        errno.ENOSPC: _("no queda sitio en el disco"),
        errno.EROFS: _("el disco es de solo lectura"),
        errno.ENAMETOOLONG: _("el nombre es demasiado largo"),
        errno.ELOOP: _("los enlaces forman un círculo"),
    }
    return known.get(error.errno or 0) or error.strerror or str(error)


class Refused(AtencionError):
    """What was asked cannot be done as things stand; nothing has changed."""


class StoreError(AtencionError):
    """The store cannot be reached, opened or written."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file, at a place: lines and columns count from 1.

    What is of severity `advice` can be used as it is, and would be better otherwise.
    """

    file: str
    line: int
    column: int
    message: str
    expected: str = ""
    severity: Literal["error", "advice"] = "error"

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def told(self) -> str:
        """What is wrong, and what was expected."""
        return f"{self.message}; {self.expected}" if self.expected else self.message

    def __str__(self) -> str:
        return f"{self.place}: {self.told}"


class ProblemsFound(AtencionError):
    """All that is wrong in what was read, in the order of the files and their lines."""

    def __init__(self, problems: Iterable[Problem], *, remedy: str = "") -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)), remedy=remedy)
