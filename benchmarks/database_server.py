"""Runs a PostgreSQL for the benchmarks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from msgspec import Struct

from tests.integration.embedded_postgresql import EmbeddedPostgresql

_MEBIBYTE = 1024 * 1024
_SHARE_OF_MEMORY = 4


class DatabaseServer(Struct, frozen=True):
    """A running server: its main process, its port, and its settings beyond the defaults."""

    pid: int
    version: str
    settings: tuple[str, ...]
    port: int

    def url(self, database: str) -> str:
        """Give the URL of a database for libpq's clients."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def sqlalchemy_url(self, database: str) -> str:
        """Give the URL of a database for INVITATIONS_DATABASE_URL."""
        return self.url(database).replace("postgresql://", "postgresql+asyncpg://")

    async def execute(self, *statements: str, database: str = "postgres") -> None:
        """Execute statements, each in its own transaction."""
        connection = await asyncpg.connect(self.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


def recommended_settings() -> tuple[str, ...]:
    """Give the settings of docs/operations/database.md. fsync is on, unlike in the tests."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEBIBYTE
    return (
        "fsync=on",
        f"shared_buffers={memory // _SHARE_OF_MEMORY}MB",
        "random_page_cost=1.1",
        "max_connections=200",
    )


@contextmanager
def database_server(directory: Path) -> Iterator[DatabaseServer]:
    """Run a server in a directory until the block ends."""
    settings = recommended_settings()
    server = EmbeddedPostgresql(directory, *settings)
    server.start()
    try:
        pid = int((directory / "data" / "postmaster.pid").read_text().split()[0])
        version = (directory / "data" / "PG_VERSION").read_text().strip()
        yield DatabaseServer(pid, version, settings, server.port)
    finally:
        server.stop()
