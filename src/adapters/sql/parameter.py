"""Parameters that can stand beside those of other tables."""

from typing import Any

from sqlalchemy import BindParameter, Column, bindparam


def parameter(column: Column[Any]) -> BindParameter[Any]:
    """Name a parameter after its table and column, so that statements can be joined."""
    return bindparam(f"{column.table.name}_{column.name}", type_=column.type)
