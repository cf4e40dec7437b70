"""The files that keep gRPC connections private, if the settings name any."""

import ssl
from pathlib import Path

from adapters.grpc.tls import TlsFiles
from entrypoints.settings import Settings

_PAIR = "INVITATIONS_GRPC_TLS_CERTIFICATE and INVITATIONS_GRPC_TLS_KEY"


def tls_files(settings: Settings) -> TlsFiles | None:
    """Give the files; None where nothing is set. Raises ValueError for a part of what is needed together."""
    if not (settings.grpc_tls_certificate or settings.grpc_tls_key or settings.grpc_tls_client_ca):
        return None
    if not (settings.grpc_tls_certificate and settings.grpc_tls_key):
        raise ValueError(f"{_PAIR} are needed together")
    client_ca = Path(settings.grpc_tls_client_ca) if settings.grpc_tls_client_ca else None
    return TlsFiles(Path(settings.grpc_tls_certificate), Path(settings.grpc_tls_key), client_ca)


def problem_with_tls(settings: Settings) -> str | None:
    """Say in a sentence what is wrong with the files; None when nothing is."""
    try:
        files = tls_files(settings)
        if files is not None:
            _load(files)
    except ValueError as error:
        return str(error)
    return None


def _load(files: TlsFiles) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(files.certificate, files.key)
    except OSError:
        raise ValueError(f"{_PAIR} are no files of a certificate and its key") from None
    try:
        if files.client_ca is not None:
            context.load_verify_locations(files.client_ca)
    except OSError:
        raise ValueError("INVITATIONS_GRPC_TLS_CLIENT_CA is no file of certificates") from None
