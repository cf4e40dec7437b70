"""Marks tests that depend on the kind of database. All others run on SQLite alone."""

import pytest

ON_EACH_DATABASE = pytest.mark.parametrize(
    "database", ["sqlite", "postgresql"], indirect=True, scope="session"
)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True, scope="session")
