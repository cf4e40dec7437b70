"""The commands, one command or group a module."""
