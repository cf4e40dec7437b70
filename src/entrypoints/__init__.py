"""Settings, the one place where everything is put together, processes and commands."""
