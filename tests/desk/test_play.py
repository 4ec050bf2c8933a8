"""Whole interactions played from answers: what is taken, what is refused and where, and going on afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atencion.desk import Desk
from atencion.desk.play import AnswersFile, Played, open_for, play, read_answers, take_up
from atencion.desk.sample import read_agents
from atencion.errors import ProblemsFound, Refused
from atencion.resources import shipped_protocols
from atencion.scripts.run import RunStatus
from tests.stores import *  # noqa: F403

PROTOCOL = "phone/inbound"
SAMPLES = shipped_protocols() / "demo" / "answers"

CUSTOMERS = """external_id;nombre;apellidos;documento;fecha de nacimiento;móvil;CP
DEMO-0001;François;d'Aubry;Z9900000T;1955-01-03;749037199;36205
DEMO-0002;Iago;Castro d'Aubry;99125978A;1957-06-10;749074398;36205
"""

GREETED = """
  - step: saludo
    fields: {permiso_grabar: sí}
"""
ASKED = """\
  - step: demanda
    fields: {motivo: factura, demanda: Me han cobrado dos veces}
"""
INFORMED = """\
  - step: demanda
    fields: {motivo: informacion, demanda: Me han cobrado dos veces}
"""
TO_THE_END = """\
  - {step: decidir, choose: resolver}
  - {step: resolver, outcome: informada, summary: Se le ha explicado}
  - {step: algo_mas, choose: nada_mas}
  - {step: repaso, tick: datos_al_dia}
  - step: despedida
  - {step: cierre, disposition: fac_cobro_indebido}
"""

Write = Callable[[str], AnswersFile]


def prepared(url: str, folder: Path) -> Desk:
    """A desk with the sample's agents and two of its customers."""
    desk = Desk.open(url, shipped_protocols())
    for agent in read_agents(shipped_protocols() / "demo" / "agents.yaml"):
        desk.put_agent(agent)
    (folder / "customers.csv").write_text(CUSTOMERS)
    desk.import_customers(folder / "customers.csv", rejects_path=folder / "rejects.csv")
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for many calls: each test opens its own."""
    folder = tmp_path_factory.mktemp("desk")
    opened = prepared(str(folder / "store.db"), folder)
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the steps of an answers file and reads it."""

    def written(steps: str, top: str = "agent: A101\n") -> AnswersFile:
        path = tmp_path / "answers.yaml"
        path.write_text(f"{top}steps:{steps}")
        return read_answers(path)

    return written


def played(desk: Desk, answers: AnswersFile) -> Played:
    return play(open_for(desk, answers, PROTOCOL), answers)


def kinds(desk: Desk, done: Played) -> list[str]:
    return [entry.kind for entry in desk.record_of(done.interaction.id).entries]


def refused(done: Played) -> tuple[int, str]:
    """The line of the refusal and all that is told of it."""
    assert done.refusal is not None, "it was taken"
    assert done.interaction.run.status is RunStatus.OPEN
    return done.refusal.problem.line, done.refusal.told


@pytest.mark.parametrize(
    ("sample", "outcome", "step"),
    [
        ("solved", "resuelta", "resolver"),
        ("escalated", "expediente_abierto", "clave"),
        ("identity-fails", "identidad_no_verificada", "sin_identidad"),
    ],
)
def test_the_sample_answers_play_a_call_to_its_close(
    store_url: str, tmp_path: Path, sample: str, outcome: str, step: str
) -> None:
    desk = prepared(store_url, tmp_path)
    done = played(desk, read_answers(SAMPLES / f"{sample}.yaml"))
    run = desk.record_of(done.interaction.id).run
    desk.close()
    assert done.refusal is None
    assert (run.status, run.outcome, run.owed) == (RunStatus.CLOSED, outcome, [])
    assert step in run.path


def test_the_words_of_a_step_are_said_once_unless_the_answers_say_no(desk: Desk, write: Write) -> None:
    done = played(desk, write(GREETED + "  - {step: demanda, say: no, fields: {motivo: otro, demanda: Nada}}\n"))
    said = [entry.step for entry in desk.record_of(done.interaction.id).entries if entry.kind == "said"]
    assert said == ["saludo"]


def test_words_that_a_norm_asks_for_cannot_be_left_unsaid(desk: Desk, write: Write) -> None:
    line, told = refused(played(desk, write("\n  - {step: saludo, say: no, fields: {permiso_grabar: sí}}\n")))
    assert (line, "Ley 10/2025, art. 8.2" in told) == (3, True)


def test_saying_in_a_step_that_has_no_words_is_refused(desk: Desk, write: Write) -> None:
    answers = write(
        GREETED + INFORMED + "  - {step: consulta, article: cobro-duplicado}\n  - {step: decidir, say: yes}\n"
    )
    assert "no hay nada que decir" in refused(played(desk, answers))[1]


