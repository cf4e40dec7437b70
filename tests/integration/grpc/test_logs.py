"""What the log says of callers who send nonsense."""

import asyncio

import pytest

from adapters.grpc.call import GrpcLimits
from adapters.serving.in_flight_limit import InFlightLimit
from entrypoints.container import Container
from tests.integration.grpc.support.in_process import LIMITS, listening
from tests.integration.grpc.support.raw_http2 import call_path
from tests.integration.http.support.captured_log import CapturedLog
from tests.integration.http.support.people import ADULT


@pytest.mark.parametrize("name", ["authorization", "x-org-public-id", "x-anything"])
async def test_metadata_that_is_not_utf_8_stays_out_of_the_log(
    container_in_memory: Container, log: CapturedLog, name: str
) -> None:
    value = f"Bearer {ADULT.value}".encode() + b"\xff"
    async with listening(container_in_memory, GrpcLimits(LIMITS, InFlightLimit(1))) as port:
        await asyncio.to_thread(call_path, port, b"/anything", {name.encode(): value})

    assert "Invalid encoding" in log.text
    assert ADULT.value not in log.text


def test_the_text_of_an_exception_that_a_library_logs_stays_out_of_the_log(log: CapturedLog) -> None:
    asyncio.run(_leave_a_task_behind())

    (line,) = log.lines("asyncio")
    assert (line["exception"], ADULT.value in log.text) == ("RuntimeError", False)


async def _leave_a_task_behind() -> None:
    async def fail() -> None:
        raise RuntimeError(f"no patient {ADULT.value}")

    await asyncio.wait([asyncio.ensure_future(fail())])
