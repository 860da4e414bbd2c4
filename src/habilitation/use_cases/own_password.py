"""A password of one's own: chosen in place of the provisional one, and changed at will (R19, R23)."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from habilitation.domain.actors import Session, Stage
from habilitation.domain.attempts import Attempt, Verdict, read_source
from habilitation.domain.authority import require_open
from habilitation.domain.credential import Credential
from habilitation.domain.limits import Limits
from habilitation.domain.refusals import (
    ClaimDemanded,
    CurrentPasswordWrong,
    PasswordChosenAlready,
    PasswordUnchanged,
    Refusal,
    SessionEnded,
)
from habilitation.domain.requests import PasswordChange, PasswordChoice
from habilitation.domain.values import Person
from habilitation.ports.clock import Clock
from habilitation.ports.credentials import KeptSession
from habilitation.ports.passwords import PasswordHasher, PasswordPolicy
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.actors import require_live, require_own
from habilitation.use_cases.sessions import found, live, open_session
from habilitation.use_cases.work import as_of


def accepted(credential: Credential) -> None:
    """The session is proof enough."""


@frozen
class _Replacing:
    """What it takes to put a password in the place of another."""

    store: Store
    clock: Clock
    secrets: Secrets
    policy: PasswordPolicy
    hasher: PasswordHasher
    limits: Limits

    def _replace(self, kept: KeptSession, password: str, prove: Callable[[Credential], None] = accepted) -> Session:
        """A session by the new password; the one that asked is over, like any other (R23).

        Hashing is slow by intent, so it is never done inside a transaction.
        """
        with self.store.reading(kept.organization) as rows:
            at = as_of(rows, self.clock.now())
            row, credential = rows.find_row(kept.user), rows.find_credential(kept.user)
            organization = rows.organization
        if row is None or credential is None:
            raise SessionEnded()
        require_live(kept, credential.generation, row.user, at)
        require_open(row.user, organization, at)
        prove(credential)
        chosen = chosen_by(self.policy, self.hasher, credential, password, row.person)
        self.store.credentials.save(chosen)
        self.store.credentials.end_session(kept.digest)
        return open_session(self.store.credentials, self.secrets, chosen, row.user.spell, at, self.limits.session)


@frozen
class ChoosePassword(_Replacing):
    """A password of one's own replaces the provisional one, which is dead from then on (R19)."""

    def __call__(self, asked: PasswordChoice, *, by: Session) -> Session:
        kept = found(self.store.credentials, by, Stage.PROVISIONAL, self.clock.now())
        if kept is None:
            raise ClaimDemanded() if by.stage is Stage.FIRST else PasswordChosenAlready()
        return self._replace(kept, asked.password)


@frozen
class ChangeOwnPassword(_Replacing):
    """Whoever knows the password in use puts another in its place; every other session of theirs is over (R19, R23).

    A wrong one counts like a sign-in that fails, from ``source``: a screen left open is no way around the lock (R22).
    """

    def __call__(self, asked: PasswordChange, source: str = "", *, by: Session) -> Session:
        source = read_source(source)
        kept = live(self.store.credentials, by, self.clock.now())
        require_own(kept)
        return self._replace(kept, asked.password, lambda credential: self._prove(credential, asked.current, source))

    def _prove(self, credential: Credential, current: str, source: str) -> None:
        """Count it as failed before looking at it, and take that back if it did not fail."""
        attempts, attempt = self.store.attempts, Attempt.of(credential.login, source, self.clock.now())
        verdict = attempts.count(attempt, self.limits)
        try:
            right = verdict is Verdict.ADMITTED and self._is_in_use(credential, current)
        except Refusal:  # busy: nobody knows whether it is right
            attempts.take_back(attempt, verdict)
            raise
        if not right:
            raise CurrentPasswordWrong()
        attempts.take_back(attempt, verdict, proved=True)

    def _is_in_use(self, credential: Credential, password: str) -> bool:
        return credential.chosen is not None and self.hasher.matches(password, credential.chosen)


def chosen_by(
    policy: PasswordPolicy, hasher: PasswordHasher, credential: Credential, password: str, person: Person | None
) -> Credential:
    """The credential that this password opens from now on; unless the policy refuses it, or it is the one in use."""
    policy.check(password, about_whom(person) if person else [])
    require_changed(hasher, credential, password)
    return credential.choosing(hasher.keep(password))


def about_whom(person: Person) -> list[str]:
    """The words that somebody guessing the person's password would try first."""
    return [person.last_name.text, person.first_name.text, person.email.text]


def require_changed(hasher: PasswordHasher, credential: Credential, password: str) -> None:
    """Refuse the password that is to be replaced, provisional or one's own (R19, R21)."""
    in_use = [minted.hash for minted in credential.minted] + ([credential.chosen] if credential.chosen else [])
    if any(hasher.matches(password, hash) for hash in in_use):
        raise PasswordUnchanged()
