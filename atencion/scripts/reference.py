"""What every key of the files an author writes is for, in Spanish: for the schema editors read and for the manual.

It is the language's reference, written in the language its authors read, and so it goes through no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from atencion.scripts.actions import Param
from atencion.scripts.values import FieldType

MODELS: Mapping[str, str] = {
    "Protocol": "Un protocolo: lo que se dice, se pregunta, se comprueba y se hace en un contacto.",
    "Fragment": "Pasos que otros protocolos incluyen, llaman o abren como momentos.",
    "FragmentParam": "Algo que dice quien usa el fragmento; dentro se escribe ${nombre}.",
    "Validity": "Desde cuándo, hasta cuándo y cuándo se revisa.",
    "Moment": "Un momento difícil: se abre desde cualquier paso y al acabar se vuelve a él.",
    "Include": "Pone aquí los pasos de un fragmento, con los cambios que se digan.",
    "CapturedField": "Un dato que se anota.",
    "Option": "Una opción para elegir.",
    "ChoiceOption": "Una de las salidas de la bifurcación.",
    "Rejection": "Un valor bien escrito que no puede ser.",
    "Check": "Algo que hay que haber hecho: lo marca el agente, o lo prueba el diario.",
    "Branch": "Adónde se va si se cumple una condición.",
    "Timing": "Cuánto debería durar el paso y cuánto puede: informa, nunca corta.",
    "Timer": "Lo que se le dice al agente cuando el paso dura demasiado.",
    "Repeat": "El paso empieza de nuevo mientras se cumpla una condición.",
    "Greeting": "Abre la conversación.",
    "Identify": "Busca al cliente y comprueba a ciegas que es él.",
    "Ask": "Pregunta y anota. Se pasa por alto si todo lo que pregunta ya se sabe.",
    "Knowledge": "Busca la respuesta en los artículos.",
    "Choice": "Una bifurcación que decide el agente.",
    "Resolve": "Dice cómo queda la demanda.",
    "Escalate": "Pasa la demanda a un departamento, con expediente y clave.",
    "Checklist": "Repasa una lista de comprobaciones.",
    "Message": "Dice o escribe algo, sin más.",
    "Action": "Hace algo en el almacén, que se ve antes de hacerse.",
    "Call": "Recorre un fragmento y vuelve.",
    "Farewell": "Se despide.",
    "WrapUp": "El cierre, ya sin el cliente.",
    "Examples": "Conversaciones de ejemplo: con estas respuestas, este camino y estas palabras.",
    "Example": "Una conversación.",
    "ExampleStep": "Lo que se hace en un paso.",
    "Escalation": "A quién se pasa la demanda y por qué.",
    "Expected": "Lo que tiene que salir; lo que no se nombra no se mira.",
}

KEYS: Mapping[str, Mapping[str, str]] = {
    "Protocol": {
        "id": "La ruta del fichero sin la terminación: phone/inbound.",
        "version": 'Tres números, entre comillas: "1.0.0".',
        "title": "El nombre que ve el agente.",
        "description": "Para qué sirve.",
        "channels": "Los canales para los que es, de organisation.yaml; el primero es el de costumbre.",
        "language": "La lengua de los textos que no dicen otra; es si no se pone.",
        "languages": "Las lenguas en que se prometen los textos; se avisa de los que falten.",
        "register": "El trato de los textos: formal (usted) o familiar (tú).",
        "author": "Quién lo escribe.",
        "approved_by": "Quién lo aprueba; nunca quien lo escribe.",
        "status": "draft, review, published o retired. Solo uno publicado puede abrirse.",
        "valid": "{from: fecha, to: fecha, review_by: fecha}.",
        "change_note": "Qué cambia en esta versión.",
        "criteria": "Criterios del estándar ECP0241_2 a los que sirve, de IC1.1 a IC4.7.",
        "roles": "Quién puede abrirlo: agent, trainer, supervisor; todos si no se dice.",
        "recording": "El dato de sí o no que dice si el cliente permite grabar; se ve siempre arriba.",
        "contract": "El dato de texto que guarda el número del contrato en mano.",
        "moments": "Momentos difíciles: caminos aparte que se abren desde cualquier paso.",
        "fields": "Los datos que se anotan, por su nombre.",
        "steps": "Los pasos, en orden.",
    },
    "Fragment": {
        "id": "La ruta del fichero sin la terminación: common/opening.",
        "version": "Tres números; quien lo usa puede pedir el primero: common/opening@1.",
        "title": "De qué es.",
        "description": "Para qué sirve y quién lo usa.",
        "author": "Quién lo escribe.",
        "approved_by": "Quién lo aprueba.",
        "change_note": "Qué cambia en esta versión.",
        "criteria": "Criterios del estándar a los que sirve.",
        "language": "La lengua de sus textos; es si no se pone.",
        "languages": "Las lenguas en que se prometen sus textos.",
        "params": "Lo que le dice quien lo usa.",
        "moment": "Si se abre como momento, lo que el agente lee en la lista.",
        "fields": "Datos que lleva consigo; los del protocolo, si se llaman igual, mandan.",
        "steps": "Los pasos. «end», o acabarse, es seguir después del fragmento.",
    },
    "FragmentParam": {"label": "Qué es.", "default": "Lo que vale si no se dice; sin esto hay que decirlo."},
    "Validity": {
        "from": "Primer día: 2026-12-28.",
        "to": "Último día.",
        "review_by": "Antes de qué día se revisa.",
    },
    "Moment": {
        "use": "El fragmento: common/angry, o common/angry@1.",
        "id": "Cómo se llama aquí; si no, el final del nombre del fragmento.",
        "title": "Cómo se ve en la lista.",
        "with": "Lo que se le dice al fragmento.",
    },
    "Include": {
        "include": "El fragmento: common/opening, o common/opening@1.",
        "with": "Lo que se le dice al fragmento.",
        "prefix": "Lo que se pone delante de los id de sus pasos, acabado en _.",
        "remove": "Pasos que se quitan.",
        "replace": "Pasos que se cambian por otros: {paso: {…}}.",
        "before": "Pasos que se ponen antes de uno: {paso: [pasos]}.",
        "after": "Pasos que se ponen después de uno: {paso: [pasos]}.",
    },
    "CapturedField": {
        "type": "Qué clase de dato es.",
        "label": "Cómo se ve en la pantalla.",
        "help": "Una ayuda debajo.",
        "required": "«no» deja seguir sin el dato.",
        "options": "Lo que se puede elegir, con los tipos choice y choices.",
        "min": "Lo menos que puede valer, o las letras que como poco tiene.",
        "max": "Lo más que puede valer, o las letras que como mucho tiene.",
        "pattern": "Una expresión regular que el valor entero tiene que cumplir.",
        "pattern_hint": "Lo que se dice si no la cumple.",
        "reject": "Valores que no pueden ser, y por qué.",
        "allow": "Respuestas que valen sin ser un valor: no_consta, no_facilita, no_aplica.",
        "personal": "«yes» si es un dato de una persona; entonces dice purpose y basis.",
        "purpose": "Para qué se pide.",
        "basis": "La base legal del RGPD, art. 6.1.",
        "source": "De dónde se sabe si el cliente está verificado; entonces no se vuelve a preguntar.",
        "keep": "Si se conserva cuando el paso empieza de nuevo; los personales, siempre.",
        "opens_demand": "«yes» si abre una demanda, que tendrá que quedar atendida.",
    },
    "Option": {"id": "Cómo la nombran las ramas.", "label": "Lo que se ve.", "hint": "Una ayuda al lado."},
    "ChoiceOption": {"goto": "El paso al que lleva; si no, se sigue por next o por el de debajo."},
    "Rejection": {
        "when": "La condición que lo rechaza; el valor se llama como el dato.",
        "say": "Lo que se le dice al agente.",
    },
    "Check": {
        "id": "Un nombre, distinto en el paso.",
        "label": "Lo que hay que haber hecho.",
        "proof": "La condición con que el diario lo prueba; sin ella, lo marca el agente.",
        "mandatory": "La norma que lo pide; sin ello el paso no se deja.",
    },
    "Branch": {
        "when": "La condición.",
        "goto": "El paso al que lleva, o «end».",
        "times": "Cuántas veces como mucho se toma en el contacto: pone fin a las vueltas.",
    },
    "Timing": {"target": "Lo que debería durar: 20s, 2m.", "limit": "Lo que puede durar."},
    "Timer": {
        "after": "Cuándo: 40s, 2m.",
        "hint": "Una ayuda.",
        "warn": "Un aviso.",
        "offer": "El momento, o el paso con jump, que se ofrece.",
    },
    "Repeat": {"while": "La condición.", "times": "Cuántas veces como mucho."},
    "StepBase": {
        "id": "Su nombre para las ramas: minúsculas, números y _.",
        "kind": "Qué clase de paso es.",
        "title": "Lo que se ve en la pantalla.",
        "say": "Lo que se dice, palabra por palabra; o variantes por idioma, canal y trato.",
        "hint": "Una ayuda para el agente, que no se dice.",
        "capture": "Los datos que se anotan.",
        "checks": "Lo que hay que asegurar.",
        "knowledge": "Artículos a mano.",
        "norms": "Artículos de normas que explican el paso: ley-10-2025/8.2.",
        "criteria": "Criterios del estándar a los que sirve.",
        "time": "{target: 20s, limit: 60s}: informan, nunca cortan.",
        "timers": "Lo que pasa cuando el paso se alarga: una ayuda, un aviso o una salida que se ofrece.",
        "mandatory": "La norma por la que el paso no se puede saltar.",
        "optional": "«yes» si se puede saltar sin decir por qué.",
        "only_if": "Condición sin la que el paso se pasa por alto.",
        "channels": "Los canales en que se da; en los demás se pasa por alto.",
        "jump": "«yes» si se puede venir a él desde cualquier paso.",
        "leave": "«no» si desde él no se puede saltar a otro.",
        "locked": "«yes» si quien incluye el fragmento no puede quitarlo ni cambiarlo.",
        "repeat": "{while: condición, times: n}: empieza de nuevo.",
        "do": "Lo que se hace en el almacén al acabar el paso.",
        "next": "El paso que sigue, o una lista de condiciones que acaba en «else»; si no, el de debajo.",
    },
    "Knowledge": {"query": "El dato cuyo texto se busca primero."},
    "Choice": {"options": "Las salidas: {id, label, hint, goto}."},
    "Resolve": {"outcomes": "Los resultados que caben aquí; todos si no se dice."},
    "Escalate": {
        "departments": "Los departamentos que caben aquí; todos si no se dice.",
        "outcome": "Con qué resultado cuenta la demanda desde entonces.",
    },
    "Call": {"run": "El fragmento que se recorre.", "with": "Lo que se le dice al fragmento."},
    "WrapUp": {"dispositions": "Las tipificaciones que caben aquí; todas si no se dice."},
    "Examples": {"tests": "Las conversaciones."},
    "Example": {
        "name": "Qué prueba, en una frase.",
        "channel": "El canal; el primero del protocolo si no se dice.",
        "language": "El idioma del cliente; el del protocolo si no se dice.",
        "clock": 'La hora local en que empieza: "2026-12-07T10:00".',
        "facts": 'Lo que el almacén sabe: {cliente.edad: "70"}.',
        "steps": "Lo que se hace, paso a paso.",
        "expect": "Lo que tiene que salir.",
    },
    "ExampleStep": {
        "step": "En qué paso se está.",
        "customer": "Cómo acaba la búsqueda del cliente: verified, found, locked o nobody.",
        "language": "Pasa a hablarse en este idioma.",
        "say": "«no» si el texto del paso no se dice.",
        "send": "Lo que se escribe, si no es el texto del paso.",
        "note": "Notas que se toman.",
        "fields": "Los datos que se anotan, como los escribiría el agente.",
        "tick": "Comprobaciones que se marcan.",
        "choose": "La opción que se elige.",
        "article": "El artículo que se lee.",
        "not_found": "«yes» si ningún artículo responde.",
        "outcome": "Cómo queda la demanda.",
        "summary": "Un resumen, con outcome.",
        "escalate": "A quién se pasa: {reason, department, summary}.",
        "moment": "El momento que se abre; los pasos que siguen son los suyos.",
        "jump": "El paso al que se salta.",
        "skip": "Por qué se salta el paso.",
        "back": "El paso al que se vuelve.",
        "cut_off": "Por qué se corta el contacto.",
        "disposition": "La tipificación con que se cierra.",
    },
    "Escalation": {
        "reason": "El motivo, de organisation.yaml.",
        "department": "El departamento; el del motivo si no se dice.",
        "summary": "Lo que tiene que saber quien lo recibe.",
    },
    "Expected": {
        "path": "El camino entero, paso a paso.",
        "passes": "Pasos por los que se pasa en este orden; puede haber otros en medio.",
        "fields": "Los datos que quedan anotados.",
        "says": "Palabras que se dicen en cada paso.",
        "does": "Las acciones que se hacen, en orden.",
        "outcome": "Cómo queda la demanda.",
        "owed": "Lo que queda debido; [] si no queda nada.",
        "refused": "Lo que se contesta al último paso, que se rechaza.",
    },
}
"""Keys by the name of their model; those of `StepBase` are of every kind of step."""

TYPES: Mapping[FieldType, tuple[str, str]] = {
    FieldType.TEXT: ("una línea", "Calle Mayor, 3"),
    FieldType.NOTE: ("varias líneas", "lo que cuenta el cliente"),
    FieldType.INTEGER: ("un número entero", "1.200"),
    FieldType.AMOUNT: ("euros, a la española o con punto", "1.234,56"),
    FieldType.DATE: ("una fecha que exista", "31/12/1980"),
    FieldType.TIME: ("una hora", "18:30"),
    FieldType.PHONE: ("un teléfono que exista; sin prefijo, de España", "612 345 678"),
    FieldType.EMAIL: ("un correo bien escrito", "nombre@dominio.es"),
    FieldType.NIF: ("NIF, NIE o CIF cuya letra cuadre", "12345678Z"),
    FieldType.IBAN: ("un IBAN cuyas cifras cuadren", "ES91 2100 0418 4502 0005 1332"),
    FieldType.POSTCODE: ("cinco cifras, de 01 a 52", "01001"),
    FieldType.CHOICE: ("una de options, por su id o su label", "factura"),
    FieldType.CHOICES: ("varias de options, separadas por comas", "luz, gas"),
    FieldType.YES_NO: ("sí o no", "s"),
    FieldType.RATING: ("una nota, de 0 a 10 si min y max no dicen otra cosa", "8"),
}
"""What each type of field takes, and an example."""

_PARAMS: Mapping[str, str] = {
    "type": "Qué clase es, de las de la organización.",
    "subtype": "Más en concreto.",
    "subject": "De qué se trata.",
    "department": "El departamento que se ocupa.",
    "amount": "Los euros en juego.",
    "priority": "Con qué prisa.",
    "key": "La clave del expediente; el que se tiene en mano si no se dice.",
    "note": "Lo que se anota.",
    "datum": "El dato que cambia.",
    "value": "Lo que vale desde ahora.",
    "purpose": "Para qué se consiente.",
    "text": "Las palabras con que se pidió.",
    "title": "Cómo se llama.",
    "reference": "Su número o su nombre de fichero.",
    "direction": "Si entra o sale.",
    "when": 'Cuándo: "2026-12-01 10:00" o "+1 working day".',
    "phone": "A qué teléfono.",
    "reason": "Por qué.",
    "by": "Por qué medio.",
    "programme": "El programa.",
    "survey": "La encuesta.",
    "score": "La nota.",
    "comment": "Lo que dice además.",
}


def describe(model: type[BaseModel], key: str) -> str:
    """What a key of a model is for; empty if nobody wrote it down."""
    for base in model.__mro__:
        found = KEYS.get(base.__name__, {}).get(key)
        if found:
            return found
    return ""


def describe_param(name: str, param: Param) -> str:
    """What a parameter of an action is for."""
    said = _PARAMS.get(name, "")
    options = f" {', '.join(param.options)}." if param.options else ""
    return (said if param.required else f"{said} Puede faltar.") + options
