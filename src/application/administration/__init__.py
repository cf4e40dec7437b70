"""What operators do: organisations, grants, patients, audit, purge."""
