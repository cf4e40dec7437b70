"""Batches of rows as the parameters of one statement, and the staging of larger ones."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct, json
from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    FromClause,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever msgspec can write
    """Encode a value as JSON."""
    return json.encode(value).decode()


def parameter(column: Column[Any]) -> BindParameter[Any]:
    """Name a parameter after its table and column, so that statements can be joined."""
    return bindparam(f"{column.table.name}_{column.name}", type_=column.type)


DIGEST_BYTES = 32
"""The width of each value of a binary column."""

# SQLAlchemy keeps a UUID in SQLite as 32 hexadecimal digits
_encoder = json.Encoder(uuid_format="hex")


class BatchColumn(Struct, frozen=True):
    """A column of a batch. The values of a binary one are `DIGEST_BYTES` wide."""

    name: str
    type: TypeEngine[Any]

    @property
    def parameter(self) -> str:
        """The name of the bound parameter that carries the column."""
        return f"batch_{self.name}"

    @property
    def is_binary(self) -> bool:
        """Whether JSON cannot hold the values."""
        return isinstance(self.type, LargeBinary)


class ArrayBatch:
    """Rows as one array a column, for PostgreSQL."""

    def __init__(self, *columns: BatchColumn) -> None:
        """`rows` can be selected from; its column `position` counts from 0."""
        self._columns = columns
        arrays = [bindparam(each.parameter, type_=ARRAY(each.type)) for each in columns]
        unnested = (
            func.unnest(*arrays)
            .table_valued(*(column(each.name, each.type) for each in columns), with_ordinality="ordinality")
            .render_derived(name="unnested")
        )
        self.rows: FromClause = select(
            (unnested.c.ordinality - 1).label("position"), *(unnested.c[each.name] for each in columns)
        ).subquery("batch")

    def parameters(self, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
        """Give the parameters that make `rows` the content of the batch."""
        values = zip(*rows, strict=True) if rows else [()] * len(self._columns)
        return {each.parameter: list(column) for each, column in zip(self._columns, values, strict=True)}


class JsonBatch:
    """Rows as one JSON text, for SQLite; a binary column comes beside it, its values end to end."""

    def __init__(self, *columns: BatchColumn) -> None:
        """`rows` can be selected from; its column `position` counts from 0."""
        self._columns = columns
        self._texts = [index for index, each in enumerate(columns) if not each.is_binary]
        each_row = func.json_each(bindparam("batch_rows", type_=Text)).table_valued("key", "value")
        self.rows: FromClause = select(
            each_row.c.key.label("position"),
            *(
                func.substr(
                    bindparam(each.parameter, type_=each.type),
                    each_row.c.key * DIGEST_BYTES + 1,
                    DIGEST_BYTES,
                    type_=each.type,
                ).label(each.name)
                if each.is_binary
                else func.json_extract(
                    each_row.c.value, f"$[{self._texts.index(index)}]", type_=each.type
                ).label(each.name)
                for index, each in enumerate(columns)
            ),
        ).subquery("batch")

    def parameters(self, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
        """Give the parameters that make `rows` the content of the batch."""
        texts = [[row[index] for index in self._texts] for row in rows]
        binaries = {
            each.parameter: b"".join(row[index] for row in rows)
            for index, each in enumerate(self._columns)
            if each.is_binary
        }
        return {"batch_rows": _encoder.encode(texts).decode(), **binaries}


class Staging(Protocol):
    """A set of rows that lasts as long as the transaction that fills it."""

    rows: FromClause
    """The rows that statements select from."""

    async def fill(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
        """Stage rows; return the parameters that statements on them need."""
        ...


class JsonStaging(Staging):
    """Rows as one JSON text, a parameter of SQLite's statements."""

    def __init__(self, *columns: BatchColumn) -> None:
        """Stage rows with these columns."""
        self._batch = JsonBatch(*columns)
        self.rows = self._batch.rows

    async def fill(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:  # noqa: ARG002 - nothing is sent before the statements
        """Stage rows; return the parameters that statements on them need."""
        return self._batch.parameters(rows)


class CopyStaging(Staging):
    """Rows in a temporary table of PostgreSQL, written by COPY, which is fastest."""

    def __init__(self, name: str, *columns: BatchColumn) -> None:
        """`name` must be unique within a transaction; the rows have these columns."""
        self._table = Table(
            name,
            MetaData(),
            *(Column(each.name, each.type) for each in columns),
            prefixes=["TEMPORARY"],
            postgresql_on_commit="DROP",
        )
        self._names = [each.name for each in columns]
        self.rows = self._table

    async def fill(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
        """Stage rows; statements on them need no parameters."""
        # SQLAlchemy makes the table, so that its transaction begins before the driver copies into it
        await connection.execute(CreateTable(self._table))
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            raise RuntimeError("there is no driver below the connection")
        await driver.copy_records_to_table(self._table.name, records=rows, columns=self._names)
        return {}
