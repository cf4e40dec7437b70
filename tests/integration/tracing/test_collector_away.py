"""If the collector does not answer, spans are lost, and nothing else."""

import logging
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from adapters.telemetry.otlp import OutageLoggedOnce
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.service import free_port, running_service
from tests.integration.tracing.support.calls import Call, begin, send_http

COMPLAINT = "the collector is away"


@contextmanager
def nobody() -> Iterator[int]:
    """Give a port without a listener."""
    yield free_port()


@contextmanager
def somebody_silent() -> Iterator[int]:
    """Give a port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield int(silent.getsockname()[1])


@pytest.mark.full
@pytest.mark.parametrize(
    ("collector", "timeout"),
    [pytest.param(nobody, "10", id="nobody"), pytest.param(somebody_silent, "1", id="silent")],
)
def test_calls_succeed_and_the_service_stops_in_time(
    environment: Mapping[str, str],
    issuer: Issuer,
    tmp_path: Path,
    collector: Callable[[], AbstractContextManager[int]],
    timeout: str,
) -> None:
    with collector() as port:
        settings = {
            **environment,
            "INVITATIONS_TRACING": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_EXPORTER_OTLP_TIMEOUT": timeout,
            "OTEL_BSP_SCHEDULE_DELAY": "10",
        }
        with running_service(settings, tmp_path / "log") as service:
            calls = [Call(issuer.access_token(), begin(), [ADULT]) for _ in range(5)]
            statuses = {send_http(service, call)[:3] for call in calls}
            time.sleep(2.5)  # until the exporter logs a second time
            code = service.stop()

        complaints = [line for line in service.log_lines() if str(line["logger"]).startswith("opentelemetry")]
    assert (statuses, code) == ({"200"}, 0)
    assert not service.had_to_be_killed()
    assert ["exc_info" in complaint for complaint in complaints] == [False]


class Unreliable(SpanExporter):
    """Fails each export that must not succeed."""

    def __init__(self, logger: logging.Logger) -> None:
        self.is_away = True
        self._logger = logger

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if not self.is_away:
            return SpanExportResult.SUCCESS
        self._logger.warning(COMPLAINT)
        self._logger.error(COMPLAINT)
        return SpanExportResult.FAILURE


def test_each_outage_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.unreliable")
    unreliable = Unreliable(logger)
    exporter = OutageLoggedOnce(unreliable, logger)

    results = []
    for is_away in (True, True, False, True):
        unreliable.is_away = is_away
        results.append(exporter.export([]) is SpanExportResult.SUCCESS)

    assert results == [False, False, True, False]
    assert caplog.messages == [COMPLAINT, COMPLAINT]
