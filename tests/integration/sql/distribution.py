"""How `distribute.sql` distributes the tables over the nodes of a Citus cluster."""

import re
from collections.abc import Mapping

from msgspec import Struct

from tests.integration.architecture.source import ROOT

SCRIPT = (ROOT / "deploy" / "citus" / "distribute.sql").read_text()

_REFERENCE = re.compile(r"create_reference_table\('(\w+)'\)")
_DISTRIBUTED = re.compile(r"create_distributed_table\('(\w+)', '(\w+)'")


class Distribution(Struct, frozen=True):
    """The tables that every node has, and the column by whose values each other one is distributed."""

    references: frozenset[str]
    columns: Mapping[str, str]


DISTRIBUTION = Distribution(frozenset(_REFERENCE.findall(SCRIPT)), dict(_DISTRIBUTED.findall(SCRIPT)))
