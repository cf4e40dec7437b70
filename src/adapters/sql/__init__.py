"""The ports to stored data, on SQLite or PostgreSQL, by SQLAlchemy Core."""
