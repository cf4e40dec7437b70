"""Nobody who did not ask for tracing pays for it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.http.request_log import RequestLog
from adapters.telemetry.observed_ports import unobserved
from entrypoints.container import Container
from entrypoints.settings import read_settings
from entrypoints.telemetry import NoTraces
from tests.integration.entrypoints.watched import printed_by

LIBRARY_LOADED = """
import sys
from entrypoints.http_process import create_app

create_app()
# names of attributes and interfaces are looked up by other libraries too, wherever they find them installed
print(bool({"opentelemetry.sdk", "opentelemetry.exporter"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("setting", [{}, {"INVITATIONS_TRACING": "false"}], ids=["by-default", "false"])
def test_nothing_is_put_around_calls_and_their_parts(
    environment: Mapping[str, str], setting: Mapping[str, str]
) -> None:
    container = Container(settings=read_settings({**environment, **setting}, to_serve=True).unwrap())

    traces = container.telemetry().traces()

    assert type(traces) is NoTraces
    assert traces.around_part is unobserved
    assert type(container.http().app()) is RequestLog
    assert container.grpc().server().interceptors == ()


@pytest.mark.full
@pytest.mark.parametrize(("setting", "loaded"), [("false", "False"), ("true", "True")])
def test_the_library_is_loaded_by_processes_that_trace_alone(
    environment: Mapping[str, str], tmp_path: Path, setting: str, loaded: str
) -> None:
    settings = {**environment, "INVITATIONS_TRACING": setting}

    assert printed_by(LIBRARY_LOADED, tmp_path, settings) == loaded
