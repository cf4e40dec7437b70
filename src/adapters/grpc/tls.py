"""The files for TLS, which are checked before the server's library is loaded."""

from pathlib import Path

from msgspec import Struct


class TlsFiles(Struct, frozen=True):
    """PEM files: the server's certificate and key, and the authority that signs client certificates.

    With `client_ca`, a client needs a certificate that this authority has signed.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None
