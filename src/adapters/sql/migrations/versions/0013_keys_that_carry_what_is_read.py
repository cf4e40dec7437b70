"""Keys that carry what a batch reads, so that PostgreSQL finds all of it in the index.

In SQLite, keys have no columns besides, and a key is changed by copying its table.
"""

from collections.abc import Sequence

from alembic import op
from msgspec import Struct

revision = "0013"
down_revision = "0012"
oldest_served = "0005"

_VACUUM = {"autovacuum_vacuum_insert_scale_factor": 0.02, "autovacuum_vacuum_scale_factor": 0.02}
"""A page is read from the index alone if it was vacuumed since it changed. The default waits for a fifth."""


class _Key(Struct, frozen=True):
    table: str
    columns: list[str]
    included: Sequence[str]
    former: list[str]


_IDENTIFIERS = _Key("patient_identifier", ["value", "system"], ["patient_id"], ["system", "value"])
_PATIENTS = _Key("patient", ["id"], ["date_of_birth", "deceased", "registered_at", "has_holds"], ["id"])
_KEYS = (_IDENTIFIERS, _PATIENTS)
_READ = ("patient", "patient_identifier", "care_relationship")


def upgrade() -> None:
    """Exchange the keys; on large tables their indexes are made beforehand, concurrently."""
    if op.get_context().dialect.name != "postgresql":
        _copy_with_key(_IDENTIFIERS.table, _IDENTIFIERS.columns)
        return
    for key in _KEYS:
        index = f"uq_{key.table}_read"
        op.create_index(
            index, key.table, key.columns, unique=True, postgresql_include=key.included, if_not_exists=True
        )
        op.drop_constraint(f"pk_{key.table}", key.table)
        op.execute(f"ALTER TABLE {key.table} ADD CONSTRAINT pk_{key.table} PRIMARY KEY USING INDEX {index}")
    for table in _READ:
        settings = ", ".join(f"{name} = {value}" for name, value in _VACUUM.items())
        op.execute(f"ALTER TABLE {table} SET ({settings})")


def downgrade() -> None:
    """Bring the earlier keys back; PostgreSQL then makes their indexes."""
    if op.get_context().dialect.name != "postgresql":
        _copy_with_key(_IDENTIFIERS.table, _IDENTIFIERS.former)
        return
    for table in _READ:
        op.execute(f"ALTER TABLE {table} RESET ({', '.join(_VACUUM)})")
    for key in _KEYS:
        op.drop_constraint(f"pk_{key.table}", key.table)
        op.create_primary_key(f"pk_{key.table}", key.table, key.former)


def _copy_with_key(table: str, columns: list[str]) -> None:
    with op.batch_alter_table(table) as change:
        change.drop_constraint(f"pk_{table}", type_="primary")
        change.create_primary_key(f"pk_{table}", columns)
