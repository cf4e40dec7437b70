"""The standard streams of a command, which its parent may have closed."""

import os
import sys

_INPUT, _OUTPUT, _ERROR = 0, 1, 2


def open_closed_streams() -> None:
    """Put /dev/null in the place of standard input and standard error if they are closed.

    The next file to be opened would get their number: the event loop aborts at that, and what libraries write
    to standard error would end in the file. Raises OSError if standard output is closed: what a command
    prints would be lost without an error.
    """
    closed = [number for number in (_INPUT, _OUTPUT, _ERROR) if _is_closed(number)]
    for number in closed:
        # gives the lowest number that is free
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - os has it so
        if number == _INPUT:
            sys.stdin = open(number, encoding="utf-8", closefd=False)  # noqa: SIM115 - a number, for good
        elif number == _ERROR:
            sys.stderr = open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a number, for good
    if _OUTPUT in closed:
        raise OSError


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False
