"""Finds the address of the client, which behind proxies is in the header X-Forwarded-For.

Each proxy appends the address that called it, so only the last entries come from trusted proxies.

Source: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from msgspec import Struct

from adapters.http.bodies import Scope

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_HEADER = b"x-forwarded-for"
_PORT = re.compile(r"(?<=\]):\d+$|^(?P<v4>[\d.]+):\d+$")
_SUBSCRIBER = 64
"""The bits of an IPv6 address that name a subscriber, who may choose the others freely."""


class TrustedProxies(Struct, frozen=True):
    """The proxies in front of the service: how many, or their addresses.

    Without any, the header is not read.
    """

    count: int = 0
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "TrustedProxies":
        """Read a number, or addresses and networks with commas between them. Raises ValueError."""
        if re.fullmatch(r"[0-9]{1,2}", text):
            return cls(count=int(text))
        try:
            return cls(networks=tuple(ip_network(each.strip()) for each in text.split(",")))
        except ValueError:
            raise ValueError("is neither a number of proxies nor their addresses") from None


NO_PROXIES = TrustedProxies()
"""Clients call the service directly."""


class ClientAddresses:
    """Names the client of a request, as far as its address tells."""

    def __init__(self, proxies: TrustedProxies) -> None:
        """Believe these proxies and no other client."""
        self._proxies = proxies

    def __call__(self, scope: Scope) -> str:
        """Give the address of the client, or the network of its subscriber if it is of IPv6."""
        peer, _port = scope.get("client") or ("", 0)
        hops = [*_forwarded(scope), peer]
        return _subscriber(self._client(hops))

    def _client(self, hops: Sequence[str]) -> str:
        if self._proxies.networks:
            return self._first_not_trusted(hops)
        # without the entry of a proxy, the request has come past it
        return hops[max(0, len(hops) - 1 - self._proxies.count)]

    def _first_not_trusted(self, hops: Sequence[str]) -> str:
        last = hops[-1]
        for hop in reversed(hops):
            address = _address(hop)
            if address is None:
                return last
            if not any(address in network for network in self._proxies.networks):
                return hop
            last = hop
        return last


def _forwarded(scope: Scope) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == _HEADER]
    return [hop.strip() for hop in ",".join(values).split(",") if hop.strip()]


def _address(text: str) -> Address | None:
    without_port = _PORT.sub(lambda match: match["v4"] or "", text).strip("[]")
    try:
        address = ip_address(without_port)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _subscriber(text: str) -> str:
    address = _address(text)
    match address:
        case None:
            return "unknown"
        case IPv4Address():
            return str(address)
        case IPv6Address():
            return str(ip_network((address, _SUBSCRIBER), strict=False))
