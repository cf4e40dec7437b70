"""The environment names proxies in the forms that curl takes."""

import httpx
import pytest

from adapters.proxies import Proxies

PROXY = "http://proxy.example:3128"
INSIDE = "https://login.example/token"


def proxy_for(url: str, **environment: str) -> str | None:
    return Proxies.read(environment).for_url(httpx.URL(url))


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": PROXY}, PROXY),
        ({"https_proxy": PROXY}, PROXY),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other:1"}, PROXY),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, None),
        ({"HTTP_PROXY": PROXY}, None),
        ({"ALL_PROXY": PROXY}, PROXY),
        ({"ALL_PROXY": "http://other:1", "HTTPS_PROXY": PROXY}, PROXY),
        ({"ALL_PROXY": "proxy.example:3128"}, PROXY),
        ({"ALL_PROXY": "https://user:secret@proxy.example"}, "https://user:secret@proxy.example"),
        ({"ALL_PROXY": "http://[::1]:3128"}, "http://[::1]:3128"),
        ({"HTTPS_PROXY": PROXY, "ALL_PROXY": "socks5://127.0.0.1:1080", "HTTP_PROXY": PROXY}, PROXY),
    ],
)
def test_the_proxy_of_a_scheme_comes_before_that_of_all(
    environment: dict[str, str], proxy: str | None
) -> None:
    assert proxy_for(INSIDE, **environment) == proxy


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("*", INSIDE),
        ("login.example", INSIDE),
        ("LOGIN.example", INSIDE),
        ("login.example.", INSIDE),
        (".example", INSIDE),
        ("*.example", INSIDE),
        ("example", INSIDE),
        (".login.example", INSIDE),
        ("login.example", "https://login.example./token"),
        ("login.example:443", INSIDE),
        ("https://login.example", INSIDE),
        ("all://login.example", INSIDE),
        ("other, login.example", INSIDE),
        ("other login.example", INSIDE),
        (" other ,, login.example ,", INSIDE),
        ("localhost,127.0.0.1,[::1]", "http://[::1]:8080/"),
        ("::1", "http://[::1]:8080/"),
        ("[::1]:8080", "http://[::1]:8080/"),
        ("fd00::/8", "http://[fd12::1]/"),
        ("[fd00::]", "http://[fd00::]/"),
        ("10.0.0.0/8", "http://10.1.2.3/"),
        ("10.1.2.3/8", "http://10.200.0.1/"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("host_with_underscore", "http://host_with_underscore/"),
    ],
)
def test_an_exception_is_reached_without_the_proxy(no_proxy: str, url: str) -> None:
    assert proxy_for(url, ALL_PROXY=PROXY, NO_PROXY=no_proxy) is None


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("", INSIDE),
        ("in.example", INSIDE),
        ("mylogin.example", INSIDE),
        ("login.example:8443", INSIDE),
        ("http://login.example", INSIDE),
        ("10.0.0.0/8", "http://11.1.2.3/"),
        ("10.0.0.0/8", INSIDE),
        ("fd00::/8", "http://[fe80::1]/"),
        ("::1", "http://127.0.0.1/"),
        ("127.0.0.1", "http://127.0.0.10/"),
    ],
)
def test_everything_else_goes_through_the_proxy(no_proxy: str, url: str) -> None:
    assert proxy_for(url, ALL_PROXY=PROXY, NO_PROXY=no_proxy) == PROXY


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("all_proxy", "socks5h://127.0.0.1:1080"),
        ("HTTPS_PROXY", "ftp://x:1"),
        ("HTTP_PROXY", "http://"),
        ("HTTP_PROXY", "http://[::1"),
        ("HTTP_PROXY", "http://proxy:port"),
        ("NO_PROXY", "fd00::/200"),
        ("NO_PROXY", "[::1"),
        ("NO_PROXY", "[login.example]"),
        ("NO_PROXY", "login.example/24"),
        ("no_proxy", "a,login.example:port"),
        ("NO_PROXY", "ftp://login.example"),
    ],
)
def test_a_variable_that_cannot_be_followed_is_named(variable: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{variable} ") as refusal:
        Proxies.read({variable: text})

    assert text not in str(refusal.value)
