"""Authenticates callers by their OAuth access tokens."""
