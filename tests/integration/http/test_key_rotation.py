"""With a new first key, old codes are still recognised, and new ones are under the new key."""

from collections.abc import Mapping

from sqlalchemy import select

from adapters.sql.tables import invitation
from tests.integration.http.support.call import OPERATION, Answered, answered, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.sql.rows import rows
from tests.key_builders import a_key, digested

pytestmark = ON_EACH_DATABASE

LETTERS = {"2026": "o", "2027": "n"}
OLD, NEW = (f"{key_id}:{a_key(letter)}" for key_id, letter in LETTERS.items())


async def issued_under(key_ring: str, environment: Mapping[str, str], issuer: Issuer) -> Answered:
    settings = {**environment, "INVITATIONS_TOKEN_KEYS": key_ring}
    async with open_container(settings) as container, client_of(container.http.app()) as client:
        headers = request_headers(issuer.access_token())
        response = await client.post(OPERATION, headers=headers, content=asking_for(ADULT))
    [entry] = answered(response.raise_for_status())
    return entry


async def recognised_under(key_id: str, entry: Answered, environment: Mapping[str, str]) -> bool:
    """Look the code up by its digest under the key of that id, as a redemption would."""
    code_digest = digested(entry.code, "code-digest", LETTERS[key_id])
    found = select(invitation.c.key_id, invitation.c.token_digest).where(
        invitation.c.code_digest == code_digest
    )
    stored = await rows(environment["INVITATIONS_DATABASE_URL"], found)
    return [tuple(row) for row in stored] == [
        (key_id, digested(entry.token, "token-digest", LETTERS[key_id]))
    ]


async def test_a_rotation_makes_new_codes_under_the_new_key_and_forgets_no_old_one(
    environment: Mapping[str, str], issuer: Issuer
) -> None:
    before = await issued_under(OLD, environment, issuer)

    after = await issued_under(f"{NEW},{OLD}", environment, issuer)

    recognised = {
        (name, key_id): await recognised_under(key_id, entry, environment)
        for name, entry in (("before", before), ("after", after))
        for key_id in LETTERS
    }
    assert recognised == {
        ("before", "2026"): True,
        ("before", "2027"): False,
        ("after", "2026"): False,
        ("after", "2027"): True,
    }
