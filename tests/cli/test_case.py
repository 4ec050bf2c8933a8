"""`atencion case`, `outbox`, `callback`, `report` and `import`, as a person or a program runs them."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run


def opened(run: Run, db: Path, *more: object) -> Any:
    done = run(db, "case", "open", "--type", "reclamacion", "--subject", "Me cobran de más", *more, "--json")
    assert done.code == 0, done.err
    return done.document


def test_a_case_opens_with_its_key_its_terms_and_its_receipt(run: Run, db: Path) -> None:
    case = opened(run, db, "--subtype", "factura", "--item", "Devolver 12 euros", "--item", "Una disculpa")
    assert (len(case["key"]), case["status"], case["department"]) == (9, "open", "facturacion")
    assert [item["text"] for item in case["items"]] == ["Devolver 12 euros", "Una disculpa"]
    assert [(clock["norm"], clock["article"]) for clock in case["clocks"]] == [
        ("ley-10-2025", "17.3"),
        ("ley-10-2025", "17.1"),
    ]
    assert [(one["kind"], len(one["sha256"])) for one in case["documents"]] == [("receipt", 64)]


def test_what_falls_due_gives_programs_what_they_need(run: Run, db: Path) -> None:
    case = opened(run, db, "--region", "ES-MD")
    (due,) = run(db, "case", "due", "--json").document
    wanted = {"key": case["key"], "type": "reclamacion", "norm": "ley-10-2025", "article": "17.1", "state": "on_time"}
    assert {name: due[name] for name in wanted} == wanted
    assert due["left_working_days"] == 15 and date.fromisoformat(due["due"]) > date.today()
    assert case["key"] in run(db, "case", "due").out
    assert run(db, "case", "due", "--department", "averias").out == "No vence nada.\n"


def test_a_case_is_resolved_item_by_item_told_closed_and_reopened(run: Run, db: Path) -> None:
    key = opened(run, db, "--item", "Devolver 12 euros", "--item", "Una disculpa")["key"]
    half = run(db, "case", "resolve", key, "--accept", 1, "Se devuelven")
    assert (half.code, "Una disculpa" in half.err, "art. 13.1" in half.err) == (1, True, True)
    done = run(db, "case", "resolve", key, "--accept", 1, "Se devuelven", "--refuse", 2, "No hubo error", "--json")
    assert (done.document["status"], done.document["decision"]) == ("resolved", "partly")
    early = run(db, "case", "close", key)
    assert (early.code, "art. 13.2" in early.err) == (1, True)
    assert run(db, "case", "notify", key, "--json").document["status"] == "notified"
    assert run(db, "case", "close", key, "--json").document["status"] == "closed"
    again = run(db, "case", "reopen", key, "--reason", "No se ha devuelto", "--json").document
    assert (again["status"], [item["decision"] for item in again["items"]]) == ("reopened", [None, None])


def test_of_two_who_read_the_same_the_second_is_told(run: Run, db: Path) -> None:
    case = opened(run, db)
    first = run(db, "case", "resolve", case["key"], "--accept", 1, "Sí", "--version", case["seq"])
    second = run(db, "case", "reopen", case["key"], "--reason", "x", "--version", case["seq"])
    assert (first.code, second.code, "ha cambiado mientras tanto" in second.err) == (0, 1, True)


def test_duplicates_are_merged_and_the_old_key_still_tells(run: Run, db: Path) -> None:
    one, other = opened(run, db)["key"], opened(run, db)["key"]
    assert run(db, "case", "merge", one, other, "--json").document["key"] == other
    told = run(db, "case", "status", one, "--json").document
    assert (told["status"], told["merged_into"]) == ("closed", other)
    assert "Sigue en el expediente" in run(db, "case", "status", one).out


def test_the_key_alone_tells_no_one_s_data(run: Run, db: Path) -> None:
    key = opened(run, db, "--customer", 1)["key"]
    told = run(db, "case", "status", f"{key[:3]} {key[3:6]} {key[6:]}")
    assert told.code == 0 and "Me cobran" not in told.out
    wrong = run(db, "case", "status", "123456789")
    assert (wrong.code, wrong.out, "no cuadra" in wrong.err) == (1, "", True)


def test_cases_are_listed_by_what_is_asked(run: Run, db: Path) -> None:
    key = opened(run, db)["key"]
    run(db, "case", "open", "--type", "sugerencia", "--subject", "Otra cosa")
    assert [one["key"] for one in run(db, "case", "list", "--type", "reclamacion", "--json").document] == [key]
    assert len(run(db, "case", "list", "--status", "open", "--json").document) == 2
    assert "Otra cosa" in run(db, "case", "list").out
    assert run(db, "case", "list", "--status", "closed").out == "No hay ninguno.\n"


def test_what_was_written_is_shown_as_text_page_and_pdf(run: Run, db: Path, tmp_path: Path) -> None:
    case = opened(run, db, "--language", "ca")
    shown = run(db, "case", "paper", case["key"], "--json").document
    assert (shown["sha256"], shown["intact"], shown["language"]) == (case["documents"][0]["sha256"], True, "ca")
    assert run(db, "case", "paper", case["key"]).out.startswith("Justificant del seu assumpte")
    assert '<html lang="ca">' in run(db, "case", "paper", case["key"], "--format", "html").out
    out = tmp_path / "receipt.pdf"
    assert run(db, "case", "paper", case["key"], "--format", "pdf", "--out", out).code == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert run(db, "case", "paper", case["key"], "--format", "pdf").code == 2


def test_an_incomplete_case_waits_and_goes_on(run: Run, db: Path) -> None:
    key = opened(run, db)["key"]
    assert run(db, "case", "ask", key, "La factura", "--told", "--json").document["norm"] == "ley-10-2025/13.3"
    early = run(db, "case", "lapse", key)
    assert (early.code, "art. 13.3" in early.err) == (1, True)
    assert run(db, "case", "complete", key, "La manda", "--json").document["norm"] == "ley-10-2025/17.1"


def test_an_outage_is_answered(run: Run, db: Path) -> None:
    case = run(
        db, "case", "open", "--type", "incidencia", "--subtype", "corte", "--subject", "Sin luz", "--json"
    ).document
    limit = datetime.fromisoformat(case["clocks"][0]["due_at"]) - datetime.fromisoformat(case["received_at"])
    assert limit == timedelta(hours=2)
    said = ("--cause", "Avería", "--restoration", "A las diez", "--told")
    assert run(db, "case", "answer", case["key"], *said, "--json").document["clocks"][0]["state"] == "met"


def test_a_contract_under_a_claim_is_locked(run: Run, demo: Path) -> None:
    number = run(demo, "customer", "show", 1, "--json").document["contracts"][0]["number"]
    assert run(demo, "case", "lock", number, "--json").document["locked"] is False
    opened(run, demo, "--customer", 1, "--contract", number)
    told = run(demo, "case", "lock", number)
    assert (told.code, "art. 4.4" in told.err) == (1, True)
    assert run(demo, "case", "lock", number, "--json").document["norm"] == "ley-10-2025/4.4"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A store with contracts as well."""
    from atencion.desk.sample import open_demo
    from atencion.resources import shipped_protocols

    open_demo(str(tmp_path / "demo.db"), shipped_protocols()).close()
    return tmp_path / "demo.db"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("open", "--type", "nada", "--subject", "x"), 1, "La clase de expediente «nada»"),
        (("open", "--type", "queja", "--subject", "x", "--amount", "mucho"), 2, "un importe en euros"),
        (("open", "--type", "queja", "--subject", "x", "--received", "ayer"), 2, "no es una fecha"),
        (("open", "--type", "queja", "--subject", "x", "--customer", 999999), 1, "No hay ningún cliente"),
        (("show", "000000001"), 1, "no cuadra"),
        (("show", "no existe"), 1, "nueve cifras"),
        (("resolve", "000000001", "--accept", "uno", "x"), 2, "no es el número de una cuestión"),
        (("due", "--until", "mañana"), 2, "no es una fecha"),
        (("list", "--agent", "X"), 1, "A101"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, db: Path, arguments: tuple[object, ...], code: int, told: str) -> None:
    done = run(db, "case", *arguments)
    assert (done.code, done.out) == (code, "")
    assert told in done.err


