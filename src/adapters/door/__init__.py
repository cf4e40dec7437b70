"""What every door does alike: request ids, lines in the log, a bound on what is in work."""
