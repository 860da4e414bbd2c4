"""Programs that have a portal in them, each on a web framework: see the README."""
