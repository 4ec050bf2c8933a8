"""The shipped catalogue: every protocol and fragment reads clean, and its example conversations walk all its ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue, protocol_from_text
from atencion.scripts.checking import check_folder
from atencion.scripts.examples import Played, play_examples, untaken
from atencion.scripts.lint import placed_steps
from atencion.scripts.protocol import Protocol
from atencion.scripts.texts import LANGUAGES

FOLDER = shipped_protocols()
PROTOCOLS = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix()
    for path in FOLDER.glob("*/*.yaml")
    if path.parent.name not in ("cases", "common", "demo", "knowledge", "practice", "regulation")
    and not path.name.endswith(".test.yaml")
)
FRAGMENTS = sorted(f"common/{path.stem}" for path in FOLDER.glob("common/*.yaml") if ".test" not in path.name)

GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The alphabet of a message of 160 characters; one character outside it leaves room for 70."""

IN_FIVE_LANGUAGES = ("opening", "opening-written", "opening-outbound", "language-offer", "hold", "transfer")
IN_FIVE_LANGUAGES += ("recording-notice", "farewell", "farewell-outbound", "written-answer")

TOLD_BY_ITS_USER = ("common/opening-outbound", "permiso")
"""A text with a parameter in it: each user's is another, so that no hash can be that of all."""

ALONE = """\
id: phone/alone
version: "1.0.0"
title: Un fragmento por sí solo
channels: [phone, in_person, email, sms, chat, web, social, newsletter]
languages: [{languages}]
author: formacion
approved_by: calidad
valid: {{from: "2026-01-01"}}
steps: [{{include: {fragment}}}]
"""


@cache
def catalogue() -> Catalogue:
    return Catalogue(FOLDER)


@cache
def loaded(name: str) -> Protocol:
    """A protocol, or a fragment as the protocol that it is by itself."""
    if name in PROTOCOLS:
        return catalogue().protocol(name).protocol
    text = ALONE.format(fragment=name, languages=", ".join(LANGUAGES))
    return protocol_from_text(text, name, catalogue().world, fragments=catalogue().fragment_text).protocol


@cache
def played(name: str) -> list[Played]:
    examples = catalogue().examples(name)
    assert examples is not None, f"{name} has no example conversations"
    return play_examples(loaded(name), catalogue().organisation, examples)


def said(channel: str) -> Iterator[tuple[str, str]]:
    """The words of every message that the examples send on a channel, with the step that sends it."""
    for name in PROTOCOLS:
        for one in played(name):
            if one.run.channel == channel:
                yield from ((f"{name} {step}", words) for step, all_of_it in one.said.items() for words in all_of_it)


@pytest.mark.parametrize("name", [*PROTOCOLS, *FRAGMENTS])
def test_each_one_reads_clean_and_does_what_its_examples_say(name: str) -> None:
    assert [str(problem) for one in played(name) for problem in one.problems] == []
    names = [one.name for one in played(name)]
    assert len(set(names)) == len(names)


def test_nothing_in_the_folder_has_a_problem_nor_could_be_better() -> None:
    assert [str(problem) for problem in check_folder(catalogue(), today=date(2026, 11, 25))] == []


@pytest.mark.parametrize("name", [*PROTOCOLS, *FRAGMENTS])
def test_some_example_walks_every_branch(name: str) -> None:
    main_way = {step.id for step in loaded(name).steps}
    left = [way for way in untaken(loaded(name), played(name)) if way[0] in main_way]
    assert left == []


@pytest.mark.parametrize("name", [*PROTOCOLS, *FRAGMENTS])
def test_some_example_walks_every_step(name: str) -> None:
    walked = {step for one in played(name) for step in one.run.path}
    assert {step.id for step in loaded(name).steps if step.kind != "call"} - walked == set()


def test_every_fragment_is_used_by_some_protocol() -> None:
    used = {fragment for name in PROTOCOLS for fragment in catalogue().protocol(name).fragments}
    assert sorted(set(FRAGMENTS) - used) == []


def test_there_is_a_protocol_for_every_channel() -> None:
    served = {channel for name in PROTOCOLS for channel in loaded(name).channels}
    assert served == set(catalogue().organisation.channel)


