"""The peer's HTTP application. It takes its settings from PEER_DATABASE_URL and PEER_KEY."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Body, FastAPI, Header, Response
from fhir.resources.STU3.parameters import Parameters
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from benchmarks.peer.operation import generate_invitation_tokens

_FHIR_JSON = "application/fhir+json"


def create_app() -> FastAPI:
    """Make the application from the environment."""
    engine = create_async_engine(os.environ["PEER_DATABASE_URL"])
    session_of = async_sessionmaker(engine, expire_on_commit=False)
    key = os.environ["PEER_KEY"].encode()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    async def generate(
        parameters: Annotated[Parameters, Body(media_type=_FHIR_JSON)],
        organisation_id: Annotated[UUID, Header(alias="X-Org-Public-Id")],
    ) -> Response:
        async with session_of() as session:
            answer = await generate_invitation_tokens(session, organisation_id, key, parameters)
        # written here, for FastAPI would validate a model that it is given once more
        return Response(answer.model_dump_json(), media_type=_FHIR_JSON)

    async def health() -> Response:
        return Response()

    app = FastAPI(lifespan=lifespan)
    app.add_api_route("/fhir/Organization/$generate-invitation-tokens", generate, methods=["POST"])
    app.add_api_route("/health", health, methods=["GET"])
    return app
