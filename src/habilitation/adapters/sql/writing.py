"""An organization's one writer: the rows that an act changes, found by comparing before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from habilitation.adapters import serialization
from habilitation.adapters.sql import credentials, done_acts, erasing, faults, rows, statements
from habilitation.adapters.sql.outbox import message_row
from habilitation.adapters.sql.reading import SqlSnapshot
from habilitation.adapters.sql.rows import Row, micros
from habilitation.adapters.sql.statement import Statement
from habilitation.domain.events import Event, UserEvent
from habilitation.domain.journal import NOTHING_YET, Head, extend
from habilitation.domain.organization import Organization, OrganizationState
from habilitation.domain.terms import Done
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, Particulars, Person, Siret
from habilitation.ports.store import Changes


class SqlTransaction(SqlSnapshot):
    """The organization's one writer: nobody else writes from ``with`` to its end."""

    _writes = True
    _failure: BaseException | None = None
    """Why a save was given up halfway: whoever makes light of it must not commit the half."""
    saved: Changes | None = None

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        row = self._one(statements.SIRET_HOLDER, siret.digits)
        return row[0] if row else None

    def save(self, changes: Changes) -> None:
        try:
            self._save(changes)
        except BaseException as error:
            self._failure = error
            faults.translate(error)
            raise
        self.saved = changes

    def done(self, key: str, since: datetime) -> Done | None:
        return done_acts.find(self._line, self._place, key, since)

    def keep(self, done: Done, since: datetime) -> None:
        done_acts.keep(self._line, self._place, done, since)

    @property
    def _place(self) -> OrganizationId:
        return self._id if self.organization else done_acts.NOWHERE

    def drop(self) -> None:
        erasing.drop(self._line, self._id, self.head)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._work.end(error or self._failure)
        if error is None and self._failure is not None:
            raise self._failure

    def _save(self, changes: Changes) -> None:
        head = self._add_entries(changes)
        self._move_organization(changes.organization, head)
        if changes.organization is not self.organization:
            self._put_agreements(changes.organization)
        if changes.particulars:
            self._put_particulars(changes.particulars)
        if changes.organization.state is OrganizationState.CLOSED:
            self._line.write(statements.FREE_SIRETS, self._id)
        for before, after in changes.users:
            self._put_user(before, after, changes.people.get(after.id))
        self._put_people(changes)
        self._add(statements.KEEP_PAPER, [(self._id, paper.seal, paper.salt, paper.text) for paper in changes.papers])
        if changes.erased:
            erasing.erase(self._line, self._id, changes.erased)
        for credential in changes.credentials:
            credentials.put(self._line, credential)
        due = micros(changes.due)
        self._add(statements.ADD_MESSAGE, [message_row(message, due) for message in changes.messages])
        self._known.put(self._id, head.hash, changes.organization)

    def _add(self, statement: Statement, some: list[Row]) -> None:
        if some:
            self._line.write_each(statement, some)

    # The journal and the organization

    def _add_entries(self, changes: Changes) -> Head:
        first = self.head.sequence + 1
        bodies = [
            serialization.encode(sequence, changes.at, changes.by, event)
            for sequence, event in enumerate(changes.events, first)
        ]
        entries = extend(self.head, changes.at, bodies)
        at = micros(changes.at)
        self._add(
            statements.ADD_ENTRY,
            [
                (self._id, entry.sequence, at, getattr(event, "user", None), entry.body, entry.hash, *_is_about(event))
                for entry, event in zip(entries, changes.events, strict=True)
            ],
        )
        return Head(entries[-1].sequence, entries[-1].hash, changes.at)

    def _move_organization(self, organization: Organization, head: Head) -> None:
        """From the head that was read, or out of nothing: if it stands elsewhere, somebody else wrote."""
        moved = (head.sequence, head.hash, micros(head.at), *rows.standing_row(organization))  # type: ignore[arg-type]
        if self.head is NOTHING_YET:
            self._line.write(statements.OPEN_ORGANIZATION, self._id, *moved)
        else:
            self._line.change(statements.MOVE_ORGANIZATION, *moved, self._id, self.head.hash)

    def _put_agreements(self, after: Organization) -> None:
        before = self.organization or Organization(self._id)
        self._add(statements.PUT_AGREEMENT, _new(rows.agreement_rows(before), rows.agreement_rows(after)))
        self._add(statements.PUT_AGREEMENT_GROUP, _new(rows.group_rows(before), rows.group_rows(after)))

    def _put_particulars(self, now: Particulars) -> None:
        self._line.write(statements.PUT_PARTICULARS, self._id, *rows.particulars_row(now))
        self._line.write(statements.FREE_SIRETS, self._id)
        self._line.write(statements.TAKE_SIRET, now.siret.digits, self._id)

    # Users and people

    def _put_user(self, before: User | None, after: User, person: Person | None) -> None:
        if before is None:
            who = rows.NOBODY if person is None else rows.person_row(person)
            self._line.write(statements.ADD_USER, self._id, after.id, *rows.user_row(after), *who)
            self._add(statements.PUT_PAST_ACCOUNT, rows.past_rows(self._id, after))
            self._add(statements.ADD_MEMBERSHIP, rows.membership_rows(self._id, after))
            return
        if before == after:
            return
        self._line.change(statements.CHANGE_USER, *rows.user_row(after), self._id, after.id)
        past, held = rows.past_rows, rows.membership_rows
        self._add(statements.PUT_PAST_ACCOUNT, _new(past(self._id, before), past(self._id, after)))
        self._add(statements.PUT_MEMBERSHIP, _new(held(self._id, before), held(self._id, after)))

    def _put_people(self, changes: Changes) -> None:
        created = {after.id for before, after in changes.users if before is None}
        for user, person in changes.people.items():
            if user not in created:
                self._line.change(statements.CHANGE_PERSON, *rows.person_row(person), self._id, user)


def _is_about(event: Event) -> Row:
    """The mark of the organization's own facts, which are few and indexed; and which agreement they are about."""
    return (None, None) if isinstance(event, UserEvent) else (True, getattr(event, "agreement", None))


def _new(before: Iterable[Row], after: Iterable[Row]) -> list[Row]:
    """The rows that were not there as they are now. None is ever taken away: what ends stays, ended."""
    known = set(before)
    return [row for row in after if row not in known]
