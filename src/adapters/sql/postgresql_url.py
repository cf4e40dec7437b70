"""The address of a PostgreSQL server, as a URL with the parameters of PostgreSQL's own client library.

Source: https://www.postgresql.org/docs/current/libpq-connect.html
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from getpass import getuser
from itertools import chain
from os import environ
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from sqlalchemy import URL

from domain.confidential import Confidential

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_VERIFYING = {"verify-ca", "verify-full"}
_SYSTEM = "system"
"""As the value of sslrootcert: the certificate authorities of the operating system."""

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "sslmode": _SSL_MODES,
    "ssl": _SSL_MODES,  # asyncpg's name
    "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    "sslnegotiation": ("postgres", "direct"),
    "ssl_min_protocol_version": ("TLSv1.2", "TLSv1.3"),
    "ssl_max_protocol_version": ("TLSv1.2", "TLSv1.3"),
    # the driver can do nothing else than this
    "channel_binding": ("disable", "prefer"),
    "client_encoding": ("UTF8", "UTF-8", "utf8", "utf-8", "auto"),
    "gssencmode": ("disable", "prefer"),
    "load_balance_hosts": ("disable",),
    "sslcompression": ("0",),
    "sslsni": ("1",),
}
_NUMBERS = {"connect_timeout": 1, "prepared_statement_cache_size": 0}
"""The smallest value of each number."""

_FILES = ("sslrootcert", "sslcrl", "sslcert", "sslkey", "passfile")
_FREE = ("application_name", "fallback_application_name", "options", "sslpassword", "krbsrvname", "gsslib")
_ADDRESS = ("host", "port", "dbname", "user", "password")
_KNOWN = frozenset(chain(_CHOICES, _NUMBERS, _FILES, _FREE, _ADDRESS))

_FOR_THE_DRIVER = frozenset(
    ("sslnegotiation", "ssl_min_protocol_version", "ssl_max_protocol_version", "sslpassword", "krbsrvname")
) | {"gsslib", *_FILES}

_LAST_PORT = 65_535
_NAME = re.compile(r"[A-Za-z_]{1,40}")
_HOST = re.compile(r"(?P<host>/.*|\[[^\]]+\]|[^:]+|[^:]*:[^:]*:.*)(?::(?P<port>[0-9]+))?")
_SEVERAL_HOSTS = re.compile(
    r"(?P<begin>[^/]+://(?:[^/?#]*@)?)(?P<hosts>[^/?#@]*,[^/?#@]*)(?P<rest>.*)", re.DOTALL
)


class Server(Struct, frozen=True):
    """A server that may be tried. None leaves the choice to the driver."""

    host: str | None = None
    port: int | None = None


class PostgresqlAddress(Confidential, frozen=True):
    """The servers in the order in which they are tried, and the driver's arguments for each."""

    servers: tuple[Server, ...]
    arguments: Mapping[str, Any]
    session: str | None = None
    """The session that a server must give (target_session_attrs). None leaves that to the environment."""
    connect_seconds: float | None = None
    statement_cache_size: int = 100


def with_hosts_as_parameter(text: str) -> str:
    """Move several hosts of a URL, which SQLAlchemy cannot read, into the parameter `host`."""
    several = _SEVERAL_HOSTS.fullmatch(text)
    if several is None:
        return text
    path, _mark, query = several["rest"].partition("?")
    parameters = "&".join(filter(None, (query, urlencode({"host": several["hosts"]}))))
    return f"{several['begin']}{path}?{parameters}"


def read_postgresql_url(url: URL) -> PostgresqlAddress:
    """Read the address, and check the files that it names.

    Raises ValueError, whose message names the parameter that is wrong, and no value.
    """
    given = _parameters(url)
    for name, value in given.items():
        _check(name, value)
    _check_certificates(given)
    user = given.get("user") or url.username
    if not user:
        _check_system_user()
    application = given.get("application_name") or given.get("fallback_application_name")
    settings = {"application_name": application, "options": given.get("options")}
    timeout = given.get("connect_timeout")
    return PostgresqlAddress(
        servers=_servers(url, given),
        arguments={
            "dsn": f"postgresql:///?{urlencode(_passed_on(given))}",
            "user": user,
            "password": given.get("password") or url.password,
            "database": given.get("dbname") or url.database,
            "ssl": _ssl(given),
            "server_settings": {name: value for name, value in settings.items() if value},
        },
        session=given.get("target_session_attrs"),
        connect_seconds=None if timeout is None else float(timeout),
        statement_cache_size=int(given.get("prepared_statement_cache_size", "100")),
    )


def _passed_on(given: Mapping[str, str]) -> Mapping[str, str]:
    """Give the parameters that the driver takes in a URL of its own alone."""
    return {
        name: value
        for name, value in given.items()
        if name in _FOR_THE_DRIVER and (name, value) != ("sslrootcert", _SYSTEM)
    }


