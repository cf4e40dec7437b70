"""A lock file is installed exactly, even if the index has newer releases."""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.install.index import Index, serve
from tests.integration.install.make import environment, make, variable

pytestmark = pytest.mark.full

UV = Path(sys.executable).with_name("uv")
INSTALLERS = [pytest.param("", id="pip"), pytest.param(f"{UV}", id="uv")]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with serve(tmp_path) as index:
        yield index


@pytest.fixture
def lock(index: Index, tmp_path: Path) -> Path:
    """Give a complete lock file, a library of which is asked for with an extra and has a newer release."""
    lines = [
        index.add("planner", "1.0", ["gauge[charts]>=1"]),
        index.add("gauge", "1.0", ["plotter; extra == 'charts'"], extra="charts"),
        index.add("plotter", "1.0"),
    ]
    index.add("gauge", "2.0", ["plotter>=2; extra == 'charts'"], extra="charts")
    index.add("plotter", "2.0")
    lock = tmp_path / "lock.txt"
    lock.write_text("".join(lines))
    return lock


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Give the programs of an empty environment, which has the pip of this one."""
    venv.create(tmp_path / "target")
    [libraries] = (tmp_path / "target").glob("lib/*/site-packages")
    (libraries / "pip.pth").write_text(sysconfig.get_path("purelib"))
    return tmp_path / "target" / "bin"


def _install(command: list[str], lock: Path, index: Index) -> subprocess.CompletedProcess[str]:
    settings = {"PIP_INDEX_URL": index.url, "UV_DEFAULT_INDEX": index.url}
    caches = {"PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}
    return subprocess.run(
        [*command, "-r", f"{lock}"],
        env=environment(**settings, **caches),
        capture_output=True,
        text=True,
        check=False,
    )


def _installed(target: Path) -> set[str]:
    return {path.stem for path in target.parent.glob("lib/*/site-packages/*.dist-info")}


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="this Python has never had so old a pip")
def test_the_pip_of_these_tests_is_the_oldest_that_is_supported(target: Path) -> None:
    version = subprocess.run(
        [target / "python", "-m", "pip", "--version"], capture_output=True, text=True, check=True
    ).stdout

    assert version.startswith("pip 23.2.1 ")


@pytest.mark.parametrize("uv", INSTALLERS)
def test_newer_releases_in_the_index_change_nothing(uv: str, lock: Path, index: Index, target: Path) -> None:
    command = variable("INSTALL", f"BIN={target}", f"UV={uv}")

    outcome = _install(command, lock, index)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert _installed(target) == {"planner-1.0", "gauge-1.0", "plotter-1.0"}


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="a newer pip resolves this lock file rightly")
def test_the_oldest_pip_refuses_the_same_lock_file_if_it_may_resolve(
    lock: Path, index: Index, target: Path
) -> None:
    command = [word for word in variable("INSTALL", f"BIN={target}", "UV=") if word != "--no-deps"]

    outcome = _install(command, lock, index)

    assert outcome.returncode == 1
    assert "all requirements must have their versions pinned with ==" in outcome.stderr
    assert "gauge[charts]" in outcome.stderr
    assert _installed(target) == set()


@pytest.mark.parametrize("uv", INSTALLERS)
def test_a_file_that_is_not_the_locked_one_is_refused(
    uv: str, lock: Path, index: Index, target: Path
) -> None:
    index.add("plotter", "1.0", ["something-else"])

    outcome = _install(variable("INSTALL", f"BIN={target}", f"UV={uv}"), lock, index)

    assert outcome.returncode == 1
    assert _installed(target) == set()


@pytest.mark.parametrize("uv", ["", "uv"])
def test_make_installs_each_lock_file_by_this_command_and_nothing_else_with_dependencies(uv: str) -> None:
    install = " ".join(variable("INSTALL", f"UV={uv}"))

    steps = make("--dry-run", "--always-make", "bench", f"UV={uv}", env=environment()).stdout.splitlines()

    installs = [line for line in steps if "pip" in line and " install --" in line]
    locks = [line.partition(f"{install} -r ")[2].split(" ")[0] for line in installs if install in line]
    assert locks == [f"requirements/{name}.txt" for name in ("build", "runtime", "dev", "bench")]
    assert [line for line in installs if "--no-deps" not in line] == []
    assert len(installs) == len(locks) + 1
