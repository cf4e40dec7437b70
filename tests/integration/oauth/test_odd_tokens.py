"""Any input gets a verdict, and never an exception."""

from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure

from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.jwt import CompactToken, judge_claims
from application.ports.access import AccessTokenInvalid
from tests.integration.oauth.tokens import AUDIENCE, ISSUER, SECONDS, segment

INVALID = Failure(AccessTokenInvalid())
RULES = AccessTokenRules(ISSUER, AUDIENCE)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["alg", "kid", "exp", "b64"]), inner),
)


@given(text=st.text())
def test_any_text_is_refused_without_an_exception(text: str) -> None:
    read = CompactToken.read(text, require_at_jwt=False)

    assert read == INVALID


@given(header=ANY_JSON)
def test_any_header_is_read_without_an_exception(header: object) -> None:
    read = CompactToken.read(f"{segment(header)}.e30.AAAA", require_at_jwt=False)

    assert isinstance(read, Failure)


@given(payload=ANY_JSON.map(lambda content: segment(content).encode()) | st.binary())
def test_any_payload_is_judged_without_an_exception(payload: bytes) -> None:
    judged = judge_claims(payload, RULES, SECONDS)

    assert judged == INVALID
