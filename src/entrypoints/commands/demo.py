"""The command `demo`."""

import signal
from pathlib import Path

import click

from entrypoints.demo.walkthrough import run_demo


@click.command()
@click.option(
    "--keep-running", is_flag=True, help="Keep the service running and print a curl command that calls it."
)
@click.option(
    "--sample",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path),
    help="Keep the service running, and make a new DIRECTORY with 20,000 made-up patients that it knows "
    "(patients.csv) and with the settings for `generate` (environment).",
)
def demo(*, keep_running: bool, sample: Path | None) -> None:
    """Show the service at work: sample patients, a real HTTP call, the answer explained.

    Makes a database, an OAuth key and a service of its own, and removes them at the end. Needs no
    settings.
    """
    # SIGTERM ends it like Ctrl-C, and so does SIGINT, which a shell's background jobs ignore
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, signal.default_int_handler)
    run_demo(keep_running=keep_running, sample=sample)
