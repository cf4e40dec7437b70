"""What a caller can ask for."""

from enum import StrEnum


class Operation(StrEnum):
    """An operation, by the code that callers know it by."""

    GENERATE_INVITATION_TOKENS = "generate-invitation-tokens"
    STATUS_QUERY = "status-query"
