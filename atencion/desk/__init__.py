"""What an agent can do, as plain functions with types, none of which knows about a terminal.

`Desk` is a place of work with its store and protocols; `Interaction` a call in hand. Screens and commands are two thin
faces of these two.
"""

from atencion.desk.article_import import ArticleImport
from atencion.desk.customer_view import Candidate, CaseView, ContactView, ContractView, CustomerView, Detail
from atencion.desk.desk import Desk, OpenCall, Record
from atencion.desk.identity import Question
from atencion.desk.interaction import CaseOpened, Identity, Interaction
from atencion.desk.knowledge import Gap, Knowledge, Upkeep, Version
from atencion.desk.step_view import CheckView, FieldView, StepView

__all__ = [
    "ArticleImport",
    "Candidate",
    "CaseOpened",
    "CaseView",
    "CheckView",
    "ContactView",
    "ContractView",
    "CustomerView",
    "Desk",
    "Detail",
    "FieldView",
    "Gap",
    "Identity",
    "Interaction",
    "Knowledge",
    "OpenCall",
    "Question",
    "Record",
    "StepView",
    "Upkeep",
    "Version",
]
