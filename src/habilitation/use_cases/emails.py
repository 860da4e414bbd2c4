"""Changing an e-mail address: asked for, confirmed, objected to, and taking effect in time (R13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from attrs import frozen

from habilitation.domain.actors import Actor, Member
from habilitation.domain.authority import require_open
from habilitation.domain.credential import Credential
from habilitation.domain.decisions import emails
from habilitation.domain.email_change import EmailState
from habilitation.domain.events import CredentialsIssued, EmailChanged, EmailCorrected, EmailKept, Event
from habilitation.domain.limits import Limits
from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.messages import Message, MessageKind
from habilitation.domain.refusals import LinkUsed, Refusal
from habilitation.domain.requests import EmailChanging, EmailConfirmation, EmailObjection
from habilitation.domain.security import LineKind, SecurityFact
from habilitation.domain.user import User
from habilitation.domain.values import EmailAddress, OrganizationId, Person, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails, NominativeMailboxes
from habilitation.ports.notifier import Notifier
from habilitation.ports.store import Store
from habilitation.use_cases import people
from habilitation.use_cases.links import found, require_current
from habilitation.use_cases.witnessing import Witness
from habilitation.use_cases.work import Work, as_of, proved, working

A_WHILE = timedelta(hours=1)
"""When to look again whether the old address could be told at last."""


@frozen
class Subject:
    """Whose address it is, as the transaction found it."""

    user: User
    person: Person
    credential: Credential

    @classmethod
    def of(cls, work: Work, user: User) -> Subject:
        row, credential = work.rows.find_row(user.id), work.rows.find_credential(user.id)
        assert row is not None, "the user was found in this transaction"
        assert row.person is not None, "a user who is not erased is a person"
        assert credential is not None, "and has a credential"
        return cls(user, row.person, credential)


@frozen
class _Changing:
    """What it takes to change an address."""

    store: Store
    notifier: Notifier
    clock: Clock
    mailboxes: NominativeMailboxes

    def _require_nominative(self, work: Work, user: User, email: EmailAddress) -> None:
        """The administrator's e-mail is a person's, at every change of it (R6)."""
        if work.organization.is_held_by(user.id):
            self.mailboxes.check(email)

    def _record(self, work: Work, events: Sequence[Event], of: Subject, person: Person) -> User:
        """The facts, and the person and the credential as they leave them."""
        user = of.user.id
        for event in events:
            if isinstance(event, EmailChanged | EmailCorrected):
                person = person.moving()
            elif isinstance(event, EmailKept):
                person = person.wanting(None)
        issued = [of.credential.issuing()] if any(isinstance(event, CredentialsIssued) for event in events) else []
        return work.record(events, self.notifier, people={user: person}, credentials=issued)[user]

    @contextmanager
    def _taking(self, organization: OrganizationId, user: UserId) -> Iterator[Work]:
        """The organization, taken for a user whom a link or a confirmation speaks for."""
        with self.store.writing(organization) as rows:
            if rows.organization is None:
                raise LinkUsed()
            yield proved(rows, self.clock, organization, user)

    def _followed(self, work: Work, link: Link) -> User:
        require_current(link, work.rows, work.at)
        user = work.user(link.user)
        assert user is not None, "what is current of a user has one"
        return user


@frozen
class ChangeEmail(_Changing):
    """Ask for another address, one's own or as the administrator another's, in place of any asked for before (R13).

    It takes effect once confirmed from there; where somebody else asked, not before the old address could object for
    ``Limits.email_objection``; at once, if somebody else asks for a person who never signed in. It can be asked for
    ``Limits.email_changes_a_day`` times in any 24 hours, whoever asks (``email-changes-too-many``).
    """

    contact: ContactDetails
    limits: Limits

    def __call__(self, asked: EmailChanging, *, by: Actor) -> User:
        email = people.read_email(asked, self.contact)
        with working(self.store, self.clock, asked.organization, by) as work:
            target = emails.changeable(work.organization, work.acting, work.user(asked.user), work.at)
            self._require_nominative(work, target, email)
            of, same = Subject.of(work, target), work.rows.with_email(email.normal)
            present = of.person.email
            events = emails.ask(work.organization, work.acting, target, of.credential, present, email, same, work.at)
            emails.require_few(events, _asked(work, target), self.limits.email_changes_a_day, work.at)
            return self._record(work, events, of, of.person.wanting(email))


def _asked(work: Work, user: User) -> list[datetime]:
    """When another address was asked for, as the journal tells."""
    about = work.rows.records(0, work.rows.head.sequence, user.id)
    return [record.at for record in about if isinstance(record.event, emails.ASKING)]


@frozen
class _Effecting(_Changing):
    """What it takes for a change of address to take effect."""

    limits: Limits

    def _objectable(self, organization: OrganizationId, user: UserId, number: int) -> datetime | None:
        """Until when the old address can object; None while it was not told."""
        return self.store.links.last(organization, user, LinkPurpose.OBJECTION, number)

    def _effect(self, work: Work, of: Subject) -> list[Event]:
        wanted = of.person.wanted
        assert wanted is not None, "what was confirmed was asked for"
        self._require_nominative(work, of.user, wanted)
        same = work.rows.with_email(wanted.normal)
        return emails.take_effect(of.user, of.credential, same, self.limits.password_link, work.at)


@frozen
class ConfirmEmail(_Effecting):
    """Confirm a new address, by the link that was sent there (R13).

    The answer tells whether it is ``CHANGED``, or ``CONFIRMED`` and takes effect as soon as the old address can object
    no more. Nobody is signed in by it.
    """

    def __call__(self, asked: EmailConfirmation) -> EmailState:
        link = found(self.store.links, asked.token, LinkPurpose.EMAIL)
        objectable = self._objectable(link.organization, link.user, link.generation)
        with self._taking(link.organization, link.user) as work:
            user = self._followed(work, link)
            require_open(user, work.organization, work.at)
            of, events = Subject.of(work, user), emails.confirm(user)
            if user.email_change and emails.is_due(user.email_change, objectable, work.at):
                events += self._effect(work, of)
            after = self._record(work, events, of, of.person).email_change
        assert after is not None, "it was confirmed"
        return after.state


@frozen
class ObjectToEmail(_Changing):
    """Keep the old address, by the link that was sent there: the change asked for ends, confirmed or not (R13).

    The administrator and the operator are told, and the security log keeps it (R43).
    """

    witness: Witness

    def __call__(self, asked: EmailObjection) -> None:
        link = found(self.store.links, asked.token, LinkPurpose.OBJECTION)
        with self._taking(link.organization, link.user) as work:
            user = self._followed(work, link)
            of = Subject.of(work, user)
            self._record(work, emails.object_to(work.organization, user, work.at), of, of.person)
        member = Member(link.organization, link.user)
        self.witness.note(SecurityFact(LineKind.EMAIL_OBJECTED, link.organization, member, frozenset({link.user})))


@frozen
class EffectEmail(_Effecting):
    """A change that was confirmed early takes effect as the message that tells the old address of it leaves (R13).

    It is decided anew, in a transaction of its own; what is refused by then ends the change, and is told.
    """

    def __call__(self, message: Message) -> datetime | None:
        """Until when the message has to wait; None if there is nothing to wait for."""
        organization, user, number = message.organization, message.notice.about, message.notice.generation
        if message.notice.kind is not MessageKind.EMAIL_CHANGED or number is None:
            return None
        with self.store.reading(organization) as rows:
            at = as_of(rows, self.clock.now())
            change = emails.awaiting(rows.organization, rows.find_user(user), number, at)
        if change is None:
            return None
        objectable = self._objectable(organization, user, number)
        if not emails.is_due(change, objectable, at):
            return objectable or at + A_WHILE
        self._apply(organization, user, number)
        return None

    def _apply(self, organization: OrganizationId, id: UserId, number: int) -> None:
        with self._taking(organization, id) as work:
            user = work.user(id)
            if user and emails.awaiting(work.organization, user, number, work.at):
                of = Subject.of(work, user)
                self._record(work, self._decided(work, of), of, of.person)

    def _decided(self, work: Work, of: Subject) -> list[Event]:
        try:
            return self._effect(work, of)
        except Refusal as refusal:
            return emails.refuse(of.user, refusal)
