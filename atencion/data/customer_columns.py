"""Which datum of a customer each column of a file holds, by the names people give to columns in Spanish and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from atencion.data.customer_search import key_of


class Column(StrEnum):
    """What a column holds. Several columns may hold the same: two phones, two surnames."""

    EXTERNAL_ID = "external_id"
    GIVEN_NAME = "given_name"
    SURNAMES = "surnames"
    FULL_NAME = "full_name"
    COMPANY_NAME = "company_name"
    DOCUMENT = "document"
    PASSPORT = "passport"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    EMAIL = "email"
    STREET = "street"
    POSTCODE = "postcode"
    TOWN = "town"
    PROVINCE = "province"
    LANGUAGE = "language"
    TREATMENT = "treatment"
    ACCESSIBILITY = "accessibility"
    REASON = "reason"
    """Why a row was rejected, in a file of rejected rows that comes back corrected: not read."""
    UNKNOWN = "unknown"


REASON_HEADER = "motivo"


def recognise(header: Sequence[str]) -> list[Column]:
    """What each column holds, in order."""
    return [_recognise(name) for name in header]


_NAMES: dict[Column, str] = {
    Column.EXTERNAL_ID: """
        external_id, id, id externo, código, código cliente, código de cliente, cod cliente, id cliente, nº cliente,
        n cliente, num cliente, número cliente, número de cliente, referencia, ref, customer id, customer number,
        customer no, customer code, client id, account number, cliente id
    """,
    Column.GIVEN_NAME: "nombre, nombre de pila, name, given name, first name, forename, nombres",
    Column.SURNAMES: """
        apellidos, apellido, primer apellido, segundo apellido, 1er apellido, 2º apellido, 1º apellido, 1 apellido,
        2 apellido, surname, surnames, last name, last names, family name, second surname, second last name
    """,
    Column.FULL_NAME: """
        nombre completo, nombre y apellidos, apellidos y nombre, titular, cliente, full name, customer name,
        customer
    """,
    Column.COMPANY_NAME: """
        razón social, empresa, denominación, denominación social, nombre empresa, nombre de la empresa, nombre
        comercial, company, company name, business name, organisation, organization, legal name
    """,
    Column.DOCUMENT: """
        nif, dni, nie, cif, nif/cif, cif/nif, dni/nie, nif/nie, dni/nif, dni/cif, dni/nie/cif, nif/nie/cif,
        dni/nif/nie, documento, documento de identidad, documento identidad, número de documento, nº documento, num
        documento, identificación, identificador fiscal, doc, tax id, vat, vat number, identity document, document,
        document number, id number, identity number, national id, fiscal id, identifier
    """,
    Column.PASSPORT: "pasaporte, nº pasaporte, número de pasaporte, passport, passport number",
    Column.BIRTH_DATE: """
        fecha de nacimiento, fecha nacimiento, fec nacimiento, f nacimiento, f nac, fecha nac, nacimiento, birth
        date, date of birth, dob, birthday, born
    """,
    Column.PHONE: """
        teléfono, teléfonos, phones, teléfono fijo, teléfono móvil, teléfono de contacto, teléfono contacto, tfno, tlf,
        tlfno, tfn, tel, telf, fijo, móvil, móviles, celular, phone, phone number, telephone, telephone number,
        landline, mobile, mobile phone, mobile number, cell, cell phone, home phone, work phone, otro teléfono
    """,
    Column.EMAIL: """
        e-mail, emails, correo, correo electrónico, correo e, mail, dirección de correo, dirección de correo
        electrónico, dirección e-mail, email address, e-mail address, electronic mail
    """,
    Column.STREET: """
        dirección, domicilio, calle, dirección postal, dirección completa, dirección de suministro, vía, address,
        street, street address, address line, postal address
    """,
    Column.POSTCODE: """
        cp, código postal, cód postal, cod postal, c postal, d postal, distrito postal, postcode, post code, postal
        code, zip, zip code
    """,
    Column.TOWN: "municipio, localidad, población, ciudad, town, city, locality, municipality",
    Column.PROVINCE: "provincia, prov, province, county, state",
    Column.LANGUAGE: "idioma, lengua, idioma preferido, language, preferred language, lang",
    Column.TREATMENT: "trato, tratamiento, tuteo, treatment, form of address",
    Column.ACCESSIBILITY: "accesibilidad, necesidades de accesibilidad, accessibility, accessibility needs",
    Column.REASON: f"{REASON_HEADER}, motivo del rechazo, reason",
}
_BY_KEY = {key_of(name): column for column, names in _NAMES.items() for name in names.split(",")}
_NUMBERED = re.compile(r"(?<=\D)\d{1,2}$")


def _recognise(name: str) -> Column:
    key = key_of(name)
    return _BY_KEY.get(key) or _BY_KEY.get(_NUMBERED.sub("", key)) or Column.UNKNOWN
