"""What a protocol that can be used would be better without: texts too long, data nobody asks for, ways never taken.

Each piece of advice stands at its line and says how to mend it, as a problem does; it stops nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from atencion.errors import Problem
from atencion.i18n import _
from atencion.scripts.document import Document, Loc
from atencion.scripts.lint import conditions, placed_steps, templates
from atencion.scripts.organisation import ChannelRules, Organisation
from atencion.scripts.proofs import promised, sample_context
from atencion.scripts.protocol import Knowledge, Protocol, Step
from atencion.scripts.reach import State, can_come, can_hold, informs, states
from atencion.scripts.sms import Encoding, capacity, measure
from atencion.scripts.texts import DEFAULT, LANGUAGES, REGISTERS, Text, Variant, short_hash
from atencion.scripts.values import FieldType
from atencion.text import fold

MOST_WORDS = 25
"""Words that a sentence can have and still be followed when it is heard."""

_ASIDE = re.compile(r"\{%-?\s*(?:else|elif|endif).*?%\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_DATUM = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def advise(
    protocol: Protocol, document: Document, *, today: date, organisation: Organisation | None = None
) -> list[Problem]:
    """All the advice there is for a protocol that has no problem, in the order of its files."""
    found = [
        *_dates(protocol, document, today),
        *_sentences(protocol, document),
        *_lengths(protocol, document, organisation),
        *_lacking(protocol, document),
        *_stale(protocol, document),
        *_fields(protocol, document),
        *_branches(protocol, document),
        *_never_here(protocol, document),
        *_criteria(protocol, document),
        *_same_checks(protocol, document),
        *_exposed(protocol, document),
    ]
    return _as_advice(found)


def advise_fragment(fragment: Protocol, document: Document) -> list[Problem]:
    """The advice for a fragment that stands by itself; the rest depends on who uses it."""
    found = [
        *_sentences(fragment, document),
        *_lacking(fragment, document, whole=False),
        *_stale(fragment, document),
        *_branches(fragment, document),
        *_criteria(fragment, document),
        *_same_checks(fragment, document),
    ]
    return _as_advice(found)


def _as_advice(found: Iterable[Problem]) -> list[Problem]:
    return sorted({replace(one, severity="advice") for one in found})


def _dates(protocol: Protocol, document: Document, today: date) -> Iterator[Problem]:
    valid = protocol.valid
    if valid.to is not None and valid.to < today:
        message = _("el protocolo caducó el {day}").format(day=f"{valid.to:%d/%m/%Y}")
        yield document.problem(("valid", "to"), message, _("otra fecha, o «status: retired»"))
    if valid.review_by is not None and valid.review_by < today:
        message = _("el protocolo tenía que revisarse antes del {day}").format(day=f"{valid.review_by:%d/%m/%Y}")
        yield document.problem(("valid", "review_by"), message, _("revisarlo y poner la próxima fecha"))


def _sentences(protocol: Protocol, document: Document) -> Iterator[Problem]:
    for at, variant in _said(protocol):
        for sentence in sentences(variant.template.source):
            count = len(sentence.split())
            if count > MOST_WORDS:
                start = " ".join(sentence.split()[:4])
                message = _("la frase que empieza «{start}…» tiene {count} palabras").format(start=start, count=count)
                expected = _("{most} palabras por frase como mucho: parta la frase").format(most=MOST_WORDS)
                yield document.problem(at, message, expected)


def sentences(source: str) -> list[str]:
    """The sentences of a text to say; what fills a gap counts as one word, and each way of an `if` apart."""
    plain = _DATUM.sub("…", _TAG.sub(" ", _ASIDE.sub(". ", source)))
    return [part for part in re.split(r"(?<=[.!?])\s+|\n\s*\n|:\s+", plain) if part.strip()]


def _lengths(protocol: Protocol, document: Document, organisation: Organisation | None) -> Iterator[Problem]:
    if organisation is None:
        return
    for rules in organisation.channels:
        if rules.id not in protocol.channels or rules.limit is None:
            continue
        context = sample_context(protocol, organisation, rules.id)
        for at, step in placed_steps(protocol):
            for variant in _chosen(protocol, step, rules.id):
                over = _over(variant.template.render(context), rules)
                if over is not None:
                    yield document.problem(_say_at(at, step, variant), *over)


def _over(words: str, rules: ChannelRules) -> tuple[str, str] | None:
    """That some words do not fit in a channel and what to do about it; None if they do."""
    if rules.limit == "sms":
        return _over_segments(words, rules.segments)
    if rules.limit is None or len(words) <= rules.limit:
        return None
    message = _("el texto ocupa {length} letras en {channel}").format(length=len(words), channel=rules.id)
    expected = _("{limit} como mucho: acórtelo o escriba la variante «{channel}»")
    return message, expected.format(limit=rules.limit, channel=rules.id)


def _over_segments(words: str, most: int) -> tuple[str, str] | None:
    length = measure(words)
    if length.segments <= most:
        return None
    message = _("el texto ocupa {segments} SMS: son {units} letras en {encoding}").format(
        segments=length.segments, units=length.units, encoding=length.encoding
    )
    room = capacity(length.encoding, most)
    if not length.forcing:
        return message, _("{most} SMS como mucho, de {room} letras: acórtelo").format(most=most, room=room)
    expected = _("{most} SMS como mucho: quite {characters}, que dejan {room} letras de {more}, o acórtelo")
    more, characters = capacity(Encoding.GSM_7, most), " ".join(f"«{one}»" for one in length.forcing[:8])
    return message, expected.format(most=most, characters=characters, room=room, more=more)


def _chosen(protocol: Protocol, step: Step, channel: str) -> Iterable[Variant]:
    """The wordings of a step that a channel may get."""
    if step.say is None or (step.channels and channel not in step.channels):
        return ()
    wanted = ((language, register) for language in promised(protocol) for register in REGISTERS)
    found = (
        step.say.pick(language=language, channel=channel, register=register, own=protocol.language)
        for language, register in wanted
    )
    return {variant.key: variant for variant in found if variant is not None}.values()


def _lacking(protocol: Protocol, document: Document, *, whole: bool = True) -> Iterator[Problem]:
    """Languages and channels that a text lacks; what is not `whole` need not have words for every channel."""
    for at, step in placed_steps(protocol):
        for channel in protocol.channels:
            if step.say is None or (step.channels and channel not in step.channels):
                continue
            for register in REGISTERS:
                missing = _missing(protocol, step.say, channel, register)
                if DEFAULT not in missing:
                    yield from (_lacks(document, at, language) for language in missing)
                elif whole:
                    message = _("no hay texto para el canal «{channel}» con trato {register}")
                    expected = _("una variante «default» o «{key}»").format(key=channel)
                    yield document.problem((*at, "say"), message.format(channel=channel, register=register), expected)


def _missing(protocol: Protocol, say: Text, channel: str, register: str) -> list[str]:
    """The promised languages that a text lacks, or DEFAULT if it has no words at all."""
    missing = []
    for language in promised(protocol):
        picked = say.pick(language=language, channel=channel, register=register, own=protocol.language)
        if picked is None:
            return [DEFAULT]
        if (picked.language or protocol.language) != language:
            missing.append(language)
    return missing


def _lacks(document: Document, at: Loc, language: str) -> Problem:
    message = _("falta el texto en {language}, prometido en «languages»").format(language=LANGUAGES[language])
    return document.problem((*at, "say"), message, _("una variante «{key}»").format(key=language))


def _stale(protocol: Protocol, document: Document) -> Iterator[Problem]:
    for at, step in placed_steps(protocol):
        for variant in step.say.variants if step.say else ():
            if variant.of is None or step.say is None:
                continue
            original = _original(protocol, step.say, variant)
            if original is None:
                message = _("la variante «{key}» dice de qué es traducción, y ese texto no está").format(
                    key=variant.key
                )
                yield document.problem((*at, "say", variant.key), message, _("el texto en la lengua del protocolo"))
                continue
            due = short_hash(original.template.source)
            if variant.of != due:
                message = _("la traducción «{key}» es de un texto que ha cambiado").format(key=variant.key)
                expected = _("revisarla y poner «of: {hash}»").format(hash=due)
                yield document.problem((*at, "say", variant.key), message, expected)


def _original(protocol: Protocol, say: Text, translation: Variant) -> Variant | None:
    """The wording that a translation is of: the one its contact would hear in the protocol's own language."""
    own = protocol.language
    fitting = [
        one
        for one in say.variants
        if (one.language or own) == own
        and one.channel in (None, translation.channel)
        and one.register in (None, translation.register)
    ]
    return max(fitting, key=lambda one: (bool(one.language), bool(one.channel), bool(one.register)), default=None)


