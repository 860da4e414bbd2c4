"""Mail or post, as each letter's address says (R4)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.messages import Letter
from habilitation.domain.values import PostalAddress
from habilitation.ports.transport import Transport


@frozen
class ByAddress:
    """The ``Transport`` that leaves each letter to another one: ``post`` if it has a postal address, else ``mail``."""

    mail: Transport
    post: Transport

    def send(self, letter: Letter) -> None:
        (self.post if isinstance(letter.to, PostalAddress) else self.mail).send(letter)
