"""How connections are kept private."""

from pathlib import Path

import grpc
from msgspec import Struct


class TlsFiles(Struct, frozen=True):
    """PEM files: certificate and key of the server, and those who sign the certificates of its clients.

    With `client_ca`, a client without a certificate of theirs is not let in.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def credentials(self) -> grpc.ServerCredentials:
        """Read the files. Raises OSError."""
        pair = (self.key.read_bytes(), self.certificate.read_bytes())
        authorities = self.client_ca.read_bytes() if self.client_ca else None
        return grpc.ssl_server_credentials([pair], authorities, require_client_auth=authorities is not None)