def _parameters(url: URL) -> dict[str, str]:
    given = {}
    for name, value in url.query.items():
        if name not in _KNOWN:
            named = f"the parameter {name}" if _NAME.fullmatch(name) else "a parameter"
            raise ValueError(f"has {named}, which the service does not take")
        if name == "host":
            given[name] = value if isinstance(value, str) else ",".join(value)
        elif isinstance(value, str):
            given[name] = value
        else:
            raise ValueError(f"has the parameter {name} twice")
    return given


def _check(name: str, value: str) -> None:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError(f"has the parameter {name}, which must be one of: {', '.join(_CHOICES[name])}")
    if name in _NUMBERS and not (re.fullmatch(r"[0-9]{1,6}", value) and int(value) >= _NUMBERS[name]):
        raise ValueError(f"has the parameter {name}, which must be a whole number from {_NUMBERS[name]}")
    if name in _FILES and value != _SYSTEM and not _is_readable(value):
        raise ValueError(f"has the parameter {name}, which names a file that cannot be read")


def _is_readable(path: str) -> bool:
    try:
        with Path(path).open("rb"):
            return True
    except (OSError, ValueError):
        return False


def _check_certificates(given: Mapping[str, str]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    mode, root = _ssl_mode(given), given.get("sslrootcert")
    if mode in _VERIFYING and not (root or environ.get("PGSSLROOTCERT") or _has_root_certificate()):
        raise ValueError(f"has the parameter sslmode={mode}, which needs sslrootcert")
    if root == _SYSTEM and mode != "verify-full":
        raise ValueError("has the parameter sslrootcert=system, which needs sslmode=verify-full")
    if given.get("sslnegotiation") == "direct" and mode not in {"require", *_VERIFYING}:
        raise ValueError("has the parameter sslnegotiation=direct, which needs sslmode=require")
    for name in ("sslrootcert", "sslcrl"):
        if name in given and given[name] != _SYSTEM:
            _load(name, lambda: context.load_verify_locations(given[name]))  # noqa: B023 - called at once
    if "sslcert" in given:
        key, password = given.get("sslkey"), given.get("sslpassword", "")
        _load("sslcert", lambda: context.load_cert_chain(given["sslcert"], key, lambda: password))


def _check_system_user() -> None:
    """Check that the driver finds the user whose name it takes. In a container, a number may have none."""
    try:
        if not environ.get("PGUSER"):
            getuser()
    except (KeyError, OSError):
        raise ValueError("names no user, and the user of this process has no name. Add it.") from None


def _has_root_certificate() -> bool:
    try:
        return (Path.home() / ".postgresql" / "root.crt").is_file()
    except RuntimeError:  # there is no home directory
        return False


def _load(name: str, load: Any) -> None:  # noqa: ANN401 - what it returns does not count
    try:
        load()
    except (OSError, ValueError):
        raise ValueError(f"has the parameter {name}, whose file does not hold what it should") from None


def _ssl_mode(given: Mapping[str, str]) -> str | None:
    return given.get("sslmode") or given.get("ssl")


def _ssl(given: Mapping[str, str]) -> ssl.SSLContext | str | None:
    if given.get("sslrootcert") == _SYSTEM:
        return ssl.create_default_context()
    return _ssl_mode(given)


def _servers(url: URL, given: Mapping[str, str]) -> tuple[Server, ...]:
    hosts = (given.get("host") or url.host or "").split(",")
    own_port = "" if url.port is None else str(url.port)
    ports = (given.get("port") or own_port).split(",")
    if len(ports) not in {1, len(hosts)}:
        raise ValueError("has the parameter port, which must name one port, or one for each host")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return tuple(_server(host, port) for host, port in zip(hosts, ports, strict=True))


def _server(text: str, port: str) -> Server:
    if not text:
        return Server(None, _port(port))
    if "@" in text and not text.startswith("/"):
        raise ValueError("has an @ in its user name or password. Write it as %40.")
    found = _HOST.fullmatch(text)
    if found is None:
        raise ValueError("has the parameter host, which is not a list of hosts")
    return Server(found["host"].strip("[]"), _port(found["port"] or port))


def _port(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= _LAST_PORT:
        raise ValueError(f"has a port that is not a number from 1 to {_LAST_PORT}")
    return int(text)


def sessions(address: PostgresqlAddress) -> Iterator[tuple[Server, str | None]]:
    """Give the servers in the order in which they are tried, each with the session that it must give."""
    if address.session == "prefer-standby":
        yield from ((server, "standby") for server in address.servers)
        yield from ((server, "any") for server in address.servers)
    else:
        yield from ((server, address.session) for server in address.servers)
