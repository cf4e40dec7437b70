"""What the use cases need from the outside world, one port a module."""
