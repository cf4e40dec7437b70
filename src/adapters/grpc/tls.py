"""The files for TLS, and their check, which needs no server to be loaded."""

import ssl
from pathlib import Path

from msgspec import Struct


class CertificateUnusableError(Exception):
    """The certificate and the key cannot be read, or do not belong together."""


class AuthorityUnusableError(Exception):
    """The file of the authority cannot be read, or has no certificate."""


class TlsFiles(Struct, frozen=True):
    """PEM files: the server's certificate and key, and the authority that signs client certificates.

    With `client_ca`, a client needs a certificate that this authority has signed.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def check(self) -> None:
        """Read the files as a server would. Raises CertificateUnusableError or AuthorityUnusableError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key)
        except OSError:
            raise CertificateUnusableError from None
        try:
            if self.client_ca is not None:
                context.load_verify_locations(self.client_ca)
        except OSError:
            raise AuthorityUnusableError from None