def test_the_first_article_of_the_search_is_read(desk: Desk, write: Write) -> None:
    done = played(
        desk, write(GREETED + INFORMED + "  - {step: consulta, search: cobro duplicado, article: first}\n" + TO_THE_END)
    )
    assert done.refusal is None
    told = next(entry for entry in desk.record_of(done.interaction.id).entries if entry.kind == "told")
    assert told.body["article"] == "cobro-duplicado"


def test_the_demand_is_the_first_search_as_it_is_on_the_screen(desk: Desk, write: Write) -> None:
    done = played(desk, write(GREETED + INFORMED + "  - {step: consulta, article: first}\n" + TO_THE_END))
    searched = next(entry for entry in desk.record_of(done.interaction.id).entries if entry.kind == "searched")
    assert (done.refusal, searched.value) == (None, "Me han cobrado dos veces")


def test_a_question_that_no_article_answers_is_a_gap_in_the_journal(desk: Desk, write: Write) -> None:
    done = played(
        desk, write(GREETED + INFORMED + "  - {step: consulta, search: xyzzy, not_found: yes}\n" + TO_THE_END)
    )
    gap = next(entry for entry in desk.record_of(done.interaction.id).entries if entry.kind == "not_found")
    assert (done.refusal, gap.value) == (None, "xyzzy")


def test_nobody_may_be_found_on_purpose(desk: Desk, write: Write) -> None:
    done = played(desk, write(GREETED + ASKED + "  - {step: identificar, lookup: '600000000', not_found: yes}"))
    assert done.interaction.run.path == ["saludo", "demanda", "identificar", "sin_identidad"]
    assert kinds(desk, done)[-2:] == ["looked_up", "advanced"]


def test_one_text_is_as_good_as_a_list_of_one(desk: Desk, write: Write) -> None:
    one = write("\n  - {step: saludo, note: Llama con prisa, fields: {permiso_grabar: sí}}\n")
    many = write("\n  - {step: saludo, note: [Llama con prisa], fields: {permiso_grabar: sí}}\n")
    assert one.answers == many.answers


def test_a_call_may_be_cut_off_and_closed_with_what_is_owed(desk: Desk, write: Write) -> None:
    done = played(
        desk,
        write(
            GREETED + INFORMED + "  - {step: consulta, cut_off: Se ha cortado}\n"
            "  - {step: cierre, note: Volverá a llamar, disposition: otr_sin_identificar}\n"
        ),
    )
    run = done.interaction.run
    assert (done.refusal, run.status, [note.text for note in run.notes]) == (
        None,
        RunStatus.CLOSED,
        ["Volverá a llamar"],
    )
    assert [owed.kind for owed in run.owed] == ["demand"]


def test_a_step_may_be_skipped_with_a_reason_and_gone_back_to(desk: Desk, write: Write) -> None:
    done = played(
        desk,
        write(GREETED + "  - {step: demanda, skip: Ya lo ha dicho}\n  - {step: consulta, back: demanda}\n" + INFORMED),
    )
    assert done.interaction.run.path == ["saludo", "demanda", "consulta"]
    assert "skipped" in kinds(desk, done)


IDENTIFYING = GREETED + ASKED + "  - step: identificar\n    lookup: '749037199'\n    identity:\n"

