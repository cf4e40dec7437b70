from datetime import datetime

import pytest

from domain.invitations import InvitationToken, IssuedInvitation
from tests.builders import EXPIRY
from tests.letter_builders import CODE, TOKEN, a_join_url, an_issued_invitation


@pytest.mark.parametrize(
    ("join_url", "website"),
    [
        pytest.param(a_join_url(), "joinpkb.com", id="default"),
        pytest.param(f"https://join.test/nhs/?a=1&t1={CODE}&t2={TOKEN}", "join.test/nhs", id="path"),
    ],
)
def test_the_website_is_what_people_type_of_the_join_url(join_url: str, website: str) -> None:
    assert an_issued_invitation(join_url=join_url).website == website


@pytest.mark.parametrize(
    ("code", "token"),
    [
        pytest.param("7Q2M9KXR4", TOKEN, id="short-code"),
        pytest.param("7Q2M9KXR4D0", TOKEN, id="long-code"),
        pytest.param("7Q2M9KXR4U", TOKEN, id="no-such-letter"),
        pytest.param(CODE, TOKEN.lower(), id="small-letters"),
    ],
)
def test_secrets_that_no_service_issues_are_refused(code: str, token: str) -> None:
    with pytest.raises(ValueError, match=r"^code and token are not ten characters of Crockford base 32$"):
        IssuedInvitation(InvitationToken(code, token, EXPIRY), a_join_url(code, token))


def test_an_expiry_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the expiry names no time zone$"):
        an_issued_invitation(expires_at=datetime(2027, 1, 1))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize("year", [1, 1999, 3000, 9999])
def test_an_expiry_in_the_far_future_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match=r"^the expiry is not in this millennium$"):
        an_issued_invitation(expires_at=EXPIRY.replace(year=year))


@pytest.mark.parametrize("year", [2000, 2999])
def test_any_other_expiry_is_taken(year: int) -> None:
    assert an_issued_invitation(expires_at=EXPIRY.replace(year=year)).website == "joinpkb.com"


@pytest.mark.parametrize(
    "start",
    [
        "",
        "ftp://",
        "javascript:",
        "https:/",
        "https://joinpkb.com/ ",
        "https://joinpkb.com/\n",
        "https://é/",
    ],
)
def test_a_join_url_that_is_no_web_address_is_refused(start: str) -> None:
    url = f"{start}?t1={CODE}&t2={TOKEN}"

    with pytest.raises(ValueError, match=r"^the join URL is not a web address$"):
        an_issued_invitation(join_url=url)


@pytest.mark.parametrize(
    "url", [a_join_url(code="0000000000"), a_join_url(token="0000000000"), "http://joinpkb.com/"]
)
def test_a_join_url_that_carries_something_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^the join URL does not carry the code and the token$"):
        an_issued_invitation(join_url=url)


def test_a_repr_shows_nothing() -> None:
    assert repr(an_issued_invitation()) == "IssuedInvitation(<hidden>)"
