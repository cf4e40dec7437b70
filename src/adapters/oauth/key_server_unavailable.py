"""Signing keys that cannot be had."""

from application.ports.unavailable import Unavailable


class KeyServerUnavailable(Unavailable):
    """The keys that would tell a genuine access token from a forged one cannot be had now.

    The message is a fixed sentence for the operator's log; it holds nothing of any token.
    """


class KeyDocumentUnusable(KeyServerUnavailable):
    """There is an answer, but not the document that was asked for."""
