"""Whether whoever forgot a login or a password is sent a message (R4, R21)."""

from __future__ import annotations

from datetime import datetime

from habilitation.domain.authority import require_open
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import Refusal
from habilitation.domain.user import User


def asked(
    credential: Credential | None, user: User | None, organization: Organization | None, most: int, at: datetime
) -> Credential | None:
    """The credential with one message more; None where none leaves, which nobody is told.

    It leaves for whom the right password would let in (R1, R17). First credentials have no user yet: they are the
    operator's to issue again (R4). Whom an identity provider signs in has neither to forget (R44).
    """
    if credential is None or user is None or credential.standing is Standing.IDENTITY:
        return None
    try:
        require_open(user, organization, at)
    except Refusal:
        return None
    return credential.asking(at, most)
