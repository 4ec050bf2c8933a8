"""Practice from the command line: list, check, new, run, score, replay, coverage."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

STEPS = """
steps:
  - {step: saludo, fields: {permiso_grabar: sí}}
  - {step: demanda, talk: "Entiendo que esté molesta.", cut_off: El cliente ha colgado}
  - {step: cierre, disposition: otr_interrumpida}
"""


def answers(folder: Path, said: str = "Entiendo que esté molesta.") -> Path:
    path = folder / "answers.yaml"
    path.write_text(STEPS.replace("Entiendo que esté molesta.", said), encoding="utf-8")
    return path


def test_a_practice_is_played_scored_again_and_heard_again(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "practice.db"
    played = run(store, "practice", "run", "cobro-duplicado", "--answers", answers(tmp_path), "--seed", 3, "--json")
    assert played.code == 0, played.err
    document = played.document
    assert {"result", "criteria", "critical", "time", "path"} <= set(document)
    assert document["criteria"][0]["evidence"]
    again = run(store, "practice", "score", document["result"]["interaction"], "--json").document
    assert again["result"]["hash"] == document["result"]["hash"]
    assert run(store, "practice", "replay", document["result"]["interaction"], "--json").document["same"]
    told = run(store, "practice", "score", document["result"]["interaction"])
    assert "No es una evaluación oficial" in told.out


def test_a_practice_store_is_not_opened_as_a_real_one_nor_a_real_one_as_practice(
    run: Run, db: Path, tmp_path: Path
) -> None:
    refused = run(db, "practice", "run", "cobro-duplicado", "--answers", answers(tmp_path))
    assert refused.code == 3
    assert "practice" in refused.err


def test_a_store_holds_the_world_of_one_attempt(run: Run, tmp_path: Path) -> None:
    store, given = tmp_path / "practice.db", answers(tmp_path)
    run(store, "practice", "run", "cobro-duplicado", "--answers", given)
    assert run(store, "practice", "run", "cobro-duplicado", "--answers", given).code == 1


def test_a_real_interaction_is_scored_by_what_holds_of_any(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "real.yaml"
    path.write_text(STEPS.replace('talk: "Entiendo que esté molesta.", ', ""), encoding="utf-8")
    played = run(db, "--agent", "A101", "protocol", "run", "phone/inbound", "--answers", path, "--json")
    found = run(db, "practice", "score", played.document["interaction"], "--json").document
    assert found["pinned"]["scenario"] == ""
    assert {one["id"] for one in found["criteria"]} >= {"IC1.1", "IC1.5"}


def test_the_scenarios_are_listed_and_their_coverage_told(run: Run, db: Path) -> None:
    listed = run(db, "practice", "list", "--json")
    assert listed.code == 0
    assert len(listed.document) == 10
    assert run(db, "practice", "coverage", "--json").document["criteria"]["IC1.1"]
    assert "IC1.6" in run(db, "practice", "coverage").out


def test_a_new_scenario_is_good_from_the_start_and_a_spoiled_one_is_told(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "mi-caso.yaml"
    assert run(db, "practice", "new", "mi-caso", "--out", path).code == 0
    assert run(db, "practice", "check", path).code == 0
    assert run(db, "practice", "new", "mi-caso", "--out", path).code == 1
    path.write_text(path.read_text(encoding="utf-8").replace("level: guided", "level: fácil"), encoding="utf-8")
    spoiled = run(db, "practice", "check", path, "--json")
    assert spoiled.code == 1
    assert spoiled.document["problems"][0]["line"] > 1


def test_a_scenario_that_is_not_there_is_told_with_the_nearest(run: Run, db: Path, tmp_path: Path) -> None:
    refused = run(db, "practice", "run", "cobro-duplicad", "--answers", answers(tmp_path))
    assert refused.code == 1
    assert "cobro-duplicado" in refused.err


def test_what_is_told_of_an_attempt_is_the_same_as_text_and_as_json(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "practice.db"
    run(store, "practice", "run", "cobro-duplicado", "--answers", answers(tmp_path), "--seed", 3)
    found = run(store, "practice", "score", 1, "--json").document["debrief"]
    told = run(store, "practice", "score", 1).out
    assert {one["lane"] for one in found["timeline"]} == {"customer", "agent", "system"}
    assert ["saludo", "saludo"] in found["beside"]
    assert ["identificar", None] in found["beside"]
    assert 0 < len(found["strengths"]) <= 3
    assert len(found["changes"]) == 3
    for lost in found["lost"]:
        assert f"{lost['label']}" in told
        assert f"Se esperaba: {lost['expected']}" in told
    for words in ("Lo mejor", "Qué cambiar", "El mejor camino", "Línea del tiempo", "cliente", "agente", "sistema"):
        assert words in told


def test_a_scenario_is_played_and_checked_from_any_file_with_its_attempts_beside_it(
    run: Run, db: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mi-caso.yaml"
    assert run(db, "practice", "new", "mi-caso", "--out", path).code == 0
    assert (tmp_path / "mi-caso.test.yaml").is_file()
    assert "# Quién llama" in path.read_text(encoding="utf-8")
    played = run(tmp_path / "p.db", "practice", "run", path, "--answers", answers(tmp_path), "--json")
    assert played.code == 0, played.err
    assert played.document["pinned"]["scenario"] == "mi-caso 1.0.0"
    tests = tmp_path / "mi-caso.test.yaml"
    tests.write_text(tests.read_text(encoding="utf-8").replace('points: "10000"', 'points: "9999"'), encoding="utf-8")
    spoiled = run(db, "practice", "check", path)
    assert spoiled.code == 1
    assert "points" in spoiled.err


def test_a_trainer_judges_what_waits_and_signs(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "practice.db"
    played = run(store, "practice", "run", "cobro-duplicado", "--answers", answers(tmp_path, "De acuerdo."), "--json")
    assert played.document["result"]["official"] is False
    waiting = [one["id"] for one in played.document["checks"] if one["verdict"] == "waits"]
    assert waiting
    refused = run(store, "practice", "sign", 1, "--by", "Ana Gil")
    assert (refused.code, waiting[0] in refused.err) == (1, True)
    given = [word for check in waiting for word in ("--verdict", f"{check}=not")]
    signed = run(store, "practice", "sign", 1, "--by", "Ana Gil", *given, "--json").document
    assert signed["result"]["official"] is True
    assert signed["debrief"]["signature"]["by"] == "Ana Gil"
    assert "Firmada por Ana Gil" in run(store, "practice", "score", 1).out
    assert run(store, "practice", "sign", 1, "--by", "Ana Gil").code == 1
    assert run(store, "practice", "sign", 1, "--by", "Ana Gil", "--verdict", "saludo=bien").code == 2


def test_a_real_interaction_is_not_signed(run: Run, db: Path) -> None:
    assert run(db, "practice", "sign", 1, "--by", "Ana Gil").code == 1


def test_json_and_a_classroom_are_refused_where_they_mean_nothing(run: Run, db: Path, tmp_path: Path) -> None:
    assert run(db, "practice", "run", "impostor", "--json").code == 2
    assert run(db, "practice", "run", "impostor", "--classroom", "--answers", answers(tmp_path)).code == 2
    assert run(db, "practice", "trainer").code == 2
    assert run(db, "practice", "replay", 1, "--from", 3, "--json").code == 2
