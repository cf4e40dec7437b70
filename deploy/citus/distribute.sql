-- Distributes the tables of the service over the workers of a Citus cluster (docs/operations/scale.md).
-- Run it once on the coordinator, after `invitations db upgrade` and before any patient is imported:
--
--     psql --set=ON_ERROR_STOP=1 --single-transaction --file=deploy/citus/distribute.sql "$CITUS_URL"

-- two for each of three workers: a batch of random patients asks all of them
SET LOCAL citus.shard_count = 6;

-- on every node: what a call reads of patients, organisations and clients, and what is small
SELECT create_reference_table('alembic_version');
SELECT create_reference_table('schema_compatibility');
SELECT create_reference_table('key_check');
SELECT create_reference_table('organisation');
SELECT create_reference_table('client_grant');
SELECT create_reference_table('redemption_grant');
SELECT create_reference_table('patient');
SELECT create_reference_table('patient_identifier');
SELECT create_reference_table('care_relationship');
SELECT create_reference_table('patient_hold');
SELECT create_reference_table('patient_change');
SELECT create_reference_table('failed_claim');
SELECT create_reference_table('command_event');
SELECT create_reference_table('deleted_invitation');

-- by shard: what grows with each call
SELECT create_distributed_table('invitation', 'code_digest', colocate_with => 'none');
SELECT create_distributed_table('audit_event', 'request_id', colocate_with => 'none');
SELECT create_distributed_table('remembered_request', 'key_digest', colocate_with => 'none');
