"""The use case that invites patients by their national identifiers, and its steps."""