def test_the_outbox_shows_what_could_not_be_sent(run: Run, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATENCION_SMTP", "smtp://127.0.0.1:1")
    opened(run, db, "--answer-by", "email", "--address", "ana@example.com")
    assert run(db, "outbox", "send", "--json").document == {"sent": 0, "put_off": 1, "failed": 0, "doubtful": 0}
    (message,) = run(db, "outbox", "list", "--json").document
    assert (message["state"], message["attempts"][0]["outcome"]) == ("pending", "pending")
    assert "ConnectionRefused" in run(db, "outbox", "list").out
    refused = run(db, "outbox", "retry", message["id"])
    assert (refused.code, "no está fallido" in refused.err) == (1, True)
    assert run(db, "outbox", "list", "--state", "failed").out == "No hay ninguno.\n"


def test_a_call_is_promised_listed_and_made(run: Run, db: Path) -> None:
    day = date.today() + timedelta(days=1)
    window = ("--from", f"{day}T16:00", "--until", f"{day}T18:00")
    made = run(db, "callback", "add", "--phone", "749 037 199", *window, "--reason", "La lectura", "--json").document
    assert (made["phone"], made["state"], made["from"][:16]) == ("+34749037199", "booked", f"{day}T16:00")
    assert "La lectura" in run(db, "callback", "list").out
    assert run(db, "callback", "done", made["id"], "--no-answer").code == 0
    assert run(db, "callback", "list", "--json").document[0]["attempts"] == 1
    assert run(db, "callback", "done", made["id"]).out == "Anotado.\n"
    assert run(db, "callback", "list").out == "No hay ninguna.\n"
    assert run(db, "callback", "done", made["id"]).code == 1


def test_a_commercial_call_on_a_sunday_is_refused(run: Run, db: Path) -> None:
    window = ("--from", "2027-12-05T10:00", "--until", "2027-12-05T11:00")
    refused = run(db, "callback", "add", "--phone", "749037199", *window, "--commercial")
    assert (refused.code, "art. 96" in refused.err) == (1, True)


def test_a_commercial_call_that_the_customer_asked_for_is_promised_during_a_complaint(run: Run, db: Path) -> None:
    key = opened(run, db, "--customer", 1)["key"]
    call = ("callback", "add", "--phone", "749037199", "--customer", 1, "--commercial")
    window = ("--from", "2027-12-02T10:00", "--until", "2027-12-02T11:00")
    refused = run(db, *call, *window)
    assert (refused.code, "21.2" in refused.err) == (1, True), key
    made = run(db, *call, *window, "--asked", "--json").document
    assert (made["commercial"], made["asked"]) == (True, True)
    assert run(db, "callback", "add", "--phone", "749037199", *window, "--asked").code == 2


def test_an_exception_is_asked_for_approved_and_used(run: Run, db: Path) -> None:
    key = opened(run, db)["key"]
    resolving = ("case", "resolve", key, "--accept", 1, "Se devuelve", "--compensation", "60,00")
    refused = run(db, "--agent", "A101", *resolving)
    assert (refused.code, "la aprueba supervisión" in refused.err) == (1, True)
    asking = ("case", "exception", "ask", key, "Devolver 60 euros", "--why", "Cobrado dos veces")
    asked = run(db, "--agent", "A101", *asking, "--amount", "60", "--json").document
    assert (asked["state"], asked["amount_cents"], asked["case"]) == ("waiting", 6000, key)
    assert key in run(db, "case", "exception", "list").out
    own = run(db, "--agent", "A101", "case", "exception", "approve", asked["id"], "Me la apruebo")
    assert (own.code, "la decide supervisión" in own.err) == (1, True)
    told = run(db, "--agent", "S301", "case", "exception", "approve", asked["id"], "Correcto")
    assert (told.code, "aprobada" in told.out) == (0, True)
    assert run(db, "--agent", "A101", *resolving).code == 0
    (exception,) = run(db, "case", "show", key, "--json").document["exceptions"]
    assert (exception["state"], exception["reason"], exception["used_at"] is not None) == ("approved", "Correcto", True)
    assert "aprobada y usada" in run(db, "case", "show", key).out


def test_a_handover_says_in_the_case_whether_it_was_warm(run: Run, db: Path) -> None:
    key = opened(run, db)["key"]
    run(db, "case", "hand-over", key, "--reason", "factura_compleja", "--summary", "Una factura", "--warm")
    assert "Derivado de viva voz a" in run(db, "case", "show", key).out


def test_the_compliance_report_names_each_breach(run: Run, db: Path, tmp_path: Path) -> None:
    late = date.today() - timedelta(days=90)
    key = opened(run, db, "--received", str(late))["key"]
    span = ("--from", str(late), "--to", str(date.today()))
    report = run(db, "report", "compliance", *span, "--json").document
    line = next(one for one in report["obligations"] if one["article"] == "17.1")
    assert (line["total"], line["kept"], line["breaches"][0]["case"]) == (1, 0, key)
    assert "no cumple" in run(db, "report", "compliance", *span).out
    for form, start in (("html", b"<!doctype"), ("pdf", b"%PDF"), ("csv", b"norm;"), ("json", b"{")):
        out = tmp_path / f"report.{form}"
        assert run(db, "report", "compliance", *span, "--format", form, "--out", out).code == 0
        assert out.read_bytes().startswith(start)
    bundle = tmp_path / "year.zip"
    made = run(db, "report", "evaluation", "--year", date.today().year, "--out", bundle, "--json").document
    assert len(made["sha256"]) == 64
    with zipfile.ZipFile(bundle) as archive:
        assert json.loads(archive.read("informe.json"))["obligations"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--from", "2026-02-01", "--to", "2026-01-01"), 2),
        (("--from", "2026-02-30", "--to", "2026-03-01"), 2),
        (("--from", "2026-01-01", "--to", "2026-03-01", "--format", "pdf"), 2),
        (("--from", "2026-01-01", "--to", "2026-03-01", "--format", "html", "--out", "/nowhere/x"), 1),
    ],
)
def test_a_report_that_cannot_be_made_is_told(run: Run, db: Path, arguments: tuple[object, ...], code: int) -> None:
    done = run(db, "report", "compliance", *arguments)
    assert (done.code, done.out) == (code, "")


