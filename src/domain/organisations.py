"""Organisations that invite their patients."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from returns.result import Failure, Result, Success


class MalformedOrganisationId(Struct, frozen=True):
    """The text is not a UUID in its canonical form, 8-4-4-4-12 hexadecimal digits."""


class OrganisationId(Struct, frozen=True):
    """The public id of an organisation."""

    value: UUID

    @classmethod
    def parse(cls, text: str) -> Result["OrganisationId", MalformedOrganisationId]:
        """Read the canonical form, in either case; the braces and prefixes that `UUID` allows are refused."""
        try:
            value = UUID(text)
        except ValueError:
            return Failure(MalformedOrganisationId())
        if str(value) != text.lower():
            return Failure(MalformedOrganisationId())
        return Success(cls(value))

    @property
    def is_nil(self) -> bool:
        """Whether it is the UUID of zeros, which stands for no organisation.

        Source: https://www.rfc-editor.org/rfc/rfc9562#name-nil-uuid
        """
        return self.value.int == 0

    def __str__(self) -> str:
        """Give the canonical form, in lower case."""
        return str(self.value)


class Organisation(Struct, frozen=True):
    """A hospital or practice, which has care relationships with patients.

    No caller may act for one that is disabled.
    """

    id: OrganisationId
    name: str
    disabled_at: datetime | None = None


class OrganisationUnknown(Struct, frozen=True):
    """No organisation has this id."""
