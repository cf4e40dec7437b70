"""The address of a client, behind proxies that are trusted and headers that are not."""

import pytest

from adapters.http.join.client_addresses import ClientAddresses, TrustedProxies

PROXY, OUTER_PROXY, CLIENT, FORGED = "10.0.0.1", "10.0.0.2", "192.0.2.7", "203.0.113.9"


def client(proxies: str, peer: str, *headers: str) -> str:
    lines = [(b"x-forwarded-for", value.encode()) for value in headers]
    addresses = ClientAddresses(TrustedProxies.parse(proxies))
    return addresses({"client": (peer, 443), "headers": [(b"host", b"a"), *lines]})


def test_without_a_proxy_the_header_is_not_believed() -> None:
    assert client("0", CLIENT, FORGED) == CLIENT


@pytest.mark.parametrize("proxies", ["1", PROXY, "10.0.0.0/8", f"{OUTER_PROXY}, {PROXY}"])
def test_the_last_entry_comes_from_the_proxy_and_earlier_ones_from_anybody(proxies: str) -> None:
    assert client(proxies, PROXY, f"{FORGED}, {CLIENT}") == CLIENT


@pytest.mark.parametrize("proxies", ["2", f"{PROXY},{OUTER_PROXY}"])
def test_each_proxy_adds_an_entry(proxies: str) -> None:
    assert client(proxies, PROXY, FORGED, f"{CLIENT} , {OUTER_PROXY}") == CLIENT


def test_a_client_that_comes_past_the_proxy_cannot_name_another() -> None:
    assert client(PROXY, CLIENT, FORGED) == CLIENT


@pytest.mark.parametrize("proxies", ["1", "2", PROXY])
def test_without_the_header_the_client_is_the_peer(proxies: str) -> None:
    assert client(proxies, CLIENT) == CLIENT


def test_what_is_no_address_hides_behind_the_proxy_that_wrote_it() -> None:
    assert client(PROXY, PROXY, "unknown") == PROXY
    assert client("1", PROXY, "unknown") == "unknown"


def test_if_there_are_proxies_only_the_first_of_them_is_the_client() -> None:
    assert client("10.0.0.0/8", PROXY, OUTER_PROXY) == OUTER_PROXY


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("192.0.2.7:51234", CLIENT),
        ("[2001:db8:1:2::7]:51234", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", CLIENT),
    ],
)
def test_ports_do_not_count_and_an_ipv6_subscriber_is_one_client(written: str, read: str) -> None:
    assert client("1", PROXY, written) == read


@pytest.mark.parametrize("text", ["", "x", "-1", "100", "10.0.0.1/8", "10.0.0.0/8,"])
def test_refuses_proxies_that_are_neither_a_number_nor_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="neither a number"):
        TrustedProxies.parse(text)
