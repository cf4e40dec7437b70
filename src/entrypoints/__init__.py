"""The composition root: settings, containers, processes and commands."""
