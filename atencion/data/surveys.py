"""Surveys: who is to be asked, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import Occasion
from atencion.data.sql import Statement, moment


@dataclass(frozen=True)
class SurveyAnswer:
    """An answer; its comment is None if there is none, or hidden or destroyed by law."""

    interaction_id: int
    survey: str
    score: int
    comment: str | None
    answered_at: datetime


def ask_survey(
    connection: Connection, occasion: Occasion, *, survey: str, channel: str, case_id: int | None = None
) -> None:
    """Write down that the customer is to be sent a survey, about a case if it is named."""
    _ASK.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        case_id=case_id,
        survey=survey,
        channel=channel,
        at=occasion.at,
    )


def answer_survey(
    connection: Connection,
    occasion: Occasion,
    *,
    survey: str,
    score: int,
    comment: str | None,
    case_id: int | None = None,
) -> None:
    """Write down what the customer answered, about a case if it is named."""
    _ANSWER.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        case_id=case_id,
        survey=survey,
        score=score,
        comment_id=occasion.put_value_or_none(connection, comment),
        at=occasion.at,
    )


def surveys_asked(connection: Connection, interaction_id: int) -> list[tuple[str, str]]:
    """The surveys that an interaction asked for, each with its channel, in order."""
    return [(row.survey, row.channel) for row in _ASKED.run(connection, interaction_id=interaction_id)]


def answers_of_survey(connection: Connection, survey: str) -> list[SurveyAnswer]:
    """What was answered to a survey, in order."""
    return [_answer(row) for row in _ANSWERS.run(connection, survey=survey)]


def answers_of_customer(connection: Connection, customer_id: int, limit: int) -> list[SurveyAnswer]:
    """The latest answers of a customer, the latest first."""
    return [_answer(row) for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, limit=limit)]


def _answer(row: Any) -> SurveyAnswer:
    return SurveyAnswer(row.interaction_id, row.survey, row.score, row.content, moment(row.answered_at))


_ASK = Statement(
    """
    INSERT INTO survey_request (interaction_id, agent_id, customer_id, case_id, survey, channel, asked_at)
    VALUES (:interaction_id, :agent_id, :customer_id, :case_id, :survey, :channel, :at)
    """
)
_ANSWER = Statement(
    """
    INSERT INTO survey_answer (interaction_id, agent_id, customer_id, case_id, survey, score, comment_value_id,
        answered_at)
    VALUES (:interaction_id, :agent_id, :customer_id, :case_id, :survey, :score, :comment_id, :at)
    """
)
_ASKED = Statement("SELECT survey, channel FROM survey_request WHERE interaction_id = :interaction_id ORDER BY id")
_SELECT = """
    SELECT a.*, CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM survey_answer a LEFT JOIN personal_value v ON v.id = a.comment_value_id
    """
_ANSWERS = Statement(_SELECT + "WHERE a.survey = :survey ORDER BY a.id")
_OF_CUSTOMER = Statement(_SELECT + "WHERE a.customer_id = :customer_id ORDER BY a.id DESC LIMIT :limit")
