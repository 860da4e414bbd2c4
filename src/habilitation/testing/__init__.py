"""For whoever writes an adapter or embeds the library: contracts, strategies, a stateful machine, fakes, a small world."""
