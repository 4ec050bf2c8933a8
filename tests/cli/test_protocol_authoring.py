"""`atencion protocol` for authors: advice apart from problems, showing, rendering, comparing, beginning and trying."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from atencion.resources import shipped_protocols
from tests.cli.conftest import Run
from tests.scripts.samples import HEAD, SMALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped organisation, norms and articles, and one small protocol of its own."""
    made = tmp_path / "protocols"
    for name in ("regulation", "knowledge", "cases"):
        shutil.copytree(shipped_protocols() / name, made / name)
    organisation = (shipped_protocols() / "organisation.yaml").read_text()
    (made / "organisation.yaml").write_text(organisation.replace(", protocol: phone/inbound", ""))
    (made / "phone").mkdir()
    (made / "phone" / "test.yaml").write_text(SMALL.replace("ley/1", "ley-10-2025/8.2"))
    return made


def edit(folder: Path, old: str, new: str, name: str = "test.yaml") -> Path:
    path = folder / "phone" / name
    text = (folder / "phone" / "test.yaml").read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_advice_is_told_apart_from_problems_and_stops_nothing_unless_asked_to(run: Run, db: Path, folder: Path) -> None:
    path = edit(folder, "say: Hola, {{ agente.alias }}.", "say: 'Hola " + "muy " * 30 + "'")
    arguments = ("--protocols", folder, "protocol", "check", "phone/test")
    done = run(db, *arguments)
    assert (done.code, done.err) == (0, "")
    assert f"{path}:15:10: consejo: la frase que empieza" in done.out
    assert "1 consejo." in done.out
    row = run(db, *arguments, "--json").document
    assert (row["ok"], row["problems"][0]["severity"], row["problems"][0]["line"]) == (True, "advice", 15)
    assert run(db, *arguments, "--strict").code == 1
    assert run(db, *arguments, "--strict", "--json").document["ok"] is False


def test_a_whole_folder_is_advised_on_what_it_leaves_out(run: Run, db: Path, folder: Path) -> None:
    done = run(db, "--protocols", folder, "protocol", "check")
    assert (done.code, done.err) == (0, "")
    assert "ningún paso responde de estos artículos de Ley 10/2025: " in done.out
    assert "ningún protocolo sirve a estos criterios" in done.out


def test_a_file_outside_the_folder_is_checked_with_the_fragments_of_the_folder(
    run: Run, db: Path, folder: Path, tmp_path: Path
) -> None:
    (folder / "common").mkdir()
    fragment = (
        'id: common/fin\nversion: "1.0.0"\ntitle: Fin\nauthor: x\nsteps:\n  - {id: fin, kind: wrap_up, title: F}\n'
    )
    (folder / "common" / "fin.yaml").write_text(fragment)
    path = tmp_path / "fuera.yaml"
    path.write_text(HEAD + "steps:\n  - include: common/fin\n")
    assert run(db, "--protocols", folder, "protocol", "check", path).out == "Todo está bien.\n"
    assert run(db, "--protocols", folder, "protocol", "check", "common/fin").out == "Todo está bien.\n"


def test_the_flow_is_shown_as_a_tree_and_as_a_diagram(run: Run, db: Path, folder: Path) -> None:
    tree = run(db, "--protocols", folder, "protocol", "show", "phone/test", "--as", "tree").out
    assert "├─ Saludo  [greeting  saludo  §]" in tree
    assert 'motivo == "a" and not importe > 100 → fin' in tree
    assert "§ no se puede saltar" in tree
    diagram = run(db, "--protocols", folder, "protocol", "show", "phone/test", "--as", "mermaid").out
    assert diagram.startswith("flowchart TD\n")
    assert '  p_pregunta -->|"si no"| p_resolver' in diagram
    assert '    p_fin{"Fin"}' in diagram


