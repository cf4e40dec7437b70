"""Proves that lock files are closed: they are installed without a resolver, so no line may be missing.

.venv/bin/python -m requirements.closure [LOCK...]

What a library requires is read from its installed metadata. Libraries that are locked for other Pythons or
systems are not installed here: `ELSEWHERE` has their requirements by version, so that each new version has to
be looked at. Where such a library is installed, the two are compared. A wheel whose requirements differ from
those of the other wheels of its release would go unnoticed.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from itertools import combinations, product
from pathlib import Path

from packaging.dependency_groups import resolve_dependency_groups
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Environment = Mapping[str, str]
Pins = Sequence[Requirement]

LOCKS = ("build", "runtime", "dev")
# without the requirements of extras, which nothing asks for
ELSEWHERE: Mapping[str, list[str]] = {
    "colorama==0.4.6": [],
    "contourpy==1.3.3": ["numpy>=1.25"],
    "contourpy==1.4.0": ["numpy>=2.0"],
    "numpy==2.4.6": [],
    "numpy==2.5.5": [],
    "pip==23.2.1": [],
    "pip==26.3": [],
    "pywin32==312": [],
    "pyyaml-ft==8.0.0": [],
}

# the first and the last release of each Python, as a marker may draw its line between them
PYTHONS = [(f"3.{minor}", f"3.{minor}.{patch}") for minor in range(11, 15) for patch in (0, 99)]
SYSTEMS = [
    ("linux", "Linux", "posix", "x86_64"),
    ("linux", "Linux", "posix", "aarch64"),
    ("darwin", "Darwin", "posix", "arm64"),
    ("win32", "Windows", "nt", "AMD64"),
]


def environments() -> Iterator[Environment]:
    """Give the values that markers ask for, on each supported Python and system."""
    for (version, release), (sys_platform, system, os_name, machine) in product(PYTHONS, SYSTEMS):
        yield {
            **{name: str(value) for name, value in default_environment().items()},
            "implementation_name": "cpython",
            "implementation_version": release,
            "os_name": os_name,
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_system": system,
            "python_full_version": release,
            "python_version": version,
            "sys_platform": sys_platform,
        }


def pins(lock: str) -> Pins:
    """Read the pins of a lock file."""
    lines = lock.replace("\\\n", "").splitlines()
    return [Requirement(line.partition(" --hash=")[0]) for line in lines if line and line[0] not in " #"]


def wanted(project: str) -> Mapping[str, Pins]:
    """Read from pyproject.toml what each lock file is made for."""
    content = tomllib.loads(project)
    texts = {
        name: [*resolve_dependency_groups(content["dependency-groups"], name)] for name in ("build", "bench")
    }
    texts["runtime"] = content["project"]["dependencies"]
    texts["dev"] = [*texts["runtime"], *resolve_dependency_groups(content["dependency-groups"], "dev")]
    return {name: [*map(Requirement, each)] for name, each in texts.items()}


def problems(lock: Pins, wanted: Pins) -> set[str]:
    """Say what a lock file lacks in any environment, and what it has that no environment needs."""
    known = {release_of(pin): requirements_of(pin) for pin in lock}
    found: set[str] = set()
    needed: set[str] = set()
    for environment in environments():
        for name, problem in _walk(lock, wanted, known, environment):
            needed.add(name)
            found |= {problem} - {""}
    return (
        found | {f"nothing requires {pin.name}" for pin in lock if _name(pin) not in needed} | _outdated(lock)
    )


def contradictions(locks: Mapping[str, Pins]) -> set[str]:
    """Name the libraries of which two lock files pin different versions, which one environment takes."""
    versions = {
        lock: {
            _name(pin): {release_of(each) for each in all_pins if _name(each) == _name(pin)}
            for pin in all_pins
        }
        for lock, all_pins in locks.items()
    }
    return {
        f"{first} and {second} pin different versions of {name}"
        for first, second in combinations(versions, 2)
        for name in versions[first].keys() & versions[second].keys()
        if versions[first][name] != versions[second][name]
    }


def _walk(
    lock: Pins, wanted: Pins, known: Mapping[str, Pins | None], environment: Environment
) -> Iterator[tuple[str, str]]:
    """Follow each requirement, and give the name that it is for with what is wrong with it."""
    here = {_name(pin): pin for pin in lock if _applies(pin, environment)}
    open_ = [("pyproject.toml", each) for each in wanted if _applies(each, environment)]
    seen: set[tuple[str, str]] = set()
    while open_:
        whose, requirement = open_.pop()
        pin = here.get(_name(requirement))
        if pin is None or not requirement.specifier.contains(_version(pin), prereleases=True):
            where = f"on Python {environment['python_version']}, {environment['sys_platform']}"
            yield _name(requirement), f"{whose} requires {requirement}, which is not locked {where}"
            continue
        requires = known[release_of(pin)]
        unknown = requires is None or (requirement.extras and release_of(pin) in ELSEWHERE)
        yield _name(pin), f"what {requirement} requires is not known: add it to ELSEWHERE" if unknown else ""
        for extra in {"", *requirement.extras} - {extra for name, extra in seen if name == _name(pin)}:
            seen.add((_name(pin), extra))
            open_ += [
                (release_of(pin), each) for each in requires or () if _applies(each, environment, extra)
            ]


def _applies(requirement: Requirement, environment: Environment, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": extra})


def applies_anywhere(requirement: Requirement, extras: Iterable[str]) -> bool:
    """Say whether a requirement counts with one of these extras, in any supported environment."""
    if requirement.marker is None:
        return True
    return any(_applies(requirement, each, extra) for each in environments() for extra in extras)


def _name(requirement: Requirement) -> str:
    return canonicalize_name(requirement.name)


def _version(pin: Requirement) -> str:
    [exactly] = pin.specifier
    return exactly.version


def release_of(pin: Requirement) -> str:
    """Give the name and version of a pin, as `name==version`."""
    return f"{_name(pin)}=={_version(pin)}"


def _installed(pin: Requirement) -> list[str] | None:
    try:
        distribution = metadata.distribution(pin.name)
    except metadata.PackageNotFoundError:
        return None
    return distribution.requires or [] if distribution.version == _version(pin) else None


def requirements_of(pin: Requirement) -> Pins | None:
    """Give what a locked library requires, or None where that is not known."""
    texts = _installed(pin)
    texts = ELSEWHERE.get(release_of(pin)) if texts is None else texts
    return None if texts is None else [*map(Requirement, texts)]


def _outdated(lock: Pins) -> set[str]:
    written = [(pin, ELSEWHERE[release_of(pin)]) for pin in lock if release_of(pin) in ELSEWHERE]
    installed = [(pin, lines, _installed(pin)) for pin, lines in written]
    return {
        f"ELSEWHERE is wrong about {release_of(pin)}"
        for pin, lines, texts in installed
        if texts is not None and {*lines} != {text for text in texts if "extra ==" not in text}
    }


def main(names: Iterable[str]) -> int:
    """Check lock files, and print what is wrong with them."""
    folder = Path(__file__).parent
    asked = {name: pins((folder / f"{name}.txt").read_text()) for name in names}
    purposes = wanted((folder.parent / "pyproject.toml").read_text())
    found = {f"{name}.txt: {each}" for name, lock in asked.items() for each in problems(lock, purposes[name])}
    found |= contradictions(asked)
    sys.stdout.writelines(f"{line}\n" for line in sorted(found) or [f"closed: {', '.join(asked)}"])
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or LOCKS))
