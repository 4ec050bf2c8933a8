"""A registered text as it is printed: HTML and PDF, made from it alone, so that they never say anything else.

The first line is the title; a blank line parts paragraphs; lines within one are kept.
"""

from __future__ import annotations

from html import escape
from io import BytesIO


def to_html(text: str, *, language: str, footer: str = "") -> str:
    """A page that needs nothing else and can be read aloud by a screen reader."""
    title, paragraphs = _parts(text)
    body = "\n".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>" for lines in paragraphs)
    foot = f"<footer>{escape(footer)}</footer>" if footer else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n'
        f'<head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        "<style>body{font:12pt/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
        "footer{color:#555;font-size:9pt;overflow-wrap:anywhere}</style></head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n{foot}\n</body>\n</html>\n"
    )


def to_pdf(text: str, *, language: str, footer: str = "") -> bytes:
    """A PDF of as many A4 pages as it takes; the same text always gives the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    font, bold = _fonts()
    title, paragraphs = _parts(text)
    heading = ParagraphStyle("heading", fontName=bold, fontSize=15, leading=20, spaceAfter=6 * mm)
    normal = ParagraphStyle("normal", fontName=font, fontSize=10.5, leading=15.5, spaceAfter=3.5 * mm)
    small = ParagraphStyle("small", fontName=font, fontSize=7.5, leading=10, spaceBefore=6 * mm, wordWrap="CJK")
    story = [Paragraph(escape(title), heading)]
    story += [Paragraph("<br/>".join(escape(line) for line in lines), normal) for lines in paragraphs]
    if footer:
        story.append(Paragraph(escape(footer), small))
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=25 * mm,
        bottomMargin=20 * mm,
        title=title,
        lang=language,
        invariant=1,
    )
    document.build(story)
    return stream.getvalue()


def _parts(text: str) -> tuple[str, list[list[str]]]:
    title, _line, rest = text.partition("\n")
    blocks = (block.strip("\n").split("\n") for block in rest.split("\n\n"))
    return title.strip(), [lines for lines in blocks if any(line.strip() for line in lines)]


def _fonts() -> tuple[str, str]:
    """The fonts that come with the library: the ones built into every reader lack letters that people's names have."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    return "Vera", "VeraBd"
