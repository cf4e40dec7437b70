"""Introspection needs all of its settings or none."""

import pytest

from adapters.oauth.introspection import ClientSecret
from tests.integration.entrypoints.a_setup import INTROSPECTION, problems_of, settings_of

URL, CLIENT_ID, CLIENT_SECRET = INTROSPECTION


def test_with_all_three_settings_access_tokens_are_opaque() -> None:
    settings = settings_of(INTROSPECTION)

    assert settings.access_tokens == "opaque"
    assert settings.introspection_url == "https://login.example/introspect"
    assert settings.introspection_client_id == "invitations"
    assert settings.introspection_client_secret == ClientSecret("Xanthippe")


@pytest.mark.parametrize("environment", [{}, dict.fromkeys(INTROSPECTION, "")], ids=["not-set", "empty"])
def test_with_none_of_them_access_tokens_are_json_web_tokens(environment: dict[str, str]) -> None:
    settings = settings_of(environment)

    assert settings.access_tokens == "jwt"


@pytest.mark.parametrize(
    "there",
    [{URL}, {CLIENT_ID}, {CLIENT_SECRET}, {URL, CLIENT_ID}, {URL, CLIENT_SECRET}, {CLIENT_ID, CLIENT_SECRET}],
    ids=lambda there: " ".join(sorted(variable.rpartition("_")[2].lower() for variable in there)),
)
def test_each_that_is_missing_beside_another_gets_a_line(there: set[str]) -> None:
    problems = problems_of({variable: INTROSPECTION[variable] for variable in there})

    assert {*problems} == {
        f"{variable} is required for introspection" for variable in INTROSPECTION.keys() - there
    }


def test_one_that_is_wrong_is_not_called_missing() -> None:
    problems = problems_of({**INTROSPECTION, URL: "login.example"})

    assert problems == (f"{URL} is not an absolute http or https URL",)


def test_tokens_are_not_sent_by_http_to_another_machine() -> None:
    problems = problems_of({**INTROSPECTION, URL: "http://login.example/introspect"})

    advice = "is http to another machine, where keys could be forged and tokens read: use https"
    assert problems == (f"{URL} {advice}",)


@pytest.mark.parametrize("variable", [CLIENT_ID, CLIENT_SECRET])
@pytest.mark.parametrize("text", ["Xant\thippe", "Xanthipp\u00e9", "Xanthippe\n\n"])
def test_an_invalid_client_id_is_refused_and_not_shown(variable: str, text: str) -> None:
    [problem] = problems_of({**INTROSPECTION, variable: text})

    assert problem.startswith(f"{variable} ")
    assert "Xant" not in problem


def test_settings_do_not_show_the_secret() -> None:
    settings = settings_of(INTROSPECTION)

    assert "Xanthippe" not in f"{settings!r} {settings}"
