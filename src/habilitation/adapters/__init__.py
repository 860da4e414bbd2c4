"""The outside world: stores, mail, passwords, the command line. Adapters do not know each other."""
