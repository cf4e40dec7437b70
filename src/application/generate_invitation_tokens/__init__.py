"""Use case: invite patients by their national identifiers, and its steps."""
