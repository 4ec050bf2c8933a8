"""`atencion protocol`: listing, checking, showing and playing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from atencion import cli
from atencion.resources import shipped_protocols
from tests.cli.conftest import SAMPLE, Run

PLAY = ("protocol", "run", "phone/inbound", "--answers")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped protocols, to spoil."""
    return Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))


def spoil(folder: Path, old: str, new: str) -> Path:
    path = folder / "phone" / "inbound.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path


def write(folder: Path, text: str) -> Path:
    path = folder / "answers.yaml"
    path.write_text(text)
    return path


def test_the_shipped_protocols_are_listed_and_have_no_problem(run: Run, db: Path) -> None:
    listed = run(db, "protocol", "list", "--json")
    problems = {row["id"]: row["problems"] for row in listed.document}
    assert "phone/inbound" in problems
    assert not any(problems.values())
    assert (run(db, "protocol", "list").code, "Llamada entrante" in run(db, "protocol", "list").out) == (0, True)
    assert (run(db, "protocol", "check").code, run(db, "protocol", "check").err) == (0, "")


def test_every_problem_is_told_at_its_line_and_the_others_still_load(run: Run, db: Path, folder: Path) -> None:
    shutil.copy(folder / "phone" / "inbound.yaml", folder / "phone" / "second.yaml")
    second = folder / "phone" / "second.yaml"
    second.write_text(second.read_text().replace("id: phone/inbound", "id: phone/second", 1))
    path = spoil(folder, "goto: consulta", "goto: nada")
    spoil(folder, "kind: knowledge", "kind: knowlege")
    line = 1 + path.read_text().split("kind: knowlege")[0].count("\n")

    checked = run(db, "--protocols", folder, "protocol", "check")
    assert checked.code == 1
    assert f"{path}:{line}:" in checked.err
    listed = run(db, "--protocols", folder, "protocol", "list")
    assert (listed.code, "no se puede usar" in listed.out, "phone/second" in listed.out) == (1, True, True)
    problem = run(db, "--protocols", folder, "protocol", "check", "--json").document["problems"][0]
    assert (problem["file"], problem["line"]) == (str(path), line)


@pytest.mark.parametrize("which", ["phone/inbound", "{folder}/phone/inbound.yaml"])
def test_one_protocol_is_checked_by_its_name_or_its_file(run: Run, db: Path, folder: Path, which: str) -> None:
    arguments = ("--protocols", folder, "protocol", "check", which.format(folder=folder))
    assert run(db, *arguments).code == 0
    spoil(folder, "goto: consulta", "goto: nada")
    spoiled = run(db, *arguments)
    assert (spoiled.code, "inbound.yaml:" in spoiled.err, "nada" in spoiled.err) == (1, True, True)


def test_a_protocol_nobody_knows_is_told_with_the_nearest(run: Run, db: Path) -> None:
    done = run(db, "protocol", "show", "phone/inbond")
    assert (done.code, done.out, "phone/inbound" in done.err) == (1, "", True)


def test_a_missing_file_is_told(run: Run, db: Path) -> None:
    done = run(db, "protocol", "check", "none.yaml")
    assert (done.code, done.err.startswith("none.yaml:1:1: ")) == (1, True)


def test_a_protocol_is_shown_with_its_words_branches_and_norms(run: Run, db: Path) -> None:
    shown = run(db, "protocol", "show", "phone/inbound").out
    for wanted in ("Saludo", "le atiende", "Ley 10/2025, art. 8.2", "cliente.verificado → consulta", "Motivo de la"):
        assert wanted in shown
    steps = {step["id"]: step for step in run(db, "protocol", "show", "phone/inbound", "--json").document["steps"]}
    assert steps["saludo"]["next"] == [{"when": None, "goto": "demanda"}]
    assert {"id": "nada_mas", "label": "No, nada más", "goto": "repaso"} in steps["algo_mas"]["options"]
    assert steps["algo_mas"]["next"] == []
    assert steps["saludo"]["checks"][0]["mandatory"] == "ley-10-2025/8.2"


def test_a_whole_call_is_one_document(run: Run, db: Path) -> None:
    done = run(db, *PLAY, SAMPLE / "answers" / "solved.yaml", "--json")
    played = done.document
    assert (done.code, done.err) == (0, "")
    assert (played["status"], played["outcome"], played["owed"], played["problem"]) == ("closed", "resuelta", [], None)
    assert played["path"][:3] == ["saludo", "demanda", "identificar"]
    assert played["fields"]["permiso_grabar"] is True
    assert [entry["seq"] for entry in played["journal"]] == list(range(1, len(played["journal"]) + 1))
    assert set(played["journal"][0]) >= {"seq", "at", "kind", "step", "body", "value"}


