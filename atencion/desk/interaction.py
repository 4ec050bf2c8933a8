"""A call in hand: what an agent does in it, each thing on disk before the method that does it returns.

Any thread may call it; what writes goes one at a time. When something is refused, or the store cannot write, the call
stays exactly as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING

from atencion.data import agents, cases, customer_search, customers, drafts, interactions, journal, knowledge_use
from atencion.data.agents import StoredAgent
from atencion.data.alerts import alerts_of
from atencion.data.articles import ArticleRecord, Validity, get_article, get_articles
from atencion.data.customers import add_customer
from atencion.data.personal_values import Occasion
from atencion.data.validation import Invalid, phone
from atencion.desk.card_signs import first_told, locks_told
from atencion.desk.case_keys import spoken_key
from atencion.desk.customer_view import CustomerView, LookedUp, looked_up, masked_view, open_view
from atencion.desk.identity import Question, choose_questions, is_right, question_label
from atencion.desk.job import Job
from atencion.desk.outgoing import OutgoingMessage
from atencion.desk.speech import Scene, Speech, context, facts, speech
from atencion.desk.step_view import StepView, step_view
from atencion.desk.surroundings import Surroundings
from atencion.errors import AtencionError, Problem, Refused
from atencion.i18n import _
from atencion.scripts import acts, protocol
from atencion.scripts.actions import ACTIONS, Due
from atencion.scripts.decide import StepRefused, take
from atencion.scripts.expressions import Known
from atencion.scripts.handover import summary_of
from atencion.scripts.journal import Entry, Kind, NewEntry
from atencion.scripts.run import Run
from atencion.scripts.spoken import phone_groups
from atencion.scripts.templates import Context, Missing, Plain, TemplateError, parse_template
from atencion.scripts.ways import RailItem, due_actions, rail
from atencion.text import clean_line, clean_text

if TYPE_CHECKING:
    # What is not of every step is loaded where it is used: it would make the start longer.
    from atencion.data.article_search import Search
    from atencion.data.connection import Connection
    from atencion.data.origins import NewOrigin
    from atencion.desk.customer_file import CustomerFile, FileRow
    from atencion.desk.customer_form import FieldCheck
    from atencion.desk.twin_view import TwinView
    from atencion.scripts.organisation import Department

CONTACTS_SHOWN = 5

FORM_SLOT = "customer:"
"""What the drafts of the customer's form begin with."""


@dataclass(frozen=True)
class Identity:
    """What an answer of the customer amounted to. `left` wrong answers remain; `say` is for when it locks."""

    right: bool
    verified: bool
    locked: bool
    left: int
    say: str = ""


