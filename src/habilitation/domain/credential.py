"""What a user signs in with, by generation (R19, R20, R23); its lifecycle as a table.

Pure: hashes are made and verified by a port, and come in as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

from attrs import evolve as changed
from attrs import field, frozen

from habilitation.domain.actors import Stage
from habilitation.domain.refusals import CredentialsExpired, PasswordExpired
from habilitation.domain.values import Login, OrganizationId, UserId

A_DAY = timedelta(days=1)


class Standing(Enum):
    """What opens an account at present."""

    FIRST = "first credentials"
    PROVISIONAL = "provisional password"
    OWN = "password of one's own"
    IDENTITY = "identity at a provider"
    VOID = "nothing"


class Turn(Enum):
    """What can happen to a credential."""

    CHOOSE = "a password is chosen"
    ISSUE = "first credentials are sent again"
    BIND = "an identity is bound"
    UNBIND = "the identity is unbound"
    KILL = "the credential is replaced or withdrawn"


CREDENTIAL_LIFECYCLE: Mapping[tuple[Standing, Turn], Standing] = {
    (Standing.FIRST, Turn.CHOOSE): Standing.OWN,
    (Standing.FIRST, Turn.KILL): Standing.VOID,
    (Standing.PROVISIONAL, Turn.CHOOSE): Standing.OWN,
    (Standing.PROVISIONAL, Turn.ISSUE): Standing.PROVISIONAL,
    (Standing.OWN, Turn.CHOOSE): Standing.OWN,
    (Standing.PROVISIONAL, Turn.KILL): Standing.VOID,
    (Standing.OWN, Turn.ISSUE): Standing.PROVISIONAL,
    (Standing.OWN, Turn.KILL): Standing.VOID,
    (Standing.FIRST, Turn.BIND): Standing.IDENTITY,
    (Standing.PROVISIONAL, Turn.BIND): Standing.IDENTITY,
    (Standing.OWN, Turn.BIND): Standing.OWN,
    (Standing.OWN, Turn.UNBIND): Standing.OWN,
    (Standing.IDENTITY, Turn.BIND): Standing.IDENTITY,
    (Standing.IDENTITY, Turn.UNBIND): Standing.PROVISIONAL,
    (Standing.IDENTITY, Turn.ISSUE): Standing.PROVISIONAL,
    (Standing.IDENTITY, Turn.KILL): Standing.VOID,
}


@frozen
class Minted:
    """A password that a delivery made up: its hash, and when it left."""

    hash: str = field(repr=False)
    at: datetime


@frozen
class Credential:
    """A user's login and what it is proved by. A *generation* is one thing to prove it by, and its sessions."""

    organization: OrganizationId
    user: UserId
    login: Login | None
    """None once the credential is dead: the registry keeps the login's hash (R41)."""
    standing: Standing
    generation: int = 1
    minted: tuple[Minted, ...] = ()
    used: bool = False
    """Whether a minted password of this generation has opened the account (R20)."""
    chosen: str | None = field(default=None, repr=False)
    """The hash of the password of one's own."""
    identity: str | None = field(default=None, repr=False)
    """The digest of the identity that opens the account (R44); no other account of the organization has it."""
    expires: datetime | None = None
    """When an organization's first credentials die (R4)."""
    asked: tuple[datetime, ...] = ()
    """When somebody who forgot a login or a password had a message sent, over the last day or more (R21)."""
    opened: bool = False
    """Whether anybody ever signed in with it, or chose a password, in whatever generation (R13)."""
    version: int = 0
    """Moved by each change; a change over a stale version is a conflict."""

    @property
    def stage(self) -> Stage:
        return _STAGES[self.standing]

    @property
    def mintable(self) -> bool:
        """Whether a password may still be made up for this generation: only while nobody used one of it (R20)."""
        return not self.used and self.standing in _MINTED

    def minting(self, hash: str, at: datetime) -> Credential:
        """One more password that works, until one of the generation is used (R20)."""
        return self._next(minted=(*self.minted, Minted(hash, at)))

    def using(self, minted: Minted) -> Credential:
        """The password that was used goes on working until one is chosen; its siblings are dead (R19, R20)."""
        return self._next(minted=(minted,), used=True, opened=True)

    def choosing(self, hash: str) -> Credential:
        """A password of one's own: a new generation, so that earlier sessions and passwords are dead (R19, R23)."""
        standing = CREDENTIAL_LIFECYCLE[self.standing, Turn.CHOOSE]
        return changed(self._anew(standing, chosen=hash, identity=self.identity), opened=True)

    def issuing(self) -> Credential:
        """A new generation to be proved by a provisional password, or a link, yet to be minted (R14, R19, R44)."""
        return self._anew(CREDENTIAL_LIFECYCLE[self.standing, Turn.ISSUE])

    def binding(self, identity: str) -> Credential:
        """That identity opens the account, in the place of any other; a password of one's own goes on (R44)."""
        standing = CREDENTIAL_LIFECYCLE[self.standing, Turn.BIND]
        return changed(self._anew(standing, chosen=self.chosen, identity=identity), opened=True)

    def unbinding(self) -> Credential:
        """No identity opens it any more, nor does any session; a password of one's own does (R23, R44)."""
        return self._anew(CREDENTIAL_LIFECYCLE[self.standing, Turn.UNBIND], chosen=self.chosen)

    def killing(self) -> Credential:
        """Nothing opens it any more, and its login is forgotten but for its hash (R4, R18)."""
        return changed(self._anew(CREDENTIAL_LIFECYCLE[self.standing, Turn.KILL]), login=None, asked=())

    def asking(self, at: datetime, most: int) -> Credential | None:
        """One message more for whoever forgot something; None once there were as many within a day (R21)."""
        recent = tuple(before for before in self.asked if at - before < A_DAY)
        return self._next(asked=(*recent, at)) if len(recent) < most else None

    def require_alive(self, minted: Minted, opening: datetime, lifetime: timedelta, at: datetime) -> None:
        """Refuse a right but too old password: by R4 for first credentials, by R19 for any other."""
        if self.expires is not None:
            if self.expires <= at:
                raise CredentialsExpired()
        elif max(minted.at, opening) + lifetime <= at:
            raise PasswordExpired()

    def _anew(self, standing: Standing, chosen: str | None = None, identity: str | None = None) -> Credential:
        return self._next(
            standing=standing,
            generation=self.generation + 1,
            minted=(),
            used=False,
            chosen=chosen,
            identity=identity,
            expires=None,
        )

    def _next(self, **changes: object) -> Credential:
        return changed(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


_MINTED = frozenset({Standing.FIRST, Standing.PROVISIONAL})
_STAGES = {
    Standing.FIRST: Stage.FIRST,
    Standing.PROVISIONAL: Stage.PROVISIONAL,
    Standing.OWN: Stage.OWN,
    Standing.IDENTITY: Stage.OWN,
}
