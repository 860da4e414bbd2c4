"""For whoever writes an adapter or embeds the library: contracts, strategies, a machine, fakes, a world."""
