"""The texts that the operator has shown at first authentication (R5)."""

from __future__ import annotations

from typing import Protocol

from attrs import frozen


@frozen
class FirstAuthenticationText:
    """What the first person is shown; ``version`` names these very words, and is what the claim acknowledges."""

    version: str
    message: str
    notice: str
    """The operator's information notice."""
    responsibility: str
    """What the administrator answers for."""


class OperatorTexts(Protocol):
    """Gives the texts in force."""

    def first_authentication(self) -> FirstAuthenticationText: ...
