"""The province that the first two digits of a Spanish postcode stand for."""

from __future__ import annotations

from atencion.text import fold

_NAMES = (
    "Álava", "Albacete", "Alicante", "Almería", "Ávila", "Badajoz", "Illes Balears", "Barcelona", "Burgos", "Cáceres",
    "Cádiz", "Castellón", "Ciudad Real", "Córdoba", "A Coruña", "Cuenca", "Girona", "Granada", "Guadalajara",
    "Gipuzkoa", "Huelva", "Huesca", "Jaén", "León", "Lleida", "La Rioja", "Lugo", "Madrid", "Málaga", "Murcia",
    "Navarra", "Ourense", "Asturias", "Palencia", "Las Palmas", "Pontevedra", "Salamanca", "Santa Cruz de Tenerife",
    "Cantabria", "Segovia", "Sevilla", "Soria", "Tarragona", "Teruel", "Toledo", "Valencia", "Valladolid", "Bizkaia",
    "Zamora", "Zaragoza", "Ceuta", "Melilla",
)  # fmt: skip
_OTHER_NAMES = {
    "araba": 1, "alacant": 3, "baleares": 7, "castello": 12, "coruna": 15, "la coruna": 15, "gerona": 17,
    "guipuzcoa": 20, "lerida": 25, "logrono": 26, "nafarroa": 31, "orense": 32, "tenerife": 38, "vizcaya": 48,
}  # fmt: skip


def province_of(postcode: str) -> str:
    """The province of a postcode; empty if it is none."""
    number = int(postcode[:2]) if postcode[:2].isdecimal() and postcode[:2].isascii() else 0
    return _NAMES[number - 1] if 1 <= number <= len(_NAMES) else ""


def is_province(name: str, postcode: str) -> bool:
    """Whether a province, by any of its names, is the one of a postcode. What is no known name may be anything."""
    wanted, number = fold(name.strip()), int(postcode[:2])
    known = {fold(one): n for n, one in enumerate(_NAMES, 1)} | _OTHER_NAMES
    return wanted not in known or known[wanted] == number
