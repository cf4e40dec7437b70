"""The floor on the tables of 2026-11-22, which a target names: its statements do not change any more."""

from benchmarks.floor import Floor

_READ = """
SELECT named.position, patient.id, patient.date_of_birth, patient.deceased,
       patient.registered_at IS NOT NULL, care_relationship.patient_id IS NOT NULL
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS named (system, value, position)
JOIN patient_identifier USING (system, value)
JOIN patient ON patient.id = patient_identifier.patient_id
LEFT JOIN care_relationship
  ON care_relationship.organisation_id = $1 AND care_relationship.patient_id = patient.id
"""

_WRITE = """
WITH audited AS (
  INSERT INTO audit_event
    (request_id, recorded_at, operation, outcome,
     client_id, organisation_id, asked, issued, omitted, patients)
  VALUES ($5, $7, 'generate-invitation-tokens', 'carried-out', $9, $4, $10, $11, '{}', $12)
)
INSERT INTO invitation (patient_id, code_digest, token_digest,
                        organisation_id, request_id, key_id, issued_at, expires_at)
SELECT drawn.*, $4, $5, $6, $7, $8 FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS drawn
"""


class FirstFloor(Floor):
    """The same work by the statements of that day."""

    name = "floor of 2026-11-22"
    read = _READ
    write = _WRITE
