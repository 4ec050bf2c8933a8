"""Where a contact can go from here, and why: branches, bounds, steps passed over, side paths entered and left. Pure.

What the store and the clock know comes in as `facts`; the way that was taken is written in the journal, so that the
run of a journal never depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from atencion.i18n import _
from atencion.scripts.actions import Due
from atencion.scripts.expressions import Known
from atencion.scripts.journal import Scalar
from atencion.scripts.protocol import END, Ask, Call, Choice, Identify, Step
from atencion.scripts.run import Frame, Mark, Run, written_stack
from atencion.scripts.templates import Context

NOTHING: Known = MappingProxyType({})
"""No facts of the world."""


@dataclass(frozen=True)
class Filled:
    """A datum that the store knew, so that nobody has to ask for it."""

    step: str
    field: str
    value: str


@dataclass(frozen=True)
class Way:
    """The step that comes and why; which bounded branch led there, and the side paths open from then on.

    A way that is `resumed` comes back to a step that was left half way, as it was.
    """

    to: str
    why: str = ""
    branch: str = ""
    stack: tuple[Frame, ...] = ()
    resumed: bool = False
    filled: tuple[Filled, ...] = ()

    def body(self) -> dict[str, Scalar]:
        """What the journal keeps of it."""
        kept: dict[str, Scalar] = {"to": self.to, "why": self.why}
        if self.branch:
            kept["branch"] = self.branch
        if self.stack:
            kept["stack"] = written_stack(self.stack)
        if self.resumed:
            kept["resumed"] = True
        return kept


@dataclass(frozen=True)
class RailItem:
    """A step as the rail shows it; those of side paths stand `depth` deep."""

    step: str
    title: str
    mark: Mark

    @property
    def depth(self) -> int:
        """How many side paths it is in."""
        return self.step.count(".")


def way_on(run: Run, facts: Known = NOTHING) -> Way:
    """The step that comes after the current one as things stand."""
    step = run.current
    if step is None:
        return Way(END)
    if isinstance(step, Call):
        return _settled(run, _into(run, step, run.stack), facts)
    way = _chosen(run, step, facts)
    return _settled(run, replace(way, stack=run.stack), facts)


def way_past(run: Run, facts: Known = NOTHING) -> Way:
    """Where a step leads that was not done: as its branches say, and past a choice to where its first option leads."""
    step = run.current
    if isinstance(step, Choice) and run.state(step.id).chosen is None and not step.next:
        to = next((option.goto for option in step.options if option.goto and option.goto not in run.path), None)
        if to is not None:
            return _settled(run, Way(to, stack=run.stack), facts)
    if isinstance(step, Call):
        return _settled(run, replace(_onward(run, step, facts), stack=run.stack), facts)
    return way_on(run, facts)


def way_to(run: Run, step: str, facts: Known = NOTHING) -> Way:
    """Straight to a step of the main way, whatever side path is open."""
    return Way(step, filled=_known_already(run, run.protocol.by_id[step], facts))


def exit_taken(run: Run, facts: Known = NOTHING) -> str:
    """The first of the current step's exits that leaving it takes, whatever comes after."""
    step = run.current
    return END if step is None else _chosen(run, step, facts).to


def due_actions(run: Run, facts: Known, context: Context) -> tuple[Due, ...]:
    """The actions of the current step that leaving it does: those whose condition holds and that were not done yet.

    Raises ActionRefused if a parameter will not do.
    """
    step = run.current
    if step is None:
        return ()
    known = {**facts, **run.known()}
    done = run.state(step.id).did
    return tuple(
        Due(number, doing.action, doing.rendered(context))
        for number, doing in enumerate(step.do)
        if number not in done and (doing.when is None or doing.when.holds(known))
    )


def rail(run: Run, facts: Known = NOTHING) -> list[RailItem]:
    """The steps done, the one in hand, and those that will come if nothing changes the way, again if need be."""
    by_id = run.protocol.by_id
    ahead: list[str] = []
    way = _expected(run, Way(run.step, stack=run.stack), ahead, facts)
    while way.to not in (END, run.step, *ahead):
        ahead.append(way.to)
        way = _expected(run, way, ahead, facts)
    behind = [step for step in dict.fromkeys(run.path) if step not in (END, run.step, *ahead)]
    now = [run.step] if run.step != END else []
    return [
        *(RailItem(step, by_id[step].title, run.mark(step)) for step in behind),
        *(RailItem(step, by_id[step].title, Mark.CURRENT) for step in now),
        *(RailItem(step, by_id[step].title, Mark.AHEAD) for step in ahead),
    ]