_WITHOUT_USE = {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}
"""Types whose value is asked for so that something depends on it."""


def _fields(protocol: Protocol, document: Document) -> Iterator[Problem]:
    captured = {name for step in protocol.all_steps() for name in step.capture}
    used = _used(protocol)
    for name, field in protocol.fields.items():
        if name not in captured:
            message = _("el dato «{name}» no se anota en ningún paso").format(name=name)
            yield document.problem(("fields", name), message, _("nombrarlo en «capture» o quitarlo"), key=True)
        elif name not in used and (field.personal or field.type in _WITHOUT_USE):
            message = _("el dato «{name}» se pide y nada lo usa").format(name=name)
            hint = _("usarlo en un texto, una rama o una acción, o dejar de pedirlo")
            yield document.problem(("fields", name), message, hint, key=True)


def _used(protocol: Protocol) -> set[str]:
    names = {protocol.recording, protocol.contract}
    names |= {name for _at, template in templates(protocol) for name in template.names}
    names |= {name for _at, condition in conditions(protocol) for name in condition.names}
    names |= {step.query for step in protocol.all_steps() if isinstance(step, Knowledge)}
    names |= {name for name, field in protocol.fields.items() if field.opens_demand}
    return {name for name in names if name}


def _branches(protocol: Protocol, document: Document) -> Iterator[Problem]:
    for at, step in placed_steps(protocol):
        for i, target in enumerate(can_come(protocol, step)):
            branch = (step.next or ())[i]
            if target is None and branch.when is not None:
                alone = can_hold(protocol, branch.when)
                message = (
                    _("esta rama no se toma nunca: siempre vale antes otra de encima")
                    if alone
                    else _("esta rama no se toma nunca: la condición no puede cumplirse")
                )
                yield document.problem((*at, "next", i, "when"), message, _("otra condición, o quitar la rama"))
    for loc, condition in conditions(protocol):
        if "next" not in loc and not can_hold(protocol, condition):
            message = _("esta condición no puede cumplirse nunca")
            yield document.problem(loc, message, _("otra condición, o quitar lo que depende de ella"))


