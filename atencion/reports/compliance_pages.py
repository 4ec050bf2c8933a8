"""The compliance report as a page, as a PDF, and with all that supports it in one bundle of files with their hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from html import escape
from pathlib import Path

from atencion.desk.case_keys import spoken_key
from atencion.desk.paper import to_pdf
from atencion.errors import Refused
from atencion.i18n import _, language
from atencion.reports.compliance import ComplianceReport, Obligation, document

SHOWN = 50
"""Breaches of an obligation that a page names; the JSON and the CSV have them all."""


def title_of(report: ComplianceReport) -> str:
    """What the report is called."""
    return _("Cumplimiento, del {first} al {last}").format(
        first=f"{report.first:%d/%m/%Y}", last=f"{report.last:%d/%m/%Y}"
    )


def result_of(one: Obligation) -> str:
    """How an obligation stands, in words."""
    if one.total == 0:
        return _("sin casos")
    return _("cumple") if one.fulfilled else _("no cumple")


def share_of(one: Obligation) -> str:
    """How many of a hundred kept it."""
    return "—" if one.share is None else f"{one.share:.2f} %".replace(".", ",")


def to_html(report: ComplianceReport) -> str:
    """A page that needs nothing else: one table, and the breaches under it."""
    heads = (_("Norma"), _("Qué se mide"), _("Medidos"), _("Cumplen"), "%", _("Error"), _("Resultado"))
    rows = "".join(
        "<tr>"
        + f'<th scope="row">{escape(one.label)}<br><small>{escape(one.title)}</small></th>'
        + f"<td>{escape(one.measured)}{_extra(one)}</td>"
        + "".join(f"<td class=n>{escape(cell)}</td>" for cell in _figures(one))
        + f"<td>{escape(result_of(one))}</td></tr>\n"
        for one in report.obligations
    )
    breaches = "".join(
        f"<h2>{escape(one.label)}</h2><ul>"
        + "".join(f"<li>{escape(line)}</li>" for line in _breach_lines(one))
        + "</ul>\n"
        for one in report.obligations
        if one.breaches
    )
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        f"<title>{escape(title_of(report))}</title>\n"
        "<style>body{font:11pt/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse}"
        "th,td{border-bottom:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}.n{text-align:right}"
        "</style></head><body>\n"
        f"<h1>{escape(title_of(report))}</h1><p>{escape(report.organisation)}. {escape(_made(report))}</p>\n"
        "<table><thead><tr>"
        + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
        + f"</tr></thead><tbody>\n{rows}</tbody></table>\n{breaches}</body></html>\n"
    )


def to_report_pdf(report: ComplianceReport) -> bytes:
    """The same on paper."""
    blocks = [title_of(report), f"{report.organisation}. {_made(report)}"]
    for one in report.obligations:
        figures = _(
            "Medidos: {total}. Cumplen: {kept} ({share}). Margen de error: {error}. Resultado: {result}."
        ).format(total=one.total, kept=one.kept, share=share_of(one), error=_figures(one)[3], result=result_of(one))
        lines = [f"{one.label}: {one.title}", one.measured, figures, one.value, one.note, *_breach_lines(one)]
        blocks.append("\n".join(filter(None, lines)))
    return to_pdf("\n\n".join(blocks), language=language())


def to_csv(report: ComplianceReport) -> str:
    """Every named breach, a line each."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(["norm", "article", "case", "interaction", "due_at", "ended_at"])
    for one in report.obligations:
        for breach in one.breaches:
            due = breach.due_at.isoformat() if breach.due_at else ""
            ended = breach.ended_at.isoformat() if breach.ended_at else ""
            writer.writerow([one.norm, one.article, breach.case_key, breach.interaction_id or "", due, ended])
    return stream.getvalue()


def write_bundle(report: ComplianceReport, protocols: Path, target: Path) -> str:
    """The documentation of a yearly evaluation (Ley 10/2025 art. 21) in one file; returns its SHA-256.

    The report in every form, the breaches, the norms and calendar it was measured by, and the hash of each. The same
    report gives the same bytes. Raises Refused if the file cannot be written.
    """
    files: dict[str, bytes] = {
        "informe.json": json.dumps(document(report), ensure_ascii=False, indent=2).encode(),
        "informe.html": to_html(report).encode(),
        "informe.pdf": to_report_pdf(report),
        "incumplimientos.csv": to_csv(report).encode(),
    }
    for folder in ("regulation", "cases"):
        for path in sorted((protocols / folder).glob("*.yaml")):
            files[f"normas/{folder}/{path.name}"] = path.read_bytes()
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (report.last.year, 12, 31, 0, 0, 0)), content)
    try:
        target.write_bytes(stream.getvalue())
    except OSError as error:
        raise Refused(_("No se puede escribir {path}.").format(path=target)) from error
    return hashlib.sha256(stream.getvalue()).hexdigest()


def _figures(one: Obligation) -> tuple[str, str, str, str]:
    error = f"±{one.error:.2f} %".replace(".", ",") if one.error else "0"
    return str(one.total), str(one.kept), share_of(one), error


def _extra(one: Obligation) -> str:
    told = " ".join(filter(None, (one.value, one.note)))
    return f"<br><small>{escape(told)}</small>" if told else ""


def _breach_lines(one: Obligation) -> list[str]:
    lines = []
    for breach in one.breaches[:SHOWN]:
        what = (
            _("expediente {key}").format(key=spoken_key(breach.case_key))
            if breach.case_key
            else _("interacción {id}").format(id=breach.interaction_id)
        )
        when = _(", vencía el {day}").format(day=f"{breach.due_at:%d/%m/%Y %H:%M} UTC") if breach.due_at else ""
        lines.append(f"- {what}{when}")
    if (left := one.total - one.kept - SHOWN) > 0 and one.breaches:
        lines.append(_("- y {n} más").format(n=left))
    return lines


def _made(report: ComplianceReport) -> str:
    return _("Hecho el {day}.").format(day=f"{report.made_at:%d/%m/%Y %H:%M}")
