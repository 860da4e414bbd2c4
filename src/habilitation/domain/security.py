"""What the security log tells, beside the journal: sign-ins, refused acts, readings (R43).

Ids and codes: nothing that anybody typed, and no login.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import evolve, frozen

from habilitation.domain.actors import Asking, Author, Member
from habilitation.domain.values import OrganizationId, UserId

Shown = OrganizationId | Member
"""Whose data a reading returned: an organization's, or that of a user of it (R36)."""


def organization_of(shown: Shown) -> OrganizationId:
    """The organization that it is, or that the user is of."""
    return shown.organization if isinstance(shown, Member) else shown


class LineKind(Enum):
    """What sort of thing happened."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    ACT_REFUSED = "act-refused"
    EMAIL_OBJECTED = "email-objected"
    """From its old address, to a change of address that somebody else asked for (R13)."""
    READ = "read"


@frozen
class SecurityFact:
    """Something that happened. The subject of a failed sign-in is the user whose login was tried, if any."""

    kind: LineKind
    organization: OrganizationId | None = None
    """None where it is about none that exists, or about several."""
    actor: Author | Asking | None = None
    """Who it was, as far as that was proved; a member is of ``organization``."""
    subjects: frozenset[UserId] = frozenset()
    """The users of ``organization`` whom it is about: of a reading, all whose data it returned (R36)."""
    act: str = ""
    """The code of what was asked: ``create-user``."""
    purpose: str = ""
    """The code of what it was asked for."""
    refusal: str = ""
    """The code of what it was refused with."""
    source: str = ""
    """Where a sign-in came from, as the embedder names it."""
    elsewhere: frozenset[Shown] = frozenset()
    """Of a reading over several organizations, what else it returned: them, or users of theirs (R36)."""

    def without(self, organization: OrganizationId) -> SecurityFact:
        """The same, of several organizations, once that one is gone."""
        left = frozenset(each for each in self.elsewhere if organization_of(each) != organization)
        return evolve(self, elsewhere=left)


@frozen
class SecurityLine:
    """A fact, when it happened, and an id; ids are in the order of writing."""

    id: str
    at: datetime
    fact: SecurityFact
