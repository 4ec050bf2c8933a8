"""A program in a pseudo-terminal, seen from outside: when it writes what, and how much memory it holds."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence

SIZE = (120, 36)
LIMIT = 60.0
"""Seconds after which a program is given up."""

_CONTROL = re.compile(rb"\x1b\[[0-9;:?<=>$ ]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b.")


class Watch:
    """A running program. Times are seconds since its start, taken when its bytes are read."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._began = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
            # Without the last one every program would compile its sources anew at each start, as nobody has it.
            for name in ("COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE"):
                os.environ.pop(name, None)
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})})
            os.execvp(command[0], list(command))
        self.raw = b""

    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._began

    def send(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._fd, keys)

    def forget(self) -> None:
        """Look only at what is written from now on."""
        while self.read(0.0) is not None:
            pass
        self.raw = b""

    def until_painted(self, glyphs: int) -> float:
        """When so many visible characters had been written."""
        while True:
            at = self.read(LIMIT)
            if at is None:
                raise TimeoutError("nothing painted")
            if len(re.sub(rb"\s", b"", self.visible())) >= glyphs:
                return at

    def until(self, text: str) -> float:
        """When a text had been written."""
        wanted = text.encode()
        while True:
            at = self.read(LIMIT)
            if at is None:
                raise TimeoutError(f"{text} did not come: {self.visible()[-400:]!r}")
            if wanted in self.visible():
                return at

    def settle(self, quiet: float = 0.3) -> None:
        """Until it writes nothing for so long."""
        while self.read(quiet) is not None:
            pass

    def visible(self) -> bytes:
        """What it wrote without the controls."""
        return _CONTROL.sub(b"", self.raw)

    def read(self, patience: float) -> float | None:
        """When something more was written, once it is; None if nothing is within so many seconds."""
        ready, _, _ = select.select([self._fd], [], [], patience)
        if not ready:
            return None
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return None
        at = self.now()
        self.raw += data
        return at if data else None

    def memory(self) -> float:
        """Resident MiB of the process and those it started."""
        return sum(_resident(pid) for pid in _tree(self.pid)) / 2**20

    def close(self) -> None:
        """End it."""
        for pid in _tree(self.pid)[::-1]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        os.waitpid(self.pid, 0)
        os.close(self._fd)


def _tree(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as stream:
            children = [int(child) for child in stream.read().split()]
    except FileNotFoundError:
        return []
    return [pid, *(each for child in children for each in _tree(child))]


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm") as stream:
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return 0
