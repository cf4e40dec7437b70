"""Run as `python -m entrypoints`: the command `invitations`."""

from entrypoints.cli import main

main()
