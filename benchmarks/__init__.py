"""Benchmarks. Each is a command that prints its results."""
