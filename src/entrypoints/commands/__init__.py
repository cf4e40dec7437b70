"""What an operator can do from a shell, one command or group a module."""