def test_a_queue_log_is_read_and_its_torn_lines_told(run: Run, db: Path, tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    log.write_text("1780000000|a|q|NONE|ENTERQUEUE||6|1\n178\n1780000010|a|q|SIP/1|CONNECT|10|x|3\n", encoding="utf-8")
    read = run(db, "import", "queue-log", log, "--json").document
    assert read == {"lines": 3, "calls": 1, "torn": 1, "torn_lines": [2]}
    assert "1 líneas que no se entienden" in run(db, "import", "queue-log", log).out
    assert run(db, "import", "queue-log", tmp_path / "none").code == 1


def test_each_thing_done_with_a_case_is_a_command(run: Run, db: Path) -> None:
    key, other = opened(run, db, "--subtype", "factura")["key"], opened(run, db)["key"]

    def do(*arguments: object) -> Any:
        done = run(db, "--agent", "A101", "case", *arguments, "--json")
        assert done.code == 0, done.err
        return done.document

    assert len(do("add-item", key, "Y una disculpa")["items"]) == 2
    assert do("comment", key, "Mire la lectura")["history"][-1]["value"] == "Mire la lectura"
    assert {clock["state"] for clock in do("stop", key, "Lo pide el juzgado")["clocks"]} == {"stopped"}
    assert {clock["state"] for clock in do("resume", key, "Ya ha contestado")["clocks"]} == {"running"}
    assert do("assign", key, "--owner", "A104", "--priority", "high")["owner"] == "A104"
    assert do("answer-by", key, "--channel", "email", "--address", "ana@example.com")["status"] == "open"
    assert do("link", key, "--with", other)["links"] == [{"kind": "case", "key": other, "reference": ""}]
    (task,) = do("task", key, "Llamar a la red", "--before", "2030-01-01T10:00")["tasks"]
    assert do("done", key, task["id"])["tasks"][0]["done"] is True
    handed = do("hand-over", key, "--reason", "reclamacion_formal", "--summary", "No está conforme")
    assert handed["status"] == "escalated"
    assert do("return", key, "Falta la factura")["status"] == "open"
    do("hand-over", key, "--reason", "otro", "--summary", "Otra vez", "--department", "calidad", "--warm")
    assert do("accept", key)["owner"] == "A101"
    assert do("go-out", key, "junta_md")["external_body"] == "junta_md"
    assert do("come-back", key, "Da la razón al cliente")["external_body"] is None


def test_a_privacy_right_is_extended_with_reasons(run: Run, db: Path) -> None:
    right = ("--type", "derecho_privacidad", "--subtype", "acceso", "--subject", "Una copia de mis datos")
    key = run(db, "case", "open", *right, "--json").document["key"]
    (clock,) = run(db, "case", "extend", key, "Son tres años de grabaciones", "--told", "--json").document["clocks"]
    assert clock["extended"] is True
    assert run(db, "case", "extend", key, "más aún").code == 1


def test_a_supervisor_is_asked_for(run: Run, db: Path) -> None:
    asked = run(db, "--agent", "A101", "callback", "ask-supervisor", "--json").document
    assert asked["state"] == "waiting"
