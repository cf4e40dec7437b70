import pytest

from domain.access import Caller, is_client_id


def test_a_caller_has_no_scopes_unless_its_access_token_carries_some() -> None:
    assert Caller("mail-house").scopes == frozenset()


@pytest.mark.parametrize("text", ["m", "mail-house", "!~", "https://client.example/id", "x" * 255])
def test_a_client_id_has_visible_ascii_characters(text: str) -> None:
    assert is_client_id(text)


@pytest.mark.parametrize(
    "text", ["", "mail house", "mail\thouse", "mail-house\n", "\x7f", "caf\u00e9", "\udce9", "x" * 256]
)
def test_anything_else_is_no_client_id(text: str) -> None:
    assert not is_client_id(text)
