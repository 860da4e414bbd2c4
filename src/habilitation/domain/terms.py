"""On what terms an act is asked for: once for one key, and only on what is still as it was seen.

A *version* is the sequence of the last event about something, in its own journal: 0 where there is none. It tells
whether that was acted on since, and nothing more: what a view shows besides comes with the clock, the catalog and
whoever reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Set
from datetime import datetime

from attrs import Attribute, field, frozen

from habilitation.domain.actors import Author, Member
from habilitation.domain.refusals import ChangedMeanwhile, DoneAlready, KeyMalformed, KeyReused, Refusal
from habilitation.domain.values import AgreementId, OrganizationId, UserId

LONGEST_KEY = 255


@frozen
class Unchanged:
    """Demand that something is as it was seen: the user, or else the agreement, or else what the act is asked of.

    That is the organization itself with its seat and its agreements or, where the act is on it, the catalog.
    """

    version: int
    user: UserId | None = None
    agreement: AgreementId | None = None

    def require(self, present: int) -> None:
        """Refuse if that is not its version any more."""
        if present != self.version:
            raise ChangedMeanwhile(present)


def _usable(_: object, __: Attribute[str | None], key: str | None) -> None:
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise KeyMalformed(LONGEST_KEY)


@frozen
class Terms:
    """What an act is asked under. Raises ``KeyMalformed``."""

    unchanged: Unchanged | None = None
    """Else the act is refused as ``changed-meanwhile``, unless the actor may not see what was changed (R37)."""
    key: str | None = field(default=None, validator=_usable)
    """Whoever asks again with it in the organization, for the same, is told ``done-already``; for ``Limits.key``.

    One's own, and best random: a UUID. An act that was refused leaves none behind.
    """


NO_TERMS = Terms()


@frozen
class Errand:
    """What was asked under a key, by whom: digests, in which nothing can be read by whoever has not the key (R41)."""

    key: str
    asked: str


@frozen
class Done:
    """That an act was done under a key, and where that led."""

    errand: Errand
    at: datetime
    sequence: int
    """Of the last event of the journal when it was done."""
    organization: OrganizationId | None = None
    """Where it was done; None for the catalog."""
    user: UserId | None = None
    agreement: AgreementId | None = None
    """Whom or what its first event is about, if it left any and that is a user or an agreement."""

    def refusal(self, errand: Errand) -> Refusal:
        """What to tell whoever comes with the same key."""
        if errand.asked != self.errand.asked:
            return KeyReused()
        return DoneAlready(self.sequence, self.organization, self.user, self.agreement)


def errand(key: str, by: Author, act: str, asked: object) -> Errand:
    """A key is its actor's own: with another's, or for something else, no digest is the same."""
    owner = f"user {by.organization} {by.user}" if isinstance(by, Member) else f"operator {by.agent}"
    return Errand(_digest([owner, key]), _digest([owner, key, act, spelled(asked)]))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def spelled(asked: object) -> str:
    """A text that is the same for what is asked alike, in any process: sets have an order in it."""
    if isinstance(asked, Set):
        return f"{{{','.join(sorted(map(spelled, asked)))}}}"
    if isinstance(asked, tuple | list):
        return f"({','.join(map(spelled, asked))})"
    declared = getattr(asked, "__attrs_attrs__", ())
    if declared:
        said = (f"{one.name}={spelled(getattr(asked, one.name))}" for one in declared)
        return f"{type(asked).__name__}({','.join(said)})"
    return repr(asked)