def test_together_they_serve_the_criteria_of_attending_selling_and_registering() -> None:
    served = {criterion for name in PROTOCOLS for step in loaded(name).all_steps() for criterion in step.criteria}
    assert {
        f"IC{element}.{n}" for element, last in ((1, 6), (2, 5), (3, 6), (4, 7)) for n in range(1, last + 1)
    } <= served


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_conversation_can_end_and_be_wrapped_up(name: str) -> None:
    assert loaded(name).steps[-1].kind == "wrap_up"
    assert any(one.passed and one.run.disposition for one in played(name))


@pytest.mark.parametrize("name", [name for name in PROTOCOLS if name.startswith(("phone/", "chat/", "in_person/"))])
def test_who_attends_is_said_before_anything_else_is_asked(name: str) -> None:
    """Of the steps that speak, the first is the greeting, and it cannot be left unsaid (Ley 10/2025, art. 8.2)."""
    first = next(step for step in loaded(name).steps if step.say is not None)
    assert first.kind == "greeting"
    assert any(check.mandatory in ("ley-10-2025/8.2", "trlgdcu/96") for check in first.checks)


def test_a_key_is_never_given_in_the_public_part_of_a_social_network() -> None:
    protocol = loaded("social/public-then-private")
    public = [step for step in protocol.steps if step.id.startswith("publica_")]
    assert public
    for step in public:
        names = {name for variant in step.say.variants for name in variant.template.names} if step.say else set()
        assert not any(name.startswith(("cliente.", "contrato.", "expediente.")) for name in names)
        assert not any(protocol.fields[name].personal for name in step.capture)


def test_every_sms_fits_in_one_message() -> None:
    sent = list(said("sms"))
    assert sent
    assert [(step, words) for step, words in sent if set(words) - GSM_7 or len(words) > 160] == []


@pytest.mark.parametrize("channel", ["chat", "social"])
def test_every_message_fits_the_limit_of_its_channel(channel: str) -> None:
    limit = catalogue().organisation.channel[channel].limit
    assert isinstance(limit, int)
    assert [(step, words) for step, words in said(channel) if len(words) > limit] == []


@pytest.mark.parametrize("name", [f"common/{name}" for name in IN_FIVE_LANGUAGES])
def test_the_common_steps_speak_five_languages(name: str) -> None:
    protocol = loaded(name)
    for step in protocol.steps:
        spoken = (
            {variant.language or protocol.language for variant in step.say.variants} if step.say else set(LANGUAGES)
        )
        assert set(LANGUAGES) <= spoken, step.id


def test_the_translations_say_of_which_text_they_are() -> None:
    """A text that changes without its translations is told by `check`, which needs the hash of what was translated."""
    lacking = []
    for name in FRAGMENTS:
        for _at, step in placed_steps(loaded(name)):
            for variant in step.say.variants if step.say else ():
                told = (name, step.id) == TOLD_BY_ITS_USER
                if variant.language not in (None, "es") and variant.of is None and not told:
                    lacking.append(f"{name} {step.id} {variant.key}")
    assert lacking == []


def test_the_example_conversations_stand_beside_a_protocol_or_a_fragment() -> None:
    beside = [path for path in FOLDER.glob("*/*.test.yaml") if not _protocol_of(path).is_file()]
    assert beside == []


def _protocol_of(path: Path) -> Path:
    return path.with_name(path.name.replace(".test.yaml", ".yaml"))


ANSWERS = {
    "email/reply": {"redactar": "respuesta"},
    "newsletter/campaign": {"preparar": "cuerpo_campana"},
    "newsletter/replies": {"redactar": "respuesta"},
    "sms/reply": {"redactar": "respuesta_sms"},
    "social/public-then-private": {"redactar_publica": "respuesta_publica"},
    "web/form": {"redactar": "respuesta"},
    "web/order": {"redactar": "respuesta"},
}
"""By protocol, the steps in which the words to send are written, and the field of each."""


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_answer_of_a_step_is_the_field_with_the_words_to_send(name: str) -> None:
    protocol = loaded(name)
    found = {step.id: field for step in protocol.all_steps() if (field := protocol.answer_field(step))}
    assert found == ANSWERS.get(name, {})
