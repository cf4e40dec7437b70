"""The schema can be distributed over the nodes of a Citus cluster, and Citus plans the statements."""

import re

import pytest
from sqlalchemy import text

from adapters.sql.tables import metadata
from tests.integration.databases import Databases
from tests.integration.sql.citus_planner import problems
from tests.integration.sql.distribution import DISTRIBUTION, SCRIPT
from tests.integration.sql.rows import rows

# each unique index, primary keys included, with its columns
_UNIQUE = text(
    "SELECT indrelid::regclass::text, indexrelid::regclass::text, array_agg(attname::text) "
    "FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) "
    "WHERE indisunique AND indrelid::regclass::text = ANY (:tables) GROUP BY 1, 2"
)
_FOREIGN = text(
    "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
)
_NUMBERED = text(
    "SELECT DISTINCT atttypid::regtype::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND (attidentity <> '' OR atthasdef) "
    "AND pg_get_serial_sequence(attrelid::regclass::text, attname) IS NOT NULL"
)
_TRIGGERS = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
_STANDS_FOR_CITUS = text(
    "CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS ''"
)
_STANDS_FOR_CITUS_TOO = text(
    "CREATE FUNCTION create_distributed_table(name regclass, by text, colocate_with text) RETURNS int "
    "LANGUAGE sql AS 'SELECT attnum::int FROM pg_attribute WHERE attrelid = name AND attname = by'"
)


@pytest.fixture
def url(postgresql_server: Databases) -> str:
    """Give the URL of a migrated database of PostgreSQL."""
    return postgresql_server.migrated_url()


def test_every_table_is_distributed_once() -> None:
    named = re.findall(r"create_\w+_table\('(\w+)'", SCRIPT)

    assert sorted(named) == sorted({*metadata.tables, "alembic_version"})


async def test_the_script_names_tables_and_columns_that_there_are(url: str) -> None:
    for each in (_STANDS_FOR_CITUS, _STANDS_FOR_CITUS_TOO):
        await rows(url, each)
    statements = re.findall(r"^(?:SELECT|SET) .*;$", SCRIPT, re.MULTILINE)

    found = [[*await rows(url, text(each))] for each in statements]

    assert None not in [row[0] for each in found[-len(DISTRIBUTION.columns) :] for row in each]


async def test_each_unique_constraint_of_a_distributed_table_contains_what_it_is_distributed_by(
    url: str,
) -> None:
    found = [[*row] for row in await rows(url, _UNIQUE.bindparams(tables=[*DISTRIBUTION.columns]))]

    assert {table for table, _index, _columns in found} == DISTRIBUTION.columns.keys()
    assert [row for row in found if DISTRIBUTION.columns[row[0]] not in row[2]] == []


async def test_no_foreign_key_leads_from_or_to_a_distributed_table(url: str) -> None:
    found = await rows(url, _FOREIGN)

    assert [{*row} for row in found if not {*row} <= DISTRIBUTION.references] == []


async def test_every_node_can_number_rows(url: str) -> None:
    assert [*await rows(url, _NUMBERED)] == [("bigint",)]


async def test_no_table_has_a_trigger(url: str) -> None:
    assert [*await rows(url, _TRIGGERS)] == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        pytest.param(
            "SELECT invitation.patient_id FROM (SELECT unnest($1) AS digest) AS batch JOIN invitation ON "
            "invitation.code_digest = batch.digest FOR UPDATE",
            "FOR UPDATE over several shards",
            id="lock",
        ),
        pytest.param(
            "SELECT * FROM invitation JOIN audit_event ON audit_event.request_id = invitation.request_id",
            "joins audit_event and invitation, which are distributed by different values",
            id="join",
        ),
        pytest.param(
            "SELECT patient.id FROM patient LEFT OUTER JOIN invitation ON invitation.patient_id = patient.id",
            "an outer join whose inner side is distributed",
            id="outer-join",
        ),
        pytest.param(
            "SELECT code_digest FROM invitation WHERE EXISTS (SELECT 1 FROM patient "
            "WHERE patient.id = invitation.patient_id)",
            "a correlated subquery over several shards",
            id="correlated",
        ),
        pytest.param(
            "SELECT x.name FROM invitation JOIN LATERAL (SELECT * FROM organisation "
            "WHERE organisation.id = invitation.organisation_id LIMIT 1) AS x ON true",
            "a correlated subquery over several shards",
            id="lateral",
        ),
        pytest.param(
            "UPDATE patient SET deceased = $1 WHERE id IN (SELECT invitation.patient_id FROM invitation)",
            "a change of patient, which every node has, by what shards hold",
            id="reference-by-shards",
        ),
        pytest.param(
            "UPDATE invitation SET key_id = $1, code_digest = $2 WHERE invitation.code_digest = $3",
            "a change of invitation.code_digest, by which the table is distributed",
            id="moved",
        ),
        pytest.param(
            "UPDATE invitation SET revoked_at = now() WHERE invitation.patient_id = $1",
            "a volatile function in a change of invitation",
            id="volatile",
        ),
        pytest.param(
            "INSERT INTO audit_event (request_id) VALUES ($1) ON CONFLICT DO NOTHING",
            "ON CONFLICT of audit_event without request_id",
            id="conflict",
        ),
        pytest.param(
            "WITH gone AS (DELETE FROM invitation WHERE invitation.expires_at < now() RETURNING *) "
            "INSERT INTO deleted_invitation SELECT * FROM gone",
            "a volatile function in a change of invitation",
            id="inside",
        ),
    ],
)
def test_what_citus_does_not_plan_is_found(statement: str, problem: str) -> None:
    assert problem in problems(statement)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "SELECT patient.id FROM patient WHERE patient.id = $1 FOR UPDATE", id="lock-of-a-reference"
        ),
        pytest.param(
            "SELECT 1 FROM invitation JOIN patient ON patient.id = invitation.patient_id LEFT OUTER JOIN "
            "failed_claim ON failed_claim.patient_id = patient.id WHERE invitation.code_digest = $1 "
            "FOR UPDATE OF invitation",
            id="lock-on-one-shard",
        ),
        pytest.param(
            "INSERT INTO remembered_request (key_digest) VALUES ($1) ON CONFLICT (key_digest) DO NOTHING",
            id="conflict-on-one-shard",
        ),
    ],
)
def test_what_citus_plans_is_no_problem(statement: str) -> None:
    assert problems(statement) == []
