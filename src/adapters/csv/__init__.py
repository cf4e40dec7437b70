"""CSV files of patients, identifiers and addressees."""
