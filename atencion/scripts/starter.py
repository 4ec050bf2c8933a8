"""A protocol to begin with: small, whole, commented for who has never written one, with an example that proves it."""

from __future__ import annotations

from datetime import date

from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.catalogue import FRAGMENTS, TESTS
from atencion.scripts.organisation import Organisation
from atencion.text import clean_line


def starter(protocol_id: str, organisation: Organisation, *, title: str, today: date) -> dict[str, str]:
    """The text of each new file by its path below the folder: the protocol or the fragment, and its example.

    Raises Refused if the id names no channel, or is no id.
    """
    channel, _slash, name = protocol_id.partition("/")
    if not name or not all(part.replace("-", "").isalnum() and part.islower() for part in name.split("/")):
        message = _("«{id}» no sirve de nombre.").format(id=clean_line(protocol_id, 80))
        raise Refused(message, remedy=_("Escriba canal/nombre, en minúsculas y con guiones: phone/cambio-de-titular."))
    if channel == FRAGMENTS:
        return {f"{protocol_id}.yaml": _filled(_FRAGMENT, id=protocol_id, title=title)}
    if channel not in organisation.channel:
        message = _("«{channel}» no es un canal de la organización.").format(channel=clean_line(channel, 40))
        raise Refused(message, remedy=", ".join((*organisation.channel, FRAGMENTS)))
    written = organisation.channel[channel].written
    settled = next((one for one in organisation.outcomes if one.settled), organisation.outcomes[0])
    values = {
        "id": protocol_id,
        "title": title,
        "channel": channel,
        "today": today.isoformat(),
        "greeting": _WRITTEN_GREETING if written else _SPOKEN_GREETING,
        "outcome": settled.id,
        "disposition": organisation.dispositions[0].id,
    }
    return {f"{protocol_id}.yaml": _filled(_PROTOCOL, **values), f"{protocol_id}{TESTS}": _filled(_TEST, **values)}


def _filled(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


_SPOKEN_GREETING = "{{ saludo }}, le atiende {{ agente.alias }}, de {{ organizacion.nombre }}."
_WRITTEN_GREETING = "Hola, le responde {{ agente.alias }}, de {{ organizacion.nombre }}."

_PROTOCOL = """\
# Un protocolo para empezar. Cámbielo y, cada vez que guarde, compruébelo y pruébelo:
#   atencion protocol check <id>
#   atencion protocol test <id>
# Lo que va detrás de «#» es una nota para usted: el programa no la lee.
# Los textos que llevan «:» o empiezan por «{» van entre comillas.

id: <id>        # la ruta de este fichero, sin .yaml
version: "0.1.0"              # súbala con cada cambio
title: <title>
channels: [<channel>]
author: formacion             # quién lo escribe
# approved_by: calidad        # quién lo aprueba: nunca quien lo escribe
status: draft                 # «published» cuando esté aprobado; hasta entonces nadie puede abrirlo
valid: {from: "<today>"}
change_note: Primer borrador

# Los datos que se anotan. Cada uno dice de qué tipo es.
fields:
  motivo:
    type: choice
    label: Qué quiere hacer
    options:
      - {id: informarse, label: Solo quiere información}
      - {id: tramitar, label: Quiere hacer el trámite}
  demanda:
    type: note
    label: Qué pide, con sus palabras
    opens_demand: yes         # cada demanda tiene que quedar resuelta o en manos de alguien
  telefono:
    type: phone
    label: Teléfono de contacto
    personal: yes             # un dato personal dice para qué se pide y con qué base
    purpose: avisarle cuando el trámite esté hecho
    basis: contract
    source: cliente.telefono  # si ya consta del cliente, no se vuelve a pedir

# Los pasos, en el orden en que se dan. Sin «next», se sigue por el de debajo.
steps:
  - id: saludo
    kind: greeting
    title: Saludo
    say: "<greeting>"         # lo que se dice, palabra por palabra
    checks:
      - {id: saludado, label: Ha dicho quién atiende, proof: paso.dicho}

  - id: demanda
    kind: ask
    title: Qué necesita
    say: ¿En qué puedo ayudarle?
    hint: Deje hablar y repita lo que ha entendido.   # una ayuda para el agente: no se dice
    capture: [motivo, demanda]
    next:                     # vale la primera condición que se cumple; la última es siempre «else»
      - {when: motivo == "tramitar", goto: contacto}
      - else: informar

  - id: informar
    kind: knowledge
    title: Buscar la respuesta
    query: demanda            # el dato cuyo texto se busca primero
    next: resolver

  - id: contacto
    kind: ask
    title: Cómo avisarle
    say: "{{ organizacion.privacidad }} ¿A qué teléfono podemos avisarle?"
    capture: [telefono]

  - id: confirmar
    kind: message
    title: Confirmar
    say: "De acuerdo: le avisaremos en el {{ telefono | telefono }}."

  - id: resolver
    kind: resolve
    title: Resolver

  - id: despedida
    kind: farewell
    title: Despedida
    say: "Gracias por contactar con {{ organizacion.nombre }}."

  - id: cierre
    kind: wrap_up
    title: Cierre
"""

_TEST = """\
# Conversaciones de ejemplo: con estas respuestas, este camino, estos datos y estas palabras.
#   atencion protocol test <id>

tests:
  - name: quien hace el trámite deja su teléfono
    steps:                    # lo que se hace en cada paso; lo que tiene texto se dice solo
      - {step: saludo}
      - {step: demanda, fields: {motivo: tramitar, demanda: Quiero hacer el trámite}}
      - {step: contacto, fields: {telefono: "749 000 000"}}
      - {step: confirmar}
      - {step: resolver, outcome: <outcome>, summary: Queda hecho}
      - {step: despedida}
      - {step: cierre, disposition: <disposition>}
    expect:
      path: [saludo, demanda, contacto, confirmar, resolver, despedida, cierre]
      fields: {motivo: tramitar}
      says: {confirmar: 749 000 000}
      owed: []                # nada queda debido

  - name: quien solo pregunta no deja ningún dato
    steps:
      - {step: saludo}
      - {step: demanda, fields: {motivo: informarse, demanda: ¿Cuánto tarda?}}
      - {step: informar, not_found: yes}
      - {step: resolver, outcome: <outcome>, summary: Se le informa}
      - {step: despedida}
      - {step: cierre, disposition: <disposition>}
    expect:
      passes: [demanda, informar, resolver]
"""

_FRAGMENT = """\
# Un fragmento: pasos que varios protocolos usan. Para usarlo, en «steps» de un protocolo:
#   - include: <id>
# o, si es un momento difícil que puede llegar en cualquier paso, en su cabecera:
#   moments: [<id>]

id: <id>        # la ruta de este fichero, sin .yaml
version: "0.1.0"
title: <title>
author: formacion
change_note: Primer borrador
# moment: Cuándo se abre      # si es un momento, lo que el agente lee en la lista

# Lo que dice cada protocolo al usarlo, con «with»: aquí va como ${nombre}.
params:
  asunto: {label: De qué se trata, default: su consulta}

steps:
  - id: escuchar
    kind: message
    title: Escuchar
    say: Le escucho. Vamos a ver juntos ${asunto}.
    hint: No interrumpa.
"""
