"""Why a customer is in a list of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from atencion.i18n import _


class MatchedOn(StrEnum):
    """Which datum of the customer the query met."""

    PHONE = "phone"
    IDENTIFIER = "identifier"
    EXTERNAL_ID = "external_id"
    CONTRACT = "contract"
    CASE = "case"
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"


class How(IntEnum):
    """How it met it, the surest first."""

    EXACT = 0
    ENDS = 1
    BEGINS = 2
    INSIDE = 3
    SOUNDS = 4
    ALIKE = 5
    PARTLY = 6
    """Not all that was typed was met."""


@dataclass(frozen=True)
class Match:
    """What of a customer was met and how; `also` are other data that words of the query met beside it."""

    matched_on: MatchedOn
    how: How = How.EXACT
    also: tuple[MatchedOn, ...] = ()

    @property
    def why(self) -> str:
        """A few words for a person."""
        datum = _DATA[self.matched_on]()
        others = [_DATA[other]() for other in self.also]
        met = _(" y ").join([datum, *others])
        return f"{met}: {self.how_words}" if self.how_words else met

    @property
    def how_words(self) -> str:
        """How it was met, for a person; empty if it is just what was typed."""
        return _WAYS[self.how]()


# Functions, so that each is said in the language in use when it is asked for.
_DATA: dict[MatchedOn, Callable[[], str]] = {
    MatchedOn.PHONE: lambda: _("teléfono"),
    MatchedOn.IDENTIFIER: lambda: _("documento"),
    MatchedOn.EXTERNAL_ID: lambda: _("código"),
    MatchedOn.CONTRACT: lambda: _("contrato"),
    MatchedOn.CASE: lambda: _("expediente"),
    MatchedOn.EMAIL: lambda: _("correo"),
    MatchedOn.NAME: lambda: _("nombre"),
    MatchedOn.ADDRESS: lambda: _("dirección"),
}
_WAYS: dict[How, Callable[[], str]] = {
    How.EXACT: lambda: "",
    How.ENDS: lambda: _("termina así"),
    How.BEGINS: lambda: _("empieza así"),
    How.INSIDE: lambda: _("lo contiene"),
    How.SOUNDS: lambda: _("suena igual"),
    How.ALIKE: lambda: _("se parece"),
    How.PARTLY: lambda: _("solo en parte"),
}
