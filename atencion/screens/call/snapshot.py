"""What a call looks like at one moment: read in a worker, painted in the screen's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atencion.desk import Interaction
    from atencion.desk.customer_view import CustomerView
    from atencion.desk.step_view import StepView
    from atencion.scripts.run import Run
    from atencion.scripts.ways import RailItem


@dataclass(frozen=True)
class Snapshot:
    """The run, and all there is to show of it. `step` is None once the conversation has ended."""

    run: Run
    step: StepView | None
    customer: CustomerView | None
    rail: tuple[RailItem, ...]
    drafts: Mapping[str, str]


def take_snapshot(call: Interaction) -> Snapshot:
    """Read it. In a worker: it asks the store."""
    run = call.run
    return Snapshot(run, call.step_view(), call.customer(), tuple(call.rail()), call.drafts())
