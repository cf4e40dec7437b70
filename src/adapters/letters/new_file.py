"""Files that are there whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read."""
    # the one beside it, which takes its name when it is complete, is made for its owner alone
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as beside:
        try:
            beside.write(content)
            beside.flush()
            os.fsync(beside.fileno())
            Path(beside.name).rename(path)
        except BaseException:
            Path(beside.name).unlink()
            raise