def _chosen(run: Run, step: Step, facts: Known) -> Way:
    if isinstance(step, Choice):
        for option in step.options:
            if option.id == run.state(step.id).chosen and option.goto:
                return Way(option.goto, option.label)
    return _onward(run, step, facts)


def _onward(run: Run, step: Step, facts: Known) -> Way:
    """What comes after a step once it is over: itself again, the first branch that holds, or the step below."""
    known = {**facts, **run.known(step.id)}
    if step.repeat and run.visits.get(step.id, 0) < step.repeat.times and step.repeat.while_.holds(known):
        return Way(step.id, step.repeat.while_.source)
    for number, branch in enumerate(step.next or ()):
        name = f"{step.id}#{number}" if branch.times else ""
        if name and run.taken.get(name, 0) >= (branch.times or 0):
            continue
        if branch.when is None or branch.when.holds(known):
            return Way(branch.goto, branch.when.source if branch.when else "", name)
    return Way(run.protocol.below[step.id])


def _settled(run: Run, way: Way, facts: Known) -> Way:
    """The way followed to a step that is to be seen: out of side paths that end, past steps that are not needed."""
    passed: set[str] = set()
    while True:
        if way.to == END:
            if not way.stack:
                return way
            frame, stack = way.stack[-1], way.stack[:-1]
            if frame.back:
                return replace(way, to=frame.back, why="", stack=stack, resumed=True)
            way = _after(way, _onward(run, run.protocol.by_id[frame.path], facts), stack)
            continue
        step = run.protocol.by_id[way.to]
        filled = _known_already(run, step, facts)
        why = _needless(run, step, facts, filled)
        way = replace(way, filled=(*way.filled, *filled))
        if why and step.id not in passed:
            passed.add(step.id)
            onward = _onward(run, step, {**facts, **{one.field: one.value for one in filled}})
            way = replace(_after(way, onward, way.stack), why=why)
        elif isinstance(step, Call) and step.say is None and step.id not in passed:
            passed.add(step.id)
            way = replace(_into(run, step, way.stack), why=way.why, branch=way.branch, filled=way.filled)
        else:
            return way


def _after(way: Way, onward: Way, stack: tuple[Frame, ...]) -> Way:
    return Way(onward.to, onward.why or way.why, onward.branch or way.branch, stack, filled=way.filled)


def _into(run: Run, step: Call, stack: tuple[Frame, ...]) -> Way:
    return Way(run.protocol.path[step.id].steps[0].id, step.title, stack=(*stack, Frame(step.id)))


def _needless(run: Run, step: Step, facts: Known, filled: tuple[Filled, ...]) -> str:
    """Why a step is passed over; empty if it is not."""
    if step.channels and run.channel not in step.channels:
        return _("no es para este canal")
    if step.only_if and not step.only_if.holds({**facts, **run.known(step.id)}):
        return _("solo si {condition}").format(condition=step.only_if.source)
    if not isinstance(step, Ask) or step.id == run.step or any(check.mandatory for check in step.checks):
        return ""
    at_hand = {one.field for one in filled}
    fields = run.protocol.fields
    if all(name in at_hand or (name in run.values and fields[name].kept) for name in step.capture):
        return _("ya consta")
    return ""


def _known_already(run: Run, step: Step, facts: Known) -> tuple[Filled, ...]:
    """The data of a step that the store knows and nobody has written down yet."""
    fields = run.protocol.fields
    return tuple(
        Filled(step.id, name, str(facts[source]))
        for name in step.capture
        if (source := fields[name].source) and name not in run.values and facts.get(source) is not None
    )


def _expected(run: Run, way: Way, ahead: list[str], facts: Known) -> Way:
    """The way that would come after a step not reached yet, rather to one that is new."""
    step = run.protocol.by_id.get(way.to)
    if step is None:
        return Way(END)
    if step.id == run.step and run.state(step.id).chosen:
        return way_on(run, facts)
    if isinstance(step, Choice) and step.options[0].goto:
        behind = {*run.path, *ahead, run.step}
        new = [option.goto for option in step.options if option.goto and option.goto not in behind]
        return _settled(run, Way(new[0] if new else step.options[0].goto, stack=way.stack), facts)
    if isinstance(step, Call):
        return _settled(run, _into(run, step, way.stack), facts)
    sure: Mapping[str, bool] = {"cliente.verificado": True} if isinstance(step, Identify) and not run.locked else {}
    return _settled(run, replace(_supposing(run, step, facts, sure), stack=way.stack), facts)


def _supposing(run: Run, step: Step, facts: Known, sure: Known) -> Way:
    known = {**facts, **run.known(step.id), **sure}
    for branch in step.next or ():
        if branch.when is None or branch.when.holds(known):
            return Way(branch.goto)
    return Way(run.protocol.below[step.id])
