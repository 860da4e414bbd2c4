"""Whether whoever forgot a login or a password is sent a message (R4, R21)."""

from __future__ import annotations

from datetime import datetime

from habilitation.domain.credential import Credential
from habilitation.domain.user import User


def asked(credential: Credential | None, user: User | None, most: int, at: datetime) -> Credential | None:
    """The credential with one message more; None where none leaves, which nobody is told.

    First credentials have no user yet: they are the operator's to issue again (R4).
    """
    if credential is None or user is None or not user.is_open(at):
        return None
    return credential.asking(at, most)
