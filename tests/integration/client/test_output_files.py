"""The files that a run of the client leaves."""

from collections.abc import Callable, Mapping
from pathlib import Path
from stat import S_IMODE

from tests.integration.commands.shell import Outcome
from tests.integration.service import Service, running_service

OUTPUT = "tokens.csv"


def _arguments(numbers: Path) -> list[str]:
    return ["--identifiers", str(numbers), "--output", OUTPUT, "--concurrency", "2"]


def test_a_run_that_is_done_asks_nothing_more(
    prepared: Mapping[str, str],
    client_command: Callable[..., Outcome],
    listed: Callable[[int], Path],
    tmp_path: Path,
) -> None:
    arguments = _arguments(listed(600))
    with running_service(prepared, tmp_path / "log") as gone:
        client_command("generate", gone.url, *arguments)
    written = (tmp_path / OUTPUT).read_bytes()

    again = client_command("generate", gone.url, *arguments)

    assert (again.code, "no answer" in again.error) == (0, False)
    assert (tmp_path / OUTPUT).read_bytes() == written


def test_files_with_tokens_are_their_owners_alone(
    service: Service, client_command: Callable[..., Outcome], listed: Callable[[int], Path], tmp_path: Path
) -> None:
    client_command("generate", service.url, *_arguments(listed(10)))

    modes = {path.name: S_IMODE(path.stat().st_mode) for path in tmp_path.glob("tokens.csv*")}
    assert modes == dict.fromkeys([OUTPUT, f"{OUTPUT}.omitted.csv", f"{OUTPUT}.state"], 0o600)
