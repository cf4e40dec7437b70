"""Whom an identifier names, as part of a statement about many."""

from typing import Any

from sqlalchemy import FromClause, ScalarSelect, select

from adapters.sql.tables import patient_identifier


def stored_owner(rows: FromClause) -> ScalarSelect[Any]:
    """Give the id of the patient whom `system` and `value` of a row name, else null.

    A subquery and no join: for thousands of rows a planner would rather read the whole table than look
    up each.
    """
    return (
        select(patient_identifier.c.patient_id)
        .where(patient_identifier.c.system == rows.c.system, patient_identifier.c.value == rows.c.value)
        .scalar_subquery()
    )
