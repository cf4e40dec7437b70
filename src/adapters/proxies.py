"""Sends requests through the proxies that the environment names, as curl does.

httpx reads the same variables, but it takes neither networks nor addresses in brackets.

Source: https://everything.curl.dev/usingcurl/proxies/env.html
"""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from os import environ
from typing import TypeAlias

import httpx
from msgspec import Struct

_Address: TypeAlias = IPv4Address | IPv6Address

_EVERYTHING = "*"
_ENTRY = re.compile(
    r"(?:(?P<scheme>https?|all)://)?(?:\[(?P<address>[^\]]+)\]|(?P<host>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?"
)
_NAME = re.compile(r"(\*?\.)?[\w-]+(\.[\w-]+)*\.?")


class _Exception(Struct, frozen=True):
    """An entry of NO_PROXY: an address, a network, or a name with all names below it."""

    text: str
    port: int | None = None
    scheme: str | None = None

    @classmethod
    def read(cls, entry: str) -> "_Exception":
        """Read an entry. Raises ValueError."""
        if _is_network(entry):
            return cls(entry)
        parts = _ENTRY.fullmatch(entry)
        if parts is None or not (
            parts["address"] or _is_network(parts["host"]) or _NAME.fullmatch(parts["host"])
        ):
            raise ValueError("neither a host nor a network")
        if parts["address"]:
            ip_network(parts["address"])
        scheme = None if parts["scheme"] == "all" else parts["scheme"]
        port = None if parts["port"] is None else int(parts["port"])
        return cls(parts["address"] or parts["host"], port, scheme)

    def covers(self, url: httpx.URL) -> bool:
        """Check whether requests to a URL go without a proxy."""
        if self.scheme not in {None, url.scheme} or self.port not in {None, _port(url)}:
            return False
        host = url.host.lower().rstrip(".")
        address = _address(host)
        if address is not None:
            return _is_network(self.text) and address in ip_network(self.text, strict=False)
        name = self.text.lower().removeprefix("*").strip(".")
        return host == name or host.endswith(f".{name}")


class Proxies(Struct, frozen=True):
    """The proxy for each scheme, and what is reached without one."""

    by_scheme: Mapping[str, str]
    exceptions: tuple[_Exception, ...]
    is_off: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Proxies":
        """Read the variables, small letters before capitals. Raises ValueError, which names a variable."""
        proxies = {}
        for scheme in ("http", "https"):
            variable = _variable(environment, f"{scheme}_proxy") or _variable(environment, "all_proxy")
            if variable is not None:
                proxies[scheme] = _proxy(variable, environment[variable])
        variable = _variable(environment, "no_proxy")
        entries = [] if variable is None else re.split(r"[,\s]+", environment[variable].strip())
        if _EVERYTHING in entries:
            return cls(proxies, (), is_off=True)
        try:
            return cls(proxies, tuple(_Exception.read(entry) for entry in entries if entry))
        except ValueError:
            raise ValueError(f"{variable} has an entry that is neither a host nor a network") from None

    def for_url(self, url: httpx.URL) -> str | None:
        """Find the proxy for a URL, or None if there is none for it."""
        if self.is_off or any(each.covers(url) for each in self.exceptions):
            return None
        return self.by_scheme.get(url.scheme)


class ProxiedTransport(httpx.AsyncBaseTransport):
    """Sends each request directly, or through the proxy that the environment names for its URL.

    SSL_CERT_FILE and SSL_CERT_DIR name the trusted certificates.
    """

    def __init__(self, environment: Mapping[str, str] = environ) -> None:
        """Open nothing. Raises ValueError for a wrong variable, and OSError without the certificates."""
        self._proxies = Proxies.read(environment)
        context = httpx.create_ssl_context()
        self._by_proxy: Mapping[str | None, httpx.AsyncBaseTransport] = {
            proxy: httpx.AsyncHTTPTransport(verify=context, proxy=proxy)
            for proxy in (None, *self._proxies.by_scheme.values())
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        return await self._by_proxy[self._proxies.for_url(request.url)].handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        for transport in self._by_proxy.values():
            await transport.aclose()


def _variable(environment: Mapping[str, str], name: str) -> str | None:
    """Find the variable that is set, in small letters or capitals. An empty one counts as not set."""
    for variable in (name, name.upper()):
        if variable in environment:
            return variable if environment[variable].strip() else None
    return None


def _proxy(variable: str, text: str) -> str:
    address = text.strip() if "://" in text else f"http://{text.strip()}"
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise ValueError(f"{variable} is not the URL of a proxy") from None
    if url.scheme not in {"http", "https"}:
        raise ValueError(f"{variable} must be an http or https URL: other kinds of proxy are not supported")
    if not url.host:
        raise ValueError(f"{variable} is not the URL of a proxy")
    return address


def _port(url: httpx.URL) -> int:
    return url.port or {"http": 80, "https": 443}.get(url.scheme, 0)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _address(host: str) -> _Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
