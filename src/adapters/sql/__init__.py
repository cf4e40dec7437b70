"""The repositories, on SQLite or PostgreSQL, by SQLAlchemy Core."""
