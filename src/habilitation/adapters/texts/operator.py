"""What the operator has the first person shown, and acknowledge (R5): texts in a file, which may be replaced."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from attrs import frozen

from habilitation.ports.notices import FirstAuthenticationText

NAMES = ("message", "notice", "responsibility")


@frozen
class DefaultOperatorTexts:
    """The ``OperatorTexts`` that come with the library, or an operator's own; made by ``in_language``."""

    words: Mapping[str, str]

    @classmethod
    def in_language(cls, language: str, own: Path | None = None) -> DefaultOperatorTexts:
        """The texts in ``fr`` or ``en``, but for those that the TOML file ``own`` has of the same names.

        A file that cannot be read, or has anything but texts of those names, raises ``OSError`` or ``ValueError``.
        """
        default = files(__package__) / f"operator.{language}.toml"
        if not default.is_file():
            raise ValueError(f"there are no operator's texts in the language {language!r}")
        words = _parsed(default.read_text("utf-8"))
        return cls(words | _parsed(own.read_text("utf-8")) if own else words)

    def first_authentication(self) -> FirstAuthenticationText:
        """The texts; their version is a hash of the very words, so that changed words must be acknowledged anew."""
        return _versioned(*(self.words[name] for name in NAMES))


@cache
def _versioned(message: str, notice: str, responsibility: str) -> FirstAuthenticationText:
    words = "\0".join((message, notice, responsibility))
    return FirstAuthenticationText(hashlib.sha256(words.encode()).hexdigest()[:12], message, notice, responsibility)


def _parsed(text: str) -> dict[str, str]:
    words = tomllib.loads(text)
    for name, value in words.items():
        if name not in NAMES or not isinstance(value, str) or not value.strip():
            raise ValueError(f"the operator's texts are {', '.join(NAMES)}, each a text: {name!r} is not")
    return {name: value.strip() for name, value in words.items()}
