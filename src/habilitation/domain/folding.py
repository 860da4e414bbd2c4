"""How names are compared when people are listed and searched: without case or accents.

No result is kept at hand: a name that was erased from the store would live on there (R18).
"""

from __future__ import annotations

import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """The text in lower case, its accents taken off: ``Œuvrard`` becomes ``oeuvrard``, ``José`` ``jose``."""
    bare = text.casefold().translate(LIGATURES)
    if bare.isascii():
        return bare
    plain = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return plain if plain == bare else folded(plain)  # taking a letter apart may leave a capital, or a ligature
