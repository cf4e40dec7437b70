"""Files that appear when they are complete."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read. It appears when it is complete."""
    # a temporary file is its owner's alone from the start
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as unfinished:
        try:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            Path(unfinished.name).rename(path)
        except BaseException:
            Path(unfinished.name).unlink()
            raise
