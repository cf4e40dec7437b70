"""Describes the machine and the software of a run."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = (
    "granian",
    "litestar",
    "msgspec",
    "sqlalchemy",
    "asyncpg",
    "fastapi",
    "uvicorn",
    "fhir-resources",
)
_GIBIBYTE = 1024**3


def machine() -> str:
    """Describe the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIBIBYTE
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.release()}"
    )


def software() -> str:
    """List the versions of the software."""
    libraries = ", ".join(f"{library} {version(library)}" for library in _LIBRARIES)
    return f"Python {platform.python_version()}, {libraries}"


def load_average() -> float:
    """Give the load average of the last minute."""
    return os.getloadavg()[0]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
