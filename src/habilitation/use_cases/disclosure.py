"""Readings of others' data: one line each in the security log, with a purpose and whose data was shown (R36)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from attrs import frozen

from habilitation.domain.actors import Actor, Asking, Author, Member, OperatorAgent, Session
from habilitation.domain.deeds import Deed
from habilitation.domain.journal import Record
from habilitation.domain.messages import Desk
from habilitation.domain.refusals import ReadingNotLogged
from habilitation.domain.requests import SecurityQuestion
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine, Shown, organization_of
from habilitation.domain.values import OrganizationId, UserId, code
from habilitation.ports.outbox import Delivery
from habilitation.use_cases.views import AdministratorView, OrganizationView, Page, UserView
from habilitation.use_cases.witnessing import Witness, act_code

A = TypeVar("A")
Asked = TypeVar("Asked", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")

OPERATION, ADMINISTRATION = "operation", "administration"
"""What an agent, and anybody of the organization, read for unless they say otherwise."""


class Read(Protocol[Asked, R_co]):
    """A use case that shows something."""

    def __call__(self, asked: Asked, /, *, by: Actor) -> R_co: ...


@frozen
class Disclosed(Generic[A, R]):
    """A reading that leaves a line: an agent's each time, anybody else's where others' data was shown.

    None about oneself, about what everybody of an organization knows of it, nor of a service's questions.
    ``purpose`` is a code: why the data is looked at. What an agent read is withheld if no line can be written
    (``reading-not-logged``); anybody else reads on, and the process's own log warns.
    """

    __wrapped__: Read[A, R]
    witness: Witness

    def __call__(self, asked: A, /, *, by: Actor, purpose: str | None = None) -> R:
        stated = code(purpose, "purpose") if purpose is not None else _usual(by)
        shown = self.__wrapped__(asked, by=by)
        reader = self._reader(by)
        if isinstance(reader, OperatorAgent | Member):
            self._log(reader, asked, shown, stated)
        return shown

    def _log(self, reader: Author, asked: A, shown: R, purpose: str) -> None:
        home: OrganizationId | None = getattr(asked, "organization", None)
        others = {*shown_in(asked, home), *shown_in(shown, home)}
        if isinstance(reader, OperatorAgent):
            self._demand(reader, home, others, purpose)
        elif others := others - _known_to(reader, shown, others):
            self.witness.note(self._fact(reader, home, others, purpose))

    def _fact(self, reader: Author, home: OrganizationId | None, others: set[Shown], purpose: str) -> SecurityFact:
        """Of the organization that all of it is of; of none if there are several, or what was asked for is none."""
        where = {organization_of(each) for each in others}
        of = where.pop() if len(where) == 1 else None if where else self.witness.existing(home)
        subjects = frozenset(each.user for each in others if isinstance(each, Member) and of)
        act = act_code(self.__wrapped__)
        elsewhere = frozenset[Shown]() if of else frozenset(others)
        return SecurityFact(LineKind.READ, of, reader, subjects, act, purpose, elsewhere=elsewhere)

    def _demand(self, agent: OperatorAgent, home: OrganizationId | None, others: set[Shown], purpose: str) -> None:
        try:
            self.witness.record(self._fact(agent, home, others, purpose))
        except Exception as problem:
            raise ReadingNotLogged() from problem

    def _reader(self, by: Actor) -> OperatorAgent | Member | Asking | None:
        """A session is whoever it was opened by; the rest was found true by the reading itself."""
        return self.witness.signed_in(by) if isinstance(by, Session) else by


def _usual(by: Actor) -> str:
    return OPERATION if isinstance(by, OperatorAgent) else ADMINISTRATION


def _known_to(reader: Member, shown: object, others: set[Shown]) -> set[Shown]:
    """Oneself, what one's organization is, and who its administrator is: nobody's there to keep (R7, R37)."""
    return others if isinstance(shown, AdministratorView) else {reader, reader.organization}


def shown_in(value: object, home: OrganizationId | None) -> Iterator[Shown]:
    """Whom a question or an answer is about; a field named ``user``, or an id, is of a user of ``home``."""
    match value:
        case None | SecurityQuestion():  # it may name anybody, or nobody: only the lines that it finds tell of somebody
            return
        case str(id) | UserView(id=id):
            assert home is not None, "users are read in their organization"
            yield Member(home, UserId(id))
        case OrganizationView(id=id):
            yield id
        case SecurityLine(fact=fact):
            yield from _told_of(fact)
        case Delivery(message=message):
            people = (message.notice.to, message.notice.about)
            yield from (Member(message.organization, id) for id in people if not isinstance(id, Desk))
        case _:
            for part in _parts(value):
                yield from shown_in(part, home)


def _parts(value: object) -> Iterable[object]:
    match value:
        case Page(items=several) | tuple(several):
            return several
        case Mapping():
            return value
        case Record(event=fact) | Deed(fact=fact):
            return (fact,)
        case _:
            return (getattr(value, "user", None),)


def _told_of(fact: SecurityFact) -> Iterator[Shown]:
    """Whom a line of the security log is about, and whoever did what it tells."""
    yield from fact.elsewhere
    if isinstance(fact.actor, Member):
        yield fact.actor
    if fact.organization:
        yield fact.organization
        for user in fact.subjects:
            yield Member(fact.organization, user)