@dataclass(frozen=True)
class CaseOpened:
    """A case just opened: its key as digits and as it is read aloud, and who has it now.

    `transfer` is what to say to pass the call on without hanging up: to the customer, to the colleague and to both;
    nothing if it is passed on cold.
    """

    key: str
    spoken: str
    department: str
    extension: str | None
    urgent: bool
    transfer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A form as it starts. `version` is what the customer was at; `customer_id` None for a new one."""

    customer_id: int | None
    version: int
    texts: Mapping[str, str]


class Interaction:
    """One call, open or taken up again. `run` tells where it is, and is replaced after each act."""

    def __init__(
        self,
        surroundings: Surroundings,
        summary: interactions.InteractionSummary,
        agent: StoredAgent,
        run: Run,
        *,
        found_by: str = "",
        kept_drafts: dict[str, str] | None = None,
    ) -> None:
        self.id = summary.id
        self.agent = agent
        self.phone = summary.phone
        self.opened_at = summary.opened_at
        self.run = run
        self.file_problems: tuple[Problem, ...] = ()
        """What keeps the newest text of its protocol from leading it, which an earlier one does."""
        self._around = surroundings
        self._organisation = surroundings.catalogue.organisation
        self._found_by = found_by
        self._drafts = dict(kept_drafts or {})
        self._card: customers.CustomerCard | None = None
        self._open_cases = 0
        self._lock = RLock()

    @property
    def protocol(self) -> protocol.Protocol:
        """The protocol that leads it: the very text it was opened with."""
        return self.run.protocol

    @property
    def is_written(self) -> bool:
        """Whether the contact is in writing: nothing is said then, messages are sent."""
        rules = self._organisation.channel.get(self.run.channel)
        return rules is not None and rules.written

    # The step in hand

    def speech(self) -> Speech:
        """What to say in the current step, in which language, and which data it lacks."""
        return speech(self.run, self._scene(self.run))

    def facts(self) -> Known:
        """What conditions may ask of the store and the clock at this moment."""
        return facts(self.run, self._scene(self.run))

    def due(self) -> tuple[Due, ...]:
        """The actions that leaving the current step does as things stand, to be shown before."""
        scene = self._scene(self.run)
        return due_actions(self.run, facts(self.run, scene), context(self.run, scene))

    def _due_then(self, run: Run) -> tuple[Due, ...]:
        """`due` as the call will stand, as far as it is known."""
        scene = self._scene(run)
        try:
            return due_actions(run, facts(run, scene), context(run, scene))
        except AtencionError:
            return ()  # A parameter that lacks its datum yet: told when the step is left.

    def rail(self) -> list[RailItem]:
        """The steps done, the one in hand, and those that will come if nothing changes the way."""
        return rail(self.run, self.facts())

    def step_view(self) -> StepView | None:
        """All there is to show of the current step; None once the conversation has ended."""
        return step_view(self.run, self.speech(), self._around.catalogue, self._due_then(self.run), self._now())

    def record(self, *wanted: acts.Act) -> Run:
        """Do these acts, all or none. Raises StepRefused if the step cannot take one, StoreError if the store fails."""
        with self._lock:
            at = self._around.clock()
            run, entries, confirmed = self._take(wanted, at)
            done_with = sorted(confirmed & self._drafts.keys())
            with self._around.store.writing() as connection:
                self._write(connection, entries, at, done_with)
            self._forget_drafts(done_with)
            if any(entry.kind is Kind.DID for entry in entries):
                self._card = None  # What was done may have changed it.
            before, self.run = self.run.seq, run
            self._send(entries, before + 1)
            return run

    # Who is calling

    def look_up(self, query: str, limit: int = 20) -> LookedUp:
        """Who may be meant, masked, and how to tell them apart. For searching as one types: nothing is written."""
        with self._around.store.reading() as connection:
            return looked_up(customer_search.find(connection, query, limit), query)

    def nobody_found(self, query: str) -> Run:
        """Write down that a search found nobody."""
        return self.record(acts.LookUp(query, 0))

    def pick(self, customer_id: int, query: str = "", *, before: Sequence[acts.Act] = ()) -> CustomerView:
        """Take the customer to be this one, found by `query`, once the acts `before` are done, all or nothing.

        Raises Refused if there is no such customer.
        """
        with self._lock:
            card = self._load_card(customer_id)
            found = [acts.LookUp(query, 1)] if query else []
            self.record(*before, *found, acts.Pick(card.id))
            self._card, self._found_by = card, query
            return self._view(card)

    def drop_customer(self) -> Run:
        """The one picked was not the right one."""
        with self._lock:
            run = self.record(acts.Drop())
            self._card, self._found_by = None, ""
            return run

    # Writing the customer down

    def form(self, typed: str = "") -> Form:
        """The form as it stands now: of the customer picked, or of a new one with what is known from the call and what
        was `typed` to look for them.

        Raises Refused if a customer is picked and has not been verified.
        """
        from atencion.desk.customer_form import form_texts, sort_out

        with self._lock:
            card = self._picked(self.run)
            if card is None:
                known = {"phones": phone_groups(self.phone)} if self.phone else {}
                return Form(None, 0, {**known, **sort_out(typed, self._today())})
            self._require_open()
            return Form(card.id, card.version, form_texts(card))

    def check_field(self, name: str, text: str) -> FieldCheck:
        """What is to be said of a field of the form as it is typed. Nothing is read nor written."""
        from atencion.desk import customer_form

        return customer_form.check_field(name, text, self._today())

    def twins(self, texts: Mapping[str, str]) -> list[TwinView]:
        """The customers in the store that may be the one in the form, the likeliest first; nothing is written."""
        from atencion.data.twin_search import twins_of
        from atencion.desk.customer_form import read_what_is_good
        from atencion.desk.twin_view import twin_view

        customer = read_what_is_good(texts, self._today())
        with self._around.store.reading() as connection:
            found = twins_of(connection, customer, other_than=self.run.customer)
        return [twin_view(twin, customer.name) for twin in found]

    def register(self, texts: Mapping[str, str], *, despite_twins: bool = False) -> CustomerView:
        """Write a new customer down, as they say, and take the call to be with them.

        Raises FormInvalid if a field is wrong, TwinsFound if they may well be in the store already, unless that was
        told and this is somebody else; StepRefused if there is a customer already in this call.
        """
        from atencion.data.origins import add_origin
        from atencion.data.twin_search import note_pairs, twins_of
        from atencion.data.twins import SUSPECT
        from atencion.desk.customer_form import read_form
        from atencion.desk.twin_view import TwinsFound, twin_view

        with self._lock:
            customer, at = read_form(texts, self._today()), self._around.clock()
            self._take([acts.Register(0)], at)
            with self._around.store.writing() as connection:
                suspects = twins_of(connection, customer, least=SUSPECT)
                if suspects and not despite_twins:
                    raise TwinsFound([twin_view(twin, customer.name) for twin in suspects])
                done_with = [slot for slot in self._drafts if slot.startswith(FORM_SLOT)]
                origin_id = add_origin(connection, self._origin(at))
                customer_id = add_customer(connection, customer, at=at, origin_id=origin_id)
                note_pairs(connection, ((customer_id, one.customer_id, one.likeness) for one in suspects), at=at)
                run, entries, _confirmed = self._take([acts.Register(customer_id)], at)
                self._write(connection, entries, at, done_with)
            self._forget_drafts(done_with)
            self.run, self._found_by = run, customer.name
            self._card = self._load_card(customer_id)
            return self._view(self._card)

    def amend(self, texts: Mapping[str, str], version: int) -> CustomerView:
        """Change the data of the customer picked as the form says; what they were stays in the history.

        Raises FormInvalid if a field is wrong, StepRefused if the customer has not been verified, Refused if somebody
        else has changed them since `version` was read.
        """
        from atencion.data.customer_edits import Edit, edit_customers, version_of
        from atencion.data.origins import add_origin
        from atencion.data.twin_search import note_pairs, twins_of
        from atencion.data.twins import SUSPECT
        from atencion.desk.customer_form import read_form

        with self._lock:
            card, at = self._picked(self.run), self._around.clock()
            self._require_open()
            assert card is not None, "refused when nobody is picked"
            with self._around.store.writing() as connection:
                found = version_of(connection, card.id)
                if found != version:
                    raise self._changed_meanwhile(connection, card.id)
                (card,) = customers.cards(connection, [card.id])
                wanted = read_form(texts, self._today(), card)
                origin_id = add_origin(connection, self._origin(at))
                edit = Edit(card, wanted, ends=True)
                changes = edit_customers(connection, [edit], origin_id=origin_id, at=at, on=self._today())
                suspects = twins_of(connection, wanted, other_than=card.id, least=SUSPECT)
                note_pairs(connection, ((card.id, one.customer_id, one.likeness) for one in suspects), at=at)
                names = dict.fromkeys(one.field or one.entity for one in changes)
                run, entries, _confirmed = self._take([acts.Amend(tuple(names))] if names else [], at)
                done_with = [slot for slot in self._drafts if slot.startswith(FORM_SLOT)]
                self._write(connection, entries, at, done_with)
            self._forget_drafts(done_with)
            self.run = run
            self._card = self._load_card(card.id)
            return self._view(self._card)

    def file(self) -> CustomerFile:
        """The full card of the customer picked. Raises Refused until they are verified."""
        from atencion.desk.customer_file import customer_file

        with self._lock:
            self._require_open()
            card = self._load_card(int(self.run.customer or 0))
            with self._around.store.reading() as connection:
                locks = locks_told(connection, self._around, [one.id for one in card.contracts])
                return customer_file(connection, card, self._today(), locks)

    def contacts_page(self, page: int) -> tuple[FileRow, ...]:
        """A page of the contacts of the full card, the first being 0."""
        from atencion.desk import customer_file

        with self._lock:
            self._require_open()
            with self._around.store.reading() as connection:
                return customer_file.contacts_page(connection, int(self.run.customer or 0), page)

    def customer(self) -> CustomerView | None:
        """The card of the customer picked, masked until verified; None if nobody is."""
        with self._lock:
            card = self._picked(self.run)
            return None if card is None else self._view(card)

    def questions(self) -> list[Question]:
        """What to ask the customer. Raises Refused if nobody is picked, it is locked, or too little is on file."""
        with self._lock:
            if not self.run.questions:
                card = self._picked(self.run)
                rules = self._organisation.identity
                data: tuple[str, ...] = ()
                if card is not None:
                    data = choose_questions(card, rules.data, rules.questions, found_by=self._found_by)
                self.record(acts.Challenge(data, rules.wrong_answers))
            return [Question(datum, question_label(datum), right) for datum, right in self.run.questions.items()]

    def identify(self, datum: str, answer: str) -> Identity:
        """Whether what the customer answered is right; the stored value is never told.

        Raises Refused, and counts nothing, if the answer cannot be such a datum or the question was not asked.
        """
        with self._lock:
            self.questions()
            card = self._picked(self.run)
            assert card is not None, "questions() refuses when nobody is picked"
            right = datum in self.run.questions and is_right(card, datum, answer, self._today())
            run = self.record(acts.Answer(datum, right))
            say = " ".join(self._organisation.identity.locked_say.split()) if run.locked else ""
            return Identity(right, run.verified, run.locked, max(0, run.wrong_allowed - run.wrong), say)

    # Finding the answer

    def search(self, query: str, limit: int = 10) -> Search:
        """The articles that may answer, those of the step first, then those of the products the customer has, once they
        are verified. For searching as one types: nothing is written.
        """
        from atencion.data.article_search import search_articles

        step = self.run.current
        with self._lock:
            card = self._picked(self.run) if self.run.open_to_agent else None
        contracts = [one for one in card.contracts if one.status == "active"] if card is not None else []
        with self._around.store.reading() as connection:
            return search_articles(
                connection,
                query,
                on=self._today(),
                channel=self.run.channel,
                reader=(self.agent.role, self.agent.department),
                at_hand=step.knowledge if step is not None else (),
                products={name for one in contracts for name in (one.product_code, one.product_family) if name},
                limit=limit,
            )

    def found_nothing(self, query: str) -> Run:
        """Write down that a search found no article."""
        return self.record(acts.Search(query, 0))

    def tell(
        self,
        article_id: str,
        query: str = "",
        results: int = 1,
        language: str | None = None,
        *,
        placed: bool = False,
        before: Sequence[acts.Act] = (),
    ) -> Run:
        """The article was read to the customer, once the acts `before` were done, all or nothing; `query` is what found
        it. In the customer's language if it has it.

        On a channel that is written its words are for a message: `placed` if they were put in one that is open, else
        they are in what the next step that writes begins with. They are told once a message is sent with them.

        Raises Refused if there is no such article, or it does not hold today: that is never an answer.
        """
        article = self._in_force(article_id)
        language, words = self.article_words(article, language)
        searched = [acts.Search(query, results)] if query else []
        of = (article.id, article.version, article.hash, words, language)
        told = acts.Quote(*of, placed) if self.is_written else acts.Tell(*of)
        return self.record(*before, *searched, told)

    def article_words(self, article: ArticleRecord, language: str | None = None) -> tuple[str, str]:
        """A language and the words of an article in it, with names and numbers filled in: to be read aloud, or put
        into a written reply. In the language asked for, else the one the contact was changed to, else the customer's,
        else the contact's; in the article's own if it has none of them.
        """
        card = self._picked(self.run) if self.run.verified else None
        wanted = language or self.run.asked_language or (card.language if card is not None else self.run.language)
        written = dict(article.says)
        spoken = wanted if wanted in written else article.language
        text = written.get(wanted, article.say)
        if "{" not in text:
            return spoken, text
        try:
            return spoken, parse_template(text).render(context(self.run, self._scene(self.run)))
        except TemplateError:
            return spoken, text

    def articles(self, ids: Sequence[str]) -> list[ArticleRecord]:
        """The articles of those ids that hold today, in that order."""
        with self._around.store.reading() as connection:
            found = get_articles(connection, ids)
        return [one for one in found if one.status == "published" and one.validity(self._today()) is Validity.CURRENT]

    def judge(self, article_id: str, verdict: str, words: str = "") -> Run:
        """What the agent says of an article: `useful`, `wrong` or `outdated`, with a word. Raises Refused."""
        article = self._known(article_id)
        return self.record(acts.Judge(article.id, article.version, article.hash, verdict, words))

    def superiors(self) -> list[StoredAgent]:
        """Who may be asked: whoever is no plain agent, or everybody else where all are."""
        with self._around.store.reading() as connection:
            others = [one for one in agents.list_agents(connection) if one.id != self.agent.id]
        return [one for one in others if one.role != "agent"] or others

    def consult(self, question: str, to: str = "") -> int:
        """A question is put to a superior (the code of an agent or the id of a department). Returns the entry's place,
        for `advise`. Raises Refused if it is empty.
        """
        return self.record(acts.Consult(question, to)).seq

    def advise(self, consultation: int, by: str, answer: str) -> Run:
        """What the superior answered, and who it was (the code of an agent). Raises Refused if there is no such agent,
        or nothing was answered.
        """
        with self._around.store.reading() as connection:
            codes = [one.code for one in agents.list_agents(connection)]
        if by not in codes:
            message = _("No hay ningún agente «{code}».").format(code=clean_line(by, 40))
            raise StepRefused(self.run.step, message, ", ".join(codes))
        return self.record(acts.Advise(consultation, by, answer))

    def article(self, article_id: str) -> ArticleRecord | None:
        """An article whole, or None."""
        with self._around.store.reading() as connection:
            return get_article(connection, article_id)

    def not_found(self, query: str) -> Run:
        """No article answers: the gap is written down for whoever keeps the articles."""
        return self.record(acts.NotFound(query))

    # How it ends

    def resolve(
        self, outcome: str, summary: str = "", *, before: Sequence[acts.Act] = (), goes_on: bool = False
    ) -> Run:
        """Say how the demand ends, once the acts `before` are done, and leave the step if it `goes_on`, all or nothing.

        Raises Refused if the organisation or the step has no such outcome, or the step cannot be left.
        """
        known = self._organisation.outcome.get(outcome)
        if known is None:
            raise StepRefused(
                self.run.step,
                _("El resultado «{id}» no existe.").format(id=clean_line(outcome, 60)),
                _("uno de estos: {outcomes}").format(outcomes=", ".join(self._organisation.outcome)),
            )
        after = [acts.Advance()] if goes_on else []
        return self.record(*before, acts.Resolve(outcome, known.settled, summary, known.case), *after)

    def proposed_summary(self) -> str:
        """What is known so far, for whoever takes the demand over: where the agent's summary begins."""
        read = self.run.demand.articles if self.run.demand is not None else ()
        with self._around.store.reading() as connection:
            titles = {one.id: one.title for one in get_articles(connection, read)}
        return summary_of(self.run, titles)

    def escalate(
        self,
        reason: str,
        department: str | None,
        summary: str,
        *,
        cold: bool = False,
        before: Sequence[acts.Act] = (),
    ) -> CaseOpened:
        """Hand the demand over: a case is opened, and its key is for the customer. The reason's department if None.

        The acts `before` are done before, all or nothing.
        Where somebody can be spoken to before it is passed on warm, unless the agent wants it `cold`.

        Raises Refused if reason or department do not exist or do not fit the step, or the summary is empty.
        """
        with self._lock:
            why = self._organisation.reason.get(reason)
            if why is None:
                raise StepRefused(
                    self.run.step,
                    _("El motivo «{id}» no existe.").format(id=clean_line(reason, 60)),
                    _("uno de estos: {reasons}").format(reasons=", ".join(self._organisation.reason)),
                )
            to = self._organisation.department.get(department or self._takes(reason))
            if to is None:
                raise StepRefused(
                    self.run.step,
                    _("El departamento «{id}» no existe.").format(id=clean_line(str(department), 60)),
                    _("uno de estos: {departments}").format(departments=", ".join(self._organisation.department)),
                )
            step = self.run.current
            outcome = step.outcome if isinstance(step, protocol.Escalate) else None
            key = self._free_key()
            warm = not cold and self.can_be_warm(to.id)
            transfer = self._transfer(to, key, summary) if warm else ()
            outcome = outcome or self._organisation.escalation_outcome
            self.record(*before, acts.Escalate(to.id, why.id, key, outcome, summary, warm))
            return CaseOpened(key, spoken_key(key), to.name, to.extension, why.urgent, transfer)

    def key_told(self) -> Run:
        """The customer has been told the keys of what was handed over."""
        with self._lock:
            return self.record(*map(acts.TellKey, self.run.untold_keys))

    def can_be_warm(self, department: str) -> bool:
        """Whether a demand can be passed on with the customer on the line: it is spoken, and the department attends."""
        to = self._organisation.department.get(department)
        return not self.is_written and to is not None and to.open_at(self._now())

    def _transfer(self, to: Department, key: str, summary: str) -> tuple[str, ...]:
        texts = self._organisation.warm_transfer
        if texts is None:
            return ()
        named: dict[str, Plain | Missing | Context] = {
            "departamento": to.name,
            "extension": to.extension or "",
            "clave": key,
            "agente": self.agent.alias or self.agent.name,
            # Said aloud: each line of it is a sentence.
            "resumen": " ".join(
                f"{line.strip().rstrip('.')}." for line in clean_text(summary).splitlines() if line.strip()
            ),
        }
        return tuple(text.render(named) for text in (texts.customer, texts.colleague, texts.together))

    def _takes(self, reason: str) -> str:
        """Who takes a demand now, of those that the step lets take it."""
        step = self.run.current
        allowed = step.departments if isinstance(step, protocol.Escalate) else ()
        return self._organisation.takes(reason, self.run.language, self._now(), allowed)

    def close(self, disposition: str, note: str = "") -> Run:
        """End the wrap-up. Raises Refused if the call is not there yet or there is no such disposition."""
        if disposition not in self._organisation.disposition:
            raise StepRefused(
                self.run.step,
                _("La tipificación «{id}» no existe.").format(id=clean_line(disposition, 60)),
                _("una de estas: {dispositions}").format(dispositions=", ".join(self._organisation.disposition)),
            )
        return self.record(acts.Close(disposition, note))

    def leave_open(self) -> Run:
        """Leave the call for later."""
        return self.record(acts.LeaveOpen())

    # What is typed and not confirmed

    def save_draft(self, slot: str, text: str) -> None:
        """Keep what stands in a field that is not confirmed yet."""
        with self._lock:
            if self._drafts.get(slot, "") == text:
                return
            with self._around.store.writing() as connection:
                drafts.put_draft(connection, self.id, slot, text, at=self._around.clock())
            self._drafts[slot] = text
            if not text:
                del self._drafts[slot]

    def drafts(self) -> dict[str, str]:
        """What was typed and not confirmed, by field."""
        with self._lock:
            return dict(self._drafts)

    # Inside

    def _take(self, wanted: Sequence[acts.Act], at: datetime) -> tuple[Run, list[NewEntry], set[str]]:
        """The run that these acts lead to, the entries they write and the drafts they are done with.

        Raises StepRefused, naming the norm.
        """
        run, entries, confirmed = self.run, list[NewEntry](), set[str]()
        for act in wanted:
            confirmed |= _slots(act, run, self._drafts)
            scene = self._scene(run)
            try:
                new, run = take(run, [self._filled_in(act, run, scene)], at, facts(run, scene))
            except StepRefused as refusal:
                raise self._with_norm(refusal) from refusal.__cause__
            entries += new
        return run, entries, confirmed

    def _forget_drafts(self, done_with: Sequence[str]) -> None:
        for slot in done_with:
            del self._drafts[slot]

    def _require_open(self) -> None:
        self._take([acts.Amend(())], self._around.clock())

    def _today(self) -> date:
        return self._now().date()

    def _origin(self, at: datetime) -> NewOrigin:
        from atencion.data.origins import NewOrigin, OriginKind

        return NewOrigin(OriginKind.CALL, at, self.agent.id, self.id)

    def _changed_meanwhile(self, connection: Connection, customer_id: int) -> Refused:
        from atencion.data.customer_history import history

        self._card = None
        latest = history(connection, customer_id, 1)
        who = latest[0].origin.agent if latest else ""
        if who:
            message = _("{who} ha cambiado a este cliente mientras usted escribía; no se ha guardado nada.")
            return Refused(message.format(who=who), remedy=_("Vuelva a abrir sus datos: lo que ha escrito sigue aquí."))
        return Refused(
            _("Este cliente ha cambiado mientras usted escribía; no se ha guardado nada."),
            remedy=_("Vuelva a abrir sus datos: lo que ha escrito sigue aquí."),
        )

    def _known(self, article_id: str) -> ArticleRecord:
        article = self.article(article_id)
        if article is None:
            message = _("El artículo «{id}» no existe.").format(id=clean_line(article_id, 80))
            raise StepRefused(self.run.step, message, _("el id de un artículo de consulta"))
        return article

    def _in_force(self, article_id: str) -> ArticleRecord:
        article = self._known(article_id)
        expected = _("un artículo en vigor")
        if article.replaced_by:
            expected = _("el que lo sustituye: «{id}»").format(id=article.replaced_by)
        if article.status != "published":
            message = _("«{title}» no está publicado: no se puede dar como respuesta.").format(title=article.title)
            raise StepRefused(self.run.step, message, expected)
        validity = article.validity(self._today())
        if validity is Validity.EXPIRED:
            message = _("«{title}» caducó el {day:%d/%m/%Y}: no se puede dar como respuesta.").format(
                title=article.title, day=article.valid_to
            )
            raise StepRefused(self.run.step, message, expected)
        if validity is Validity.FUTURE:
            message = _("«{title}» no vale hasta el {day:%d/%m/%Y}: no se puede dar como respuesta.").format(
                title=article.title, day=article.valid_from
            )
            raise StepRefused(self.run.step, message, expected)
        return article

    def _write(self, connection: Connection, entries: Sequence[NewEntry], at: datetime, done_with: list[str]) -> None:
        """The entries, and the rows that repeat for lists what they say."""
        picked = next((entry.body["customer"] for entry in entries if entry.kind in _PICKING), self.run.customer)
        customer_id = None if picked is None else int(picked)
        occasion = Occasion(self.id, self.agent.id, customer_id, at)
        journal.append(
            connection,
            self.id,
            self.run.seq + 1,
            [journal.NewEntry(entry.kind, entry.step, entry.body, entry.value) for entry in entries],
            at=at,
            agent_id=self.agent.id,
            customer_id=customer_id,
        )
        for number, entry in enumerate(entries):
            seq = self.run.seq + 1 + number
            match entry.kind:
                case Kind.TOLD:
                    knowledge_use.add_told(connection, self.id, seq, entry.body, agent_id=self.agent.id, at=at)
                case Kind.JUDGED:
                    knowledge_use.add_feedback(connection, self.id, seq, entry.body, agent_id=self.agent.id, at=at)
                case Kind.NOT_FOUND | Kind.CONSULTED:
                    knowledge_use.add_gap(connection, self.id, seq, entry.kind, agent_id=self.agent.id, at=at)
                case Kind.SEARCHED if not entry.body["results"]:
                    knowledge_use.add_gap(connection, self.id, seq, "no_result", agent_id=self.agent.id, at=at)
                case Kind.IDENTIFIED | Kind.REGISTERED:
                    interactions.set_customer(connection, self.id, customer_id)
                    self._touch_phone(connection, int(customer_id or 0))
                case Kind.DROPPED:
                    interactions.set_customer(connection, self.id, None)
                case Kind.RESOLVED:
                    interactions.set_outcome(connection, self.id, str(entry.body["outcome"]))
                case Kind.ESCALATED:
                    interactions.set_outcome(connection, self.id, str(entry.body["outcome"]))
                    from atencion.desk.case_doings import escalate

                    run = self._run_after(entries[: number + 1], at)
                    receipts = [due.params for due in self._due_then(run) if due.action == "issue_receipt"]
                    job = self._job(entry, occasion, run, receipts[0] if receipts else {})
                    escalate(connection, job, entry.value or "")
                case Kind.DID:
                    from atencion.desk.doings import do

                    run = self._run_after(entries[: number + 1], at)
                    do(connection, entry, partial(self._job, entry, occasion, run))
                case Kind.CAPTURED if entry.body["field"] == self.protocol.recording:
                    run = self._run_after(entries[: number + 1], at)
                    interactions.set_recorded(connection, self.id, bool(run.recording))
                    if run.recording:
                        from atencion.desk.case_doings import say_it_is_recorded

                        say_it_is_recorded(connection, self._job(entry, occasion, run, {}))
                case Kind.CLOSED:
                    disposition = str(entry.body["disposition"])
                    interactions.set_closed(connection, self.id, at=at, disposition=disposition)
                    drafts.delete_drafts(connection, self.id)
        for slot in done_with:
            drafts.delete_draft(connection, self.id, slot)

    def _touch_phone(self, connection: Connection, customer_id: int) -> None:
        """They called from one of their phones: it is in use."""
        from atencion.data.customer_edits import touch_contact

        if self.phone:
            try:
                called_from = phone(self.phone).normal
            except Invalid:
                return
            touch_contact(connection, customer_id, called_from, self._today())

    def _job(self, entry: NewEntry, occasion: Occasion, run: Run, params: Mapping[str, str]) -> Job:
        action, phone = str(entry.body.get("action", "")), self.phone or self._phone_on_file()
        contract = self._scene(run).contract(run)
        number = contract.number if contract is not None else ""
        return Job(action, params, entry.body, occasion, run, self._around, self.agent, phone, number)

    def _run_after(self, entries: Sequence[NewEntry], at: datetime) -> Run:
        numbered = enumerate(entries, self.run.seq + 1)
        return self.run.after(*(Entry(seq, at, one.kind, one.step, one.body, one.value) for seq, one in numbered))

    def _phone_on_file(self) -> str | None:
        phones = self._card.phones if self._card is not None and self.run.open_to_agent else ()
        return phones[0].normal if phones else None

    def _send(self, entries: Sequence[NewEntry], first_seq: int) -> None:
        """Hand over what was written to the customer, now that it is on disk."""
        if self._around.outgoing is None:
            return
        for seq, entry in enumerate(entries, first_seq):
            if entry.kind is Kind.SENT and entry.value:
                run = self.run
                self._around.outgoing.send(
                    OutgoingMessage(self.id, seq, run.channel, run.language, run.customer, entry.value)
                )

    def _free_key(self) -> str:
        from atencion.desk.case_opening import free_key

        with self._around.store.reading() as connection:
            return free_key(connection, self._around)

    def _picked(self, run: Run) -> customers.CustomerCard | None:
        if run.customer is None:
            return None
        if self._card is None or self._card.id != run.customer:
            self._card = self._load_card(run.customer)
        return self._card

    def _load_card(self, customer_id: int) -> customers.CustomerCard:
        with self._around.store.reading() as connection:
            card = customers.card(connection, customer_id)
            found = cases.cases_of_customer(connection, customer_id)
        if card is None:
            raise Refused(_("Ese cliente ya no está en el almacén."))
        self._open_cases = sum(case.status != "closed" for case in found)
        return card

    def _view(self, card: customers.CustomerCard) -> CustomerView:
        with self._around.store.reading() as connection:
            found_cases = cases.cases_of_customer(connection, card.id)
            contacts = interactions.interactions_of_customer(connection, card.id, CONTACTS_SHOWN + 1)
            alerts = alerts_of(connection, card.id, self._today())
            seen = self.run.open_to_agent
            locks = locks_told(connection, self._around, [one.id for one in card.contracts]) if seen else {}
        earlier = [one for one in contacts if one.id != self.id][:CONTACTS_SHOWN]
        if not self.run.open_to_agent:
            view = masked_view(card, typed=self._found_by, locked=self.run.locked, cases=found_cases, contacts=earlier)
        else:
            view = open_view(
                card,
                cases=found_cases,
                contacts=earlier,
                organisation=self._organisation,
                alerts=alerts,
                registered=not self.run.verified,
                locks=locks,
            )
        born = card.birth_date if self.run.open_to_agent else None
        return replace(view, comes_first=first_told(self._around, self.run, born))

    def _scene(self, run: Run) -> Scene:
        card = self._picked(run) if run.open_to_agent else None
        return Scene(self._organisation, self.agent, self._now(), card, self._open_cases if card else 0)

    def _now(self) -> datetime:
        """This moment in the organisation's zone."""
        return self._around.clock().astimezone(self._organisation.local_zone)

    def _filled_in(self, act: acts.Act, run: Run, scene: Scene) -> acts.Act:
        """An act with what the desk knows of it: the words said, the actions that leaving the step does."""
        if isinstance(act, acts.Say | acts.Tell) and self.is_written:
            channel = self._organisation.channel[run.channel].name
            message = _("En «{channel}» no se dice nada: se escribe.").format(channel=channel)
            raise StepRefused(run.step, message, _("enviar el mensaje, palabra por palabra"))
        if isinstance(act, acts.Say):
            return act if act.words else acts.Say(speech(run, scene).words)
        if isinstance(act, acts.Advance):
            due = due_actions(run, facts(run, scene), context(run, scene))
            return acts.Advance(tuple(self._prepared(one, run) for one in due))
        return act

    def _prepared(self, due: Due, run: Run) -> Due:
        if ACTIONS[due.action].verified and not run.verified:
            message = _("No se puede hacer «{title}»: la identidad no está comprobada.")
            raise StepRefused(
                run.step, message.format(title=ACTIONS[due.action].title()), _("comprobar antes quién es")
            )
        if due.action == "open_case":
            return replace(due, body={"case": self._free_key(), "department": due.params.get("department", "")})
        return due.in_hand()

    def _with_norm(self, refusal: StepRefused) -> StepRefused:
        if refusal.norm is None:
            return refusal
        card = self._around.catalogue.norm(refusal.norm)
        asked_by = f"{card.label} ({card.title})" if card.title else card.label
        message = _("{message} Lo exige: {norm}.").format(message=refusal.message, norm=asked_by)
        return StepRefused(refusal.step, message, refusal.expected, norm=refusal.norm)


