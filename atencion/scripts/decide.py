"""What an act amounts to: the entries it writes, or why it cannot be.

The protocol leads and never traps: any step can be left for a reason, save what a norm makes mandatory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import singledispatch

from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts import acts
from atencion.scripts.expressions import Known
from atencion.scripts.journal import Entry, Kind, NewEntry, Scalar
from atencion.scripts.protocol import END, Choice, Escalate, Resolve, Step, WrapUp
from atencion.scripts.run import Frame, Run, RunStatus
from atencion.scripts.texts import LANGUAGES, REGISTERS
from atencion.scripts.values import Absent
from atencion.scripts.ways import NOTHING, Way, rail, way_on, way_past, way_to
from atencion.text import clean_line, clean_text

MAX_NOTE = 20_000
KEY_OF_EACH = "ley-10-2025/11.1"
KEY_TOLD = "ley-10-2025/11.2"
_NEVER = datetime.min


class StepRefused(Refused):
    """The step cannot take this. `expected` is what it would take; `norm` the one that asks for it, if one does."""

    def __init__(self, step: str, message: str, expected: str = "", *, norm: str | None = None) -> None:
        super().__init__(message, remedy=expected)
        self.step = step
        self.expected = expected
        self.norm = norm


def take(run: Run, wanted: Sequence[acts.Act], at: datetime, facts: Known = NOTHING) -> tuple[list[NewEntry], Run]:
    """What these acts, one after the other, write, and the run they lead to; `facts` are those of the world.

    Raises StepRefused if one cannot be.
    """
    entries = list[NewEntry]()
    for act in wanted:
        for new in decide(run, act, facts):
            entries.append(new)
            run = run.after(Entry(run.seq + 1, at, new.kind, new.step, new.body, new.value))
    return entries, run


def decide(run: Run, act: acts.Act, facts: Known = NOTHING) -> tuple[NewEntry, ...]:
    """The entries that `act` writes as things stand. Raises StepRefused if it cannot be; nothing has changed then."""
    if run.status is RunStatus.CLOSED:
        raise StepRefused(run.step, _("Esta llamada ya está cerrada."))
    if run.status is RunStatus.LEFT_OPEN and not isinstance(act, acts.Resume):
        raise StepRefused(run.step, _("Esta llamada está apartada."), _("retomarla antes de seguir"))
    return _decide(act, run, facts)


@singledispatch
def _decide(act: acts.Act, run: Run, facts: Known) -> tuple[NewEntry, ...]:
    raise TypeError(f"no rule for {act!r}")


@_decide.register
def _say(act: acts.Say, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    if step.say is None:
        raise StepRefused(step.id, _("En «{step}» no hay nada que decir.").format(step=step.title))
    return (NewEntry(Kind.SAID, step.id, value=act.words),)


@_decide.register
def _send(act: acts.Send, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    if step.say is None:
        raise StepRefused(step.id, _("En «{step}» no hay nada que enviar.").format(step=step.title))
    words = _written(run, act.words, _("El mensaje está vacío."))
    told = [NewEntry(Kind.TOLD, step.id, one.body, one.words) for one in run.quoted if one.is_in(words)]
    return (NewEntry(Kind.SENT, step.id, value=words), *told)


@_decide.register
def _speak(act: acts.Speak, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    body: dict[str, Scalar] = {}
    for key, wanted, known in (("language", act.language, tuple(LANGUAGES)), ("register", act.register, REGISTERS)):
        if wanted is not None and wanted not in known:
            message = _("«{value}» no es una opción").format(value=clean_line(wanted, 20))
            raise StepRefused(run.step, message, ", ".join(known))
        if wanted is not None:
            body[key] = wanted
    return (NewEntry(Kind.SPOKE, run.step, body),) if body else ()


@_decide.register
def _capture(act: acts.Capture, run: Run, facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    if act.field not in step.capture:
        labels = ", ".join(step.capture) or _("ninguno")
        raise StepRefused(
            step.id,
            _("«{step}» no recoge el dato «{field}».").format(step=step.title, field=clean_line(act.field, 60)),
            _("uno de estos datos: {names}").format(names=labels),
        )
    field = run.protocol.fields[act.field]
    if not act.text.strip() and not field.required:
        taken_back = NewEntry(Kind.CAPTURED, step.id, {"field": act.field, "taken_back": True})
        return (taken_back,) if act.field in run.values else ()
    try:
        value = field.accept(act.text, act.field, {**facts, **run.known()})
    except ValueError as error:
        raise StepRefused(step.id, _("«{label}» no vale así.").format(label=field.label), str(error)) from error
    if isinstance(value, Absent):
        return (NewEntry(Kind.CAPTURED, step.id, {"field": act.field, "absent": str(value)}),)
    return (NewEntry(Kind.CAPTURED, step.id, {"field": act.field}, value),)


@_decide.register
def _tick(act: acts.Tick, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.CHECKED, run.step, {"check": _manual_check(run, act.check)}),)


@_decide.register
def _untick(act: acts.Untick, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.UNCHECKED, run.step, {"check": _manual_check(run, act.check)}),)


@_decide.register
def _choose(act: acts.Choose, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    options = [option.id for option in step.options] if isinstance(step, Choice) else []
    if act.option not in options:
        raise StepRefused(
            step.id,
            _("«{option}» no es una opción de «{step}».").format(option=clean_line(act.option, 60), step=step.title),
            _("una de estas opciones: {options}").format(options=", ".join(options) or _("ninguna")),
        )
    return (NewEntry(Kind.CHOSE, step.id, {"option": act.option}),)


@_decide.register
def _advance(act: acts.Advance, run: Run, facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    if isinstance(step, WrapUp):
        raise StepRefused(step.id, _("La llamada se termina al elegir la tipificación."), _("una tipificación"))
    _require_all(run, step)
    did = [
        NewEntry(Kind.DID, step.id, {"number": due.number, "action": due.action, **due.body}, due.as_text())
        for due in act.done
    ]
    for entry in did:  # What an action brings may decide the way: a case that it opens, say.
        run = run.after(Entry(run.seq + 1, run.last_at or _NEVER, entry.kind, entry.step, entry.body, entry.value))
    return (*did, *_going(run, Kind.ADVANCED, way_on(run, facts)))


@_decide.register
def _skip(act: acts.Skip, run: Run, facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    reason = clean_text(act.reason).strip()
    if step.mandatory:
        message = _("«{step}» no se puede saltar: lo exige una norma.").format(step=step.title)
        raise StepRefused(step.id, message, _("hacerlo antes de seguir"), norm=step.mandatory)
    if isinstance(step, WrapUp):
        raise StepRefused(step.id, _("El cierre no se puede saltar."), _("una tipificación"))
    _require_mandatory(run, step)
    if not reason and not step.optional:
        raise StepRefused(step.id, _("Para saltar un paso hay que decir por qué."), _("un motivo"))
    return _going(run, Kind.SKIPPED, way_past(run, facts), value=reason or None)


@_decide.register
def _jump(act: acts.Jump, run: Run, facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    targets = [one.id for one in run.protocol.steps if one.jump and one.id != step.id]
    if act.to not in targets:
        message = _("A «{to}» no se puede ir directamente.").format(to=clean_line(act.to, 60))
        raise StepRefused(step.id, message, _("uno de estos pasos: {steps}").format(steps=", ".join(targets)))
    if not step.leave:
        raise StepRefused(step.id, _("«{step}» no se puede dejar a medias.").format(step=step.title))
    _require_mandatory(run, step)
    if step.mandatory and not _is_done(run, step):
        message = _("«{step}» no se puede saltar: lo exige una norma.").format(step=step.title)
        raise StepRefused(step.id, message, _("hacerlo antes de seguir"), norm=step.mandatory)
    for item in rail(run, facts):
        if item.step == act.to:
            break
        between = run.protocol.by_id[item.step]
        if between.mandatory and item.step not in run.visits:
            message = _("Antes hay que pasar por «{step}».").format(step=between.title)
            raise StepRefused(step.id, message, _("hacerlo antes de seguir"), norm=between.mandatory)
    return _going(run, Kind.JUMPED, way_to(run, act.to, facts), done=_is_done(run, step))


@_decide.register
def _open_moment(act: acts.OpenMoment, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    path = next((one for one in run.protocol.moments if one.id == act.moment), None)
    if path is None:
        known = ", ".join(one.id for one in run.protocol.moments)
        message = _("Este protocolo no tiene el momento «{moment}».").format(moment=clean_line(act.moment, 60))
        raise StepRefused(step.id, message, known or _("ninguno"))
    if any(frame.path == path.id for frame in run.stack):
        raise StepRefused(step.id, _("«{moment}» ya está abierto.").format(moment=path.title))
    way = Way(path.steps[0].id, path.title, stack=(*run.stack, Frame(path.id, step.id)))
    return (NewEntry(Kind.MOMENT, step.id, {**way.body(), "moment": path.id}),)


@_decide.register
def _back(act: acts.Back, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    if act.to not in run.path[:-1]:
        raise StepRefused(
            run.step,
            _("No se puede volver a «{to}»: la llamada no ha pasado por ahí.").format(to=clean_line(act.to, 60)),
            _("uno de estos pasos: {steps}").format(steps=", ".join(dict.fromkeys(run.path[:-1])) or _("ninguno")),
        )
    return (NewEntry(Kind.WENT_BACK, run.step, {"to": act.to}),)


@_decide.register
def _note(act: acts.Note, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.NOTED, run.step, value=_written(run, act.text, _("La nota está vacía."))),)


@_decide.register
def _cut_off(act: acts.CutOff, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    to = next((step.id for step in run.protocol.steps if isinstance(step, WrapUp)), END)
    if run.step in (to, END):
        raise StepRefused(run.step, _("La llamada ya está en el cierre."))
    return (NewEntry(Kind.CUT_OFF, run.step, {"to": to}, clean_text(act.reason).strip() or None),)


@_decide.register
def _look_up(act: acts.LookUp, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.LOOKED_UP, run.step, {"results": act.results}, clean_line(act.query)),)


@_decide.register
def _pick(act: acts.Pick, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.IDENTIFIED, run.step, {"customer": act.customer}),)


@_decide.register
def _drop(act: acts.Drop, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    if run.customer is None:
        raise StepRefused(run.step, _("No hay ningún cliente elegido."))
    return (NewEntry(Kind.DROPPED, run.step),)


@_decide.register
def _register(act: acts.Register, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    if run.customer is not None:
        message = _("Ya hay un cliente elegido en esta llamada.")
        raise StepRefused(run.step, message, _("dejarlo antes de registrar a otro"))
    return (NewEntry(Kind.REGISTERED, run.step, {"customer": act.customer}),)


@_decide.register
def _amend(act: acts.Amend, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    if run.customer is None:
        raise StepRefused(run.step, _("No hay ningún cliente elegido."))
    if not run.open_to_agent:
        raise StepRefused(
            run.step,
            _("Los datos de un cliente sin comprobar no se ven ni se cambian."),
            _("comprobar antes su identidad"),
        )
    return (NewEntry(Kind.AMENDED, run.step, {"fields": ",".join(act.fields)}),)


@_decide.register
def _challenge(act: acts.Challenge, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    _require_identifiable(run)
    return (NewEntry(Kind.CHALLENGED, run.step, {"data": ",".join(act.data), "wrong_answers": act.wrong_answers}),)


@_decide.register
def _answer(act: acts.Answer, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    _require_identifiable(run)
    if act.datum not in run.questions:
        raise StepRefused(
            run.step,
            _("Ese dato no se ha preguntado."),
            _("uno de estos: {data}").format(data=", ".join(run.questions) or _("ninguno")),
        )
    entries = [NewEntry(Kind.ANSWERED, run.step, {"datum": act.datum, "right": act.right})]
    others = all(right for datum, right in run.questions.items() if datum != act.datum)
    if act.right and others:
        entries += [NewEntry(Kind.VERIFIED, run.step), NewEntry(Kind.SHOWED, run.step, {"data": "card"})]
    elif not act.right and run.wrong + 1 >= run.wrong_allowed:
        entries.append(NewEntry(Kind.LOCKED, run.step))
    return tuple(entries)


@_decide.register
def _search(act: acts.Search, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.SEARCHED, run.step, {"results": act.results}, clean_line(act.query)),)


@_decide.register
def _tell(act: acts.Tell, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.TOLD, run.step, _article(act), act.words),)


@_decide.register
def _quote(act: acts.Quote, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.QUOTED, run.step, _article(act) | ({"placed": True} if act.placed else {}), act.words),)


@_decide.register
def _not_found(act: acts.NotFound, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.NOT_FOUND, run.step, value=clean_line(act.query)),)


VERDICTS = ("useful", "wrong", "outdated")


@_decide.register
def _judge(act: acts.Judge, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    if act.verdict not in VERDICTS:
        message = _("«{verdict}» no es un juicio sobre un artículo.").format(verdict=clean_line(act.verdict, 40))
        raise StepRefused(run.step, message, ", ".join(VERDICTS))
    body = {"article": act.article, "version": act.version, "hash": act.hash, "verdict": act.verdict}
    return (NewEntry(Kind.JUDGED, run.step, body, clean_text(act.words).strip() or None),)


@_decide.register
def _consult(act: acts.Consult, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.CONSULTED, run.step, {"to": act.to}, _written(run, act.question, _("Falta la pregunta."))),)


@_decide.register
def _advise(act: acts.Advise, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    answer = _written(run, act.answer, _("Falta lo que se ha respondido."))
    return (NewEntry(Kind.ADVISED, run.step, {"consultation": act.consultation, "by": act.by}, answer),)


@_decide.register
def _resolve(act: acts.Resolve, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = _current(run)
    if not isinstance(step, Resolve):
        raise StepRefused(step.id, _("En «{step}» no se resuelve la demanda.").format(step=step.title))
    if step.outcomes and act.outcome not in step.outcomes:
        raise StepRefused(
            step.id,
            _("«{outcome}» no es un resultado de «{step}».").format(
                outcome=clean_line(act.outcome, 60), step=step.title
            ),
            _("uno de estos: {outcomes}").format(outcomes=", ".join(step.outcomes)),
        )
    if act.case and (run.demand is None or run.demand.case is None):
        raise StepRefused(
            step.id,
            _("No hay ningún expediente de esta demanda: le falta su clave."),
            _("abrirlo antes, u otro resultado"),
            norm=KEY_OF_EACH,
        )
    body: dict[str, Scalar] = {"outcome": act.outcome, "settled": act.settled}
    return (NewEntry(Kind.RESOLVED, step.id, body, clean_text(act.summary).strip() or None),)


@_decide.register
def _escalate(act: acts.Escalate, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = run.current
    if isinstance(step, Escalate) and step.departments and act.department not in step.departments:
        raise StepRefused(
            step.id,
            _("«{step}» no va al departamento «{department}».").format(step=step.title, department=act.department),
            _("uno de estos: {departments}").format(departments=", ".join(step.departments)),
        )
    body: dict[str, Scalar] = {
        "department": act.department,
        "reason": act.reason,
        "case": act.case,
        "outcome": act.outcome,
        "warm": act.warm,
    }
    summary = _written(run, act.summary, _("Quien lo reciba necesita un resumen, para que el cliente no se repita."))
    return (NewEntry(Kind.ESCALATED, run.step, body, summary),)


@_decide.register
def _tell_key(act: acts.TellKey, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    if act.case not in run.untold_keys:
        message = _("La clave «{key}» no está por decir.").format(key=clean_line(act.case, 20))
        raise StepRefused(run.step, message, ", ".join(run.untold_keys) or _("ninguna"))
    return (NewEntry(Kind.KEY_TOLD, run.step, {"case": act.case}),)


@_decide.register
def _leave_open(act: acts.LeaveOpen, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.LEFT_OPEN, run.step),)


@_decide.register
def _resume(act: acts.Resume, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(Kind.RESUMED, run.step),)


@_decide.register
def _practise(act: acts.Practise, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    return (NewEntry(act.kind, run.step, act.body, clean_text(act.words) or None),)


@_decide.register
def _close(act: acts.Close, run: Run, _facts: Known) -> tuple[NewEntry, ...]:
    step = run.current
    if step is not None and not isinstance(step, WrapUp):
        raise StepRefused(
            step.id,
            _("La llamada está en «{step}» y no se puede cerrar todavía.").format(step=step.title),
            _("llegar al cierre, o decir que se ha cortado"),
        )
    if step is not None:
        _require_all(run, step)
        if isinstance(step, WrapUp) and step.dispositions and act.disposition not in step.dispositions:
            raise StepRefused(
                step.id,
                _("«{disposition}» no es una tipificación de este cierre.").format(disposition=act.disposition),
                ", ".join(step.dispositions),
            )
    if not run.cut_off:
        _require_keys_told(run)
    note = clean_text(act.note).strip()
    noted = (NewEntry(Kind.NOTED, run.step, value=note),) if note else ()
    return (*noted, NewEntry(Kind.CLOSED, run.step, {"disposition": act.disposition}))


def _article(act: acts.OfArticle) -> dict[str, Scalar]:
    """What an entry says of the article that an act uses."""
    body: dict[str, Scalar] = {"article": act.article, "version": act.version, "hash": act.hash}
    return body | ({"language": act.language} if act.language else {})


def _current(run: Run) -> Step:
    step = run.current
    if step is None:
        raise StepRefused(run.step, _("La conversación ha terminado; solo falta cerrarla."), _("una tipificación"))
    return step


def _manual_check(run: Run, name: str) -> str:
    step = _current(run)
    checks = {check.id: check for check in step.checks}
    if name not in checks:
        raise StepRefused(
            step.id,
            _("«{step}» no tiene la comprobación «{check}».").format(step=step.title, check=clean_line(name, 60)),
            ", ".join(checks),
        )
    if checks[name].proof is not None:
        raise StepRefused(step.id, _("«{label}» lo prueba el diario, no se marca.").format(label=checks[name].label))
    return name


def _require_all(run: Run, step: Step) -> None:
    """What a step needs before it is left as done."""
    _require_mandatory(run, step)
    for name in step.capture:
        field = run.protocol.fields[name]
        if field.required and name not in run.values:
            raise StepRefused(
                step.id,
                _("Falta «{label}».").format(label=field.label),
                _("anotarlo, o saltar el paso diciendo por qué"),
            )
    state = run.state(step.id)
    if isinstance(step, Choice) and state.chosen is None:
        labels = ", ".join(option.id for option in step.options)
        raise StepRefused(step.id, _("Falta elegir en «{step}».").format(step=step.title), labels)
    if isinstance(step, Resolve) and not state.done:
        raise StepRefused(step.id, _("Falta decir cómo queda la demanda."), _("un resultado"))
    if isinstance(step, Escalate) and not run.is_handed_over(step):
        raise StepRefused(step.id, _("Falta abrir el expediente."), _("un motivo, un departamento y un resumen"))


def _require_mandatory(run: Run, step: Step) -> None:
    for state in run.checks(step.id):
        if state.check.mandatory and not state.met:
            raise StepRefused(
                step.id,
                _("Antes de seguir hace falta: {label}.").format(label=state.check.label),
                _("hacerlo; lo exige una norma y no se puede saltar"),
                norm=state.check.mandatory,
            )


def _require_keys_told(run: Run) -> None:
    """The customer has the key of what was handed over while they are there (Ley 10/2025 art. 11.2)."""
    if run.untold_keys:
        keys = ", ".join(" ".join(key) for key in run.untold_keys)
        raise StepRefused(
            run.step,
            _("Falta decir la clave del asunto: {key}.").format(key=keys),
            _("decírsela: F6 la enseña, e Intro anota que se ha dicho"),
            norm=KEY_TOLD,
        )


def _require_identifiable(run: Run) -> None:
    if run.customer is None:
        raise StepRefused(run.step, _("Antes hay que elegir al cliente."), _("buscarlo y elegirlo"))
    if run.locked:
        raise StepRefused(run.step, _("La identificación está bloqueada en esta llamada."))
    if run.verified:
        raise StepRefused(run.step, _("La identidad ya está comprobada."))
    if run.registered == run.customer:
        raise StepRefused(run.step, _("Este cliente se ha registrado en esta llamada: no hay con qué compararlo."))


def _is_done(run: Run, step: Step) -> bool:
    try:
        _require_all(run, step)
    except StepRefused:
        return False
    return True


def _going(
    run: Run, kind: Kind, way: Way, *, value: str | None = None, done: bool | None = None
) -> tuple[NewEntry, ...]:
    """The entry of a way that is taken, and those of the data that need not be asked for on it.

    Raises StepRefused if the conversation would end without a key of it told.
    """
    if way.to == END or isinstance(run.protocol.by_id[way.to], WrapUp):
        _require_keys_told(run)
    body = way.body() | ({} if done is None else {"done": done})
    filled = [NewEntry(Kind.CAPTURED, one.step, {"field": one.field, "source": True}, one.value) for one in way.filled]
    return (NewEntry(kind, run.step, body, value), *filled)


def _written(run: Run, text: str, if_empty: str) -> str:
    cleaned = clean_text(text, MAX_NOTE).strip()
    if not cleaned:
        raise StepRefused(run.step, if_empty, _("algo escrito"))
    return cleaned
