"""Users: created, modified, closed, reopened, removed (R10–R12, R14, R18)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.decisions import accounts
from habilitation.domain.requests import Closing, NewUser, OwnDetails, Removal, Reopening, UserChanges
from habilitation.domain.user import User
from habilitation.domain.values import Person, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails
from habilitation.ports.identifiers import Identifiers
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases import people
from habilitation.use_cases.work import Work, working


@frozen
class CreateUser:
    """The administrator, or a manager of the agreement, creates a user, who gets two messages (R10, R12, R29)."""

    store: Store
    notifier: Notifier
    clock: Clock
    identifiers: Identifiers
    secrets: Secrets
    contact: ContactDetails

    def __call__(self, asked: NewUser, *, by: Actor) -> User:
        person = people.read_new(asked, self.contact)
        id = UserId(self.identifiers.new())
        with working(self.store, self.clock, asked.organization, by) as work:
            same_email = work.rows.with_email(person.email.normal)
            events = accounts.create(work.organization, work.catalog, work.acting, asked, id, same_email, work.moment)
            credential = Credential(asked.organization, id, self.secrets.login(), Standing.PROVISIONAL)
            return work.record(events, self.notifier, people={id: person}, credentials=[credential])[id]


@frozen
class ModifyUser:
    """The administrator, or a manager of all the user's groups, changes details or dates (R14, R29)."""

    store: Store
    notifier: Notifier
    clock: Clock
    contact: ContactDetails

    def __call__(self, asked: UserChanges, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            target = accounts.modifiable(work.organization, work.acting, work.user(asked.user), work.at)
            return _modified(work, target, asked, self.contact, self.notifier)


@frozen
class ChangeOwnDetails:
    """Whoever is open changes the own name and telephone; the e-mail has a rule of its own (R13, R14)."""

    store: Store
    notifier: Notifier
    clock: Clock
    contact: ContactDetails

    def __call__(self, asked: OwnDetails, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            target = accounts.oneself(work.organization, work.acting)
            changes = UserChanges(asked.organization, target.id, asked.last_name, asked.first_name, asked.phone)
            return _modified(work, target, changes, self.contact, self.notifier)


def _modified(work: Work, target: User, asked: UserChanges, contact: ContactDetails, notifier: Notifier) -> User:
    row = work.rows.find_row(target.id)
    before = row.person if row else None
    after = people.read_changes(before, asked, contact) if before else None
    events = accounts.modify(work.organization, target, asked, before, after, work.moment)
    changed = {target.id: after} if after and after != before else {}
    return work.record(events, notifier, people=changed)[target.id]


@frozen
class CloseUser:
    """The account ends, now or on a day to come, and what it was given ends with it (R14)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Closing, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = accounts.close(work.organization, work.acting, work.user(asked.user), asked, work.moment)
            return work.record(events, self.notifier)[asked.user]


@frozen
class ReopenUser:
    """A new account period begins with nothing of the former one; first credentials leave again (R14).

    Nothing comes of a change of address that was on its way (R13).
    """

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Reopening, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            user = accounts.reopenable(work.organization, work.acting, work.user(asked.user), work.at)
            issued, person = _credential(work, user).issuing(), _person(work, user)
            same_email = work.rows.with_email(person.email.normal)
            events = accounts.reopen(user, asked, same_email, issued.generation, work.moment)
            keeping = {user.id: person.wanting(None)} if person.wanted else {}
            return work.record(events, self.notifier, people=keeping, credentials=[issued])[user.id]


def _credential(work: Work, user: User) -> Credential:
    credential = work.rows.find_credential(user.id)
    assert credential is not None, "a user who is not erased has a credential"
    return credential


def _person(work: Work, user: User) -> Person:
    row = work.rows.find_row(user.id)
    assert row is not None, "the user was found in this transaction"
    assert row.person is not None, "a user who is not erased is a person"
    return row.person


@frozen
class RemoveUser:
    """The account is closed, if it was not, and off the lists for good (R18)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Removal, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = accounts.remove(work.organization, work.acting, work.user(asked.user), work.moment)
            return work.record(events, self.notifier)[asked.user]
