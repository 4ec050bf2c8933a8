"""Handing an incoming call to the workstation open on this seat, from any telephone system that can run a command.

The workstation listens on a socket in a folder that only its user can enter; `hand_over` finds it there. What comes in
is a line of JSON, cleaned and bounded here: it is shown to the agent and never obeyed. Imports nothing heavy, because a
telephone system waits for the command to end.
"""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from atencion.errors import AtencionError, Refused, why
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from asyncio import AbstractServer, StreamReader, StreamWriter

LIMIT = 4_096
"""Bytes of a message."""

PATIENCE = 1.0
"""Seconds that a workstation has to answer."""

LONGEST_WAIT = 86_400


@dataclass(frozen=True)
class IncomingCall:
    """A call that waits to be taken. `phone` is in E.164, or empty if it is withheld; `waited` is in seconds.

    With `ended`, it waits no more: the caller has hung up or somebody else took it.
    """

    phone: str
    channel: str = "phone"
    queue: str = ""
    call_id: str = ""
    waited: int = 0
    ended: bool = False

    def is_same_as(self, other: IncomingCall) -> bool:
        """Whether it is another notice of the same call."""
        if self.call_id or other.call_id:
            return self.call_id == other.call_id
        return bool(self.phone) and self.phone == other.phone


class NoSeat(AtencionError):
    """No workstation is open on this seat."""


def read_phone(text: str) -> str:
    """The phone that a telephone system tells, in E.164 as far as can be known; empty if it is withheld.

    It may be a number or a `tel:`, `callto:` or `sip:` link. Raises Refused if it is neither.
    """
    plain = unquote(text.strip())
    plain = re.sub(r"^(tel|callto|sips?):(//)?", "", plain, flags=re.IGNORECASE)
    plain = re.split(r"[;?@]", plain)[0].strip()
    if plain.lower() in _WITHHELD:
        return ""
    digits = re.sub(r"[\s.()/\-]", "", plain)
    if not re.fullmatch(r"\+?\d{3,15}", digits):
        raise Refused(_("«{phone}» no es un teléfono.").format(phone=clean_line(text, 40)))
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if len(digits) == 9 and digits[0] in "6789":
        return f"+34{digits}"
    return digits


def hand_over(call: IncomingCall) -> None:
    """Hand a call to the workstation of this seat, the one opened last. Raises NoSeat if none is open."""
    message = (json.dumps(asdict(call)) + "\n").encode()
    for path in sorted(_folder().glob("*.sock"), key=_opened_at, reverse=True):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            try:
                connection.connect(str(path))
                connection.sendall(message)
                if connection.recv(16).startswith(b"ok"):
                    return
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)  # of a workstation that ended without closing it
            except OSError:
                continue
    raise NoSeat(_("No hay ningún puesto abierto aquí."), remedy=_("Abra atencion con el mismo usuario."))


class Listener:
    """The socket of a workstation: every call handed over is given to `take`."""

    def __init__(self, take: Callable[[IncomingCall], None]) -> None:
        self._take = take
        self._path: Path | None = None
        self._server: AbstractServer | None = None

    async def open(self) -> None:
        """Begin to listen. Raises AtencionError if the folder is not safe, OSError if it cannot be."""
        import asyncio

        path = _folder() / f"{os.getpid()}.sock"
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, str(path), limit=LIMIT)
        finally:
            os.umask(before)
        self._path = path

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        import asyncio

        try:
            line = await asyncio.wait_for(reader.readline(), PATIENCE)
            self._take(_read_call(line))
            writer.write(b"ok\n")
            await writer.drain()
        except (ValueError, OSError, TimeoutError, AtencionError):
            pass  # whoever sends nonsense is not answered
        finally:
            writer.close()


_WITHHELD = frozenset({"", "anonymous", "unknown", "unavailable", "private", "restricted", "oculto", "<unknown>"})


def _read_call(line: bytes) -> IncomingCall:
    """A call as it was handed over. Raises ValueError or Refused if it is none."""
    told = json.loads(line)
    if not isinstance(told, dict):
        raise ValueError("not a call")
    waited = told.get("waited", 0)
    return IncomingCall(
        phone=read_phone(str(told.get("phone", ""))),
        channel=clean_line(str(told.get("channel", "")), 40),
        queue=clean_line(str(told.get("queue", "")), 60),
        call_id=clean_line(str(told.get("call_id", "")), 120),
        waited=max(0, min(waited, LONGEST_WAIT)) if isinstance(waited, int) else 0,
        ended=told.get("ended") is True,
    )


def _folder() -> Path:
    """The folder of the sockets of this user, which nobody else can enter. Raises AtencionError if it is not so."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) / "atencion" if runtime else Path(tempfile.gettempdir()) / f"atencion-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise AtencionError(
            _("No se puede usar la carpeta {path} ({why}).").format(path=folder, why=why(error))
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise AtencionError(
            _("La carpeta {path} no es solo suya: no se usa.").format(path=folder),
            remedy=_("Bórrela y vuelva a abrir el puesto."),
        )
    return folder


def _opened_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
