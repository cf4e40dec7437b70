from domain.invitations import InvitationToken
from tests.builders import EXPIRY, an_invitation

TOKEN = InvitationToken("7Q2M9KXR4D", "C5H8WZ1N6T", EXPIRY)


def test_a_repr_of_an_invitation_token_shows_nothing() -> None:
    assert repr(TOKEN) == "InvitationToken(<hidden>)"


def test_a_list_of_invitation_tokens_shows_no_secret_either() -> None:
    shown = f"{[TOKEN]} {(TOKEN,)!s} {TOKEN}"

    assert not [secret for secret in (TOKEN.code, TOKEN.token) if secret in shown]


def test_a_repr_of_an_invitation_shows_no_code() -> None:
    assert "7Q2M9KXR4D" not in repr(an_invitation("7Q2M9KXR4D"))
