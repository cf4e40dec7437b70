from domain.caller import Caller


def test_a_caller_has_no_scopes_unless_its_access_token_carries_some() -> None:
    assert Caller("mail-house").scopes == frozenset()