def test_a_refused_answer_is_one_document_and_a_line_and_leaves_the_call_open(
    run: Run, db: Path, tmp_path: Path
) -> None:
    answers = write(tmp_path, "agent: A101\nsteps:\n  - step: saludo\n    fields: {permiso_grabar: quizá}\n")
    done = run(db, *PLAY, answers, "--json")
    number = done.document["interaction"]
    assert (done.code, done.document["status"], done.document["path"]) == (1, "open", ["saludo"])
    assert done.document["problem"] == {
        "file": str(answers),
        "line": 4,
        "column": 30,
        "step": "saludo",
        "message": "«¿Da permiso para grabar?» no vale así",
        "expected": "sí o no",
    }
    assert done.err.startswith(f"{answers}:4:30: paso «saludo»: ")
    assert f"--resume {number}" in done.err
    assert run(db, "interaction", "show", number, "--json").document["status"] == "open"


def test_a_call_left_open_is_gone_on_with(run: Run, db: Path, tmp_path: Path) -> None:
    first = run(db, *PLAY, write(tmp_path, "agent: A101\nsteps:\n  - {step: saludo, fields: {permiso_grabar: no}}\n"))
    assert (first.code, "Interacción 1: abierta" in first.out, "--resume 1" in first.err) == (1, True, True)
    rest = "steps:\n  - {step: demanda, cut_off: Cuelga}\n  - {step: cierre, disposition: otr_sin_identificar}\n"
    again = run(db, *PLAY, write(tmp_path, rest), "--resume", 1, "--json")
    assert (again.code, again.document["interaction"], again.document["status"]) == (0, 1, "closed")


def test_answers_left_over_after_the_close_are_refused_and_nothing_is_said_of_going_on(
    run: Run, db: Path, tmp_path: Path
) -> None:
    closing = "steps:\n  - {step: saludo, cut_off: x}\n  - {step: cierre, disposition: otr_interrumpida}\n"
    done = run(db, *PLAY, write(tmp_path, f"agent: A101\n{closing}  - step: saludo\n"), "--json")
    assert (done.code, done.document["status"], done.document["problem"]["line"]) == (1, "closed", 5)
    assert "--resume" not in done.err


WRONG = {
    "a missing file": (None, "no se puede leer"),
    "no YAML": ("steps: [", "YAML"),
    "an unknown key": ("steps:\n  - {step: saludo, chose: x}\n", "choose"),
    "an unknown agent": ("agent: X1\nsteps:\n  - step: saludo\n", "«X1»"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_one_document_too_and_opens_nothing(
    run: Run, db: Path, tmp_path: Path, text: str | None, said: str
) -> None:
    path = tmp_path / "none.yaml" if text is None else write(tmp_path, text)
    done = run(db, *PLAY, path, "--json")
    assert (done.code, done.document["interaction"], done.document["journal"]) == (1, None, [])
    assert done.document["problem"]["file"] == str(path)
    assert done.err.startswith(f"{path}:")
    assert said in done.err
    assert run(db, "interaction", "list", "--json").document == []


def test_an_unknown_protocol_is_one_document_too(run: Run, db: Path) -> None:
    done = run(db, "protocol", "run", "phone/nada", "--answers", SAMPLE / "answers" / "solved.yaml", "--json")
    assert (done.code, done.document["problem"]["file"], "phone/nada" in done.document["problem"]["message"]) == (
        1,
        None,
        True,
    )


def test_a_store_that_cannot_be_opened_is_one_document_and_exit_3(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "notes.db"
    store.write_text("these are my notes, not a store " * 100)
    done = run(store, *PLAY, SAMPLE / "answers" / "solved.yaml", "--json")
    assert (done.code, done.document["interaction"], str(store) in done.document["problem"]["message"]) == (
        3,
        None,
        True,
    )


def test_who_attends_may_be_said_before_the_command(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--db", str(db), "--agent", "A105", *PLAY, str(SAMPLE / "answers" / "solved.yaml")]) == 0
    capsys.readouterr()
    assert cli.main(["--db", str(db), "interaction", "list", "--agent", "A105", "--json"]) == 0
    assert "Salma Benzuela" in capsys.readouterr().out


def test_a_new_store_plays_with_the_only_agent_there_is(run: Run, tmp_path: Path) -> None:
    answers = write(
        tmp_path, "steps:\n  - {step: saludo, cut_off: x}\n  - {step: cierre, disposition: otr_interrumpida}\n"
    )
    done = run(tmp_path / "new.db", *PLAY, answers, "--json")
    assert (done.document["status"], done.document["interaction"]) == ("closed", 1)


@pytest.mark.skipif(not shutil.which("setpriv") and os.geteuid() == 0, reason="root writes everywhere")
def test_a_store_that_became_read_only_is_exit_3_and_nothing_is_opened(db: Path) -> None:
    db.chmod(0o444)
    as_anybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*as_anybody, sys.executable, "-m", "atencion", "--db", str(db)]
    done = subprocess.run(
        [*command, *PLAY, str(SAMPLE / "answers" / "solved.yaml")], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "solo lectura" in done.stderr
    found = subprocess.run([*command, "customer", "find", "749037199"], capture_output=True, text=True, timeout=60)
    assert (found.returncode, "DEMO-0001" in found.stdout) == (0, True), "reading goes on"
    doctor = subprocess.run([*command, "doctor"], capture_output=True, text=True, timeout=60)
    assert (doctor.returncode, "solo lectura" in doctor.stdout) == (3, True)
