"""The ports to stored data, on SQL databases: SQLite embedded, by SQLAlchemy Core."""
