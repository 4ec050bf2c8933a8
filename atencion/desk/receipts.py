"""What a customer is given in writing of what they asked for (Ley 10/2025 art. 12.2; TRLGDCU art. 21.2)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from atencion.data.cases import CaseSummary
from atencion.desk.case_keys import spoken_key
from atencion.i18n import _
from atencion.scripts.organisation import Organisation
from atencion.scripts.spoken import hour, long_date
from atencion.text import clean_text


def receipt(case: CaseSummary, organisation: Organisation, at: datetime) -> str:
    """The text of a receipt: who gives it, what was asked, when, and the key to follow it by. `at` is local."""
    opened = case.opened_at.astimezone(at.tzinfo)
    kind = organisation.case_type.get(case.type)
    department = organisation.department.get(case.department)
    lines = [
        organisation.legal_name,
        _("Justificante de {kind}").format(kind=kind.label.lower() if kind else case.type),
        "",
        _("Clave: {key}").format(key=spoken_key(case.key)),
        _("Registrado: {day}, a las {hour}").format(day=long_date(opened), hour=hour(opened)),
    ]
    if department is not None:
        lines.append(_("A cargo de: {department}").format(department=department.name))
    lines += [
        _("Lo que pide: {subject}").format(subject=case.subject or ""),
        "",
        _("Con la clave puede saber cómo va en {phone} o {email}.").format(
            phone=organisation.phone, email=organisation.email
        ),
        _("Emitido: {day}, a las {hour}").format(day=long_date(at), hour=hour(at)),
    ]
    return clean_text("\n".join(lines))


def fingerprint(text: str) -> str:
    """The SHA-256 of a text, by which it can be proved to be the very one that was given."""
    return hashlib.sha256(text.encode()).hexdigest()
