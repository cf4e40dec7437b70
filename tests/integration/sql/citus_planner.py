"""What Citus does not plan, as far as the statements of the service could need it.

docs/operations/scale.md lists the rules with their sources.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from tests.integration.sql.distribution import DISTRIBUTION

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\d+|::|\w+|<=|>=|!=|<>|\S")
_COMMANDS = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}
_VOLATILE = {
    "now",
    "random",
    "clock_timestamp",
    "statement_timestamp",
    "gen_random_uuid",
    "nextval",
    "set_config",
}
_ONE_SHARD_ONLY = ("FOR UPDATE", "FOR SHARE", "TABLESAMPLE", "GROUPING SETS", "RECURSIVE")

Tokens: TypeAlias = Sequence[str]


class Query(Struct):
    """A query and those inside it, as tokens: the inner ones are left out of the outer one's."""

    outer: "Query | None" = None
    tokens: list[str] = field(default_factory=list)
    inner: list["Query"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.tokens)

    @property
    def tables(self) -> set[str]:
        """The tables that this query itself names, other than as the first part of a column's name."""
        known = {*DISTRIBUTION.references, *DISTRIBUTION.columns}
        around = zip(["", *self.tokens], self.tokens, [*self.tokens[1:], ""], strict=False)
        return {each for before, each, after in around if each in known and "." not in {before, after}}

    @property
    def distributed(self) -> set[str]:
        return self.tables & DISTRIBUTION.columns.keys()

    @property
    def referred(self) -> set[str]:
        """The tables whose columns this query and those inside it name."""
        qualified = {each for each, after in zip(self.tokens, self.tokens[1:], strict=False) if after == "."}
        return qualified.union(*(each.referred for each in self.inner))

    @property
    def is_of_one_shard(self) -> bool:
        """Whether its one distributed table is asked for one value of its distribution column."""
        if len(self.distributed) != 1:
            return not self.distributed
        [table] = self.distributed
        return bool(re.search(rf"\b{table} \. {DISTRIBUTION.columns[table]} = \$", self.text))

    def all(self) -> Iterator["Query"]:
        yield self
        for each in self.inner:
            yield from each.all()


def problems(statement: str) -> list[str]:
    """Say what Citus does not plan in a statement."""
    return [problem for query in _parsed(statement).all() for problem in _problems(query)]


def _parsed(statement: str) -> Query:
    tokens = _TOKEN.findall(statement)
    query = whole = Query()
    ends: list[bool] = []
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        if token == "(":
            ends.append(after.upper() in _COMMANDS)
            if ends[-1]:
                inner = Query(outer=query)
                query.inner.append(inner)
                query = inner
                continue
        elif token == ")" and ends.pop():
            query = query.outer or whole
            continue
        query.tokens.append(token)
    return whole


def _problems(query: Query) -> Iterator[str]:
    if len(query.distributed) > 1:
        yield f"joins {' and '.join(sorted(query.distributed))}, which are distributed by different values"
    if not query.is_of_one_shard:
        yield from (f"{each} over several shards" for each in _ONE_SHARD_ONLY if each in query.text)
        if re.search(rf"OUTER JOIN (?:{'|'.join(query.distributed)})\b", query.text):
            yield "an outer join whose inner side is distributed"
        if "LATERAL" in query.tokens or any(_is_correlated(each) for each in query.inner):
            yield "a correlated subquery over several shards"
    yield from _problems_of_change(query)


def _is_correlated(inner: Query) -> bool:
    outer: Collection[str] = inner.outer.tables if inner.outer else ()
    return bool(inner.referred & {*outer} - inner.tables)


def _problems_of_change(query: Query) -> Iterator[str]:
    changed = re.match(r"(INSERT INTO|UPDATE|DELETE FROM) (\w+)", query.text)
    if changed is None:
        return
    command, table = changed.groups()
    read = {name for each in query.inner for inner in each.all() for name in inner.distributed}
    if command != "INSERT INTO" and table in DISTRIBUTION.references and (read | query.distributed):
        yield f"a change of {table}, which every node has, by what shards hold"
    if table not in DISTRIBUTION.columns:
        return
    column = DISTRIBUTION.columns[table]
    if command == "UPDATE" and re.search(rf"(SET|,) {column} =", query.text.partition(" WHERE ")[0]):
        yield f"a change of {table}.{column}, by which the table is distributed"
    if command != "INSERT INTO" and _VOLATILE & {*query.tokens}:
        yield f"a volatile function in a change of {table}"
    conflict = re.search(r"ON CONFLICT (\( [^)]*\))?", query.text)
    if conflict and column not in (conflict[1] or ""):
        yield f"ON CONFLICT of {table} without {column}"