def _never_here(protocol: Protocol, document: Document) -> Iterator[Problem]:
    """Steps and wordings for channels that the protocol is not for; a fragment may well serve others too."""
    for at, step in placed_steps(protocol):
        if document.place(at).file != document.file:
            continue
        if step.channels and not set(step.channels) & set(protocol.channels):
            message = _("el paso es para canales que no son del protocolo")
            yield document.problem((*at, "channels"), message, ", ".join(protocol.channels))
        for variant in step.say.variants if step.say else ():
            if variant.channel and variant.channel not in protocol.channels:
                message = _("la variante «{key}» es para un canal que no es del protocolo").format(key=variant.key)
                yield document.problem((*at, "say", variant.key), message, ", ".join(protocol.channels), key=True)


def _criteria(protocol: Protocol, document: Document) -> Iterator[Problem]:
    served = {criterion for step in protocol.all_steps() for criterion in step.criteria}
    for i, criterion in enumerate(protocol.criteria):
        if criterion not in served:
            message = _("ningún paso sirve al criterio {criterion}").format(criterion=criterion)
            yield document.problem(("criteria", i), message, _("nombrarlo en «criteria» de un paso, o quitarlo"))


def _same_checks(protocol: Protocol, document: Document) -> Iterator[Problem]:
    first: dict[str, Loc] = {}
    for at, step in placed_steps(protocol):
        for i, check in enumerate(step.checks):
            loc = (*at, "checks", i, "label")
            meaning = " ".join(re.findall(r"\w+", fold(check.label)))
            before = first.setdefault(meaning, loc)
            if document.place(before) != document.place(loc):
                line = document.place(before).line
                message = _("esta comprobación dice lo mismo que la de la línea {line}").format(line=line)
                yield document.problem(loc, message, _("una sola de las dos"))


def _exposed(protocol: Protocol, document: Document) -> Iterator[Problem]:
    """Personal data asked for before it is told who handles them; what is of the customer on ways not verified."""
    for channel in protocol.channels:
        coming = states(protocol, channel)
        for at, step in placed_steps(protocol):
            if step.id in coming:
                yield from _uninformed(protocol, document, at, step, coming[step.id])
                if not all(state.verified for state in coming[step.id]):
                    yield from _unverified(protocol, document, at, step)


def _uninformed(
    protocol: Protocol, document: Document, at: Loc, step: Step, coming: Iterable[State]
) -> Iterator[Problem]:
    if informs(step) or all(state.informed for state in coming):
        return
    for i, name in enumerate(step.capture):
        if protocol.fields[name].personal:
            message = _("«{name}» es un dato personal y aquí puede no haberse dicho quién lo trata")
            hint = _("decir antes, o en este mismo paso, el dato «organizacion.privacidad»")
            yield document.problem((*at, "capture", i), message.format(name=name), hint)


def _unverified(protocol: Protocol, document: Document, at: Loc, step: Step) -> Iterator[Problem]:
    given = {"cliente.verificado": False}
    for i, doing in enumerate(step.do):
        amounts = [name for name in doing.params if doing.spec.params[name].type is FieldType.AMOUNT]
        if (doing.spec.verified or amounts) and can_hold(protocol, doing.when, given=given):
            message = _("«{action}» escribe datos o dinero y aquí la identidad puede no estar comprobada")
            hint = _("«when: cliente.verificado», o un paso «identify» antes")
            yield document.problem((*at, "do", i, doing.action), message.format(action=doing.action), hint, key=True)
    for variant in step.say.variants if step.say else ():
        names = variant.template.names
        shown = [name for name in names if name.startswith(("cliente.", "contrato.")) and name not in _HARMLESS]
        if shown and "cliente.verificado" not in names:
            message = _("el texto nombra «{name}» y aquí la identidad puede no estar comprobada").format(name=shown[0])
            hint = _("decirlo solo «if cliente.verificado», o un paso «identify» antes")
            yield document.problem(_say_at(at, step, variant), message, hint)


_HARMLESS = {"cliente.verificado", "cliente.tratamiento", "cliente.idioma"}


def _said(protocol: Protocol) -> Iterator[tuple[Loc, Variant]]:
    for at, step in placed_steps(protocol):
        for variant in step.say.variants if step.say else ():
            yield _say_at(at, step, variant), variant


def _say_at(at: Loc, step: Step, variant: Variant) -> Loc:
    return (*at, "say") if step.say is None or len(step.say.variants) == 1 else (*at, "say", variant.key)
