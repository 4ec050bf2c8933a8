"""What an agent can do, as plain functions with types, none of which knows about a terminal.

`Desk` is a place of work with its store and protocols; `Interaction` a call in hand. Screens and commands are two thin
faces of these two.
"""

from atencion.desk.article_import import ArticleImport
from atencion.desk.customer_file import CustomerFile, FileRow
from atencion.desk.customer_form import FIELDS as FORM_FIELDS
from atencion.desk.customer_form import FieldCheck, FormInvalid, field_label
from atencion.desk.customer_view import (
    Candidate,
    CaseView,
    ContactView,
    ContractView,
    CustomerView,
    Detail,
    LookedUp,
    TellApart,
)
from atencion.desk.desk import Desk, OpenCall, Record
from atencion.desk.identity import Question
from atencion.desk.interaction import CaseOpened, Form, Identity, Interaction
from atencion.desk.knowledge import Gap, Knowledge, Upkeep, Version
from atencion.desk.step_view import CheckView, FieldView, StepView
from atencion.desk.twin_view import TwinsFound, TwinView

__all__ = [
    "FORM_FIELDS",
    "ArticleImport",
    "Candidate",
    "CaseOpened",
    "CaseView",
    "CheckView",
    "ContactView",
    "ContractView",
    "CustomerFile",
    "CustomerView",
    "Desk",
    "Detail",
    "FieldCheck",
    "FieldView",
    "FileRow",
    "Form",
    "FormInvalid",
    "Gap",
    "Identity",
    "Interaction",
    "Knowledge",
    "LookedUp",
    "OpenCall",
    "Question",
    "Record",
    "StepView",
    "TellApart",
    "TwinView",
    "TwinsFound",
    "Upkeep",
    "Version",
    "field_label",
]
