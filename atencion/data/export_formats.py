"""The exports of the tools that organisations leave, recognised by their headers.

The columns are those that each tool's own documentation or exporter gives to contacts; what a column of the same name
means elsewhere may differ, which is why they are not left to guessing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atencion.data.customer_columns import Column, recognise
from atencion.data.customer_search import key_of


@dataclass(frozen=True)
class Export:
    """A tool's export of contacts: the columns that only it has, and what its columns hold."""

    name: str
    signature: frozenset[str]
    names: dict[str, Column]

    def columns(self, header: Sequence[str]) -> list[Column]:
        """What each column holds; what the tool's table does not say is guessed by its name."""
        guessed = recognise(header)
        return [self.names.get(key_of(label), column) for label, column in zip(header, guessed, strict=True)]


def known_export(header: Sequence[str]) -> Export | None:
    """The tool that a header is of, or None."""
    keys = {key_of(label) for label in header}
    return next((export for export in _EXPORTS if export.signature <= keys), None)


def _export(name: str, signature: str, **columns: str) -> Export:
    names = {
        key_of(label): Column(column) for column, labels in columns.items() for label in labels.split(",") if label
    }
    return Export(name, frozenset(key_of(label) for label in signature.split(",")), names)


_EXPORTS = (
    _export(
        "Salesforce",
        "Id,LastName,FirstName,MailingPostalCode",
        external_id="Id", given_name="FirstName", surnames="LastName", phone="Phone,MobilePhone,HomePhone,OtherPhone",
        email="Email", street="MailingStreet", town="MailingCity", province="MailingState",
        postcode="MailingPostalCode", birth_date="Birthdate",
        unknown="AccountId,MailingCountry,Fax,OtherStreet,OtherCity,OtherState,OtherPostalCode,Name,Title,Department",
    ),
    _export(
        "Salesforce",
        "Contact ID,First Name,Last Name,Mailing Street",
        external_id="Contact ID", given_name="First Name", surnames="Last Name", company_name="Account Name",
        phone="Phone,Mobile", email="Email", street="Mailing Street", town="Mailing City",
        province="Mailing State/Province", postcode="Mailing Zip/Postal Code", birth_date="Birthdate",
    ),
    _export(
        "HubSpot",
        "Record ID,First Name,Last Name,Email",
        external_id="Record ID", given_name="First Name", surnames="Last Name", company_name="Company Name",
        phone="Phone Number,Mobile Phone Number", email="Email,Work email", street="Street Address", town="City",
        province="State/Region", postcode="Postal Code", birth_date="Date of birth", language="Preferred language",
        unknown="Contact owner,Lead Status,Create Date,Associated Company,Country/Region",
    ),
    _export(
        "Zammad",
        "login,firstname,lastname,email",
        external_id="id", given_name="firstname", surnames="lastname", company_name="organization",
        phone="phone,mobile", email="email", street="street", town="city", postcode="zip",
        unknown="login,address,fax,web,department,vip,verified,active,note,roles,groups,country,image,source",
    ),
    _export(
        "EspoCRM",
        "firstName,lastName,emailAddress,phoneNumber",
        external_id="id", given_name="firstName", surnames="lastName", company_name="accountName",
        phone="phoneNumber,phoneNumberMobile,phoneNumberHome", email="emailAddress", street="addressStreet",
        town="addressCity", province="addressState", postcode="addressPostalCode",
        unknown="name,salutationName,addressCountry,accountId,title,description,doNotCall",
    ),
    _export(
        "SuiteCRM",
        "First Name,Last Name,Primary Address Street,Primary Address Postal Code",
        external_id="ID", given_name="First Name", surnames="Last Name", company_name="Account Name",
        phone="Mobile,Office Phone,Home,Home Phone,Other Phone", email="Email Address,Email,Non Primary E-mails",
        street="Primary Address Street", town="Primary Address City", province="Primary Address State",
        postcode="Primary Address Postal Code", birth_date="Birthdate",
        unknown="Fax,Salutation,Title,Department,Primary Address Country,Other Address Street,Full Name,Name",
    ),
    _export(
        "Odoo",
        "name,is_company,vat",
        external_id="id,ref", full_name="name", document="vat", phone="phone,mobile", email="email",
        street="street,street2", town="city", province="state_id,state_id/name", postcode="zip", language="lang",
        company_name="parent_id,parent_id/name,commercial_company_name",
        unknown="is_company,country_id,title,display_name",
    ),
    _export(
        "Odoo",
        "Nombre,Es una compañía,NIF",
        external_id="ID externo,ID,Referencia", full_name="Nombre", document="NIF", phone="Teléfono,Móvil",
        email="Correo electrónico", street="Calle,Calle 2", town="Ciudad", province="Estado,Provincia",
        postcode="C.P.,Código postal", language="Idioma", company_name="Empresa relacionada",
        unknown="Es una compañía,País,Nombre mostrado",
    ),
    _export(
        "osTicket",
        "Name,Organization,Email,Phone Number",
        external_id="ID", full_name="Name", company_name="Organization", email="Email", phone="Phone Number",
        unknown="Internal Notes,Status,Created,Last Login",
    ),
)  # fmt: skip
