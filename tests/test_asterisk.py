"""What an Asterisk exchange tells of its calls reaches the workstation as incoming calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from atencion.asterisk import Exchange, Ringing, follow
from atencion.errors import Refused
from atencion.seat import IncomingCall

JOINED = {"Event": "QueueCallerJoin", "Uniqueid": "1.1", "Queue": "averias", "CallerIDNum": "+34600111222"}
CALLED = {
    "Event": "AgentCalled",
    "Uniqueid": "1.1",
    "Queue": "averias",
    "Interface": "PJSIP/101",
    "CallerIDNum": "+34600111222",
}
DIALLED = {
    "Event": "DialBegin",
    "Uniqueid": "1.1",
    "DestChannel": "PJSIP/101-0000002a",
    "CallerIDNum": "+34600111222",
}
RINGS = IncomingCall("+34600111222", "phone", "averias", "1.1", 42)


def heard(extension: str, *events: tuple[dict[str, str], float]) -> list[IncomingCall]:
    """What these events, each with its second, mean for an extension."""
    ringing = Ringing(extension)
    return [call for event, at in events if (call := ringing.heard(event, at)) is not None]


def test_a_call_of_a_queue_says_its_queue_and_how_long_it_waited() -> None:
    assert heard("101", (JOINED, 100.0), (CALLED, 142.9)) == [RINGS]


def test_the_dialling_of_a_call_that_already_rings_is_no_second_call() -> None:
    assert heard("101", (JOINED, 100.0), (CALLED, 142.0), (DIALLED, 142.1)) == [RINGS]


def test_a_call_dialled_directly_rings_without_a_queue() -> None:
    assert heard("101", (DIALLED, 0.0)) == [IncomingCall("+34600111222", call_id="1.1")]


@pytest.mark.parametrize("extension", ["101", "PJSIP/101", "pjsip/101"])
def test_an_extension_is_known_with_its_technology_or_without(extension: str) -> None:
    assert heard(extension, (DIALLED, 0.0))


@pytest.mark.parametrize("extension", ["10", "1010", "SIP/101", "1.1"])
def test_calls_of_other_extensions_do_not_ring_here(extension: str) -> None:
    assert heard(extension, (CALLED, 0.0), (DIALLED, 0.0)) == []


@pytest.mark.parametrize(
    "end",
    [
        {"Event": "DialEnd", "Uniqueid": "1.1", "DestChannel": "PJSIP/101-0000002a", "DialStatus": "CANCEL"},
        {"Event": "AgentRingNoAnswer", "Uniqueid": "1.1", "Interface": "PJSIP/101"},
        {"Event": "QueueCallerAbandon", "Uniqueid": "1.1"},
        {"Event": "Hangup", "Uniqueid": "1.1"},
    ],
)
def test_a_call_that_ends_or_goes_elsewhere_waits_no_more(end: dict[str, str]) -> None:
    ended = heard("101", (CALLED, 0.0), (end, 1.0))[1:]
    assert ended == [IncomingCall("+34600111222", "phone", "averias", "1.1", ended=True)]


def test_a_call_that_is_answered_stays_until_it_is_taken_on_the_screen() -> None:
    answered = {"Event": "DialEnd", "Uniqueid": "1.1", "DestChannel": "PJSIP/101-0000002a", "DialStatus": "ANSWER"}
    assert len(heard("101", (CALLED, 0.0), (answered, 1.0))) == 1


@pytest.mark.parametrize("told", ["<unknown>", "anonymous", "s", "\x1b[31m", ""])
def test_a_caller_without_a_number_is_withheld(told: str) -> None:
    assert heard("101", ({**DIALLED, "CallerIDNum": told}, 0.0)) == [IncomingCall("", call_id="1.1")]


class Server:
    """An exchange that speaks AMI over TCP."""

    def __init__(self) -> None:
        self.connections: list[asyncio.StreamWriter] = []
        self.logins = asyncio.Queue[str]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        writer.write(b"Asterisk Call Manager/9.0.0\r\n")
        while message := (await _message(reader)):
            action, action_id = message.get("action", ""), message.get("actionid", "")
            if action == "Login" and message["secret"] != "abracadabra":
                writer.write(_packet({"Response": "Error", "ActionID": action_id, "Message": "Authentication failed"}))
                break
            writer.write(_packet({"Response": "Success", "ActionID": action_id, "Message": "Accepted"}))
            if action == "Login":
                await self.logins.put(message["username"])
        writer.close()

    def tell(self, *events: dict[str, str]) -> None:
        """Send events, torn where a network would tear them."""
        told = b"".join(_packet(event) for event in events)
        half = len(told) // 2
        self.connections[-1].write(told[:half])
        self.connections[-1].write(told[half:])


def _packet(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


async def _message(reader: asyncio.StreamReader) -> dict[str, str]:
    found: dict[str, str] = {}
    while line := (await reader.readline()).decode().rstrip("\r\n"):
        name, _colon, value = line.partition(": ")
        found[name.lower()] = value
    return found


@asynccontextmanager
async def exchange() -> AsyncIterator[tuple[Server, int]]:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, listening.sockets[0].getsockname()[1]
    finally:
        for writer in server.connections:
            writer.close()
        listening.close()


async def test_what_the_exchange_tells_over_the_network_is_handed_over() -> None:
    async with exchange() as (server, port):
        taken = asyncio.Queue[IncomingCall]()
        following = asyncio.create_task(
            follow(Exchange("127.0.0.1", "puesto", "abracadabra", "101", port), taken.put_nowait)
        )
        assert await server.logins.get() == "puesto"
        server.tell(JOINED, CALLED, {"Event": "Newexten", "Uniqueid": "1.1"}, {"Event": "Hangup", "Uniqueid": "1.1"})
        assert await taken.get() == IncomingCall("+34600111222", "phone", "averias", "1.1", 0)
        assert (await taken.get()).ended
        following.cancel()


async def test_a_line_that_is_lost_is_made_again() -> None:
    async with exchange() as (server, port):
        taken = asyncio.Queue[IncomingCall]()
        following = asyncio.create_task(
            follow(Exchange("127.0.0.1", "puesto", "abracadabra", "101", port), taken.put_nowait)
        )
        await server.logins.get()
        server.connections[-1].close()
        await server.logins.get()
        server.tell(DIALLED)
        assert (await taken.get()).phone == "+34600111222"
        following.cancel()


async def test_a_wrong_secret_is_told() -> None:
    async with exchange() as (_server, port):
        with pytest.raises(Refused, match="no admite a «puesto»"):
            await follow(Exchange("127.0.0.1", "puesto", "olvidada", "101", port), lambda call: None)


async def test_an_exchange_that_is_not_there_is_told() -> None:
    async with exchange() as (_server, port):
        pass
    with pytest.raises(Refused, match="No se llega a la centralita"):
        await follow(Exchange("127.0.0.1", "puesto", "abracadabra", "101", port), lambda call: None)
