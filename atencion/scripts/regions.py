"""The autonomous communities and cities, by ISO 3166-2, and which of them a postcode lies in."""

from __future__ import annotations

from atencion.text import clean_line

REGIONS: dict[str, str] = {
    "ES-AN": "Andalucía",
    "ES-AR": "Aragón",
    "ES-AS": "Asturias",
    "ES-CB": "Cantabria",
    "ES-CE": "Ceuta",
    "ES-CL": "Castilla y León",
    "ES-CM": "Castilla-La Mancha",
    "ES-CN": "Canarias",
    "ES-CT": "Cataluña",
    "ES-EX": "Extremadura",
    "ES-GA": "Galicia",
    "ES-IB": "Illes Balears",
    "ES-MC": "Región de Murcia",
    "ES-MD": "Comunidad de Madrid",
    "ES-ML": "Melilla",
    "ES-NC": "Navarra",
    "ES-PV": "País Vasco",
    "ES-RI": "La Rioja",
    "ES-VC": "Comunitat Valenciana",
}

CO_OFFICIAL: dict[str, tuple[str, ...]] = {
    "ES-CT": ("ca",),
    "ES-GA": ("gl",),
    "ES-IB": ("ca",),
    "ES-NC": ("eu",),
    "ES-PV": ("eu",),
    "ES-VC": ("ca",),
}
"""The languages that are official beside Spanish. Valencian goes by the code of Catalan; in Navarra, by zones."""

_PROVINCES = {
    "ES-AN": "04 11 14 18 21 23 29 41",
    "ES-AR": "22 44 50",
    "ES-AS": "33",
    "ES-CB": "39",
    "ES-CE": "51",
    "ES-CL": "05 09 24 34 37 40 42 47 49",
    "ES-CM": "02 13 16 19 45",
    "ES-CN": "35 38",
    "ES-CT": "08 17 25 43",
    "ES-EX": "06 10",
    "ES-GA": "15 27 32 36",
    "ES-IB": "07",
    "ES-MC": "30",
    "ES-MD": "28",
    "ES-ML": "52",
    "ES-NC": "31",
    "ES-PV": "01 20 48",
    "ES-RI": "26",
    "ES-VC": "03 12 46",
}
_BY_PROVINCE = {province: region for region, provinces in _PROVINCES.items() for province in provinces.split()}


def region_of_postcode(postcode: str) -> str | None:
    """The region of a Spanish postcode, or None if it is none."""
    digits = clean_line(postcode, 20)
    return _BY_PROVINCE.get(digits[:2]) if len(digits) == 5 and digits.isdecimal() else None


def official_languages(region: str | None) -> tuple[str, ...]:
    """The official languages of a region, Spanish first."""
    return ("es", *CO_OFFICIAL.get(region or "", ()))
