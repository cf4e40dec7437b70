"""The service sends its remaining spans before it ends."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.service import Service, running_service
from tests.integration.tracing.support.calls import SEND, Call, begin
from tests.integration.tracing.support.collector import Collector

pytestmark = pytest.mark.full

_SERVING: Mapping[str, Callable[..., AbstractContextManager[Service]]] = {
    "http": running_service,
    "grpc": serving_grpc,
}


def test_every_worker_sends_what_it_has_left(
    traced_environment: Mapping[str, str],
    collector: Collector,
    issuer: Issuer,
    tmp_path: Path,
    transport: str,
) -> None:
    settings = {**traced_environment, "OTEL_BSP_SCHEDULE_DELAY": "60000"}
    calls = [Call(issuer.access_token(), begin(), [ADULT]) for _ in range(8)]

    with _SERVING[transport](settings, tmp_path / "log", workers=2) as service:
        for call in calls:
            SEND[transport](service, call)
        early = {span.trace_id for span in collector.spans()}
        code = service.stop()

    late = {span.trace_id for span in collector.spans()} - early
    assert (code, late) == (0, {call.begun.trace_id for call in calls})
