"""An incoming call is handed to the workstation open on the seat, and to nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from atencion import cli
from atencion.errors import AtencionError, Refused
from atencion.seat import IncomingCall, Listener, NoSeat, hand_over, read_phone


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "atencion"


@pytest.mark.parametrize(
    ("told", "phone"),
    [
        ("+34 600 11 12 22", "+34600111222"),
        ("600111222", "+34600111222"),
        ("0034600111222", "+34600111222"),
        ("tel:+34-600-111-222;ext=7", "+34600111222"),
        ("tel:%2B34600111222", "+34600111222"),
        ("callto://600111222", "+34600111222"),
        ("sip:+34600111222@pbx.example.com", "+34600111222"),
        ("+441632960001", "+441632960001"),
        ("201", "201"),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_a_phone_is_read_in_any_form_a_telephone_system_tells_it(told: str, phone: str) -> None:
    assert read_phone(told) == phone


@pytest.mark.parametrize("told", ["hola", "tel:", "+", "1" * 40, "600; rm -rf", "\x1b[31m600111222", "tel:<script>"])
def test_what_is_no_phone_is_refused_or_withheld(told: str) -> None:
    try:
        assert read_phone(told) in ("", "600")
    except Refused as refused:
        assert refused.message


async def test_a_call_reaches_the_workstation_that_is_open(runtime: Path) -> None:
    taken: list[IncomingCall] = []
    listener = Listener(taken.append)
    await listener.open()
    call = IncomingCall("+34600111222", "phone", "Averías", "abc-1", 42)
    await asyncio.to_thread(hand_over, call)
    assert taken == [call]
    (path,) = runtime.glob("*.sock")
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    listener.close()
    assert list(runtime.glob("*.sock")) == []


def test_without_a_workstation_it_is_told() -> None:
    with pytest.raises(NoSeat):
        hand_over(IncomingCall("+34600111222"))


def test_the_socket_of_a_workstation_that_crashed_is_no_workstation(runtime: Path) -> None:
    runtime.mkdir(mode=0o700)
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(runtime / "1.sock"))
    left.close()
    with pytest.raises(NoSeat):
        hand_over(IncomingCall("+34600111222"))
    assert list(runtime.iterdir()) == []


def test_a_folder_that_others_can_enter_is_not_used(runtime: Path) -> None:
    runtime.mkdir(mode=0o755)
    runtime.chmod(0o755)
    with pytest.raises(AtencionError, match="no es solo suya"):
        hand_over(IncomingCall("+34600111222"))


@pytest.mark.parametrize(
    "message",
    [
        b"\n",
        b"nonsense\n",
        b"[1]\n",
        b'{"phone": "hola"}\n',
        b"\xff\xfe\n",
        b"x" * 100_000,
        b'{"phone": "600111222", "waited": "mucho", "queue": "' + b"A" * 5_000 + b'"}\n',
    ],
)
async def test_nonsense_is_not_answered_and_does_no_harm(runtime: Path, message: bytes) -> None:
    taken: list[IncomingCall] = []
    listener = Listener(taken.append)
    await listener.open()
    reader, writer = await asyncio.open_unix_connection(str(next(runtime.glob("*.sock"))))
    writer.write(message)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    assert taken == []
    await asyncio.to_thread(hand_over, IncomingCall("+34600111222"))
    assert len(taken) == 1
    listener.close()


async def test_what_comes_with_a_call_is_cleaned_and_bounded(runtime: Path) -> None:
    taken: list[IncomingCall] = []
    listener = Listener(taken.append)
    await listener.open()
    reader, writer = await asyncio.open_unix_connection(str(next(runtime.glob("*.sock"))))
    told = {"phone": "600111222", "queue": "\x1b[2Jcola\n" + "x" * 500, "waited": 10**12, "extra": 1}
    writer.write(json.dumps(told).encode() + b"\n")
    assert await reader.readline() == b"ok\n"
    writer.close()
    assert taken[0].phone == "+34600111222"
    assert "\x1b" not in taken[0].queue and len(taken[0].queue) <= 60
    assert taken[0].waited <= 86_400
    listener.close()


async def test_the_command_hands_a_link_over(capsys: pytest.CaptureFixture[str]) -> None:
    taken: list[IncomingCall] = []
    listener = Listener(taken.append)
    await listener.open()
    arguments = ["pop", "tel:+34-600-111-222", "--queue", "Averías", "--call-id", "7", "--waited", "5"]
    assert await asyncio.to_thread(cli.main, arguments) == 0
    assert taken == [IncomingCall("+34600111222", "phone", "Averías", "7", 5)]
    listener.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--phone", "600111222"], 1),
        (["--phone", "hola"], 1),
        ([], 2),
        (["tel:600111222", "--phone", "600111222"], 2),
        (["--phone", "600111222", "--waited", "-1"], 2),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pop", *arguments]) == code
    assert capsys.readouterr().err


def test_the_command_loads_neither_screens_nor_store() -> None:
    code = (
        "import sys; from atencion import cli; cli.main(['pop', '--phone', '600111222']);"
        "print([name for name in ('textual', 'sqlmodel', 'sqlalchemy', 'sqlcipher3', 'asyncio', 'phonenumbers')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ})
    assert done.stdout.strip() == "[]"
