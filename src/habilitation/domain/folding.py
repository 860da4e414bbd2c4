"""How names are compared when people are listed and searched: without case or accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The text in lower case, its accents taken off: ``Œuvrard`` becomes ``oeuvrard``, ``José`` ``jose``."""
    bare = text.casefold().translate(LIGATURES)
    if bare.isascii():
        return bare
    plain = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return plain if plain == bare else folded(plain)  # taking a letter apart may leave a capital, or a ligature