_PICKING = (Kind.IDENTIFIED, Kind.REGISTERED)
_RESOLVING = {"resolve:outcome", "resolve:summary"}


def _slots(act: acts.Act, run: Run, kept: Iterable[str]) -> set[str]:
    """The drafts, of those `kept`, that an act is done with: of what it confirms, and all of a step left as done."""
    match act:
        case acts.Capture(field=field):
            return {f"field:{field}"}
        case acts.Send():
            return {f"send:{run.step}"}
        case acts.Note():
            return {"note"}
        case acts.Skip():
            return {f"skip:{run.step}", "cut_off"}
        case acts.CutOff():
            return {"cut_off", *(slot for slot in kept if slot.startswith("skip:"))}  # No step is skipped any more.
        case acts.Pick() | acts.Drop():
            return {slot for slot in kept if slot.startswith(FORM_SLOT)}  # It is about somebody else.
        case acts.Tell() | acts.Quote() | acts.NotFound():
            return {"search"}
        case acts.Resolve():
            return _RESOLVING
        case acts.Escalate():
            return {"escalate:reason", "escalate:department", "escalate:summary", "escalate:cold"}
        case acts.Advance():
            fields = run.current.capture if run.current else ()
            done_with = {f"field:{field}" for field in fields} | {f"send:{run.step}", f"skip:{run.step}"}
            return {*done_with, "search", *_RESOLVING}
    return set()
