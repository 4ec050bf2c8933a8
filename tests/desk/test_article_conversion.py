"""What an organisation already has becomes drafts: each page one, what is broken told, and nothing that acts kept."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from atencion.desk import Desk
from atencion.desk.article_conversion import MAX_BYTES, Conversion, convert
from atencion.resources import shipped_protocols
from atencion.scripts.articles import read_article_file

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONSHIPS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def docx(*paragraphs: str, more: dict[str, bytes] | None = None) -> bytes:
    """A document of Word with paragraphs, as a reader of it needs it; `more` are other parts by their names."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONSHIPS,
            "word/document.xml": document,
            **(more or {}),
        }.items():
            made.writestr(name, text)
    return packed.getvalue()


def pdf(*lines: str, title: str = "", password: str = "") -> bytes:
    """A page of PDF with lines of text."""
    made = io.BytesIO()
    canvas = Canvas(made, encrypt=StandardEncryption(password, strength=128) if password else None)
    if title:
        canvas.setTitle(title)
    for number, line in enumerate(lines):
        canvas.drawString(60, 780 - 20 * number, line)
    canvas.save()
    return made.getvalue()


def zammad(*answers: dict[str, Any], contents: bool = True) -> bytes:
    """What Zammad gives for `GET /api/v1/knowledge_bases/1/answers/1?full=1&include_contents=1`."""
    assets: dict[str, Any] = {
        "KnowledgeBaseAnswer": {
            str(n): {"id": n, "category_id": 1, "archived_at": None, "translation_ids": [n], "tags": ["pagos"]}
            for n, _answer in enumerate(answers, start=1)
        },
        "KnowledgeBaseCategory": {"1": {"id": 1, "knowledge_base_id": 1, "parent_id": None, "answer_ids": [1]}},
        "KnowledgeBaseLocale": {"1": {"id": 1, "system_locale_id": 1, "primary": True}},
        "KnowledgeBaseAnswerTranslation": {
            str(n): {"id": n, "title": one["title"], "kb_locale_id": 1, "answer_id": n, "content_id": n}
            for n, one in enumerate(answers, start=1)
        },
        "User": {"3": {"id": 3, "login": "admin@example.com", "firstname": "Test"}},
    }
    if contents:
        assets["KnowledgeBaseAnswerTranslationContent"] = {
            str(n): {"id": n, "body": one["body"], "attachments": []} for n, one in enumerate(answers, start=1)
        }
    return json.dumps({"id": 1, "assets": assets}).encode()


