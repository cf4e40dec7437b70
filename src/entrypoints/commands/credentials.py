"""How the bulk client gets its access tokens, from its options and the environment."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import click
from msgspec import Struct

from adapters.client.access_tokens import ReadyAccessToken, TokenRequest, is_access_token
from adapters.client.client_authentication import (
    ClientAuthentication,
    ClientKey,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    read_client_key,
)
from entrypoints.bulk_run import Credentials

ACCESS_TOKEN = "INVITATIONS_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
CLIENT_SECRET = "INVITATIONS_CLIENT_SECRET"  # noqa: S105 - the name of a variable

Method: TypeAlias = Literal["client_secret_basic", "client_secret_post", "private_key_jwt"]
METHODS: Sequence[Method] = ("client_secret_basic", "client_secret_post", "private_key_jwt")

_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"


class CredentialOptions(Struct, frozen=True, kw_only=True):
    """The options as given."""

    token_url: str | None
    client_id: str | None
    client_auth: Method | None
    scope: str
    audience: str
    resource: Sequence[str]
    client_secret_file: Path | None
    client_key_file: Path | None
    client_key_id: str | None
    client_key_algorithm: str | None

    def credentials(self, environment: Mapping[str, str]) -> Credentials | ReadyAccessToken:
        """Give the credentials that the options describe. Raises click.UsageError."""
        token = environment.get(ACCESS_TOKEN, "").strip()
        if self.token_url is None and self.client_id is None and token:
            if not is_access_token(token):
                raise click.UsageError(f"{ACCESS_TOKEN} has characters that no request can carry")
            return ReadyAccessToken(token)
        if self.token_url is None or self.client_id is None:
            raise click.UsageError(f"give --token-url and --client-id, or set {ACCESS_TOKEN}")
        request = TokenRequest(self.token_url, self.scope, self.audience, self.resource)
        return Credentials(request, self._authentication(self.token_url, self.client_id, environment))

    def _authentication(
        self, token_url: str, client_id: str, environment: Mapping[str, str]
    ) -> ClientAuthentication:
        method = self.client_auth or ("private_key_jwt" if self.client_key_file else "client_secret_basic")
        if method == "private_key_jwt":
            return PrivateKeyJwt(client_id, self._key(), token_url, time.time)
        if self.client_key_file is not None:
            raise click.UsageError(f"--client-key-file is for private_key_jwt, not for {method}")
        secret = self._secret(environment)
        if method == "client_secret_post":
            return ClientSecretPost(client_id, secret)
        return ClientSecretBasic(client_id, secret)

    def _secret(self, environment: Mapping[str, str]) -> str:
        if self.client_secret_file is None:
            name, secret = CLIENT_SECRET, environment.get(CLIENT_SECRET, "")
        else:
            name = "--client-secret-file"
            secret = _read(name, self.client_secret_file).removesuffix("\n").removesuffix("\r")
        if not secret:
            raise click.UsageError(f"set {CLIENT_SECRET}, or give --client-secret-file with a secret")
        if not secret.isprintable():
            raise click.UsageError(f"{name} has a line end or an invisible character in it")
        return secret

    def _key(self) -> ClientKey:
        if self.client_key_file is None:
            raise click.UsageError("private_key_jwt needs --client-key-file")
        content = _read("--client-key-file", self.client_key_file)
        try:
            return read_client_key(content, self.client_key_id, self.client_key_algorithm)
        except ValueError as error:
            raise click.UsageError(f"--client-key-file: {self.client_key_file} {error}") from None


def _read(option: str, path: Path) -> str:
    """Read a small text file. Raises click.UsageError, which names the option."""
    content = path.read_bytes()
    advice = "Save it as UTF-8 without a byte order mark."
    if content.startswith(_UTF_16_MARKS):
        raise click.UsageError(f"{option}: {path} is UTF-16. {advice}")
    if content.startswith(_UTF_8_MARK):
        raise click.UsageError(f"{option}: {path} begins with a byte order mark. {advice}")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise click.UsageError(f"{option}: {path} is not UTF-8. {advice}") from None
