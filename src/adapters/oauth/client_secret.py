"""What this service proves itself to the issuer with."""

from domain.confidential import Confidential


class ClientSecret(Confidential, frozen=True):
    """The password of an OAuth client: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""

    text: str
