"""Getting a message out: by mail server, by HTTP gateway, or as a PDF to be printed and posted."""

from __future__ import annotations

import hashlib
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from atencion.scripts.sending import Gateway
from atencion.text import clean_line

TIMEOUT = 20.0
"""Seconds that a server may take to answer."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. `key` is its idempotency key; `attachment` a PDF, if it has one."""

    key: str
    recipient: str
    subject: str
    body: str
    at: datetime
    attachment: bytes = b""


class NotSent(Exception):
    """It did not get there. `for_good`: there is no use in trying again as it is."""

    def __init__(self, detail: str, *, for_good: bool = False) -> None:
        super().__init__(clean_line(detail, 200))
        self.for_good = for_good


class InDoubt(Exception):
    """It was handed over and nobody has said that it got there."""


class Sender(Protocol):
    """A way out. `repeatable`: the other side knows the same message again and delivers it once."""

    repeatable: bool

    def send(self, letter: Letter, handing: Callable[[], None]) -> None:
        """Send it; `handing` is called just before it can no longer be taken back. Raises NotSent or InDoubt."""


class SmtpSender:
    """A mail server, by its URL: smtp://, smtps:// or smtp+tls://, with user and password if it asks for them."""

    repeatable = False

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, letter: Letter, handing: Callable[[], None]) -> None:
        try:
            client = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSent(_reason(error)) from error
        try:
            try:
                client.mail(parseaddr(self._sender)[1])
                code, reply = client.rcpt(letter.recipient)
                if code not in (250, 251):
                    raise NotSent(f"{code} {_words(reply)}", for_good=500 <= code < 600)
            except (OSError, smtplib.SMTPException) as error:
                raise NotSent(_reason(error)) from error
            handing()
            try:
                code, reply = client.data(self._message(letter).as_bytes())
            except smtplib.SMTPDataError as error:  # turned down before the text was given
                raise NotSent(_reason(error), for_good=500 <= error.smtp_code < 600) from error
            except (OSError, smtplib.SMTPException) as error:
                raise InDoubt(_reason(error)) from error
            if code != 250:
                raise NotSent(f"{code} {_words(reply)}", for_good=500 <= code < 600)
        finally:
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()  # it has said yes or no already: how it takes leave changes nothing

    def _connected(self) -> smtplib.SMTP:
        host, secure = self._url.hostname or "localhost", self._url.scheme == "smtps"
        context = ssl.create_default_context()
        client: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT, context=context)
            if secure
            else smtplib.SMTP(host, self._url.port or 25, timeout=TIMEOUT)
        )
        client.ehlo_or_helo_if_needed()
        if self._url.scheme == "smtp+tls":
            client.starttls(context=context)
            client.ehlo()
        if self._url.username:
            client.login(unquote(self._url.username), unquote(self._url.password or ""))
        return client

    def _message(self, letter: Letter) -> EmailMessage:
        from email.policy import SMTP

        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = letter.recipient
        message["Subject"] = clean_line(letter.subject, 200)
        message["Date"] = format_datetime(letter.at)
        domain = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        # Always the same for the same message: a server that gets it twice can tell.
        message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        if letter.attachment:
            name = f"{letter.key}.pdf"
            message.add_attachment(letter.attachment, maintype="application", subtype="pdf", filename=name)
        return message


class GatewaySender:
    """An HTTP service that takes the fields of a message as JSON and knows it again by its Idempotency-Key."""

    repeatable = True

    def __init__(self, gateway: Gateway, url: str = "") -> None:
        self._gateway = gateway
        self._url = url or gateway.url

    def send(self, letter: Letter, handing: Callable[[], None]) -> None:
        filled = {"{to}": letter.recipient, "{text}": letter.body, "{subject}": letter.subject, "{key}": letter.key}
        fields = {name: filled.get(value, value) for name, value in self._gateway.fields.items()}
        request = urllib.request.Request(
            self._url,
            data=json.dumps(fields, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": letter.key, **self._gateway.headers},
            method="POST",
        )
        if urlsplit(self._url).scheme not in ("http", "https"):
            raise NotSent("the gateway's address is not of http or https", for_good=True)
        handing()
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT):
                return
        except urllib.error.HTTPError as error:
            for_good = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            raise NotSent(f"HTTP {error.code}", for_good=for_good) from error
        except (OSError, ValueError) as error:
            raise NotSent(_reason(error)) from error


class PostSender:
    """A folder of PDFs to be printed, each named by its key, so that the same letter is one file."""

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter, handing: Callable[[], None]) -> None:
        handing()
        target = self._folder / f"{letter.key}.pdf"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = target.with_suffix(".part")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(letter.attachment)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(target)
        except OSError as error:
            raise NotSent(_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _words(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
