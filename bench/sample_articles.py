"""Invented articles by the hundred thousand, for the benchmarks: about other trades, in the same Spanish.

What is invented is not a copy of the shipped base: its titles join a matter, an act and a product of trades the base
does not attend, so that none of them answers its questions better than its own articles do, and all of them share its
everyday words.
"""

# ruff: noqa: SIM905 (lists of words read better as words)

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from atencion.data.articles import ArticleRecord

_MATTERS = (
    "matrícula póliza reserva préstamo hipoteca nómina billete equipaje envío paquete taller neumático motor revisión "
    "seguro siniestro peritaje franquicia receta consulta cita vacuna prótesis montura lente empadronamiento tasa "
    "licencia vado biblioteca abono piscina gimnasio monitor curso examen diploma beca residencia comedor ruta "
    "guardería uniforme libro edición suscripción revista anuncio dominio servidor copia antivirus router fibra "
    "portabilidad terminal pantalla batería cargador televisor lavadora frigorífico horno sofá colchón armario cocina "
    "pintura suelo ventana persiana toldo alarma cerradura extintor ascensor rampa grúa andamio contenedor poda riego "
    "semilla abono tractor pienso veterinario pasaporte visado aduana arancel almacén palé flete contenedor muelle"
).split()
_ACTS = (
    "solicitar anular cambiar consultar renovar devolver reclamar pagar fraccionar ampliar reducir trasladar ceder "
    "bloquear activar verificar descargar imprimir firmar enviar recoger entregar aplazar comprobar corregir copiar"
).split()
_KINDS = (
    "básica premium familiar joven senior nacional internacional anual mensual temporal urgente ordinaria digital "
    "presencial empresarial individual colectiva gratuita reducida completa parcial provisional definitiva"
).split()
_COMMON = (
    "cliente factura recibo contrato plazo días hábiles pago cuenta banco correo teléfono oficina horario titular "
    "documento identidad solicitud justificante clave expediente respuesta reclamación queja derecho ley servicio "
    "precio importe cobro devolución dinero luz gas contador corte avería técnico visita empresa compañía baja alta "
    "cambio datos permiso envío copia llamada grabación web aplicación contraseña error aviso mensaje supervisor"
).split()
_JOINS = "de la para con el en los que se por una al si no cuando hay como según desde hasta sin sobre".split()


def sample_articles(count: int, seed: int = 5) -> Iterator[ArticleRecord]:
    """So many articles, always the same for the same seed."""
    rng = random.Random(seed)
    invented = [_word(rng) for _n in range(20_000)]
    for number in range(count):
        matter, act, kind = rng.choice(_MATTERS), rng.choice(_ACTS), rng.choice(_KINDS)
        code = f"{matter[:3].upper()}-{number:06}"
        pool = [rng.choice(_MATTERS), rng.choice(_ACTS), rng.choice(_KINDS), rng.choice(invented), rng.choice(invented)]
        yield ArticleRecord(
            id=f"muestra-{number:06}",
            title=f"{act.capitalize()} {matter} {kind} {rng.choice(invented)}",
            say=f"Puede {act} su {matter} {kind} en la oficina o por teléfono. {_sentence(rng, pool, 12)}",
            body="\n\n".join(f"## {rng.choice(pool)}\n\n{_sentence(rng, pool, 60)}" for _n in range(3)) + f"\n\n{code}",
            tags=(matter, kind),
            synonyms=(f"{act} {matter}", f"{matter} {rng.choice(invented)}", _sentence(rng, pool, 4)),
            version="1.0.0",
            hash=f"{number:064x}",
            valid_from=date(2026, 1, 1),
            review_by=date(2027, 6, 30),
            sample=True,
        )


def _sentence(rng: random.Random, pool: list[str], words: int) -> str:
    chosen = [
        rng.choice(_JOINS) if n % 3 == 1 else rng.choice(_COMMON) if rng.random() < 0.6 else rng.choice(pool)
        for n in range(words)
    ]
    return " ".join(chosen).capitalize() + "."


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprstv") + rng.choice("aeiou") for _n in range(rng.randint(2, 4))) + rng.choice(
        ("", "", "r", "n", "s", "l")
    )
