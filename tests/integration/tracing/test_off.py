"""Tracing costs nothing when it is off."""

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
# other libraries import the names of attributes and interfaces too, if they are installed
print(bool({"opentelemetry.sdk", "opentelemetry.exporter"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("setting", [{}, {"INVITATIONS_TRACING": "false"}], ids=["by-default", "false"])
def test_no_part_is_wrapped(environment: Mapping[str, str], setting: Mapping[str, str]) -> None:
    container = Container(settings=read_settings({**environment, **setting}, to_serve=True).unwrap())

    traces = container.telemetry().traces()

    assert type(traces) is NoTraces
    assert traces.around_part is unobserved
    assert type(container.http().app()) is RequestLog
    assert container.grpc().server().interceptors == ()


@pytest.mark.full
@pytest.mark.parametrize(("setting", "loaded"), [("false", "False"), ("true", "True")])
def test_only_processes_that_trace_load_the_library(
    environment: Mapping[str, str], tmp_path: Path, setting: str, loaded: str
) -> None:
    settings = {**environment, "INVITATIONS_TRACING": setting}

    assert printed_by(LIBRARY_LOADED, tmp_path, settings) == loaded
