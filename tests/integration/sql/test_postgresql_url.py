"""A database URL may have the parameters of PostgreSQL's own client library, which keep their meaning."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pytest
from sqlalchemy import make_url, text

from adapters.sql.connect import connect
from adapters.sql.errors import StorageUnavailable
from adapters.sql.postgresql_url import Server, read_postgresql_url, sessions, with_hosts_as_parameter
from tests.integration.databases import Databases

ROOT = "postgresql+asyncpg://app:Xanthippe@db.example/x"


def read(parameters: str) -> object:
    return read_postgresql_url(make_url(f"{ROOT}?{parameters}"))


@pytest.fixture(scope="module")
def server_url(databases: Callable[[str], Databases]) -> str:
    return databases("postgresql").migrated_url()


async def said(url: str, statement: str) -> object:
    """Ask a server a question."""
    database = connect(make_url(with_hosts_as_parameter(url)))
    try:
        return await database.read(lambda connection: connection.scalar(text(statement)))
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("parameters", "setting", "value"),
    [
        ("application_name=mailing", "application_name", "mailing"),
        ("fallback_application_name=mailing", "application_name", "mailing"),
        (f"options={quote('-c statement_timeout=1234')}", "statement_timeout", "1234ms"),
        ("sslmode=prefer", "client_encoding", "UTF8"),
        ("sslmode=disable&channel_binding=prefer&gssencmode=disable", "client_encoding", "UTF8"),
        ("connect_timeout=30&target_session_attrs=read-write", "client_encoding", "UTF8"),
        ("target_session_attrs=prefer-standby", "client_encoding", "UTF8"),
        ("prepared_statement_cache_size=0", "client_encoding", "UTF8"),
        ("ssl=disable", "client_encoding", "UTF8"),
    ],
)
async def test_the_server_gets_the_parameters(
    server_url: str, parameters: str, setting: str, value: str
) -> None:
    assert await said(f"{server_url}?{parameters}", f"SHOW {setting}") == value


@pytest.mark.parametrize("parameters", ["target_session_attrs=standby", "target_session_attrs=read-only"])
async def test_a_server_that_gives_another_session_is_not_used(server_url: str, parameters: str) -> None:
    with pytest.raises(StorageUnavailable):
        await said(f"{server_url}?{parameters}", "SELECT 1")


async def test_encryption_that_the_server_does_not_have_is_not_done_without(server_url: str) -> None:
    with pytest.raises(StorageUnavailable):
        await said(f"{server_url}?sslmode=require", "SELECT 1")


async def test_the_next_server_is_used_where_the_first_one_does_not_answer(server_url: str) -> None:
    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    try:
        answer = await said(
            server_url.replace("@", f"@127.0.0.1:{port},") + "?connect_timeout=1", "SELECT 'answered'"
        )
    finally:
        silent.close()

    assert answer == "answered"


@pytest.mark.parametrize(
    ("url", "servers"),
    [
        ("postgresql+asyncpg://u@a/x", [Server("a")]),
        ("postgresql+asyncpg://u@a:1/x", [Server("a", 1)]),
        ("postgresql+asyncpg://u@a,b/x", [Server("a"), Server("b")]),
        ("postgresql+asyncpg://u:p%40@a:1,b:2/x?sslmode=allow", [Server("a", 1), Server("b", 2)]),
        ("postgresql+asyncpg://a:1,b/x", [Server("a", 1), Server("b")]),
        ("postgresql+asyncpg://u@[::1]:1,[::2]/x", [Server("::1", 1), Server("::2")]),
        ("postgresql+asyncpg://u@/x?host=a&host=b:2", [Server("a"), Server("b", 2)]),
        ("postgresql+asyncpg://u@/x?host=a,b&port=1,2", [Server("a", 1), Server("b", 2)]),
        ("postgresql+asyncpg://u@/x?host=a,b&port=5", [Server("a", 5), Server("b", 5)]),
        ("postgresql+asyncpg://u@/x?host=/run/postgresql", [Server("/run/postgresql")]),
        ("postgresql+asyncpg://u@/x?host=::1", [Server("::1")]),
        ("postgresql+asyncpg:///x", [Server()]),
    ],
)
def test_servers_are_named_in_every_form(url: str, servers: list[Server]) -> None:
    assert [*read_postgresql_url(make_url(with_hosts_as_parameter(url))).servers] == servers


def test_a_standby_is_preferred_where_that_is_asked() -> None:
    url = "postgresql+asyncpg:///x?host=a,b&target_session_attrs=prefer-standby"

    tried = [(server.host, session) for server, session in sessions(read_postgresql_url(make_url(url)))]

    assert tried == [("a", "standby"), ("b", "standby"), ("a", "any"), ("b", "any")]


def test_the_authorities_of_the_system_are_trusted_where_that_is_asked() -> None:
    address = read_postgresql_url(make_url(f"{ROOT}?sslmode=verify-full&sslrootcert=system"))

    assert isinstance(address.arguments["ssl"], ssl.SSLContext)
    assert address.arguments["ssl"].check_hostname


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ("sslmode=required", "sslmode"),
        ("ssl=true", "ssl"),
        ("channel_binding=require", "channel_binding"),
        ("connect_timeout=0", "connect_timeout"),
        ("connect_timeout=2s", "connect_timeout"),
        ("target_session_attrs=master", "target_session_attrs"),
        ("gssencmode=require", "gssencmode"),
        ("client_encoding=latin1", "client_encoding"),
        ("prepared_statement_cache_size=abc", "prepared_statement_cache_size"),
        ("sslmode=verify-full&sslrootcert=/nowhere/root.crt", "sslrootcert"),
        ("sslmode=verify-ca&sslrootcert=system", "sslrootcert"),
        ("sslcert=/nowhere/client.crt", "sslcert"),
        ("sslmode=require&sslmode=disable", "sslmode"),
        ("sslnegotiation=direct", "sslnegotiation"),
        ("host=a,b&port=1,2,3", "port"),
        ("port=0", "port"),
        ("pgbouncer=true", "pgbouncer"),
        ("keepalives=1", "keepalives"),
        ("hostaddr=127.0.0.1", "hostaddr"),
        ("search_path=x", "search_path"),
        ("command_timeout=5", "command_timeout"),
    ],
)
def test_a_parameter_that_cannot_be_kept_is_refused_by_name(parameters: str, named: str) -> None:
    with pytest.raises(ValueError, match=rf"\b{named}\b"):
        read(parameters)


def test_a_certificate_that_is_to_be_verified_needs_an_authority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(ValueError, match="needs sslrootcert"):
        read("sslmode=verify-full")


def test_a_file_of_certificates_holds_certificates(tmp_path: Path) -> None:
    (tmp_path / "root.crt").write_text("nothing of the kind")

    with pytest.raises(ValueError, match="sslrootcert, whose file"):
        read(f"sslmode=verify-full&sslrootcert={tmp_path}/root.crt")


def test_a_user_without_a_name_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # as in a container that runs under any number
    def nobody(_number: int) -> NoReturn:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", nobody)
    for variable in ("PGUSER", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)

    with pytest.raises(ValueError, match="names no user"):
        read_postgresql_url(make_url("postgresql+asyncpg://a/x"))

    assert read_postgresql_url(make_url("postgresql+asyncpg://u@a/x")).arguments["user"] == "u"


@pytest.mark.parametrize("parameters", ["Xan-thippe", "sslmode=Xanthippe", "connect_timeout=Xanthippe"])
def test_a_refusal_repeats_no_value(parameters: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - it is about the whole text
        read(f"{parameters}=Xanthippe" if "=" not in parameters else parameters)

    assert "thippe" not in str(refusal.value)