REFUSALS = {
    "an unknown step": ("\n  - step: nada\n", 3, "se esperaba las respuestas del paso «saludo»"),
    "a step that is not the current one": (GREETED + "  - step: despedida\n", 5, "La llamada está en «demanda»"),
    "a field of another step": ("\n  - {step: saludo, fields: {motivo: factura}}\n", 3, "permiso_grabar"),
    "a field nobody knows": ("\n  - {step: saludo, fields: {nada: x}}\n", 3, "permiso_grabar"),
    "a value the field cannot hold": ("\n  - {step: saludo, fields: {permiso_grabar: quizá}}\n", 3, "sí o no"),
    "an empty value": (GREETED + "  - {step: demanda, fields: {demanda: ''}}\n", 5, "escriba algo"),
    "a value that is none of the options": (
        GREETED + "  - {step: demanda, fields: {motivo: nada}}\n",
        5,
        "Factura o cobro",
    ),
    "a field that is missing": (GREETED + "  - {step: demanda, fields: {demanda: x}}\n", 5, "Motivo de la llamada"),
    "an unknown option": (
        GREETED + INFORMED + "  - {step: consulta, article: first}\n  - {step: decidir, choose: nada}\n",
        8,
        "una de estas opciones: resolver, derivar",
    ),
    "no option": (GREETED + INFORMED + "  - {step: consulta, article: first}\n  - {step: decidir}\n", 8, "resolver"),
    "an unknown check": ("\n  - {step: saludo, tick: nada}\n", 3, "presentacion"),
    "a check that the journal proves": ("\n  - {step: saludo, tick: presentacion}\n", 3, "lo prueba el diario"),
    "an article that does not exist": (
        GREETED + INFORMED + "  - step: consulta\n    article: nada\n",
        8,
        "se esperaba el id de un artículo",
    ),
    "a search that finds no article": (
        GREETED + INFORMED + "  - {step: consulta, search: xyzzy}\n",
        7,
        "not_found: yes",
    ),
    "a customer who is not found": (
        GREETED + ASKED + "  - step: identificar\n    lookup: '600000000'\n",
        8,
        "da 0 resultados",
    ),
    "a result that is not there": (
        GREETED + ASKED + "  - step: identificar\n    lookup: '749037199'\n    pick: 2\n",
        8,
        "da 1 resultado",
    ),
    "a datum before anybody is picked": (
        GREETED + ASKED + "  - {step: identificar, identity: {birth_date: 03/01/1955}}\n",
        7,
        "Antes hay que elegir al cliente",
    ),
    "a datum that is not asked": (IDENTIFYING + "      phone: '749037199'\n", 10, "birth_date, postcode"),
    "an answer that cannot be such a datum": (IDENTIFYING + "      birth_date: mañana\n", 10, "No cuenta como fallo"),
    "an answer once it is locked": (
        IDENTIFYING + "      birth_date:\n        - 04/01/1955\n        - 05/01/1955\n        - 06/01/1955\n"
        "        - 03/01/1955\n",
        14,
        "bloqueada",
    ),
    "an unknown outcome": (
        GREETED + INFORMED + "  - {step: consulta, article: first}\n  - {step: decidir, choose: resolver}\n"
        "  - {step: resolver, outcome: nada}\n",
        9,
        "resuelta",
    ),
    "an outcome where there is none": ("\n  - {step: saludo, outcome: resuelta}\n", 3, "no se resuelve la demanda"),
    "an unknown reason": ("\n  - {step: saludo, escalate: {reason: nada, summary: x}}\n", 3, "pide_supervisor"),
    "an unknown department": (
        "\n  - {step: saludo, escalate: {reason: sin_suministro, department: nada, summary: x}}\n",
        3,
        "averias",
    ),
    "a way back to where the call never was": ("\n  - {step: saludo, back: cierre}\n", 3, "no ha pasado por ahí"),
    "an unknown disposition": (
        "\n  - {step: saludo, cut_off: Cuelga}\n  - {step: cierre, disposition: nada}\n",
        4,
        "fac_cobro_indebido",
    ),
    "a close before the wrap-up": (
        "\n  - {step: saludo, disposition: fac_cobro_indebido}\n",
        3,
        "no se puede cerrar todavía",
    ),
    "answers that end too soon": (GREETED, 3, "se esperaba las respuestas del paso «demanda»"),
}