def bookstack(*pages: Any) -> bytes:
    """The portable ZIP of a book of BookStack, with one chapter."""
    data = {
        "instance": {"id_ciphertext": "eyJpdiI6Ii", "version": "v25.02"},
        "exported_at": "2026-01-02T10:00:00+00:00",
        "book": {
            "id": 8,
            "name": "Manual",
            "description_html": "<p>De todo.</p>",
            "cover": "a1.png",
            "tags": [{"name": "interno", "value": ""}],
            "chapters": [{"id": 2, "name": "Pagos", "priority": 1, "pages": list(pages), "tags": []}],
            "pages": [{"id": 40, "name": "Portada", "html": "<p>Sobre este manual.</p>", "priority": 0, "tags": []}],
        },
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("data.json", json.dumps(data))
        made.writestr("files/a1.png", b"\x89PNG")
    return packed.getvalue()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path


def converted(here: Path, **files: bytes | str) -> tuple[Conversion, dict[str, str]]:
    """What converting these files gives (`_` in a name stands for its dot), and the drafts by their ids."""
    paths = []
    for name, data in files.items():
        path = here / ".".join(name.rsplit("_", 1))
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        paths.append(path)
    result = convert(paths, here / "borradores", "calidad")
    return result, {path.stem: path.read_text(encoding="utf-8") for path in result.written}


def told(result: Conversion) -> list[tuple[str, str]]:
    return [(Path(problem.file).name, problem.message) for problem in result.problems]


def body_of(draft: str) -> str:
    return draft.split("\n---\n", 1)[1].strip()


def test_drafts_are_imported_as_drafts(here: Path) -> None:
    converted(here, pagina_html="<title>Mudanza fácil</title><p>Llame <b>antes</b> de mudarse.</p>")
    desk = Desk.open(str(here / "a.db"), shipped_protocols())
    imported = desk.knowledge.import_folder(here / "borradores")
    assert (imported.written, imported.problems) == (1, ())
    article = desk.knowledge.article("mudanza-facil")
    assert (article.status, article.title, article.say) == ("draft", "Mudanza fácil", "Llame antes de mudarse.")
    desk.close()


def test_scripts_comments_forms_and_styles_of_a_page_are_left_out(here: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Baja &amp; alta</title><script>robar()</script><style>p{}</style></head>"
        "<body onload='robar()'><!-- oculto --><h2>Cómo</h2><p onclick=\"robar()\">Llame. "
        '<a href="javascript:robar(1)">aquí</a> <a href="../otra.html">vea</a> <a href="https://a.es">web</a></p>'
        "<iframe src=x>marco</iframe><svg><text>dibujo</text></svg><img src=x onerror=robar()><ul><li>Uno</ul></html>"
    )
    result, drafts = converted(here, pagina_html=page)
    assert result.problems == ()
    body = body_of(drafts["baja-alta"])
    assert body == "## Cómo\n\nLlame. aquí vea [web](https://a.es)\n\n- Uno"
    assert read_article_file(result.written[0]).about.title == "Baja & alta"


@pytest.mark.parametrize(
    "rest",
    ["<script>robar()", "<!-- robar()", "<scr<script>robar()</script>ipt>robar()</script>", "<" * 90, "<a" * 90],
)
def test_what_a_page_never_closes_acts_no_more(here: Path, rest: str) -> None:
    _result, drafts = converted(here, pagina_html=f"<h1>Alta</h1><p>Llame.</p>{rest}")
    assert "<" not in body_of(drafts["alta"]) and body_of(drafts["alta"]).startswith("# Alta\n\nLlame.")


@pytest.mark.parametrize(
    "opened",
    ["<script", "<script>", "<!--", "<!-- >", "<![CDATA[ >", "<?x ", "</", "<a b='", "[", "[](a", "![](a", "](", "{{"],
)
def test_a_page_that_opens_a_hundred_thousand_things_is_read_all_the_same(here: Path, opened: str) -> None:
    _result, drafts = converted(here, pagina_html=f"<h1>Alta</h1><p>Llame.</p>{opened * 100_000}")
    assert "Llame." in drafts["alta"]


def test_a_page_too_deep_or_too_long_is_told_and_the_next_is_converted(here: Path) -> None:
    result, drafts = converted(
        here,
        honda_html="<h1>Honda</h1>" + "<div>" * 5_000 + "x",
        larga_html="<h1>Larga</h1>" + "<p>y</p>" * 800_000,
        enorme_html=b"<h1>Enorme</h1>" + b" " * MAX_BYTES,
        buena_html="<h1>Buena</h1><p>Sí.</p>",
    )
    assert set(drafts) == {"buena"}
    assert [name for name, _message in told(result)] == ["honda.html", "larga.html", "enorme.html"]


def test_a_page_longer_than_an_article_is_cut_and_told(here: Path) -> None:
    result, drafts = converted(here, larga_html="<h1>Larga</h1>" + "<p>palabras de sobra</p>" * 9_000)
    assert told(result) == [("larga.md", "era demasiado largo y se ha cortado")]
    assert len(drafts["larga"]) < 110_000


def test_a_page_of_an_older_alphabet_keeps_its_accents(here: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"><title>Añadir</title></head><body><p>Mañana.</p></body></html>'
    _result, drafts = converted(here, vieja_html=page.encode("latin-1"))
    assert body_of(drafts["anadir"]) == "Mañana."


def test_a_word_document_becomes_a_draft(here: Path) -> None:
    _result, drafts = converted(here, mi_manual_docx=docx("Hola documento", "Se llama antes."))
    assert body_of(drafts["mi-manual"]) == "Hola documento\n\nSe llama antes."


def test_a_broken_word_document_is_told_and_the_next_is_converted(here: Path) -> None:
    whole = docx("Hola")
    result, drafts = converted(
        here,
        cortado_docx=whole[: len(whole) // 2],
        vacio_docx=docx(),
        mal_docx=docx("Hola <w:p>"),
        cifrado_docx=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        bomba_docx=docx("Hola", more={"word/styles.xml": bytes(MAX_BYTES + 1)}),
        bueno_docx=whole,
    )
    assert set(drafts) == {"bueno"}
    assert [name for name, _message in told(result)] == [
        "cortado.docx",
        "vacio.docx",
        "mal.docx",
        "cifrado.docx",
        "bomba.docx",
    ]


@pytest.mark.parametrize("part", ["word/_rels/document.xml.rels", "word/estilos", "otro/document.XML"])
def test_a_packed_file_is_too_large_whatever_the_parts_are_called_that_make_it_so(here: Path, part: str) -> None:
    result, drafts = converted(here, bomba_docx=docx("Hola", more={part: bytes(MAX_BYTES + 1)}))
    assert drafts == {} and told(result) == [("bomba.docx", "lo que lleva dentro es demasiado grande")]


def test_the_images_of_a_document_may_be_as_large_as_they_are_and_are_never_read_for_its_words(here: Path) -> None:
    hidden = docx("Escondido")
    with zipfile.ZipFile(io.BytesIO(hidden)) as packed:
        document = packed.read("word/document.xml")
    more = {
        "word/media/foto.bmp": bytes(MAX_BYTES + 1),
        "word/media/otro.xml": document,
        "_rels/.rels": RELATIONSHIPS.replace("word/document.xml", "word/media/otro.xml").encode(),
    }
    result, drafts = converted(here, ilustrado_docx=docx("Hola", more=more))
    assert result.problems == () and body_of(drafts["ilustrado"]) == "Hola"


def test_an_image_of_a_word_document_is_never_opened(here: Path) -> None:
    (here / "secreto.txt").write_text("secreto", encoding="utf-8")
    drawing = (
        '</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:link="i1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t>"
    )
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="i1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        ' Target="secreto.txt" TargetMode="External"/></Relationships>'
    )
    document = docx(f"Hola{drawing}.", more={"word/_rels/document.xml.rels": relation.encode()})
    result, drafts = converted(here, enlazado_docx=document)
    assert result.problems == () and body_of(drafts["enlazado"]) == "Hola."


def test_a_pdf_becomes_a_draft_with_its_own_title(here: Path) -> None:
    _result, drafts = converted(here, x_pdf=pdf("Llame antes.", "Es gratis.", title="Mudanza"))
    assert body_of(drafts["mudanza"]) == "Llame antes.\nEs gratis."


def test_a_pdf_that_cannot_be_read_is_told_and_the_next_is_converted(here: Path) -> None:
    whole = pdf("Llame antes.", title="Bueno")
    result, drafts = converted(
        here,
        cifrado_pdf=pdf("Secreto.", password="clave"),
        roto_pdf=b"%PDF-1.7\nnada",
        cortado_pdf=whole[:200],
        vacio_pdf=pdf(title="Solo fotos"),
        bueno_pdf=whole,
    )
    assert set(drafts) == {"bueno"}
    assert dict(told(result))["cifrado.pdf"] == "está cifrado"
    assert [name for name, _message in told(result)] == ["cifrado.pdf", "roto.pdf", "cortado.pdf", "vacio.pdf"]


def test_a_pdf_whose_pages_go_round_is_told(here: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Hola."))))
    pages = writer.root_object["/Pages"]
    pages.get_object()["/Kids"].append(pages.indirect_reference)
    made = io.BytesIO()
    writer.write(made)
    result, drafts = converted(here, vueltas_pdf=made.getvalue())
    assert drafts == {} and [name for name, _message in told(result)] == ["vueltas.pdf"]


def test_the_pages_of_a_book_of_bookstack_become_drafts(here: Path) -> None:
    pages = (
        {
            "id": 41,
            "name": "Pagar a plazos",
            "html": '<p>Vea <a href="[[bsexport:page:40]]">la portada</a>.<img src="[[bsexport:image:a1.png]]"></p>',
            "priority": 1,
            "attachments": [{"id": 1, "name": "Tabla", "file": "b2.pdf", "order": 0}],
            "tags": [{"name": "pagos", "value": "si"}],
        },
        {
            "id": 42,
            "name": "Fecha de cobro",
            "html": "<p>No.</p>",
            "markdown": "El día **5**. ![foto]([[bsexport:image:a1.png]])<script>robar()</script>",
            "priority": 2,
        },
    )
    result, drafts = converted(here, libro_zip=bookstack(*pages))
    assert result.problems == ()
    assert list(drafts) == ["pagar-a-plazos", "fecha-de-cobro", "portada"]
    assert body_of(drafts["pagar-a-plazos"]) == "Vea la portada." and '"pagos"' in drafts["pagar-a-plazos"]
    assert body_of(drafts["fecha-de-cobro"]) == "El día **5**."


@pytest.mark.parametrize("opened", ["<title>", "<script>", "<svg", "<!--", "<?", "<!-- <title> <object"])
def test_what_markdown_opens_and_never_closes_takes_nothing_with_it(here: Path, opened: str) -> None:
    text = f"<style>p {{}}</style>Ponga {opened} arriba.\n\nLlame antes."
    _result, drafts = converted(here, libro_json=json.dumps([{"name": "Alta", "markdown": text}]))
    shown = opened.replace("<", "‹").replace(">", "›")
    assert body_of(drafts["alta"]) == f"Ponga {shown} arriba.\n\nLlame antes."


@pytest.mark.parametrize(
    "opened", ["<title>", "<script", "<!--", "<?x ", "<SVG ", "<svg <title ", "[](a", "![](a", "](", "{{"]
)
def test_markdown_that_opens_a_hundred_thousand_things_is_read_all_the_same(here: Path, opened: str) -> None:
    pages = [{"name": "Alta", "markdown": f"Llame.\n{opened * 100_000}"}]
    _result, drafts = converted(here, libro_json=json.dumps(pages))
    assert body_of(drafts["alta"]).startswith("Llame.\n" + opened[0].replace("<", "‹"))


def test_as_many_pages_of_one_title_as_there_are_become_drafts_numbered_in_their_order(here: Path) -> None:
    names = ["Alta", "Alta 2", *["Alta"] * 2_000]
    pages = [{"name": name, "html": f"<p>La {number}.</p>"} for number, name in enumerate(names)]
    result, drafts = converted(here, libro_json=json.dumps(pages))
    assert result.problems == () and len(drafts) == len(names)
    assert list(drafts)[:4] == ["alta", "alta-2", "alta-3", "alta-4"]
    assert body_of(drafts["alta-2002"]) == "La 2001."


def test_of_pages_of_one_title_the_one_that_is_there_is_left_and_the_others_keep_their_numbers(here: Path) -> None:
    (here / "borradores").mkdir()
    (here / "borradores" / "alta.md").write_text("mío", encoding="utf-8")
    result, drafts = converted(here, a_html="<h1>Alta</h1>una", b_html="<h1>Alta</h1>otra")
    assert list(drafts) == ["alta-2"] and told(result) == [("alta.md", "ya existe y no se toca")]


def test_a_page_of_a_book_that_is_broken_is_told_by_its_name_and_the_rest_converted(here: Path) -> None:
    pages = (
        {"id": 41, "name": "Honda", "html": "<div>" * 5_000},
        {"id": 42, "name": "Rara", "html": "<p>Sí.</p>", "tags": 7},
        {"id": 43, "name": "Vacía", "html": ""},
        {"id": 44, "name": "Portada", "html": "<p>Otra del mismo nombre.</p>"},
        {"id": 45, "name": "漢字", "html": "<p>En chino.</p>"},
    )
    result, drafts = converted(here, libro_zip=bookstack(*pages))
    assert list(drafts) == ["portada", "articulo", "portada-2"]
    messages = [message for _name, message in told(result)]
    assert [message.partition("»")[0] for message in messages] == ["«Honda", "«Rara", "«Vacía"]
    assert {name for name, _message in told(result)} == {"libro.zip"}


def test_what_breaks_between_two_pages_is_not_told_of_the_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep: Any = "x"
    for _level in range(sys.getrecursionlimit()):
        deep = {"pages": deep}
    monkeypatch.setattr(json, "loads", lambda _data: [{"name": "Alta", "html": "Llame."}, deep])
    result, drafts = converted(here, libro_json="[]")
    assert set(drafts) == {"alta"}
    assert [message.partition(":")[0] for _name, message in told(result)] == ["no se puede convertir"]


def test_the_answers_of_zammad_become_drafts(here: Path) -> None:
    answers = (
        {"title": "Baja", "body": "<div>Pida la <b>baja</b>.</div>"},
        {"title": "Alta", "body": "Sin etiquetas."},
    )
    result, drafts = converted(here, kb_json=zammad(*answers))
    assert result.problems == ()
    assert body_of(drafts["baja"]) == "Pida la **baja**." and body_of(drafts["alta"]) == "Sin etiquetas."
    assert '"pagos"' in drafts["baja"]


def test_answers_of_zammad_without_their_content_are_told(here: Path) -> None:
    result, drafts = converted(here, kb_json=zammad({"title": "Baja", "body": "x"}, contents=False))
    assert drafts == {} and told(result) == [("kb.json", "«Baja» no tiene texto")]
    assert "include_contents=1" in result.problems[0].expected


def test_an_answer_of_zammad_of_another_shape_is_told_and_the_rest_converted(here: Path) -> None:
    export = json.loads(zammad({"title": "Baja", "body": "Pida la baja."}))
    export["assets"]["KnowledgeBaseAnswerTranslation"] |= {"2": None, "3": {"id": 3, "content_id": 1}}
    result, drafts = converted(here, kb_json=json.dumps(export))
    assert set(drafts) == {"baja"} and len(result.problems) == 2


def test_an_export_that_is_no_json_is_told_at_its_line(here: Path) -> None:
    result, _drafts = converted(here, kb_json='{\n"assets": {\n"a" 1}}')
    assert [(problem.line, problem.column) for problem in result.problems] == [(3, 5)]


def test_an_export_as_deep_as_can_be_is_told(here: Path) -> None:
    result, drafts = converted(here, kb_json="[" * 100_000 + "]" * 100_000, otra_json="\ufeff" + '{"data": []}')
    assert drafts == {} and [name for name, _message in told(result)] == ["kb.json", "otra.json"]


def test_a_file_of_another_kind_is_told_whatever_its_name_is(here: Path) -> None:
    result, drafts = converted(
        here, foto_html=b"\x89PNG\r\n\x1a\n\0", nada_pdf=b"", suelto_zip=docx("x")[:4] + b"nada", texto_docx="hola"
    )
    assert drafts == {}
    assert [name for name, _message in told(result)] == ["foto.html", "nada.pdf", "suelto.zip", "texto.docx"]


def test_a_draft_that_is_there_is_left_as_it_is_and_no_link_is_written_through(here: Path) -> None:
    drafts = here / "borradores"
    drafts.mkdir()
    (drafts / "alta.md").write_text("mío", encoding="utf-8")
    (drafts / "baja.md").symlink_to(here / "fuera.md")
    result, _written = converted(here, a_html="<h1>Alta</h1>x", b_html="<h1>Baja</h1>x")
    assert [message for _name, message in told(result)] == ["ya existe y no se toca"] * 2
    assert (drafts / "alta.md").read_text(encoding="utf-8") == "mío" and not (here / "fuera.md").exists()


def test_what_a_draft_still_has_wrong_is_told_at_its_line_in_the_draft(here: Path) -> None:
    result, _drafts = converted(here, a_html="<h1>Alta</h1><p>Llame.</p><p>" + "z" * 500 + "</p>")
    (problem,) = [one for one in result.problems if "palabra" in one.message]
    assert Path(problem.file).name == "alta.md" and problem.line > 10
