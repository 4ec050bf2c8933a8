"""Every problem of a protocol is told at its line and column, with what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from atencion.errors import ProblemsFound
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.document import parse, read_file
from atencion.scripts.lint import World
from tests.scripts.samples import HEAD, SMALL, problems

STEPS = HEAD + "steps:\n  - {id: uno, kind: ask, title: Uno, capture: [dato]}\n"
FIELDS = "fields:\n  dato: {type: text, label: Dato}\n"


def test_the_small_protocol_has_no_problems() -> None:
    assert problems(SMALL) == []


# fmt: off
WRONG = [
    (HEAD + "steps: [\n", "8:1:"),
    (HEAD.replace("author", "autor") + "steps: []\n", "5:1: la clave «autor» no existe aquí; ¿quería decir «author»?"),
    (HEAD + "title: Otra\nsteps: []\n", "7:1: la clave «title» está repetida"),
    (HEAD + "extra: &a x\nsteps: *a\n", "7:8: las anclas (&) no se permiten"),
    (HEAD + "steps: *a\n", "7:8: los alias (*) no se permiten"),
    (HEAD + "steps: !!python/object:os.system x\n", "7:8: las etiquetas (!) no se permiten"),
    (HEAD + "steps:\n\t- x\n", "8:1: hay un tabulador"),
    (STEPS + FIELDS.replace("text", "texto"), "«texto» no es una opción"),
    (STEPS, "8:48: el campo «dato» no existe"),
    (HEAD + FIELDS + "steps:\n  - {id: uno, kind: hablar, title: Uno}\n", "«hablar» no es una clase de paso"),
    (HEAD + FIELDS + "steps:\n  - {id: uno, kind: greeting, title: Uno}\n", "necesita «say»"),
    (STEPS.replace("]}", "], next: dos}") + FIELDS, "8:61: el paso «dos» no existe"),
    (STEPS + "  - {id: uno, kind: resolve, title: Otro}\n" + FIELDS, "9:10: el id «uno» está repetido"),
    (STEPS.replace("]}", "], next: uno}") + FIELDS, "no se sale: da vueltas sin fin"),
    (
        STEPS.replace("]}", "], next: end}") + "  - {id: dos, kind: resolve, title: Dos}\n" + FIELDS,
        "9:10: al paso «dos» no se llega nunca",
    ),
    (STEPS.replace("title: Uno", "title: Uno, say: 'Hola {{ clinte.nombre }}'") + FIELDS, "nombra «clinte.nombre», que no existe; ¿quería decir «cliente.nombre»?"),
    (STEPS.replace("title: Uno", "title: Uno, say: '{{ dato.__class__ }}'") + FIELDS, "8:"),
    (STEPS + FIELDS.replace("}", ", answer: yes}"), "ningún mensaje dice la respuesta «dato»; say: {{ dato }}"),
    (STEPS + FIELDS.replace("text", "date").replace("}", ", answer: yes}"), "una respuesta son palabras; el tipo note o text"),
    (STEPS.replace("title: Uno", "title: Uno, say: '{% for x in dato %}{% endfor %}'") + FIELDS, "no se permite en un texto"),
    (STEPS.replace("]}", "], next: [{when: 'dato = 1', goto: end}, {else: end}]}") + FIELDS, "no se entiende"),
    (STEPS.replace("]}", "], next: [{when: 'data == 1', goto: end}, {else: end}]}") + FIELDS, "nombra «data», que no existe"),
    (STEPS.replace("]}", "], next: [{when: dato is known, goto: end}]}") + FIELDS, "falta la última rama"),
    (STEPS.replace("]}", "], time: {target: rápido}}") + FIELDS, "se esperaba un tiempo"),
    (STEPS.replace("]}", "], criteria: [IC9.9]}") + FIELDS, "IC1.1 a IC4.7"),
    (STEPS.replace("Uno", "Uno, only_if: 'dato ='") + FIELDS, "8:52: «=» no se entiende; una condición como"),
    (STEPS.replace("Uno", "Uno, only_if: 'dato dato'") + FIELDS, "sobra «dato»; unir las partes con and u or"),
    (STEPS.replace("Uno", "Uno, only_if: 'dato =='") + FIELDS, "se esperaba un campo, un texto entre comillas o un número, no «el final»"),
    (STEPS.replace("Uno", "Uno, only_if: '" + "(" * 30 + "dato" + ")" * 30 + "'") + FIELDS, "hay demasiados paréntesis; 20 como mucho"),
    (STEPS.replace("Uno", "Uno, say: '{{ dato'") + FIELDS, "las llaves no se entienden"),
    (STEPS.replace("Uno", "Uno, say: '{{ dato | gritar }}'") + FIELDS, "el filtro «gritar» no existe; alfabeto, "),
    (STEPS.replace("Uno", "Uno, say: '{{ dato | fecha(3) }}'") + FIELDS, "no lleva nada entre paréntesis; {{ … | fecha }}"),
    (STEPS.replace("Uno", "Uno, say: {ca es: x}") + FIELDS, "nombra dos veces lo mismo; un idioma, un canal y un trato como mucho"),
    (SMALL.replace("Hola, {{ agente.alias }}.", "'{% if motivo == \"Uno\" %}Sí{% endif %}'"), "«motivo» nunca vale «Uno»; su id: «a»"),
    (SMALL.replace("Hola, {{ agente.alias }}.", "'{% if \"c\" == motivo %}Sí{% endif %}'"), "«motivo» nunca vale «c»; a, b"),
    (STEPS.replace("Uno", "Uno, mandatory: ley/1, optional: yes") + FIELDS, "obligatorio y opcional; solo «mandatory» o «optional»"),
    (STEPS.replace("Uno", "Uno, timers: [{after: 20s}]") + FIELDS, "el aviso no dice nada; añadir «hint»"),
    (STEPS.replace("id: uno", "id: Uno Dos") + FIELDS, "«Uno Dos» no vale; minúsculas sin tildes, números y _"),
    (HEAD.replace('"1.0.0"', "una") + "steps: []\n", '«una» no vale; tres números, como "1.0.0"'),
    (HEAD.replace("title: Prueba\n", "") + "steps:\n" + STEPS.partition("steps:\n")[2] + FIELDS, "falta «title»; añadir «title: …»"),
    (STEPS.replace("]}", "], next: [{when: dato is known, goto: end}, {goto: end}]}") + FIELDS, "no dice cuándo (when); {when: …, goto: …}"),
    (STEPS.replace("]}", "], next: [{else: end}, {when: dato is known, goto: end}]}") + FIELDS, "«else» tiene que ser la última rama; ponerla al final"),
]
# fmt: on


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_problem_is_told_at_its_place(text: str, told: str) -> None:
    assert any(told in problem for problem in problems(text)), problems(text)


@pytest.mark.parametrize("text", [text for text, _told in WRONG])
def test_each_problem_says_how_to_mend_it(text: str) -> None:
    for problem in problems(text):
        assert "; " in problem or "se esperaba" in problem, problem


def test_all_problems_are_told_at_once() -> None:
    text = STEPS.replace("author", "autor").replace("title: Uno", "titulo: Uno") + FIELDS.replace("label", "etiqueta")
    assert len(problems(text)) >= 3


def test_a_norm_or_an_article_that_does_not_exist_is_told() -> None:
    world = World(norms=frozenset({"ley/1"}), articles=frozenset({"cobro"}))
    text = STEPS.replace("]}", "], norms: [ley/2], knowledge: [cobros]}") + FIELDS
    told = "\n".join(problems(text, world))
    assert "la norma «ley/2» no existe" in told
    assert "el artículo «cobros» no existe; ¿quería decir «cobro»?" in told


def test_a_file_of_50_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grande.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    with pytest.raises(ProblemsFound, match="256 KiB como mucho"):
        read_file(path)


def test_a_file_that_is_not_utf_8_is_told_at_the_first_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"id: x\ntitle: Atenci\xf3n\n")
    with pytest.raises(ProblemsFound, match=r":2:14: no es texto UTF-8"):
        read_file(path)


def test_a_device_or_a_folder_is_not_read(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(ProblemsFound, match="no es un fichero"):
            read_file(path)


@pytest.mark.parametrize("text", ["[" * 1_000, "a: " + "[x," * 30_000, "{" * 500])
def test_a_bomb_of_levels_or_elements_is_refused(text: str) -> None:
    with pytest.raises(ProblemsFound):
        parse(text, "bomba.yaml")


def test_words_that_yaml_would_turn_into_something_else_stay_text() -> None:
    document = parse("a: no\nb: 01001\nc: 12:30\nd: null\n", "x.yaml")
    assert document.tree == {"a": "no", "b": "01001", "c": "12:30", "d": "null"}


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))
    (folder / "phone" / "roto.yaml").write_text("id: [", encoding="utf-8")
    listed = {one.id: one for one in Catalogue(folder).protocols()}
    assert listed["phone/inbound"].loaded is not None
    assert listed["phone/roto"].problems[0].file.endswith("roto.yaml")


def test_what_ships_has_no_problem_at_all() -> None:
    assert Catalogue(shipped_protocols()).check() == []


@pytest.mark.parametrize("name", ["../phone/inbound", "/etc/passwd", "phone/../phone/inbound", "phone/nada", ""])
def test_a_protocol_outside_the_folder_does_not_exist(name: str) -> None:
    from atencion.errors import Refused

    with pytest.raises(Refused, match="no existe"):
        Catalogue(shipped_protocols()).protocol(name)
