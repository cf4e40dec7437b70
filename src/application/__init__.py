"""What the service does for its users, and the ports through which it reaches the outside world."""
