"""The lock files, and the proof that they are closed."""
