"""Folders of protocols for tests: the shipped organisation, with the protocols that a test needs."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from atencion.resources import shipped_protocols


def protocols_folder(at: Path, protocols: Mapping[str, str]) -> Path:
    """A folder with these protocols and fragments, by id, each as it is written below its `author:` line."""
    at.mkdir(parents=True)
    shutil.copy(shipped_protocols() / "organisation.yaml", at)
    for name in ("regulation", "knowledge", "cases"):
        shutil.copytree(shipped_protocols() / name, at / name)
    for protocol_id, text in protocols.items():
        path = at / f"{protocol_id}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'id: {protocol_id}\nversion: "1.0.0"\nauthor: nadie\n{text}', encoding="utf-8")
    return at


def shipped_call(at: Path) -> Path:
    """A folder with the shipped protocol of incoming calls and the fragments it uses, and no other protocol."""
    folder = protocols_folder(at, {})
    shutil.copytree(shipped_protocols() / "common", folder / "common")
    (folder / "phone").mkdir()
    shutil.copy(shipped_protocols() / "phone" / "inbound.yaml", folder / "phone")
    return folder


CALL = """\
title: Una llamada
channels: [phone]
languages: [es, ca]
valid: {from: "2026-01-01"}
moments: [common/angry, common/in-danger]
fields:
  cuando: {type: time, label: Hora preferida, required: no}
  cuenta: {type: iban, label: Cuenta, required: no, allow: [no_consta, no_facilita]}
  medios:
    type: choices
    label: Por dónde
    required: no
    options: [{id: correo, label: Correo}, {id: sms, label: SMS}, {id: carta, label: Carta}]
  nota: {type: rating, label: Qué nota nos da, required: no, max: "5", help: de 1 a 5, min: "1"}
steps:
  - id: saludo
    kind: message
    title: Saludo
    say: {default: "Buenos días, le atiende {{ agente.alias }}.", ca: "Bon dia, l'atén {{ agente.alias }}."}
    timers:
      - {after: 40s, hint: Deje hablar}
      - {after: 2m, warn: Lleva dos minutos}
      - {after: 3m, offer: angry}
  - id: datos
    kind: ask
    title: Datos
    say: "¿Me da unos datos?"
    capture: [cuando, cuenta, medios, nota]
    optional: yes
  - id: apuntar
    kind: action
    title: Apuntar
    jump: yes
    do:
      - {schedule_callback: {when: +1 working day, phone: "910000000", reason: Revisar la lectura}}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""

ANGRY = """\
title: Está enfadado
moment: Sube la voz o insulta
steps:
  - id: escuchar
    kind: message
    title: Escuchar
    say: Entiendo que esté molesto y quiero ayudarle.
  - id: acordar
    kind: message
    title: Acordar
    say: Le propongo una salida.
"""

IN_DANGER = """\
title: Está en peligro
moment: Alguien corre peligro ahora
steps:
  - {id: ayuda, kind: message, title: Pedir ayuda, say: Llame al 112.}
"""

LETTER = """\
title: Responder a un correo
channels: [email]
valid: {from: "2026-01-01"}
fields:
  asunto: {type: text, label: De qué escribe}
steps:
  - {id: leer, kind: ask, title: Leer, capture: [asunto]}
  - id: responder
    kind: message
    title: Responder
    say: |-
      Hola:

      Gracias por escribirnos sobre {{ asunto }}. Su clave es {{ expediente.clave }}.

      {{ agente.alias }}, {{ organizacion.nombre }}
    checks:
      - {id: leido, label: Ha leído el hilo entero}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""

TEXT_MESSAGE = """\
title: Avisar por SMS
channels: [sms]
valid: {from: "2026-01-01"}
steps:
  - {id: aviso, kind: message, title: Aviso, say: "Su cita es el martes a las 10. {{ organizacion.nombre }}"}
  - {id: cierre, kind: wrap_up, title: Cierre}
"""

SEVERAL = {
    "phone/una": CALL,
    "phone/otra": CALL.replace("Una llamada", "Otra llamada"),
    "email/responder": LETTER,
    "sms/avisar": TEXT_MESSAGE,
    "common/angry": ANGRY,
    "common/in-danger": IN_DANGER,
}
"""Protocols for several channels, with moments, timers, every new kind of field, and something to do."""
