"""A call that does not end everything leaves a case with its term, and a receipt that is on its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, Run

CLAIM = """\
agent: A101
phone: "+34749037199"
steps:
  - {step: saludo, fields: {permiso_grabar: sí}}
  - {step: relato, fields: {relato: Le colgaron dos veces, tipo_asunto: queja, de_contrato: no}}
  - step: pide
    fields: {pide: "Que le llamen\\nUna disculpa", tiene_documentos: no}
  - {step: registrar}
  - {step: medio, fields: {medio_justificante: email}}
  - {step: correo, fields: {correo_justificante: ana@example.com}}
  - {step: clave, tick: justificante}
  - {step: plazo}
  - {step: resolver, outcome: expediente_abierto, summary: Queda en Calidad}
  - {step: algo_mas, choose: nada_mas}
  - {step: repaso, tick: datos_al_dia}
  - {step: despedida}
  - {step: cierre, disposition: rec_queja}
"""
BILL_CLAIM = CLAIM.replace("tipo_asunto: queja", "tipo_asunto: factura").replace("rec_queja", "rec_reclamacion")
OUTAGE = """\
agent: A101
steps:
  - {step: saludo, fields: {permiso_grabar: no}}
  - {step: peligro, choose: nada}
  - {step: que_pasa, fields: {que_pasa: Sin luz en toda la calle, aparato_vital: no}}
  - {step: comprobaciones, tick: [vecinos, cuadro]}
  - {step: causa, choose: red}
  - {step: aviso_privacidad}
  - {step: donde, fields: {lugar_corte: "Calle del Olmo, 86, Madrid", cp_corte: "28055", movil_avisos: "749037199"}}
  - {step: abrir_averia}
  - {step: clave}
  - {step: en_marcha, outcome: expediente_abierto, summary: En Averías}
  - {step: sin_ofertas, tick: nada_ofrecido}
  - {step: algo_mas, choose: nada_mas}
  - {step: repaso, tick: datos_al_dia}
  - {step: despedida}
  - {step: cierre, disposition: sum_corte}
"""


def played(run: Run, db: Path, tmp_path: Path, protocol: str, answers: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(answers, encoding="utf-8")
    done = run(db, "protocol", "run", protocol, "--answers", path)
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("protocol", "answers", "kind", "article", "to"),
    [
        ("phone/claim", CLAIM, "queja", "17.1", ("email", "ana@example.com")),
        ("phone/claim", BILL_CLAIM, "reclamacion", "17.3", ("email", "ana@example.com")),
        ("phone/outage", OUTAGE, "incidencia", "17.2", ("sms", "+34749037199")),
        ("phone/inbound", (SAMPLE / "answers" / "escalated.yaml").read_text("utf-8"), "reclamacion", "17.1",
         ("email", "clara@example.com")),
    ],
)  # fmt: skip
def test_a_call_leaves_a_case_that_falls_due_and_its_receipt_in_the_outbox(
    run: Run, db: Path, tmp_path: Path, protocol: str, answers: str, kind: str, article: str, to: tuple[str, str]
) -> None:
    played(run, db, tmp_path, protocol, answers)
    (due,) = run(db, "case", "due", "--json").document
    assert (due["type"], due["article"]) == (kind, article)
    (message,) = run(db, "outbox", "list", "--json").document
    assert (message["channel"], message["recipient"], message["case"], message["state"]) == (*to, due["key"], "pending")
    case = run(db, "case", "show", due["key"], "--json").document
    assert [one["kind"] for one in case["documents"]] == ["receipt"]


def test_each_thing_that_the_customer_asks_for_will_have_its_answer(run: Run, db: Path, tmp_path: Path) -> None:
    played(run, db, tmp_path, "phone/claim", CLAIM)
    (due,) = run(db, "case", "due", "--json").document
    case = run(db, "case", "show", due["key"], "--json").document
    assert [one["text"] for one in case["items"]] == ["Que le llamen", "Una disculpa"]
    assert "se ha grabado con su consentimiento" in run(db, "case", "paper", due["key"]).out
