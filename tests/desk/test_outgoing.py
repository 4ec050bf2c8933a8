"""What is written to a customer leaves once it is in the journal, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from atencion.data.agents import AgentRecord
from atencion.desk import Desk
from atencion.desk.outgoing import OutgoingMessage
from atencion.errors import Refused
from atencion.scripts.acts import Advance, Capture, Send
from tests.folders import SEVERAL, protocols_folder
from tests.stores import *  # noqa: F403


class Tray:
    """A port that keeps what it is given, with what the journal held by then."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.taken: list[tuple[OutgoingMessage, str | None]] = []

    def send(self, message: OutgoingMessage) -> None:
        entries = self.desk.record_of(message.interaction_id).entries
        self.taken.append((message, entries[message.seq - 1].value))


@pytest.fixture
def desk(store_url: str, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.open(store_url, protocols_folder(tmp_path / "protocols", SEVERAL))
    opened.put_agent(AgentRecord("A1", "Marta Inventada", "Marta"))
    yield opened
    opened.close()


def test_a_message_leaves_word_for_word_once_its_entry_is_on_disk(desk: Desk) -> None:
    tray = Tray(desk)
    desk._around = replace(desk._around, outgoing=tray)
    call = desk.open_interaction(desk.agent("A1"), "email/responder")
    call.record(Capture("asunto", "su factura"), Advance())
    call.record(Send("Hola:\n\nYa está."), Advance())
    ((message, journal),) = tray.taken
    assert message.words == journal == "Hola:\n\nYa está."
    assert (message.channel, message.language, message.customer_id) == ("email", "es", None)


def test_what_is_refused_does_not_leave(desk: Desk) -> None:
    tray = Tray(desk)
    desk._around = replace(desk._around, outgoing=tray)
    call = desk.open_interaction(desk.agent("A1"), "email/responder")
    with pytest.raises(Refused, match="no hay nada que enviar"):
        call.record(Send("Hola"))
    assert tray.taken == []


def test_without_a_port_the_agent_sends_it_by_hand_and_it_is_in_the_journal(desk: Desk) -> None:
    call = desk.open_interaction(desk.agent("A1"), "sms/avisar")
    call.record(Send("Su cita es mañana"), Advance())
    sent = [entry.value for entry in desk.record_of(call.id).entries if entry.kind == "sent"]
    assert sent == ["Su cita es mañana"]
