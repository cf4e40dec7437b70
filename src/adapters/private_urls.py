"""Addresses to which secrets may be sent, and from which keys may come."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_private(url: str) -> bool:
    """Return whether an exchange with an address stays between both ends: https, or this machine itself."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    # a name is what a resolver makes of it, but this one: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
