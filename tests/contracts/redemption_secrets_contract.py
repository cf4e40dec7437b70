"""The contract of `RedemptionSecrets`.

The consumer supplies the fixtures `redemption_secrets`, `redemption_secrets_after_rotation`, where another
key signs and the first one is still in the ring, and `token_generator`, which uses the first ring.
"""

from application.ports.invitations import TokenGenerator
from application.ports.redemption import RedemptionSecrets
from domain.redemption import CLAIM_LENGTH
from tests.builders import a_patient_id, a_request_id

CROCKFORD = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
CODE, TOKEN = "7Q2M9KXR4D", "C5H8WZ1N6T"


class RedemptionSecretsContract:
    def test_code_and_token_have_the_digests_that_are_stored_at_their_issue(
        self, redemption_secrets: RedemptionSecrets, token_generator: TokenGenerator
    ) -> None:
        [issued] = token_generator.draw(a_request_id(), [a_patient_id()], 0)

        typed = redemption_secrets.digests(issued.code, issued.token)

        assert typed.codes[issued.key_id] == issued.code_digest
        assert typed.tokens[issued.key_id] == issued.token_digest

    def test_each_key_of_the_ring_has_its_digests(
        self,
        redemption_secrets: RedemptionSecrets,
        redemption_secrets_after_rotation: RedemptionSecrets,
    ) -> None:
        [(key_id, before)] = redemption_secrets.digests(CODE, TOKEN).codes.items()

        after = redemption_secrets_after_rotation.digests(CODE, TOKEN)

        assert len(after.codes) == 2
        assert after.codes[key_id] == before
        assert after.codes.keys() == after.tokens.keys()

    def test_whatever_was_typed_has_digests(self, redemption_secrets: RedemptionSecrets) -> None:
        typed = redemption_secrets.digests("", "\ud800 é \U0001f600")

        assert [len(each) for each in (*typed.codes.values(), *typed.tokens.values())] == [32, 32]

    def test_a_claim_has_26_characters_without_i_l_o_and_u(
        self, redemption_secrets: RedemptionSecrets
    ) -> None:
        claims = [redemption_secrets.draw_claim().claim for _ in range(100)]

        assert {len(claim) for claim in claims} == {CLAIM_LENGTH}
        assert set().union(*claims) == CROCKFORD

    def test_no_claim_is_drawn_twice(self, redemption_secrets: RedemptionSecrets) -> None:
        assert len({redemption_secrets.draw_claim().claim for _ in range(100)}) == 100

    def test_a_claim_is_found_by_its_digest(self, redemption_secrets: RedemptionSecrets) -> None:
        drawn = redemption_secrets.draw_claim()

        assert redemption_secrets.claim_digests(drawn.claim) == [drawn.digest]

    def test_a_claim_is_found_after_another_key_signs(
        self,
        redemption_secrets: RedemptionSecrets,
        redemption_secrets_after_rotation: RedemptionSecrets,
    ) -> None:
        drawn = redemption_secrets.draw_claim()

        assert drawn.digest in redemption_secrets_after_rotation.claim_digests(drawn.claim)

    def test_a_repr_shows_neither_claims_nor_digests(self, redemption_secrets: RedemptionSecrets) -> None:
        drawn, typed = redemption_secrets.draw_claim(), redemption_secrets.digests(CODE, TOKEN)

        assert f"{drawn!r} {typed!r}" == "DrawnClaim(<hidden>) TypedDigests(<hidden>)"
