"""What can be done in a call, as plain data: an act is what somebody means to do; the run says what it amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from atencion.scripts.actions import Due
from atencion.scripts.journal import Kind, Scalar


@dataclass(frozen=True)
class Say:
    """The words of the current step have been said. `words` are the exact ones; the desk fills them in."""

    words: str = ""


@dataclass(frozen=True)
class Send:
    """A text of the current step has been sent, word for word, on a channel that is written."""

    words: str


@dataclass(frozen=True)
class Speak:
    """The contact goes on in another language, or with another form of address; None leaves it as it is."""

    language: str | None = None
    register: str | None = None


@dataclass(frozen=True)
class Capture:
    """What was typed for a field."""

    field: str
    text: str


@dataclass(frozen=True)
class Tick:
    """A check of the current step was done."""

    check: str


@dataclass(frozen=True)
class Untick:
    """A tick was a mistake."""

    check: str


@dataclass(frozen=True)
class Choose:
    """An option of a choice step."""

    option: str


@dataclass(frozen=True)
class Advance:
    """On to the next step, with the actions of this one done; the desk fills them in."""

    done: tuple[Due, ...] = ()


@dataclass(frozen=True)
class Skip:
    """On to the next step with this one undone, for a reason."""

    reason: str


@dataclass(frozen=True)
class Jump:
    """To a step that may be jumped to, wherever the contact is."""

    to: str


@dataclass(frozen=True)
class OpenMoment:
    """A difficult moment: its side path opens, and comes back to this very step."""

    moment: str


@dataclass(frozen=True)
class Back:
    """Back to a step of the path."""

    to: str


@dataclass(frozen=True)
class Note:
    """A note, whatever the step."""

    text: str


@dataclass(frozen=True)
class CutOff:
    """The customer is gone: to the wrap-up at once; what was not done stays owed."""

    reason: str


@dataclass(frozen=True)
class LookUp:
    """A search for the customer ended, with so many results."""

    query: str
    results: int


@dataclass(frozen=True)
class Pick:
    """The customer is taken to be this one; their identity is not verified yet."""

    customer: int


@dataclass(frozen=True)
class Drop:
    """The customer picked was not the right one."""


@dataclass(frozen=True)
class Register:
    """The customer was not in the store and has been written into it, as they said: it is this one."""

    customer: int


@dataclass(frozen=True)
class Amend:
    """Data of the customer were changed. `fields` are their names; what they were and are is in the history."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Challenge:
    """The data that are asked to verify the customer, and how many wrong answers lock the identification."""

    data: tuple[str, ...]
    wrong_answers: int


@dataclass(frozen=True)
class Answer:
    """What the customer answered for a datum was right or wrong. The answer itself is kept nowhere."""

    datum: str
    right: bool


@dataclass(frozen=True)
class Search:
    """A search for articles, with so many results."""

    query: str
    results: int


@dataclass(frozen=True)
class OfArticle:
    """What is done with the words of an article, in its exact version."""

    article: str
    version: str
    hash: str
    words: str
    language: str = ""


@dataclass(frozen=True)
class Tell(OfArticle):
    """The words were read to the customer."""


@dataclass(frozen=True)
class Quote(OfArticle):
    """On a channel that is written: the words are for a message, and told once one is sent with them.

    `placed` if they were put in a message or a note that was open; else they wait for the next.
    """

    placed: bool = False


@dataclass(frozen=True)
class NotFound:
    """No article answers this question."""

    query: str


@dataclass(frozen=True)
class Judge:
    """What the agent says of an article in its exact version: `useful`, `wrong` or `outdated`, with a word if any."""

    article: str
    version: str
    hash: str
    verdict: str
    words: str = ""


@dataclass(frozen=True)
class Consult:
    """A question is put to a superior, or to a department, while the customer waits."""

    question: str
    to: str


@dataclass(frozen=True)
class Advise:
    """What was answered to the consultation of that entry, and who answered."""

    consultation: int
    by: str
    answer: str


@dataclass(frozen=True)
class Resolve:
    """How the demand ends. `settled`, and whether it needs a `case`, as the organisation says of the outcome."""

    outcome: str
    settled: bool
    summary: str
    case: bool = False


@dataclass(frozen=True)
class Escalate:
    """The demand goes to a department, with a case whose key the customer gets. `outcome` is how it counts; `warm` if
    it is passed on with the customer on the line, after speaking to whoever takes it.
    """

    department: str
    reason: str
    case: str
    outcome: str
    summary: str
    warm: bool = False


@dataclass(frozen=True)
class TellKey:
    """The customer has been told the key of a case that was handed over."""

    case: str


@dataclass(frozen=True)
class LeaveOpen:
    """The agent leaves the call for later."""


@dataclass(frozen=True)
class Resume:
    """The call is taken up again."""


@dataclass(frozen=True)
class Close:
    """The wrap-up is done."""

    disposition: str
    note: str = ""


@dataclass(frozen=True)
class Practise:
    """Something of a practice: the attempt begins, the agent's own words, what the simulated customer says or does."""

    kind: Kind
    body: Mapping[str, Scalar]
    words: str = ""


Act = (
    Say
    | Send
    | Speak
    | Capture
    | Tick
    | Untick
    | Choose
    | Advance
    | Skip
    | Jump
    | OpenMoment
    | Back
    | Note
    | CutOff
    | LookUp
    | Pick
    | Drop
    | Register
    | Amend
    | Challenge
    | Answer
    | Search
    | Tell
    | Quote
    | NotFound
    | Judge
    | Consult
    | Advise
    | Resolve
    | Escalate
    | TellKey
    | LeaveOpen
    | Resume
    | Close
    | Practise
)
