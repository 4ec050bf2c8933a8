"""What is sent: once, through real servers, surviving kills, with what cannot be known left to a person."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from atencion.desk import Desk
from atencion.desk.outbox import LEASE
from atencion.desk.senders import GatewaySender, InDoubt, Letter, NotSent, PostSender, SmtpSender
from atencion.errors import Refused
from atencion.resources import shipped_protocols
from atencion.scripts.cases import Answer, Decision
from atencion.scripts.sending import Gateway
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import MONDAY, Office

SENDER = "Lumeral Energía <atencion@lumeral.example.com>"
GRANTED = [Answer(1, Decision.ACCEPTED, "Se devuelven")]


class MailServer:
    """Takes mail, or answers what it was told to."""

    def __init__(self) -> None:
        self.taken: list[email.message.EmailMessage] = []
        self.says = "250 OK"
        self.dies = False
        self.refuses: str | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        if self.says.startswith("250"):
            self.taken.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
        if self.dies:
            server.transport.abort()
            await asyncio.sleep(0)
        return self.says


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    server = MailServer()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("ATENCION_SMTP", f"smtp://127.0.0.1:{port}")
    yield server
    controller.stop()


def by_email(office: Office) -> str:
    return office.open(channel="email").case.key


def test_the_receipt_reaches_the_customer_as_text_and_pdf_and_only_once(office: Office, mail: MailServer) -> None:
    key = by_email(office)
    assert office.desk.outbox.send_due().sent == 1
    assert office.desk.outbox.send_due().sent == 0
    (message,) = mail.taken
    assert message["To"] == "ana@example.com" and "Justificante" in message["Subject"]
    body = message.get_body()
    assert body is not None and "Me han cobrado de más" in body.get_content()
    (pdf,) = message.iter_attachments()
    assert pdf.get_content_type() == "application/pdf" and pdf.get_content().startswith(b"%PDF")
    (sent,) = office.file(key).messages
    assert (sent.state, sent.sent_at) == ("sent", MONDAY)


def test_an_answer_that_is_sent_has_been_told(office: Office, mail: MailServer) -> None:
    key = by_email(office)
    office.desk.answers.resolve(key, GRANTED, office.agent)
    assert office.file(key).case.status == "resolved"
    assert office.desk.outbox.send_due().sent == 2
    file = office.file(key)
    assert (file.case.status, file.case.notified_at, file.locks) == ("notified", MONDAY, ())


def test_a_decision_that_was_not_sent_before_its_case_was_reopened_is_sent_no_more(
    office: Office, mail: MailServer
) -> None:
    key = by_email(office)
    office.desk.answers.resolve(key, [Answer(1, Decision.REFUSED, "No hubo error")], office.agent)
    office.desk.answers.reopen(key, "Hubo error", office.agent)
    assert office.desk.outbox.send_due().sent == 1, "the receipt"
    assert [one.state for one in office.file(key).messages] == ["sent", "withdrawn"]
    office.desk.answers.resolve(key, GRANTED, office.agent)
    assert office.desk.outbox.send_due().sent == 1
    assert "Se devuelven" in str(mail.taken[-1].get_body())


def test_a_decision_put_off_or_failed_is_not_sent_once_its_case_was_reopened(office: Office, mail: MailServer) -> None:
    key = by_email(office)
    office.desk.outbox.send_due()
    office.desk.answers.resolve(key, [Answer(1, Decision.REFUSED, "No hubo error")], office.agent)
    mail.refuses = "550 no such user"
    assert office.desk.outbox.send_due().failed == 1
    office.desk.answers.reopen(key, "Hubo error", office.agent)
    mail.refuses = None
    (failed,) = office.desk.outbox.messages("failed")
    office.desk.outbox.retry(failed.id)
    assert office.desk.outbox.send_due().sent == 0
    assert [one.state for one in office.file(key).messages] == ["sent", "withdrawn"]


def test_an_old_decision_that_was_on_its_way_does_not_tell_of_the_new_one(office: Office, mail: MailServer) -> None:
    key = by_email(office)
    office.desk.outbox.send_due()
    office.desk.answers.resolve(key, [Answer(1, Decision.REFUSED, "No hubo error")], office.agent)

    class Slow(SmtpSender):
        def send(self, letter: Letter, handing: Callable[[], None]) -> None:
            office.desk.answers.reopen(key, "Hubo error", office.agent)
            office.desk.answers.resolve(key, GRANTED, office.agent)

    office.desk.outbox.send_due({"email": Slow("", "")}, limit=1)
    assert office.file(key).case.status == "resolved"


def test_a_server_that_is_down_is_tried_again_later_and_later_and_then_a_person_sees_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATENCION_SMTP", "smtp://127.0.0.1:1")
    by_email(office)
    waits = []
    for _attempt in range(8):
        done = office.desk.outbox.send_due()
        (message,) = office.desk.outbox.messages()
        waits.append(message.next_at - office.at)
        if done.failed:
            break
        assert office.desk.outbox.send_due().put_off == 0, "it waits"
        office.at = message.next_at
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, 240, 720, 1440, 0]
    assert (message.state, message.attempts) == ("failed", 8)
    assert "ConnectionRefused" in message.last_error
    assert [tried.outcome for tried in office.desk.outbox.attempts(message.id)] == ["pending"] * 7 + ["failed"]


def test_a_failed_message_is_sent_when_somebody_says_so(office: Office, mail: MailServer) -> None:
    mail.refuses = "550 no such user"
    by_email(office)
    assert office.desk.outbox.send_due().failed == 1
    (message,) = office.desk.outbox.messages("failed")
    assert "550" in message.last_error
    mail.refuses = None
    office.desk.outbox.retry(message.id)
    assert office.desk.outbox.send_due().sent == 1
    with pytest.raises(Refused, match="no está fallido"):
        office.desk.outbox.retry(message.id)


def test_a_server_that_is_busy_is_tried_again(office: Office, mail: MailServer) -> None:
    mail.refuses = "451 try later"
    by_email(office)
    assert office.desk.outbox.send_due().put_off == 1
    mail.refuses = None
    office.pass_days(1)
    assert office.desk.outbox.send_due().sent == 1
    assert len(mail.taken) == 1


def test_a_server_that_takes_it_and_dies_leaves_it_in_doubt_and_it_is_not_sent_twice(
    office: Office, mail: MailServer
) -> None:
    mail.dies = True
    by_email(office)
    assert office.desk.outbox.send_due().doubtful == 1
    mail.dies = False
    office.pass_days(3)
    assert office.desk.outbox.send_due().sent == 0
    assert len(mail.taken) == 1
    (message,) = office.desk.outbox.messages("doubtful")
    office.desk.outbox.retry(message.id)
    office.desk.outbox.send_due()
    assert {one["Message-ID"] for one in mail.taken} == {mail.taken[0]["Message-ID"]}, (
        "a server can tell it is the same"
    )


class Dead(BaseException):
    """The process ends there and then."""


class DiesWhen:
    """A way out on which the desk is killed: before or while it hands over."""

    def __init__(self, when: str, *, repeatable: bool) -> None:
        self.when = when
        self.repeatable = repeatable

    def send(self, letter: Letter, handing: Callable[[], None]) -> None:
        if self.when == "before":
            raise Dead
        handing()
        raise Dead


@pytest.mark.parametrize(
    ("when", "repeatable", "state"),
    [("before", False, "sent"), ("while", False, "doubtful"), ("while", True, "sent")],
)
def test_a_desk_that_is_killed_leaves_a_message_to_be_taken_up_unless_it_may_have_got_there(
    office: Office, mail: MailServer, when: str, repeatable: bool, state: str
) -> None:
    key = by_email(office)
    with pytest.raises(Dead):
        office.desk.outbox.send_due({"email": DiesWhen(when, repeatable=repeatable)})
    assert office.desk.outbox.send_due().sent == 0, "it is still the other desk's"
    office.at += LEASE + timedelta(seconds=1)
    ways = {**office.desk.outbox.senders()}
    ways["email"].repeatable = repeatable
    office.desk.outbox.send_due(ways)
    assert office.file(key).messages[0].state == state


def test_a_program_that_is_really_killed_loses_and_repeats_nothing(tmp_path: Path, mail: MailServer) -> None:
    office = Office(str(tmp_path / "store.db"), datetime.now(UTC))
    for _number in range(12):
        by_email(office)
    office.desk.close()
    program = [sys.executable, "-m", "atencion", "--db", str(tmp_path / "store.db"), "outbox", "send"]
    running = subprocess.Popen(program, env={**os.environ})
    for _wait in range(600):
        if len(mail.taken) >= 3 or running.poll() is not None:
            break
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    later = datetime.now(UTC) + timedelta(hours=1)
    desk = Desk.open(str(tmp_path / "store.db"), shipped_protocols(), clock=lambda: later)
    desk.outbox.send_due()
    states = sorted(message.state for message in desk.outbox.messages())
    assert set(states) <= {"doubtful", "sent"} and states.count("doubtful") <= 1
    ids = [message["Message-ID"] for message in mail.taken]
    assert len(ids) == len(set(ids)) and len(ids) >= 11
    desk.close()


class _Gateway(BaseHTTPRequestHandler):
    answers: list[int]
    taken: list[tuple[str, dict[str, Any]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append((self.headers["Idempotency-Key"], body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Gateway]]:
    class Handler(_Gateway):
        answers: list[int] = []
        taken: list[tuple[str, dict[str, Any]]] = []

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("ATENCION_GATEWAY_SMS", f"http://127.0.0.1:{server.server_port}/")
    yield Handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_sms_goes_through_the_gateway_with_its_idempotency_key(office: Office, gateway: type[_Gateway]) -> None:
    gateway.answers += [503, 200]
    key = office.open(answer_channel="sms", address="600 123 456").case.key
    assert office.desk.outbox.send_due().put_off == 1
    office.at += timedelta(minutes=2)
    assert office.desk.outbox.send_due().sent == 1
    (first, body), (second, _again) = gateway.taken
    assert first == second == office.file(key).messages[0].idempotency_key
    assert body["to"] == "+34600123456" and "Justificante" in body["text"]


def test_a_gateway_that_turns_it_down_for_good_is_not_asked_again(office: Office, gateway: type[_Gateway]) -> None:
    gateway.answers += [400]
    office.open(answer_channel="sms", address="600123456")
    assert office.desk.outbox.send_due().failed == 1


def test_post_is_one_pdf_however_often_it_is_made(office: Office, tmp_path: Path) -> None:
    key = office.open(answer_channel="post").case.key
    assert office.desk.outbox.send_due({"post": PostSender(tmp_path / "post")}).sent == 1
    (letter,) = (tmp_path / "post").iterdir()
    assert key in letter.name and letter.read_bytes().startswith(b"%PDF") and letter.stat().st_mode & 0o077 == 0


def test_a_channel_with_no_way_out_fails_at_once_and_says_so(office: Office) -> None:
    by_email(office)
    assert office.desk.outbox.send_due({}).failed == 1
    assert "email" in office.desk.outbox.messages()[0].last_error


def test_a_paper_that_is_not_the_registered_one_is_not_sent(office: Office, mail: MailServer) -> None:
    by_email(office)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE case_document SET hash = 'otra'")
    assert (office.desk.outbox.send_due().failed, mail.taken) == (1, [])


def test_nobody_can_be_written_to_by_a_header(mail: MailServer) -> None:
    letter = Letter("k", "ana@example.com", "Asunto\r\nBcc: mal@example.com", "cuerpo", MONDAY)
    way = SmtpSender(os.environ["ATENCION_SMTP"], SENDER)
    way.send(letter, lambda: None)
    assert mail.taken[0]["Bcc"] is None and mail.taken[0]["Subject"] == "Asunto Bcc: mal@example.com"


def test_an_address_of_another_kind_is_no_gateway() -> None:
    way = GatewaySender(Gateway(url="file:///etc/passwd", fields={"a": "{text}"}))
    with pytest.raises(NotSent) as refused:
        way.send(Letter("k", "a", "b", "c", MONDAY), lambda: None)
    assert refused.value.for_good and not isinstance(refused.value, InDoubt)
