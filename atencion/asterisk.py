"""Following an Asterisk exchange: what rings at this seat's extension is handed over as `atencion pop` does.

The Manager Interface (AMI) is spoken by `panoramisk`, which also connects again when the line is lost. What its events
mean is here, pure: see https://docs.asterisk.org, AMI Events, for their fields.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from atencion.errors import AtencionError, Refused, why
from atencion.i18n import _
from atencion.seat import IncomingCall, read_phone
from atencion.text import clean_line

PORT = 5038
"""Where Asterisk listens for AMI."""

PATIENCE = 10.0
"""Seconds that the exchange has to answer."""

MOST_REMEMBERED = 10_000
"""Calls in queues that are kept in mind; the oldest are forgotten first."""

EVENTS = (
    "QueueCallerJoin",
    "AgentCalled",
    "AgentRingNoAnswer",
    "QueueCallerAbandon",
    "DialBegin",
    "DialEnd",
    "Hangup",
)
FIELDS = ("Event", "Uniqueid", "Queue", "Interface", "DestChannel", "DialStatus", "CallerIDNum")


@dataclass(frozen=True)
class Exchange:
    """How to reach an exchange, and the extension of this seat there: 101 or PJSIP/101."""

    host: str
    user: str
    secret: str
    extension: str
    port: int = PORT


class Ringing:
    """What the events say of the calls at one extension."""

    def __init__(self, extension: str) -> None:
        technology, _slash, number = extension.rpartition("/")
        before = re.escape(technology) + "/" if technology else r"(?:\w+/)?"
        self._ours = re.compile(rf"{before}{re.escape(number)}(?:[-@;].*)?", re.IGNORECASE)
        self._joined: dict[str, float] = {}
        self._ringing: dict[str, IncomingCall] = {}

    def heard(self, event: Mapping[str, str], at: float) -> IncomingCall | None:
        """What an event means for this seat, if anything. `at` is when it came, in seconds of any clock."""
        call_id = event.get("Uniqueid", "")
        match event.get("Event", ""):
            case "QueueCallerJoin":
                self._joined[call_id] = at
                while len(self._joined) > MOST_REMEMBERED:
                    del self._joined[next(iter(self._joined))]
            case "AgentCalled" if self._is_ours(event.get("Interface", "")):
                return self._rings(call_id, event, event.get("Queue", ""), at)
            case "DialBegin" if self._is_ours(event.get("DestChannel", "")) and call_id not in self._ringing:
                return self._rings(call_id, event, "", at)
            case "AgentRingNoAnswer" if self._is_ours(event.get("Interface", "")):
                return self._ends(call_id)
            case "DialEnd" if self._is_ours(event.get("DestChannel", "")) and event.get("DialStatus") != "ANSWER":
                return self._ends(call_id)
            case "QueueCallerAbandon" | "Hangup":
                self._joined.pop(call_id, None)
                return self._ends(call_id)
        return None

    def _rings(self, call_id: str, event: Mapping[str, str], queue: str, at: float) -> IncomingCall:
        try:
            phone = read_phone(event.get("CallerIDNum", ""))
        except Refused:
            phone = ""  # An extension's name, or what the caller's own exchange made up.
        waited = int(at - self._joined[call_id]) if call_id in self._joined else 0
        call = IncomingCall(phone, queue=clean_line(queue, 60), call_id=clean_line(call_id, 120), waited=max(0, waited))
        self._ringing[call_id] = call
        return call

    def _ends(self, call_id: str) -> IncomingCall | None:
        call = self._ringing.pop(call_id, None)
        return IncomingCall(call.phone, call.channel, call.queue, call.call_id, ended=True) if call else None

    def _is_ours(self, channel: str) -> bool:
        return self._ours.fullmatch(channel) is not None


async def follow(exchange: Exchange, take: Callable[[IncomingCall], None]) -> None:
    """Give `take` every call that rings at the extension, and that it has ended, until cancelled. A line that is lost
    is made again.

    Raises Refused if the exchange cannot be reached at first or does not let us in, AtencionError without the extra
    `telefonia`.
    """
    try:
        from panoramisk import Manager
    except ImportError:
        raise AtencionError(
            _("Falta lo que habla con Asterisk."), remedy=_("pip install 'atencion[telefonia]'")
        ) from None
    loop, ringing = asyncio.get_running_loop(), Ringing(exchange.extension)

    def on_event(_manager: object, event: Mapping[str, object]) -> None:
        # A header that is repeated comes as a list.
        call = ringing.heard({name: str(event.get(name) or "") for name in FIELDS}, loop.time())
        if call is not None:
            take(call)

    manager = Manager(
        loop=loop,
        host=exchange.host,
        port=exchange.port,
        username=exchange.user,
        secret=exchange.secret,
        events="call,agent",
    )
    for name in EVENTS:
        manager.register_event(name, on_event)
    where = f"{exchange.host}:{exchange.port}"
    try:
        await asyncio.wait_for(asyncio.shield(manager.connect()), PATIENCE)
        answer = await asyncio.wait_for(asyncio.shield(manager.authenticated_future), PATIENCE)
        if not answer.success:
            message = _("La centralita {where} no admite a «{user}».").format(where=where, user=exchange.user)
            raise Refused(message, remedy=_("Revise el usuario y la clave en su manager.conf."))
        await loop.create_future()
    except TimeoutError:
        raise Refused(_("La centralita {where} no contesta.").format(where=where)) from None
    except OSError as error:
        told = _("No se llega a la centralita {where}: {why}.")
        raise Refused(told.format(where=where, why=why(error))) from error
    finally:
        manager.close()