def test_side_paths_and_variants_are_shown_with_the_protocol(run: Run, db: Path, folder: Path) -> None:
    run(db, "--protocols", folder, "protocol", "new", "common/enfado")
    edit(folder, "say: Hola, {{ agente.alias }}.", "say: {default: Hola, ca: Bon dia}")
    edit(folder, "author: nadie\n", "author: nadie\nmoments: [common/enfado]\n")
    shown = run(db, "--protocols", folder, "protocol", "show", "phone/test")
    assert "«ca»\n    Bon dia" in shown.out
    assert "[message: enfado.escuchar]" in shown.out
    whole = run(db, "--protocols", folder, "protocol", "show", "phone/test", "--json").document
    assert [(path["id"], path["moment"]) for path in whole["paths"]] == [("enfado", True)]
    assert whole["steps"][0]["says"] == {"default": "Hola", "ca": "Bon dia"}


def test_every_text_is_rendered_with_invented_data_and_what_is_missing_is_told(
    run: Run, db: Path, folder: Path
) -> None:
    edit(folder, "author: nadie\n", "author: nadie\nlanguages: [es, ca]\n")
    edit(folder, "say: Hola, {{ agente.alias }}.", "say: {default: 'Hola, {{ agente.alias }}.', familiar: ¡Buenas!}")
    out = run(db, "--protocols", folder, "protocol", "render", "phone/test").out
    assert "── es · phone · formal" in out
    assert "Hola, Marina." in out
    assert "Saludo  [saludo]  (familiar)" in out
    assert "✕ falta en este idioma" in out
    only = run(
        db, "--protocols", folder, "protocol", "render", "phone/test", "--register", "familiar", "--json"
    ).document
    assert [(row["variant"], row["words"], row["lacking"]) for row in only] == [
        ("familiar", "¡Buenas!", False),
        ("familiar", "¡Buenas!", True),
    ]


def test_two_versions_are_compared_in_words(run: Run, db: Path, folder: Path) -> None:
    before = folder / "phone" / "test.yaml"
    after = folder / "otro.yaml"
    text = before.read_text().replace('"1.0.0"', '"1.1.0"').replace("say: Hola,", "say: Buenos días,")
    text = text.replace("  - {id: resolver, kind: resolve, title: Resolver}\n", "").replace(
        "else: resolver", "else: fin"
    )
    text = text.replace("required: no", "required: yes, max: '100'").replace(
        "  - {id: cierre", "  - {id: adios, kind: farewell, title: Adiós, say: Adiós}\n  - {id: cierre"
    )
    after.write_text(text.replace("goto: cierre", "goto: adios"))
    told = run(db, "protocol", "diff", before, after).out
    assert "version: de 1.0.0 a 1.1.0" in told
    assert "max: ahora 100" in told
    assert "paso quitado: «Resolver»" in told
    assert "paso nuevo: «Adiós», después de «fin»" in told
    assert "cambia lo que se dice: [-Hola,-] {+Buenos días,+} {{ agente.alias }}." in told
    assert "ya no va a «resolver» (si no)" in told
    rows = run(db, "protocol", "diff", before, after, "--json").document
    assert {row["about"] for row in rows} == {"header", "field", "step"}
    assert run(db, "protocol", "diff", before, before).out == "Nada cambia.\n"


@pytest.mark.parametrize("name", ["phone/mi-tramite", "chat/mi-tramite", "in_person/mi-tramite", "common/aparte"])
def test_a_new_protocol_checks_clean_and_passes_its_examples(run: Run, db: Path, folder: Path, name: str) -> None:
    made = run(db, "--protocols", folder, "protocol", "new", name, "--title", "Mi trámite")
    assert (made.code, f"atencion --protocols {folder} protocol check {name}" in made.out) == (0, True)
    assert run(db, "--protocols", folder, "protocol", "check", name, "--strict").out == "Todo está bien.\n"
    if not name.startswith("common/"):
        done = run(db, "--protocols", folder, "protocol", "test", name, "--json")
        assert (done.code, done.document[0]["untested"]) == (0, [])
        assert [one["passed"] for one in done.document[0]["tests"]] == [True, True]


