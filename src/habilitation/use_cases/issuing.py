"""First credentials sent again, and passwords that must change (R19, R24)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.authority import known
from habilitation.domain.decisions import issuing
from habilitation.domain.decisions.issuing import Forced
from habilitation.domain.requests import Forcing, ForcingOfAll, Resending
from habilitation.domain.user import Status, User
from habilitation.domain.values import UserId
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.queries import UserFilter
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.groups import CHUNK, every_user
from habilitation.use_cases.reasons import read_note
from habilitation.use_cases.retrying import retried
from habilitation.use_cases.work import Reading, reading, working


@frozen
class ResendCredentials:
    """Whoever may modify a user has the login and a new provisional password sent again; the former is dead (R19).

    Refused for whoever chose a password already: losing it is theirs to tell (R21), voiding it the operator's (R24).
    """

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Resending, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            credential = work.rows.find_credential(asked.user)
            event, issued = issuing.resend(work.organization, work.acting, work.user(asked.user), credential, work.at)
            return work.record([event], self.notifier, credentials=[issued])[asked.user]


@frozen
class ForcePasswordChange:
    """The operator voids a user's password and sends a provisional one; every session is over (R23, R24)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: Forcing, *, by: Actor) -> User:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            user = known(work.acting, work.user(asked.user), work.organization, work.at)
            credential = work.rows.find_credential(user.id)
            event, issued = issuing.force(user, credential, asked.reason, note, work.at)
            return work.record([event], self.notifier, papers=[note], credentials=[issued])[user.id]


@frozen
class ForceAllPasswordChanges:
    """The same for everybody whose account is not closed, with an outcome for each (R24).

    Users are taken in chunks, each decided anew and whole by itself. Where a chunk ends in a ``Conflict``, those before
    it stand. The reason's text is kept with each of them by itself, and is erased with that person alone (R18, R41).
    """

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: ForcingOfAll, *, by: Actor) -> tuple[Forced, ...]:
        read_note(asked.reason, self.secrets)  # a bad reason is refused before anybody is looked at
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.OPERATE)
            targets = [user.id for user in every_user(seen.rows, UserFilter(seen.at)) if not _is_closed(user, seen)]
        chunks = (targets[start : start + CHUNK] for start in range(0, len(targets), CHUNK))
        return tuple(outcome for chunk in chunks for outcome in retried(self._force)(asked, by, chunk))

    def _force(self, asked: ForcingOfAll, by: Actor, chunk: list[UserId]) -> list[Forced]:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            noted = [(user, read_note(asked.reason, self.secrets)) for user in filter(None, map(work.user, chunk))]
            decided = [
                issuing.force_one(user, work.rows.find_credential(user.id), asked.reason, note, work.at)
                for user, note in noted
            ]
            done = [one for one, _ in decided if one]
            work.record(
                [event for event, _ in done],
                self.notifier,
                papers=[note for (_, note), (one, _) in zip(noted, decided, strict=True) if one],
                credentials=[issued for _, issued in done],
            )
            return [outcome for _, outcome in decided]


def _is_closed(user: User, seen: Reading) -> bool:
    return user.status(seen.at) is Status.CLOSED
