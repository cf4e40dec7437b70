"""The readers of settings' values.

No message quotes a value: a secret may have been put into the wrong variable.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.oauth.introspection import ClientSecret
from adapters.private_urls import is_private
from adapters.sql.connect import ALIASES, DRIVERS
from adapters.sql.postgresql_url import read_postgresql_url, with_hosts_as_parameter

_NUL = "\0"
_MOST_BYTES = 1_048_576
"""A device would have no end."""

_PREFIX = "INVITATIONS_"
_OF_CLIENTS = ("INVITATIONS_ACCESS_TOKEN", "INVITATIONS_CLIENT_SECRET")
"""The bulk client's variables, which may share the environment with the service."""

_OF_A_CLUSTER = re.compile(
    r"INVITATIONS_(\w+_)?"
    r"(SERVICE_HOST=.*|SERVICE_PORT(_\w+)?=\d+|PORT=\w+://.*|PORT_\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?=.*)"
)
"""The variables that Kubernetes sets for services whose names begin like ours.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""


def file_variable(variable: str) -> str:
    """Name the variable that holds the path of a setting's file, as container engines mount secrets."""
    return f"{variable}_FILE"


def setting_text(environment: Mapping[str, str], variable: str) -> str | None:
    """Give the text of a setting, from the variable or from the file that it names.

    A line end at the end does not count. Raises ValueError, whose message continues the variable's name and
    shows neither path nor content.
    """
    text, path = environment.get(variable), environment.get(file_variable(variable))
    if not path:
        return None if text is None else _as_meant(text)
    if text:
        raise ValueError(f"and {file_variable(variable)} are both set")
    try:
        return text_in_file(Path(path))
    except ValueError as error:
        named = f"the file that {file_variable(variable)} names"
        raise ValueError(f"cannot be read from {named}: {error}") from None


_QUOTED = re.compile(r"""(['"]).*\1""", re.DOTALL)


def _as_meant(text: str) -> str:
    """Read the text of a variable, to which a file of variables or secrets may have added something.

    Raises ValueError for quotation marks and blanks around it, which would make the setting another one.
    """
    text = _without_line_end(text)
    if _QUOTED.fullmatch(text):
        raise ValueError("is in quotation marks, which are part of its text. Leave them out.")
    if text != text.strip():
        raise ValueError("begins or ends with a blank. Leave it out.")
    return text


def _without_line_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def text_in_file(path: Path) -> str:
    """Read a text from a file, without the line end at its end.

    Editors and PowerShell write a byte order mark, or UTF-16 with one. Raises ValueError, whose message shows
    neither path nor content.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(error.strerror) from None
    if len(content) > _MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    is_utf_16 = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = _NUL
    if _NUL in text:
        raise ValueError("it is not text in UTF-8")
    return _without_line_end(text)


def unknown_variables(environment: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Give the variables with the settings' prefix that are not settings."""
    settings = {*known, *map(file_variable, known), *_OF_CLIENTS}
    return [
        name
        for name, text in environment.items()
        if name.startswith(_PREFIX) and name not in settings and not _OF_A_CLUSTER.fullmatch(f"{name}={text}")
    ]


A_CENTURY = 36_500
_LOG_LEVELS = ("debug", "info", "warning", "error")

# what client ids and secrets are made of: https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1
_VISIBLE = re.compile(r"[\x20-\x7e]*")

# a scope-token of https://www.rfc-editor.org/rfc/rfc6749#section-3.3
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]*")


def database_url(text: str) -> URL:
    """Read the URL of a database that the service can use."""
    try:
        url = make_url(with_hosts_as_parameter(text))
    except (ArgumentError, ValueError):
        raise ValueError("is not a database URL") from None
    url = url.set(drivername=ALIASES.get(url.drivername, url.drivername))
    if url.drivername not in DRIVERS:
        raise ValueError(
            f"must begin with one of: {', '.join(f'{each}://' for each in (*DRIVERS, *ALIASES))}"
        )
    if url.drivername.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise ValueError("must name a file: a database in memory would be lost with the process")
    if url.drivername.startswith("postgresql"):
        read_postgresql_url(url)
    return url


def http_url(text: str) -> str:
    """Read an absolute URL."""
    try:
        parts = urlsplit(text)
        is_absolute = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        # the parser passes over what a URL cannot have
        is_absolute = is_absolute and text.isprintable() and " " not in text
    except ValueError:
        is_absolute = False
    if not is_absolute:
        raise ValueError("is not an absolute http or https URL")
    return text


_PORTAL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?][\x21\x22\x24-\x7e]*)?")
"""Its origin must be one that a content security policy can name.

Source: https://www.w3.org/TR/CSP3/#grammardef-host-source
"""


def portal_url(text: str) -> str:
    """Read the URL to which the join page sends a claim, or nothing. A claim opens a health record."""
    if not text:
        return text
    if not _PORTAL.fullmatch(http_url(text)):
        raise ValueError("is not a URL of scheme, host name and path, without user name, fragment and spaces")
    if not is_private(text):
        raise ValueError("is http to another machine, where claims could be read: use https")
    return text


def private_url(text: str) -> str:
    """Read an absolute URL from which keys may come, and to which tokens may be sent."""
    if not is_private(http_url(text)):
        raise ValueError("is http to another machine, where keys could be forged and tokens read: use https")
    return text


def issuer(text: str) -> str:
    """Read the issuer of access tokens: https://www.rfc-editor.org/rfc/rfc8414#section-2 ."""
    if private_url(text).partition("?")[1] or text.partition("#")[1]:
        raise ValueError("has a query or a fragment, which an issuer must not have")
    return text


def jwks(text: str) -> str:
    """Read the URL or the path of a key set, or nothing; `serve` checks whether the file exists."""
    return private_url(text) if text.startswith(("http://", "https://")) else text


def introspection_url(text: str) -> str:
    """Read the URL of an introspection endpoint, or nothing."""
    return private_url(text) if text else text


def client_id(text: str) -> str:
    """Read the id of an OAuth client, or nothing."""
    if not _VISIBLE.fullmatch(text):
        raise ValueError("has characters other than visible ASCII ones and spaces")
    return text


def client_secret(text: str) -> ClientSecret:
    """Read the secret of an OAuth client, or nothing."""
    return ClientSecret(client_id(text))


def scope(text: str) -> str:
    """Read one scope, or none."""
    if not _SCOPE.fullmatch(text):
        raise ValueError("is not a single OAuth scope")
    return text


def claim_names(text: str) -> tuple[str, ...]:
    """Read the names of claims, separated by commas."""
    names = tuple(name.strip() for name in text.split(","))
    if not all(_SCOPE.fullmatch(name) and name for name in names):
        raise ValueError("is not a list of claim names, separated by commas")
    return names


def positive_number(text: str) -> int:
    """Read a whole number from 1."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) == 0:
        raise ValueError("is not a whole number from 1")
    return int(text)


def lifetime_days(text: str) -> int:
    """Read the lifetime of an invitation in days."""
    days = positive_number(text)
    if days > A_CENTURY:
        raise ValueError(f"is more than {A_CENTURY} days")
    return days


def whole_number(text: str) -> int:
    """Read a whole number from 0."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("is not a whole number from 0")
    return int(text)


def true_or_false(text: str) -> bool:
    """Read `true` or `false`."""
    if text.lower() not in {"true", "false"}:
        raise ValueError("is neither true nor false")
    return text.lower() == "true"


def log_level(text: str) -> str:
    """Read the log level."""
    if text.lower() not in _LOG_LEVELS:
        raise ValueError(f"is not one of: {', '.join(_LOG_LEVELS)}")
    return text.lower()