def test_a_new_protocol_never_overwrites(run: Run, db: Path, folder: Path) -> None:
    text = (folder / "phone" / "test.yaml").read_text()
    done = run(db, "--protocols", folder, "protocol", "new", "phone/test")
    assert (done.code, "ya existe y no se toca" in done.err) == (1, True)
    assert (folder / "phone" / "test.yaml").read_text() == text


@pytest.mark.parametrize("name", ["telepatia/x", "phone", "phone/Mi Trámite", "../x", "phone/../x", "common/a/b/../c"])
def test_a_name_that_will_not_do_is_told_and_nothing_is_written(run: Run, db: Path, folder: Path, name: str) -> None:
    before = sorted(folder.rglob("*"))
    done = run(db, "--protocols", folder, "protocol", "new", name)
    assert (done.code, done.out) == (1, "")
    assert sorted(folder.rglob("*")) == before


def test_examples_that_differ_are_told_at_their_line_and_fail(run: Run, db: Path, folder: Path) -> None:
    run(db, "--protocols", folder, "protocol", "new", "phone/mi-tramite")
    path = folder / "phone" / "mi-tramite.test.yaml"
    path.write_text(path.read_text().replace("says: {confirmar: 749 000 000}", "says: {confirmar: 600 000 000}"))
    done = run(db, "--protocols", folder, "protocol", "test", "phone/mi-tramite")
    line = 1 + path.read_text().split("600 000")[0].count("\n")
    assert (done.code, f"{path}:{line}:" in done.err) == (1, True)
    assert "✕ quien hace el trámite deja su teléfono" in done.out
    assert "✓ quien solo pregunta no deja ningún dato" in done.out


def test_branches_that_no_example_takes_are_named(run: Run, db: Path, folder: Path) -> None:
    run(db, "--protocols", folder, "protocol", "new", "phone/mi-tramite")
    path = folder / "phone" / "mi-tramite.test.yaml"
    path.write_text(path.read_text().partition("  - name: quien solo pregunta")[0])
    done = run(db, "--protocols", folder, "protocol", "test")
    assert done.code == 0
    assert "phone/mi-tramite  1 de 2 ramas" in done.out
    assert "sin probar: demanda → informar" in done.out
    assert "phone/test  sin conversaciones de ejemplo" in done.out


def test_the_branches_of_fragments_with_examples_of_their_own_are_counted_apart(
    run: Run, db: Path, folder: Path
) -> None:
    run(db, "--protocols", folder, "protocol", "new", "phone/mi-tramite")
    path = folder / "phone" / "mi-tramite.yaml"
    path.write_text(path.read_text().replace("channels: [phone]", "channels: [phone]\nmoments: [common/aparte]"))
    shutil.copytree(shipped_protocols() / "common", folder / "common", dirs_exist_ok=True)
    shutil.copy(folder / "common" / "vulnerable.yaml", folder / "common" / "aparte.yaml")
    aside = folder / "common" / "aparte.yaml"
    aside.write_text(aside.read_text().replace("id: common/vulnerable", "id: common/aparte"))
    arguments = ("--protocols", folder, "protocol", "test", "phone/mi-tramite")
    done = run(db, *arguments)
    assert "phone/mi-tramite  2 de 4 ramas\n" in done.out and "sin probar: aparte." in done.out
    (folder / "common" / "aparte.test.yaml").write_text("tests: [{name: una, steps: []}]\n")
    done = run(db, *arguments)
    assert "phone/mi-tramite  2 de 2 ramas; de fragmentos con sus propias conversaciones, 0 de 2\n" in done.out
    row = run(db, *arguments, "--json").document[0]
    assert (row["branches"], row["fragment_branches"], row["untested"]) == (2, 2, [])


@pytest.mark.parametrize("kind", ["protocol", "fragment", "tests"])
def test_the_schema_of_each_kind_of_file_is_one_document(run: Run, db: Path, kind: str) -> None:
    document = run(db, "protocol", "schema", kind).document
    assert document["$schema"].startswith("https://json-schema.org/")
    assert json.dumps(document)


def test_a_schema_of_nothing_known_is_wrong_usage(run: Run, db: Path) -> None:
    assert run(db, "protocol", "schema", "novela").code == 2
