"""A real terminal for the real program: a pseudo-terminal whose screen can be read and whose keys are counted."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

KEYS = {
    "enter": b"\r", "escape": b"\x1b", "space": b" ", "tab": b"\t", "backspace": b"\x7f", "up": b"\x1b[A",
    "down": b"\x1b[B", "home": b"\x1b[H", "f1": b"\x1bOP",
    "f2": b"\x1bOQ", "f3": b"\x1bOR", "f4": b"\x1bOS", "f5": b"\x1b[15~",
    "f6": b"\x1b[17~", "f7": b"\x1b[18~", "f8": b"\x1b[19~", "f9": b"\x1b[20~", "ctrl+l": b"\x0c",
    "ctrl+e": b"\x05", "ctrl+s": b"\x13", "ctrl+t": b"\x14", "ctrl+r": b"\x12",
    "ctrl+o": b"\x0f", "ctrl+p": b"\x10", "ctrl+x": b"\x18", "ctrl+c": b"\x03",
}  # fmt: skip

DEADLINE = 30.0
"""Seconds after which what was waited for will not come."""

_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*)?\Z")
"""The beginning of a sequence whose rest is still to come."""

_SET_MODE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*[$a-zA-Z]+")


class Terminal:
    """A program in a terminal of its own.

    `pressed` counts the keys pressed apart from the text that is typed; `output` is every byte the program wrote.
    """

    def __init__(
        self, command: Sequence[str], *, size: tuple[int, int] = (120, 36), env: Mapping[str, str] | None = None
    ) -> None:
        self.pressed = 0
        self.output = bytearray()
        self.exit_code: int | None = None
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._pending = b""
        self._is_painting = False
        self._painted = ""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            for name in ("COLUMNS", "LINES"):
                os.unsetenv(name)  # readline, which pytest imports, sets them behind os.environ's back
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})})
            os.execvp(command[0], list(command))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.exit_code is None:
            self.kill(signal.SIGKILL)
        os.close(self._fd)

    @property
    def text(self) -> str:
        """What stands on the screen, line by line; never a picture that is half painted."""
        return self._painted if self._is_painting else self._read_screen()

    def press(self, *keys: str) -> None:
        """Press keys, which count."""
        for key in keys:
            self.pressed += 1
            os.write(self._fd, KEYS.get(key) or key.encode())

    def type(self, text: str) -> None:
        """Type text, which does not count."""
        os.write(self._fd, text.encode())

    def paste(self, text: str) -> None:
        """Paste text, as a terminal brackets it."""
        os.write(self._fd, b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def wait_for(self, *wanted: str, gone: str = "") -> str:
        """Until all of `wanted` stands on the screen, and nothing of `gone`; returns the screen.

        Raises AssertionError with the screen if it does not come.
        """
        self.wait_until(lambda text: all(one in text for one in wanted) and (not gone or gone not in text), str(wanted))
        return self.text

    def wait_until(self, holds: Callable[[str], bool], what: str) -> None:
        """Until something holds of the screen."""
        end = time.monotonic() + DEADLINE
        while not holds(self.text):
            ended = not self._read(0.5)
            if ended or time.monotonic() > end:
                raise AssertionError(f"{what} did not come (exit {self.exit_code}):\n{self.text}")

    def wait_for_output(self, wanted: bytes) -> None:
        """Until the program has written these bytes."""
        end = time.monotonic() + DEADLINE
        while wanted not in self.output:
            self._read(0.5)
            if time.monotonic() > end or self.exit_code is not None:
                raise AssertionError(f"{wanted!r} did not come")

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._screen.resize(height, width)
        self._size(width, height)
        os.kill(self.pid, signal.SIGWINCH)

    def kill(self, number: int) -> int:
        """Send a signal and wait for the end; returns the exit code, or minus the signal that ended it."""
        os.kill(self.pid, number)
        return self.wait_for_end()

    def wait_for_end(self) -> int:
        """Until the program ends by itself; returns its exit code, or minus the signal that ended it."""
        end = time.monotonic() + DEADLINE
        while self.exit_code is None:
            self._read(0.05)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(f"the program does not end:\n{self.text}")
        return self.exit_code

    def hang_up(self) -> None:
        """Close the window without asking: the program loses its terminal."""
        os.kill(self.pid, signal.SIGHUP)

    def _read(self, patience: float) -> bool:
        """Take what the program writes; False once it has written all it will."""
        ready, _, _ = select.select([self._fd], [], [], patience)
        if ready:
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                data = b""
            if data:
                self.output += data
                self._show(data)
                return True
        if self.exit_code is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is None

    def _show(self, data: bytes) -> None:
        if b"\x1b[?2026$p" in data:
            os.write(self._fd, b"\x1b[?2026;2$y")  # so that the program says where a picture begins and ends
        data = self._pending + data
        unfinished = _UNFINISHED.search(data)
        end = unfinished.start() if unfinished else len(data)
        data, self._pending = data[:end], data[end:]
        start, finish = data.rfind(b"\x1b[?2026h"), data.rfind(b"\x1b[?2026l")
        if start > finish:
            self._feed(data[:start])
            self._painted, self._is_painting = self._read_screen(), True
            self._feed(data[start:])
        else:
            self._feed(data)
            self._is_painting = self._is_painting and finish < 0

    def _feed(self, data: bytes) -> None:
        self._stream.feed(_SET_MODE.sub(b"", data))

    def _read_screen(self) -> str:
        columns, buffer = range(self._screen.columns), self._screen.buffer
        lines = ("".join(buffer[y][x].data for x in columns) for y in range(self._screen.lines))
        return "\n".join(line.rstrip() for line in lines)

    def _size(self, width: int, height: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


def program(*arguments: str) -> list[str]:
    """The command that runs the program of these sources."""
    return [sys.executable, "-m", "atencion", *arguments]
