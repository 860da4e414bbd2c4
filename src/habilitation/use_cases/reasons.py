"""Reading why the operator acts: a code for the journal, a text that can be erased (R40, R41)."""

from __future__ import annotations

from habilitation.domain.requests import Reason
from habilitation.domain.values import Paper, code, free_text
from habilitation.ports.secrets import Secrets


def read_note(reason: Reason, secrets: Secrets) -> Paper | None:
    """The erasable text, if there is one; a reason without a proper code is refused."""
    code(reason.code, "reason")
    text = free_text(reason.text, "reason")
    return Paper(text, secrets.salt()) if text else None
