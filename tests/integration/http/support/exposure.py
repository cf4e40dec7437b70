"""The secrets, and every output that might show them."""

from base64 import b64decode
from collections import defaultdict
from pathlib import Path

from msgspec import json
from sqlalchemy import make_url, select

from adapters.sql.tables import audit_event, invitation, metadata, remembered_request
from tests.integration.http.support.processes import workers_of
from tests.integration.sql.rows import rows


class Exposure:
    """The texts of each output, and the secrets of each kind."""

    def __init__(self) -> None:
        self.shown: defaultdict[str, list[str]] = defaultdict(list)
        self.secrets: defaultdict[str, list[str]] = defaultdict(list)

    def show(self, place: str, *texts: str) -> None:
        self.shown[place] += texts

    def hide(self, kind: str, *secrets: str) -> None:
        self.secrets[kind] += secrets

    def found(self, place: str, kind: str) -> list[str]:
        text = "\n".join(self.shown[place])
        return [secret for secret in self.secrets[kind] if secret in text]

    def show_processes(self, pid: int) -> None:
        """Read the arguments and the environment of a process and its children, like `ps`."""
        for each in (pid, *workers_of(pid)):
            self.show("process arguments", Path(f"/proc/{each}/cmdline").read_text())

    def show_audit_export(self, lines: str) -> None:
        """Look at exported audit events, and into the details of theirs that are in base64."""
        for line in lines.splitlines():
            details = [detail["value"] for each in json.decode(line)["entity"] for detail in each["detail"]]
            self.show("exported audit events", line, *(b64decode(each).decode() for each in details))

    async def show_database(self, url: str) -> None:
        """Look at every row, and on SQLite at every byte."""
        for table in metadata.sorted_tables:
            content = repr(await rows(url, select(table)))
            self.show("database", content)
            if table in {audit_event, invitation, remembered_request}:
                self.show("records", content)
        if url.startswith("sqlite"):
            file = Path(make_url(url).database or "")
            for each in file.parent.glob(f"{file.name}*"):
                self.show("database", each.read_bytes().decode("latin-1"))
