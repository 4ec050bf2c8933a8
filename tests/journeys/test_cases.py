"""Whole matters, in the real program, a real terminal and a real mail server."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from tests.journeys.test_calls import find_customer, record, to_the_demand, verify, workstation
from tests.terminal import Terminal, program


class Mailbox:
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        self.taken: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("ATENCION_SMTP", f"smtp://127.0.0.1:{port}")
    yield mailbox
    controller.stop()


def command(store: Path, *arguments: str, agent: str = "S301") -> Any:
    """What a command answers, as a document."""
    run = program("--db", str(store), "--agent", agent, *arguments, "--json")
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def supervisor(store: Path) -> Terminal:
    terminal = Terminal(program("--db", str(store), "--agent", "S301", "demo"), size=(120, 36))
    terminal.wait_for("Siguiente llamada", "Bandeja")
    return terminal


def give_the_key(terminal: Terminal) -> str:
    """Read the key to the customer; returns it."""
    terminal.wait_for("Apunte, por favor, la clave")
    terminal.press("space")
    terminal.wait_for("✓ El cliente sabe")
    terminal.press("enter")
    terminal.wait_for("¿Algo más?")
    terminal.press("ctrl+l")
    terminal.wait_for("Siguiente llamada")
    terminal.press("ctrl+x")
    assert terminal.wait_for_end() == 0
    return terminal.text


def test_an_outage_is_answered_within_two_hours_with_its_cause_and_when_service_is_back(store: Path) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "corte", "No tengo luz desde las ocho")
        terminal.wait_for("Lo primero es que estén a salvo", "Leído al cliente")
        terminal.press("enter")
        terminal.wait_for("Leído:")
        terminal.press("enter")
        terminal.wait_for("Pasar a Averías", "Motivo")
        terminal.type("sin luz")
        terminal.press("enter")
        terminal.wait_for("✓ Sin luz o sin gas")
        terminal.press("enter")
        terminal.wait_for("Clave:")
        terminal.press("enter")
        give_the_key(terminal)
    key = str(record(store).run.case)
    (due,) = command(store, "case", "due", "--department", "averias")
    assert (due["key"], due["article"], due["state"]) == (key, "17.2", "on_time")
    assert 110 <= due["left_minutes"] <= 120
    said = ("--cause", "Una avería en la red de la zona", "--restoration", "A las doce", "--told")
    case = command(store, "case", "answer", key, *said)
    assert [(clock["article"], clock["state"]) for clock in case["clocks"]] == [("17.2", "met")]
    assert "Una avería en la red de la zona" in command(store, "case", "paper", key, "--kind", "answer")["text"]


def test_a_bill_claim_refused_in_part_tells_whom_to_turn_to_and_its_papers_go_by_mail(
    store: Path, mail: Mailbox
) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "factura", "Me han cobrado dos veces el recibo")
        find_customer(terminal)
        verify(terminal)
        terminal.press("enter")
        terminal.wait_for("Voy a consultarlo", "le devolvemos")
        terminal.press("enter")
        terminal.wait_for("Leído:")
        terminal.press("enter")
        terminal.wait_for("asunto que queda abierto")
        terminal.press("4", "enter")
        terminal.wait_for("Registrar el asunto")
        terminal.type("Dos cargos en octubre; quiere los dos y una compensación")
        terminal.press("enter")
        terminal.type("correo el")
        terminal.press("enter")
        terminal.wait_for("Abrir el expediente", "Motivo")
        terminal.type("indebido")
        terminal.press("enter")
        terminal.wait_for("✓ Cobro indebido")
        terminal.press("enter")
        terminal.wait_for("Clave:")
        terminal.press("enter")
        give_the_key(terminal)
    key = str(record(store).run.case)
    with supervisor(store) as terminal:
        terminal.press("f6")
        terminal.wait_for("Bandeja de supervisión", "Facturación", "Ley 10/2025, art. 17.3")
        terminal.press("f9")
        terminal.wait_for("no aceptada")
        terminal.press("2", "enter")
        terminal.type("Se devuelve uno de los dos cargos; el otro es el de su consumo")
        terminal.press("enter")
        terminal.wait_for("Resuelto: la respuesta queda registrada")
        terminal.press("escape")
        terminal.wait_for("Siguiente llamada")
        terminal.press("ctrl+x")
        assert terminal.wait_for_end() == 0
    assert command(store, "case", "show", key)["status"] == "resolved"
    assert command(store, "outbox", "send") == {"sent": 2, "put_off": 0, "failed": 0, "doubtful": 0}
    receipt, answer = mail.taken
    assert "Justificante" in receipt["Subject"] and "Respuesta" in answer["Subject"]
    body = answer.get_body()
    assert body is not None
    told = body.get_content()
    assert "Se acepta en parte" in told and "Xunta Arbitral de Consumo de Galicia" in told and "17.3" not in told
    assert [part.get_content_type() for part in answer.iter_attachments()] == ["application/pdf"]
    case = command(store, "case", "show", key)
    assert (case["status"], case["decision"]) == ("notified", "partly")
    assert {clock["state"] for clock in case["clocks"]} == {"met"}


def test_a_supervisor_who_is_not_free_calls_back_the_same_day(store: Path) -> None:
    with workstation(store) as terminal:
        to_the_demand(terminal, "otro", "Quiere hablar con un responsable")
        terminal.wait_for("Voy a consultarlo")
        terminal.press("f6")
        terminal.wait_for("Derivar", "Motivo")
        terminal.type("persona responsable")
        terminal.press("enter")
        terminal.wait_for("✓ Pide hablar")
        terminal.press("enter")
        terminal.wait_for("Clave:")
        terminal.press("ctrl+x")
    key = str(record(store).run.case)
    with supervisor(store) as terminal:
        terminal.press("f6")
        terminal.wait_for("Piden supervisión", "quedan 2:")
    ask = datetime.now().astimezone()
    desk = Desk.open(
        str(store), shipped_protocols(), kind=StoreKind.DEMO, clock=lambda: ask + timedelta(minutes=3, seconds=30)
    )
    (booked,) = desk.callbacks.due(desk.agent("S301"))
    assert (booked.norm, booked.case_key) == ("ley-10-2025/8.3", key)
    assert booked.until_at > booked.from_at
    desk.close()
    (listed,) = command(store, "callback", "list", "--agent", "S301")
    assert listed["case"] == key and listed["reason"] == "Pidió hablar con supervisión"


def test_an_incomplete_claim_goes_on_from_the_day_it_is_complete(store: Path) -> None:
    case = command(store, "case", "open", "--type", "reclamacion", "--subject", "Un cargo de más", "--region", "ES-MD")
    key = case["key"]
    asked = command(store, "case", "ask", key, "Una copia de la factura", "--told")
    assert (asked["status"], asked["norm"]) == ("waiting", "ley-10-2025/13.3")
    warned = command(store, "case", "paper", key, "--kind", "request")["text"]
    assert "10 días hábiles" in warned and "se entenderá resuelto" in warned
    with pytest.raises(subprocess.CalledProcessError) as early:
        command(store, "case", "lapse", key)
    assert "art. 13.3" in early.value.stderr
    done = command(store, "case", "complete", key, "La manda por correo")
    assert (done["status"], done["norm"]) == ("open", "ley-10-2025/17.1")
    assert done["due"] == case["due"], "completed on the same day, it counts from that day"
