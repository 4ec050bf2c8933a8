"""How marks are given: the criteria with what each mark means, and the errors that fail any attempt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.model import Criterion, Identifier, Line, NormRef, Strict, YesNo, invalid
from atencion.scripts.protocol import Version
from atencion.training.signs import Proof

WHOLE = 10_000
"""A score is in hundredths of a per cent, whole numbers: 10 000 is all."""

MARKS = 5

Weight = Annotated[int, Field(ge=0, le=100)]
Points = Annotated[int, Field(ge=0, le=WHOLE)]


class Check(Strict):
    """Something that is looked at. `met` is what must be seen, `partly` what is half of it; without its `occasion` it
    does not count. `critical`: failing it fails the attempt.
    """

    id: Identifier
    criterion: Criterion
    label: Line
    expected: Line
    rule: Line
    norm: NormRef | None = None
    weight: Weight = 1
    met: Proof
    partly: Proof | None = None
    occasion: Proof | None = None
    critical: YesNo = False

    @cached_property
    def names(self) -> frozenset[str]:
        """The facts that it asks for of how everything was at the end."""
        return frozenset(
            name for _key, test in self.tests for sign in test.signs if sign.state for name in sign.state.names
        )

    @property
    def tests(self) -> tuple[tuple[str, Proof], ...]:
        """Its tests by their keys."""
        named = (("met", self.met), ("partly", self.partly), ("occasion", self.occasion))
        return tuple((name, test) for name, test in named if test is not None)


class CriterionText(Strict):
    """A criterion in the words of the standard, and what each mark from 1 to 5 looks like."""

    id: Criterion
    text: Line
    marks: Annotated[tuple[Line, ...], Field(min_length=MARKS, max_length=MARKS)]


class Rubric(Strict):
    """The file of marks. `from_` are the least points of marks 2 to 5; a criterion is shown from `enough` on."""

    version: Version
    from_: Annotated[tuple[Points, ...], Field(alias="from", min_length=MARKS - 1, max_length=MARKS - 1)]
    enough: Annotated[int, Field(ge=1, le=MARKS)] = 3
    pass_from: Points
    criteria: Annotated[tuple[CriterionText, ...], Field(min_length=1)]
    critical: tuple[Check, ...] = ()
    general: Annotated[tuple[Check, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rises(self) -> Rubric:
        if list(self.from_) != sorted(set(self.from_)):
            raise invalid(_("cada nota pide más puntos que la anterior"), under="from")
        return self

    def mark(self, points: int) -> int:
        """From 1 to 5."""
        return 1 + sum(points >= least for least in self.from_)

    def criterion(self, criterion: str) -> CriterionText | None:
        """The text of a criterion, if the file has it."""
        return next((one for one in self.criteria if one.id == criterion), None)


def require_marks(marks: Mapping[str, int], criteria: Collection[str]) -> None:
    """Raises Refused unless each mark is from 1 to 5 and of one of these criteria."""
    if not all(criterion in criteria and 1 <= mark <= MARKS for criterion, mark in marks.items()):
        raise Refused(_("Una nota va del 1 al 5, y es de un criterio que se mira."))
