"""The use cases of operators: organisations, grants, patients, audit, purge."""
