"""An introspection server, and a verifier that calls it."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs

from msgspec import Struct

from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.introspection import (
    ClientSecret,
    IntrospectionAccessTokenVerifier,
    IntrospectionEndpoint,
    IntrospectionLimits,
)
from tests.fakes.clock import FixedClock
from tests.integration.oauth.key_server import Answer, KeyServer
from tests.integration.oauth.tokens import AUDIENCE, ISSUER, NOW, Members, claims

PATH = "/introspect"
CLIENT_ID = "invitations service"
SECRET = "a%b:c d+e/Xanthippe"
TOKEN = "2YotnFZFEjr1zCsicMWpAA"
"""The genuine token, unless a test says otherwise."""

LIMITS = IntrospectionLimits(lifetime=30, answers=3, questions=5, seconds=10)
"""Enough time for a busy machine, and a small cache."""


class Question(Struct, frozen=True):
    """What the issuer was asked: the head of the request, and its form."""

    head: str
    form: dict[str, list[str]]


class IntrospectionServer(KeyServer):
    """Answers for each token as a test defines. An unknown token is not active."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, object] = {TOKEN: active()}
        self.questions: list[Question] = []

    def find_answer(self, path: str, head: str, body: str) -> Answer:
        form = parse_qs(body, keep_blank_values=True, strict_parsing=True)
        self.questions.append(Question(head, form))
        said = self.said.get(form["token"][0], {"active": False})
        return self.answers.get(path, Answer(json.dumps(said).encode()))

    def fail(self, status: int = 500) -> None:
        self.answers[PATH] = Answer(b"out of order", status)

    def work_again(self) -> None:
        self.answers.clear()


def active(**changes: object) -> Members:
    """Describe an active token; keyword arguments change the members, `None` takes one away."""
    return claims(**{"active": True, "token_type": "Bearer", **changes})


@contextlib.asynccontextmanager
async def running_introspection_server() -> AsyncIterator[IntrospectionServer]:
    server = IntrospectionServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def introspecting(
    server: KeyServer,
    stopwatch: Callable[[], float],
    limits: IntrospectionLimits = LIMITS,
    endpoint: IntrospectionEndpoint | None = None,
) -> AsyncIterator[IntrospectionAccessTokenVerifier]:
    verifier = IntrospectionAccessTokenVerifier(
        endpoint or IntrospectionEndpoint(server.url + PATH, CLIENT_ID, ClientSecret(SECRET)),
        FixedClock(NOW, NOW.date()),
        stopwatch,
        AccessTokenRules(ISSUER, AUDIENCE),
        limits,
    )
    yield verifier
    await verifier.aclose()
