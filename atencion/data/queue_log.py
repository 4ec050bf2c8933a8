"""The log of the telephone exchange's queues (Asterisk's `queue_log`), read line by line into one row per call.

A line is `epoch|call id|queue|agent|event|data1|data2...`. Lines that are torn, or of events that tell nothing of a
call, are counted and left out. Reading the same file again, or its continuation, changes nothing that was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from atencion.data.engine import Store
from atencion.data.sql import Statement
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

WAITING, CONNECTED, ABANDONED, LEFT = "waiting", "connected", "abandoned", "left"

_BLOCK = 8 * 2**20
_ROWS = 20_000
_LONGEST_LINE = 64 * 1024


@dataclass(frozen=True)
class QueueLogResult:
    """How an import ended. `torn` lines could not be read; the first of them are in `torn_lines`."""

    lines: int
    calls: int
    torn: int
    torn_lines: tuple[int, ...]


@dataclass
class _Reading:
    lines: int = 0
    calls: int = 0
    torn: list[int] = field(default_factory=list)
    torn_count: int = 0
    names: dict[bytes, str] = field(default_factory=dict)
    # [entered, wait, talk, outcome, agent] by queue and call: times in seconds, waits in milliseconds.
    open: dict[tuple[bytes, bytes], list[Any]] = field(default_factory=dict)


def import_queue_log(
    store: Store, path: Path, *, on_progress: Callable[[int], None] = lambda bytes_read: None
) -> QueueLogResult:
    """Read a log into the store, in blocks, each committed. Raises Refused if the file cannot be read."""
    reading = _Reading()
    try:
        with path.open("rb") as stream:
            _read(store, stream, reading, on_progress)
    except OSError as error:
        raise Refused(_("El fichero {path} no se puede leer.").format(path=path)) from error
    _write(store, reading, list(reading.open.items()))
    return QueueLogResult(reading.lines, reading.calls, reading.torn_count, tuple(reading.torn))


def _read(store: Store, stream: BinaryIO, reading: _Reading, on_progress: Callable[[int], None]) -> None:
    rest, done = b"", 0
    while block := stream.read(_BLOCK):
        done += len(block)
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        _fold(lines, reading)
        if len(rest) > _LONGEST_LINE:  # not a line of a log at all
            reading.lines += 1
            _note_torn(reading, reading.lines)
            rest = b""
        ended = [(key, call) for key, call in reading.open.items() if call[3] != WAITING and call[5]]
        if len(ended) >= _ROWS:
            _write(store, reading, ended)
            for key, _call in ended:
                del reading.open[key]
        on_progress(done)
    if rest:
        _fold([rest], reading)


def _fold(lines: Iterable[bytes], reading: _Reading) -> None:
    """Take lines into the calls they tell of. The hottest loop there is: a line in about a microsecond."""
    calls, number = reading.open, reading.lines
    for line in lines:
        number += 1
        if not line:
            number -= 1
            continue
        parts = line.split(b"|")
        if len(parts) < 5:
            _note_torn(reading, number)
            continue
        event = parts[4]
        try:
            if event == b"ENTERQUEUE":
                key = (parts[2], parts[1])
                if key not in calls:
                    calls[key] = [float(parts[0]), None, None, WAITING, b"", False]
            elif event == b"CONNECT":
                call = calls.get((parts[2], parts[1])) or _late(calls, parts)
                call[1] = int(parts[5]) * 1000 if len(parts) > 5 and parts[5] else _since(call, parts)
                call[3], call[4] = CONNECTED, parts[3]
            elif event in _COMPLETE:
                call = calls.get((parts[2], parts[1])) or _late(calls, parts)
                call[1] = int(parts[5]) * 1000
                call[2] = int(parts[6]) * 1000
                call[3], call[5] = CONNECTED, True
                call[4] = call[4] or parts[3]
            elif event == b"ABANDON":
                call = calls.get((parts[2], parts[1])) or _late(calls, parts)
                call[1] = int(parts[7]) * 1000 if len(parts) > 7 and parts[7] else _since(call, parts)
                call[3], call[5] = ABANDONED, True
            elif event in _LEAVING:
                call = calls.get((parts[2], parts[1])) or _late(calls, parts)
                call[1] = _since(call, parts)
                call[3], call[5] = LEFT, True
            elif event not in _OTHER:
                _note_torn(reading, number)
        except (ValueError, IndexError, OverflowError):
            _note_torn(reading, number)
    reading.lines = number


def _late(calls: dict[tuple[bytes, bytes], list[Any]], parts: list[bytes]) -> list[Any]:
    """A call whose beginning is in an earlier file, or was torn: it began when its wait says, if it says."""
    wait = int(parts[5]) if parts[4] in (b"CONNECT", *_COMPLETE) and len(parts) > 5 and parts[5] else 0
    at = float(parts[0]) - wait
    call: list[Any] = [at, None, None, WAITING, b"", False]
    calls[parts[2], parts[1]] = call
    return call


def _since(call: list[Any], parts: list[bytes]) -> int:
    entered: float = call[0]
    return max(0, round((float(parts[0]) - entered) * 1000))


def _note_torn(reading: _Reading, number: int) -> None:
    reading.torn_count += 1
    if len(reading.torn) < 20:
        reading.torn.append(number)


def _write(store: Store, reading: _Reading, ended: list[tuple[tuple[bytes, bytes], list[Any]]]) -> None:
    rows: list[tuple[Any, ...]] = []
    names = reading.names
    for (queue, call_id), (entered, wait, talk, outcome, agent, _over) in ended:
        if not 0 <= entered < _LATEST or (wait or 0) >= 2**31 or (talk or 0) >= 2**31:
            reading.torn_count += 1
            continue
        key = call_id.decode("ascii", "replace") if _PLAIN(call_id) else clean_line(call_id.decode("utf-8", "replace"))
        for name in (queue, agent):
            if name not in names:
                names[name] = clean_line(name.decode("utf-8", "replace"), 80)
        rows.append((names[queue], key, int(entered * 1000), wait, talk, outcome, names[agent]))
    reading.calls += len(rows)
    with store.writing() as connection:
        _PUT.load(connection, rows)


_LATEST = 4_102_444_800  # the year 2100, in seconds
_PLAIN = re.compile(rb"[!-~]{1,200}").fullmatch
_COMPLETE = frozenset({b"COMPLETEAGENT", b"COMPLETECALLER", b"ATTENDEDTRANSFER", b"BLINDTRANSFER", b"TRANSFER"})
_LEAVING = frozenset({b"EXITWITHTIMEOUT", b"EXITWITHKEY", b"EXITEMPTY", b"SYSCOMPAT"})
_OTHER = frozenset(
    {
        *(b"QUEUESTART", b"CONFIGRELOAD", b"RINGNOANSWER", b"RINGCANCELED", b"DID", b"INFO", b"ADDMEMBER"),
        *(b"REMOVEMEMBER", b"PAUSE", b"UNPAUSE", b"PAUSEALL", b"UNPAUSEALL", b"AGENTLOGIN", b"AGENTLOGOFF"),
        *(b"AGENTCALLBACKLOGIN", b"AGENTCALLBACKLOGOFF", b"AGENTDUMP", b"PENALTY", b"MEMBERPENALTY", b"PAUSEREASON"),
    }
)
_PUT = Statement(
    """
    INSERT INTO queue_call (queue, call_id, entered_ms, wait_ms, talk_ms, outcome, agent)
    VALUES (:queue, :call_id, :entered_ms, :wait_ms, :talk_ms, :outcome, :agent)
    ON CONFLICT (queue, call_id) DO UPDATE SET
        wait_ms = COALESCE(excluded.wait_ms, queue_call.wait_ms),
        talk_ms = COALESCE(excluded.talk_ms, queue_call.talk_ms),
        outcome = CASE WHEN excluded.outcome = 'waiting' THEN queue_call.outcome ELSE excluded.outcome END,
        agent = CASE WHEN excluded.agent = '' THEN queue_call.agent ELSE excluded.agent END
    """
)
