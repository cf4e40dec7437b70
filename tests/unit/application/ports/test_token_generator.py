from application.ports.invitations import DrawnSecrets


def test_a_repr_of_drawn_secrets_shows_nothing() -> None:
    drawn = DrawnSecrets("7Q2M9KXR4D", "C5H8WZ1N6T", b"code digest", b"token digest", "2026")

    assert repr(drawn) == "DrawnSecrets(<hidden>)"
