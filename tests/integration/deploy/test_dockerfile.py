"""The image runs the service as an unprivileged user, from the libraries of the lock files."""

import re
from pathlib import Path

import pytest

from adapters.http.health import live
from adapters.http.join.client_addresses import NO_PROXIES
from entrypoints.commands.serve import serve
from tests.integration.deploy.image import DOCKERFILE, ROOT, instructions, last, words

OAUTH_SERVER = ROOT / "deploy" / "compose" / "oauth-server.Dockerfile"
BOTH = pytest.mark.parametrize("dockerfile", [DOCKERFILE, OAUTH_SERVER], ids=["service", "oauth-server"])


def copied(dockerfile: Path) -> list[str]:
    """List the files that are copied from this repository."""
    arguments = [rest.split() for name, rest in instructions(dockerfile) if name == "COPY"]
    return [source for each in arguments if not each[0].startswith("--from") for source in each[:-1]]


@BOTH
def test_the_user_is_a_number_and_not_root(dockerfile: Path) -> None:
    user, _, group = last("USER", dockerfile).partition(":")

    assert min(int(user), int(group)) > 0


@BOTH
def test_every_stage_begins_with_an_image_that_can_be_replaced_and_is_named_by_digest(
    dockerfile: Path,
) -> None:
    arguments = dict(rest.split("=", 1) for name, rest in instructions(dockerfile) if name == "ARG")

    stages = [rest.split()[0] for name, rest in instructions(dockerfile) if name == "FROM"]
    assert {*stages} == {f"${{{name}}}" for name in arguments}
    named = r"\w+:\d+(\.\d+)*-[\w-]+@sha256:[0-9a-f]{64}"
    assert [image for image in arguments.values() if not re.fullmatch(named, image)] == []


@BOTH
def test_every_copied_file_exists_and_is_not_ignored(dockerfile: Path) -> None:
    ignored, *let_through = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")
    ]

    assert ignored == "*"
    assert [source for source in copied(dockerfile) if not (ROOT / source).exists()] == []
    assert [source for source in copied(dockerfile) if f"!{source}" not in let_through] == []


def test_nothing_is_installed_but_what_a_lock_file_names_with_its_hash() -> None:
    runs = " && ".join(rest for name, rest in instructions(DOCKERFILE) if name == "RUN")

    installs = re.findall(r"pip [^&]*\binstall\b[^&]*", runs)
    assert len(installs) == 3
    assert [each for each in installs if not {"--require-hashes", "--no-index"} & {*each.split()}] == []
    assert [each for each in installs if "--no-deps" not in each.split()] == []


def test_the_image_runs_the_service_for_the_outside_of_its_container() -> None:
    command, *arguments = words("CMD")

    given = serve.make_context(command, arguments).params
    assert words("ENTRYPOINT") == ["invitations"]
    assert given == {
        "host": "0.0.0.0",
        "port": 8080,
        "grpc_port": None,
        "grpc_plaintext": False,
        "metrics_port": None,
        "workers": 1,
        "forwarded_for": NO_PROXIES,
    }


def test_the_health_check_is_python_that_asks_whether_the_process_lives() -> None:
    interpreter, option, program = re.findall(r'"([^"]+)"', last("HEALTHCHECK"))

    compile(program, "HEALTHCHECK", "exec")
    assert (interpreter, option) == ("python", "-c")
    assert f"http://127.0.0.1:8080{min(live.paths)}" in program


def test_no_secret_and_no_setting_is_baked_in() -> None:
    environment = " ".join(rest for name, rest in instructions(DOCKERFILE) if name in {"ENV", "ARG"})

    assert "INVITATIONS_" not in environment
