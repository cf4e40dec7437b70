"""An issuer that is of no help."""

from application.ports.unavailable import Unavailable


class IssuerUnavailable(Unavailable):
    """What would tell a genuine access token from another cannot be had now: signing keys, or a verdict.

    The message is a fixed sentence for the operator's log; it holds nothing of any token.
    """


class DocumentUnusable(IssuerUnavailable):
    """There is an answer, but not the document that was asked for."""