@pytest.mark.parametrize(("steps", "line", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_what_the_protocol_cannot_take_is_refused_at_its_line_and_the_call_stays_open(
    desk: Desk, write: Write, steps: str, line: int, expected: str
) -> None:
    done = played(desk, write(steps))
    at, told = refused(done)
    assert at == line
    assert expected in told
    assert f"paso «{done.interaction.run.step}»: " in told
    assert desk.resume(done.interaction.id, done.interaction.agent).run.step == done.interaction.run.step


def test_answers_left_over_after_the_close_are_refused(desk: Desk, write: Write) -> None:
    closing = "\n  - {step: saludo, cut_off: Cuelga}\n  - {step: cierre, disposition: otr_sin_identificar}\n"
    done = played(desk, write(closing + "  - step: saludo\n"))
    assert done.interaction.run.status is RunStatus.CLOSED
    assert done.refusal is not None
    assert (done.refusal.problem.line, done.refusal.problem.expected) == (5, "el final del fichero")


def test_a_mended_file_plays_on_from_where_it_was_refused(desk: Desk, write: Write) -> None:
    broken = GREETED + INFORMED + "  - {step: consulta, article: nada}\n" + TO_THE_END
    first = played(desk, write(broken))
    refused(first)
    mended = write(broken.replace("nada}", "cobro-duplicado}", 1))
    done = play(take_up(desk, mended, PROTOCOL, first.interaction.id), mended)
    steps = [entry.step for entry in desk.record_of(done.interaction.id).entries if entry.kind == "said"]
    assert done.refusal is None
    assert len(steps) == len(set(steps)), "what was said already is not said again"


def test_a_call_taken_up_goes_on_with_a_file_of_what_is_left(desk: Desk, write: Write) -> None:
    first = played(desk, write(GREETED + INFORMED))
    rest = write("\n  - {step: consulta, article: cobro-duplicado}\n" + TO_THE_END, top="")
    again = take_up(desk, rest, PROTOCOL, first.interaction.id)
    assert play(again, rest).refusal is None
    assert again.agent.code == "A101", "who had it goes on with it"


def test_a_call_led_by_another_protocol_is_not_taken_up(desk: Desk, write: Write) -> None:
    answers = write(GREETED)
    number = played(desk, answers).interaction.id
    with pytest.raises(Refused, match="phone/inbound"):
        take_up(desk, answers, "phone/other", number)


def test_a_closed_call_is_not_taken_up(desk: Desk) -> None:
    answers = read_answers(SAMPLES / "identity-fails.yaml")
    number = played(desk, answers).interaction.id
    with pytest.raises(Refused, match="cerrada"):
        take_up(desk, answers, PROTOCOL, number)


def test_an_agent_nobody_knows_is_told_at_its_line_and_no_call_is_opened(desk: Desk, write: Write) -> None:
    before = desk.interactions(1)
    with pytest.raises(ProblemsFound) as found:
        open_for(desk, write(GREETED, top="# who\nagent: X9\n"), PROTOCOL)
    assert [problem.line for problem in found.value.problems] == [2]
    assert desk.interactions(1) == before


def test_an_agent_said_outside_the_file_attends(desk: Desk, write: Write) -> None:
    assert open_for(desk, write(GREETED), PROTOCOL, "A105").agent.code == "A105"


WRONG_FILES = {
    "no YAML": ("steps: [", 2, "YAML"),
    "an empty file": ("", 1, "vacío"),
    "no steps": ("agent: A101\n", 1, "steps"),
    "an empty list of steps": ("steps: []\n", 1, "vacío"),
    "an unknown key": ("steps:\n  - step: saludo\n    chose: x\n", 3, "choose"),
    "an unknown key of the file": ("agente: A101\nsteps: [{step: saludo}]\n", 1, "agent"),
    "a key twice": ("steps:\n  - step: saludo\n    step: demanda\n", 3, "repetida"),
    "a step without its name": ("steps:\n  - choose: x\n", 2, "step"),
    "a yes or no that is neither": ("steps:\n  - {step: saludo, say: quizá}\n", 2, "sí o no"),
    "a result with no number": ("steps:\n  - {step: a, lookup: x, pick: uno}\n", 2, "entero"),
    "a result of no search": ("steps:\n  - {step: a, pick: 2}\n", 2, "lookup"),
    "a summary of nothing": ("steps:\n  - {step: a, summary: x}\n", 2, "outcome"),
    "two ways out": ("steps:\n  - {step: a, skip: x, back: b}\n", 2, "una sola manera"),
    "an article that was and was not found": ("steps:\n  - {step: a, article: x, not_found: yes}\n", 2, "contradicen"),
    "an escalation without its summary": ("steps:\n  - {step: a, escalate: {reason: x}}\n", 2, "summary"),
    "an alias": ("steps:\n  - step: &a saludo\n", 2, "anclas"),
}


@pytest.mark.parametrize(("text", "line", "expected"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_file_that_is_wrong_is_told_before_anything_is_opened(
    tmp_path: Path, text: str, line: int, expected: str
) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text)
    with pytest.raises(ProblemsFound) as found:
        read_answers(path)
    problem = found.value.problems[0]
    assert problem.line == line
    assert expected in str(problem)


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("steps:\n  - {step: a, pick: 2}\n  - {step: b, nada: x}\n  - {choose: c}\n")
    with pytest.raises(ProblemsFound) as found:
        read_answers(path)
    assert [problem.line for problem in found.value.problems] == [2, 3, 4]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="no se puede leer"):
        read_answers(tmp_path / "none.yaml")


def test_the_call_in_the_documentation_plays_to_its_close(tmp_path: Path, desk: Desk) -> None:
    page = Path(__file__).parents[2] / "docs" / "answers.md"
    (tmp_path / "answers.yaml").write_text(page.read_text().split("```yaml\n")[1].split("```")[0])
    assert played(desk, read_answers(tmp_path / "answers.yaml")).refusal is None


def test_a_store_that_fails_half_way_stops_the_playing_with_exit_3(write: Write, tmp_path: Path) -> None:
    desk = prepared(str(tmp_path / "store.db"), tmp_path)
    answers = write(GREETED)
    call = open_for(desk, answers, PROTOCOL)
    with desk.store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE journal_entry RENAME TO gone")
    done = play(call, answers)
    desk.close()
    assert done.refusal is not None
    assert (done.refusal.exit_code, done.refusal.problem.line, call.run.path) == (3, 3, ["saludo"])
