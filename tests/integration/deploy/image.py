"""Reads the Dockerfile of the container image."""

import re
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "Dockerfile"


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Give the instructions of a Dockerfile with their arguments, each on one line."""
    text = re.sub(r"^#.*\n", "", dockerfile.read_text(), flags=re.MULTILINE).replace("\\\n", "")
    return [
        (name, rest.strip()) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def last(name: str, dockerfile: Path = DOCKERFILE) -> str:
    """Give the arguments of the last instruction of a name."""
    return [arguments for each, arguments in instructions(dockerfile) if each == name][-1]


def words(name: str) -> list[str]:
    """Give the arguments of an instruction in exec form."""
    return msgspec.json.decode(last(name), type=list[str])


USER = int(last("USER").partition(":")[0])
