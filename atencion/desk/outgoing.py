"""Where what is written to a customer leaves by: a port, with nothing behind it until something can send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class OutgoingMessage:
    """What was written, word for word. Interaction and `seq`, the number of its entry, name it once and for all."""

    interaction_id: int
    seq: int
    channel: str
    language: str
    customer_id: int | None
    words: str


class Outgoing(Protocol):
    """Takes messages once they are in the journal, and sees that they arrive; without one, the agent sends by hand."""

    def send(self, message: OutgoingMessage) -> None:
        """Take a message. It may not raise: what cannot be sent now is kept and tried again."""
