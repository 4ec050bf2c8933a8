"""What a well-formed scenario can still have wrong, each told at its place with how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atencion.errors import Problem
from atencion.i18n import _
from atencion.scripts.document import Document, Loc
from atencion.scripts.expressions import JOURNAL_FACTS, Condition
from atencion.scripts.protocol import Choice
from atencion.training.lint_world import Around, world_problems
from atencion.training.rubric import Check
from atencion.training.scenario import Reaction, Scenario
from atencion.training.scoring import FACTS
from atencion.training.signs import Proof, Sign

_REACTION_FACTS = re.compile(r"(dicho|leido|hecho|revelado|reaccion)\.([a-z][a-z0-9_.]*)")


def lint(scenario: Scenario, document: Document, around: Around) -> list[Problem]:
    """All that is wrong, by place."""
    return sorted(set(_Lint(scenario, document, around).problems()))


class _Lint:
    def __init__(self, scenario: Scenario, document: Document, around: Around) -> None:
        self._s, self._doc, self._around = scenario, document, around

    def problems(self) -> Iterator[Problem]:
        yield from self._protocol()
        yield from self._people()
        yield from self._names_once()
        yield from self._reactions()
        yield from self._loops()
        yield from self._endings()
        yield from self._checks()
        yield from world_problems(self._s, self._doc, self._around)

    def _problem(self, loc: Loc, message: str, mend: str = "") -> Problem:
        return self._doc.problem(loc, message, mend)

    def _protocol(self) -> Iterator[Problem]:
        protocol = self._around.protocol
        if protocol is None:
            message = _("{what} «{name}» no existe").format(what=_("el protocolo"), name=self._s.protocol)
            yield self._problem(("protocol",), message, _("un protocolo de la carpeta, como phone/inbound"))
            return
        if self._s.channel not in protocol.channels:
            yield self._problem(("channel",), _("el protocolo no es para este canal"), ", ".join(protocol.channels))
        for number, step in enumerate(self._s.ideal):
            yield from self._step(("ideal", number), step)

    def _step(self, loc: Loc, step: str) -> Iterator[Problem]:
        protocol = self._around.protocol
        if protocol is not None and step not in protocol.by_id:
            message = _("el protocolo no tiene el paso «{step}»").format(step=step)
            yield self._problem(loc, message, ", ".join(protocol.by_id))

    def _people(self) -> Iterator[Problem]:
        people = {one.id for one in self._s.world.customers}
        person = self._s.customer.person
        if person not in people:
            message = _("en «world» no hay ninguna persona «{name}»").format(name=person)
            yield self._problem(("customer", "person"), message, ", ".join(sorted(people)))

    def _names_once(self) -> Iterator[Problem]:
        groups: list[tuple[Loc, Sequence[str]]] = [
            (("endings",), [one.id for one in self._s.endings]),
            (("checks",), [one.id for one in self._s.checks]),
            (("customer", "hides"), [one.id for one in self._s.customer.hides]),
            (("world", "customers"), [one.id for one in self._s.world.customers]),
            (("world", "cases"), [one.id for one in self._s.world.cases]),
            (("world", "articles"), [one.id for one in self._s.world.articles]),
            (("reactions",), [one.id for one in self._s.reactions]),
            (("interruptions",), [one.id for one in self._s.interruptions]),
        ]
        for loc, names in groups:
            for number, name in enumerate(names):
                if name in names[:number]:
                    message = _("«{name}» está repetido").format(name=name)
                    yield self._problem((*loc, number, "id"), message, _("un nombre distinto para cada uno"))

    def _all(self) -> Iterator[tuple[Loc, Reaction]]:
        for group, found in (("reactions", self._s.reactions), ("interruptions", self._s.interruptions)):
            yield from (((group, number), one) for number, one in enumerate(found))

    def _reactions(self) -> Iterator[Problem]:
        for loc, one in self._all():
            if sum(way is not None for way in (one.after, one.silence, one.at)) != 1:
                message = _("no se sabe cuándo ocurre")
                yield self._problem(loc, message, _("una sola de estas claves: after, silence o at"))
            if one.at is not None and loc[0] == "reactions":
                yield self._problem((*loc, "at"), _("lo que llega a una hora va en «interruptions»"))
            if one.after is not None:
                yield from self._sign((*loc, "after"), one.after, reacting=True)
            for number, fact in enumerate(one.reveals):
                if fact not in self._s.fact:
                    message = _("en «hides» no hay ningún hecho «{name}»").format(name=fact)
                    yield self._problem((*loc, "reveals", number), message, ", ".join(self._s.fact))
            if one.when is not None:
                yield from self._reaction_condition((*loc, "when"), one.when)
        told = {fact for _loc, one in self._all() for fact in one.reveals}
        for number, hidden in enumerate(self._s.customer.hides):
            if hidden.id not in told:
                message = _("nada hace que el cliente cuente «{name}»").format(name=hidden.id)
                yield self._problem(("customer", "hides", number), message, _("una reacción con «reveals»"))

    def _reaction_condition(self, loc: Loc, condition: Condition) -> Iterator[Problem]:
        reactions = {one.id for _loc, one in self._all()}
        steps = self._around.protocol.by_id if self._around.protocol else {}
        known = {"dicho": self._around.acts, "leido": set(steps), "revelado": set(self._s.fact), "reaccion": reactions}
        for name in condition.names:
            match = _REACTION_FACTS.fullmatch(name)
            if name in ("paciencia", "tiempo") or (match and match[2] in known.get(match[1], {match[2]})):
                continue
            message = _("el cliente no sabe nada de «{name}»").format(name=name)
            yield self._problem(
                loc, message, _("paciencia, tiempo, dicho.ACTO, leido.PASO, revelado.HECHO o reaccion.NOMBRE")
            )

    def _loops(self) -> Iterator[Problem]:
        """Reactions that wait for one another can never come, or never stop."""
        waits = {one.id: one.after.hears for _loc, one in self._all() if one.after is not None and one.after.hears}
        for loc, one in self._all():
            at, behind = one.id, []
            while at in waits and at not in behind:
                behind.append(at)
                at = str(waits[at])
            if at in behind and at == one.id:
                message = _("estas reacciones se esperan unas a otras: {names}").format(names=" → ".join([*behind, at]))
                yield self._problem((*loc, "after"), message, _("que una de ellas siga a algo que hace el agente"))

    def _endings(self) -> Iterator[Problem]:
        used = {one.ends for _loc, one in self._all() if one.ends} | {self._s.customer.patience.at_nothing}
        for loc, one in self._all():
            if one.ends and one.ends not in self._s.ending:
                message = _("no hay ningún final «{name}»").format(name=one.ends)
                yield self._problem((*loc, "ends"), message, ", ".join(self._s.ending))
        if self._s.customer.patience.at_nothing not in self._s.ending:
            message = _("no hay ningún final «{name}»").format(name=self._s.customer.patience.at_nothing)
            yield self._problem(("customer", "patience", "at_nothing"), message, ", ".join(self._s.ending))
        if not any(one.ends for _loc, one in self._all()):
            message = _("el escenario no puede terminar: ninguna reacción lleva a un final")
            yield self._problem(("endings",), message, _("«ends: FINAL» en la reacción con la que se despide"))
            return
        for number, ending in enumerate(self._s.endings):
            if ending.id not in used:
                message = _("a este final no se llega nunca")
                yield self._problem(("endings", number), message, _("«ends: {name}»").format(name=ending.id))

    def _checks(self) -> Iterator[Problem]:
        rubric = self._around.rubric
        for key, group in (("general", rubric.general), ("critical", rubric.critical)):
            known = [check.id for check in group]
            for number, name in enumerate(getattr(self._s, key)):
                if name not in known:
                    message = _("las notas no tienen la comprobación «{name}»").format(name=name)
                    yield self._problem((key, number), message, ", ".join(known))
        chosen = [check for check in (*rubric.general, *rubric.critical)]
        looked_at = [one for one in chosen if one.id in (*self._s.general, *self._s.critical)]
        counted = [*self._s.checks, *looked_at]
        if not sum(check.weight for check in counted if not check.critical):
            message = _("los pesos no suman nada")
            yield self._problem(("checks",), message, _("alguna comprobación con «weight» mayor que cero"))
        covered = {check.criterion for check in counted}
        for number, criterion in enumerate(self._s.criteria):
            if criterion not in covered:
                message = _("ninguna comprobación mira el criterio {name}").format(name=criterion)
                yield self._problem(("criteria", number), message, _("una comprobación suya, o quitarlo de la lista"))
        for number, check in enumerate(self._s.checks):
            loc = ("checks", number)
            if check.criterion not in self._s.criteria:
                message = _("el criterio {name} no está en «criteria»").format(name=check.criterion)
                yield self._problem((*loc, "criterion"), message, ", ".join(self._s.criteria))
            if check.norm is not None and self._around.norms and check.norm not in self._around.norms:
                message = _("{what} «{name}» no existe").format(what=_("la norma"), name=check.norm)
                yield self._problem((*loc, "norm"), message)
            yield from self._check(loc, check)

    def _check(self, loc: Loc, check: Check) -> Iterator[Problem]:
        for name, proof in check.tests:
            yield from self._proof((*loc, name), proof)
        if check.met.within == 0 and not check.met.none:
            yield self._problem((*loc, "met", "within"), _("nada puede cumplirla: no hay tiempo"), "20s")
        if check.met in (check.partly, check.occasion):
            message = _("nada puede suspenderla: pide lo mismo dos veces")
            yield self._problem(loc, message, _("«partly» pide menos que «met», y «occasion» otra cosa"))
        if any(sign in check.met.none for sign in (*check.met.all_, *check.met.any_[:1])):
            yield self._problem((*loc, "met"), _("nada puede cumplirla: quiere y prohíbe lo mismo"))

    def _proof(self, loc: Loc, proof: Proof) -> Iterator[Problem]:
        for key, signs in (("any", proof.any_), ("all", proof.all_), ("none", proof.none)):
            for number, sign in enumerate(signs):
                place = (*loc, key, number) if (*loc, key, number) in self._doc.values else (*loc, key)
                yield from self._sign(place, sign)
        for key, bound in (("after", proof.after), ("before", proof.before)):
            if bound is not None:
                if bound.state is not None:
                    yield self._problem((*loc, key), _("lo que es así al final no está antes ni después de nada"))
                yield from self._sign((*loc, key), bound)

    def _sign(self, loc: Loc, sign: Sign, *, reacting: bool = False) -> Iterator[Problem]:
        for act in sign.says:
            if act not in self._around.acts:
                message = _("{what} «{name}» no existe").format(what=_("el acto de habla"), name=act)
                mend = ", ".join(sorted(self._around.acts))
                yield self._problem((*loc, "says"), message, _("nada puede cumplirlo; uno de estos: {}").format(mend))
        for key, step in (("reads", sign.reads), ("leaves", sign.leaves), ("at", sign.at)):
            if step is not None:
                yield from self._step((*loc, key), step)
        protocol = self._around.protocol
        if protocol is not None:
            read = protocol.by_id.get(sign.reads or "")
            if read is not None and read.say is None:
                yield self._problem((*loc, "reads"), _("nada puede cumplirlo: en ese paso no hay nada que decir"))
            if sign.writes is not None and sign.writes not in protocol.fields:
                message = _("el protocolo no tiene el dato «{name}»").format(name=sign.writes)
                yield self._problem((*loc, "writes"), message, ", ".join(protocol.fields))
            options = {o.id for one in protocol.by_id.values() if isinstance(one, Choice) for o in one.options}
            if sign.chooses is not None and sign.chooses not in options:
                message = _("el protocolo no tiene la opción «{name}»").format(name=sign.chooses)
                yield self._problem((*loc, "chooses"), message, ", ".join(sorted(options)))
        reactions = {one.id for _loc, one in self._all()} | {"opens", "identity"}
        if sign.hears is not None and sign.hears not in reactions:
            message = _("no hay ninguna reacción «{name}»").format(name=sign.hears)
            yield self._problem((*loc, "hears"), message, ", ".join(sorted(reactions)))
        if sign.state is not None and reacting:
            yield self._problem((*loc, "state"), _("el cliente no ve el almacén"), _("«when», con lo que se ha dicho"))
        elif sign.state is not None and protocol is not None:
            for name in sign.state.names:
                is_moment = name.startswith("momento.")
                if name not in FACTS and name not in JOURNAL_FACTS and name not in protocol.fields and not is_moment:
                    message = _("«{name}» no se sabe al final").format(name=name)
                    yield self._problem((*loc, "state"), message, ", ".join(sorted({*FACTS, *JOURNAL_FACTS})))
