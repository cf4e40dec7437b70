"""Which addresses are private."""

import pytest

from adapters.private_urls import is_private


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example.org/realm",
        "https://10.0.0.1",
        "http://127.0.0.1:9000",
        "http://127.9.8.7/",
        "http://[::1]:8080/fhir",
        "http://localhost:8080",
        "http://LOCALHOST",
    ],
)
def test_an_exchange_by_https_or_within_this_machine_is_private(url: str) -> None:
    assert is_private(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.org",
        "http://10.0.0.1:9000",
        "http://0.0.0.0:9000",
        "http://[::]:9000",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@login.example.org",
        "http://[::1",
        "ftp://127.0.0.1",
        "login.example.org",
        "",
    ],
)
def test_any_other_is_not(url: str) -> None:
    assert not is_private(url)
