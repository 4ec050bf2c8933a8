"""What texts and conditions may name besides a protocol's own data: who attends, the customer, the contract, the time.

What is not known, or not verified, is missing from a text and unknown to a condition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from atencion.data.agents import StoredAgent
from atencion.data.customers import ContractCard, CustomerCard
from atencion.i18n import _
from atencion.scripts.expressions import Known
from atencion.scripts.organisation import Organisation
from atencion.scripts.run import Run
from atencion.scripts.templates import Context, Missing, Plain
from atencion.scripts.values import Value


@dataclass(frozen=True)
class Speech:
    """The words of a step as they are said or sent.

    `language` is theirs, which may not be the contact's if nobody wrote them in it; `missing` are the data they lack.
    """

    words: str = ""
    language: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Who talks to whom, and when. The card is there once the customer's identity is verified; `at` is local."""

    organisation: Organisation
    agent: StoredAgent
    at: datetime
    card: CustomerCard | None = None
    open_cases: int = 0

    def contract(self, run: Run) -> ContractCard | None:
        """The contract in hand: the one whose number was written down, or the only one that is active."""
        contracts = self.card.contracts if self.card else ()
        wanted = run.values.get(run.protocol.contract or "")
        active = [one for one in contracts if one.status == "active"]
        if wanted is not None:
            return next((one for one in contracts if one.number == wanted), None)
        return active[0] if len(active) == 1 else None


def speech(run: Run, scene: Scene) -> Speech:
    """What to say in the current step; no words if there is nothing to say."""
    step = run.current
    own = run.protocol.language
    if step is None or step.say is None:
        return Speech()
    variant = step.say.pick(language=run.language, channel=run.channel, register=run.register, own=own)
    if variant is None:
        return Speech()
    words = variant.template.render(context(run, scene))
    return Speech(words, variant.language or own, tuple(dict.fromkeys(_MISSING.findall(words))))


def context(run: Run, scene: Scene) -> Context:
    """All that texts may name."""
    organisation, agent, card, contract = scene.organisation, scene.agent, scene.card, scene.contract(run)
    department = organisation.department.get(run.case_department or "")
    channel = organisation.channel.get(run.channel)
    names: dict[str, Plain | Missing | Context] = {
        **organisation.speech(scene.at),
        "canal": channel.name if channel else run.channel,
        "agente": {
            "nombre": agent.name,
            "alias": agent.alias,
            "codigo": agent.code,
            "departamento": getattr(organisation.department.get(agent.department), "name", ""),
        },
        "cliente": {
            "verificado": run.verified,
            "nombre": card.given_name if card else Missing(_("nombre del cliente")),
            "apellidos": card.surnames if card else Missing(_("apellidos del cliente")),
            "nombre_completo": card.name if card else Missing(_("nombre del cliente")),
            "tratamiento": card.treatment if card else "usted",
            "idioma": card.language if card else run.language,
        },
        "contrato": {
            "numero": contract.number if contract else Missing(_("número de contrato")),
            "producto": contract.product_name if contract else Missing(_("producto")),
            "cuota": _euros(contract.monthly_cents if contract else None) or Missing(_("cuota")),
            "ultima_factura": _euros(contract.last_invoice_cents if contract else None) or Missing(_("última factura")),
            "inicio": (contract.started_on if contract else None) or Missing(_("inicio del contrato")),
        },
        "expediente": {
            "clave": run.case if run.case else Missing(_("clave del expediente")),
            "departamento": department.name if department else Missing(_("departamento")),
        },
    }
    return {**names, **run.context()}


def facts(run: Run, scene: Scene) -> Known:
    """What conditions may ask of the store and the clock, and what the store knows that need not be asked."""
    organisation, at = scene.organisation, scene.at
    found: dict[str, Value | None] = {
        **organisation.facts(at),
        "agente.codigo": scene.agent.code,
        "agente.rol": scene.agent.role,
        "agente.departamento": scene.agent.department,
    }
    if scene.card is not None:
        found |= _customer_facts(scene.card, at.date(), scene.open_cases)
    contract = scene.contract(run)
    if contract is not None:
        found |= {
            "contrato.numero": contract.number,
            "contrato.producto": contract.product_code,
            "contrato.familia": contract.product_family,
            "contrato.estado": contract.status,
            "contrato.cuota": _euros(contract.monthly_cents),
            "contrato.ultima_factura": _euros(contract.last_invoice_cents),
            "contrato.inicio": contract.started_on,
        }
    return found


_MISSING = re.compile(r"‹([^›]*)›")


def _customer_facts(card: CustomerCard, today: date, open_cases: int) -> dict[str, Value | None]:
    in_force = [one for one in card.addresses if one.valid_to is None and one.postcode]
    address = min(in_force, key=lambda one: not one.primary, default=None)
    phone, email = (next((one.normal for one in some), None) for some in (card.phones, card.emails))
    return {
        "cliente.tipo": str(card.kind),
        "cliente.idioma": card.language,
        "cliente.tratamiento": card.treatment,
        "cliente.edad": _age(card.birth_date, today),
        "cliente.codigo_postal": address.postcode if address else None,
        "cliente.provincia": address.province if address else None,
        "cliente.contratos": len([one for one in card.contracts if one.status == "active"]),
        "cliente.expedientes": open_cases,
        "cliente.nombre": card.given_name or card.company_name or None,
        "cliente.apellidos": card.surnames or None,
        "cliente.nif": next((one.normal for one in card.documents), None),
        "cliente.telefono": phone,
        "cliente.email": email,
        "cliente.direccion": address.street if address and address.street else None,
        "cliente.municipio": address.town if address and address.town else None,
        "cliente.nacimiento": card.birth_date,
    }


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100
