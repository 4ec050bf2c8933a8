"""How messages leave: from whom, through which servers, and how long a failed one waits. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from atencion.scripts.model import Identifier, Line, Seconds, Strict


class Gateway(Strict):
    """An HTTP service that delivers: what is posted to it, with {to}, {text}, {subject} and {key} filled in."""

    url: Line
    fields: dict[Line, Line]
    headers: dict[Line, Line] = {}


class Sending(Strict):
    """What the organisation has decided about what leaves."""

    sender: Line
    smtp: Line
    gateways: dict[Identifier, Gateway] = {}
    retries: Annotated[tuple[Seconds, ...], Field(min_length=1, max_length=30)]

    def next_try(self, failures: int, at: datetime) -> datetime | None:
        """When to try again after so many failures, or None if that was the last."""
        if failures > len(self.retries):
            return None
        return at + timedelta(seconds=self.retries[failures - 1])
