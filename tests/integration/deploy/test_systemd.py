"""The systemd unit calls the program as it is, and gives it time to end."""

from configparser import ConfigParser

from entrypoints.commands.serve import serve
from entrypoints.http_process import DRAIN_SECONDS
from tests.integration.architecture.source import ROOT


def _unit() -> ConfigParser:
    # a name may occur more than once
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    unit.read(ROOT / "deploy" / "systemd" / "invitations.service")
    return unit


def test_the_unit_names_options_that_the_command_has() -> None:
    options = {name for parameter in serve.params for name in parameter.opts}

    _program, command, *arguments = _unit()["Service"]["ExecStart"].split()

    assert command == "serve"
    assert {each for each in arguments if each.startswith("--")} <= options


def test_the_unit_waits_for_the_requests_in_progress() -> None:
    service = _unit()["Service"]

    assert int(service["TimeoutStopSec"]) > DRAIN_SECONDS
    assert service["ExecReload"] == "kill -HUP $MAINPID"
