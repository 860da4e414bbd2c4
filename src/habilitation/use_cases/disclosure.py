"""Readings of others' data: one line each in the security log, with a purpose and whose data was shown (R36)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from attrs import frozen

from habilitation.domain.actors import Actor, Asking, Member, OperatorAgent, Session
from habilitation.domain.deeds import Deed
from habilitation.domain.journal import Record
from habilitation.domain.refusals import ReadingNotLogged
from habilitation.domain.security import LineKind, SecurityFact
from habilitation.domain.values import UserId, code
from habilitation.use_cases.views import Page, UserView
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
    """A reading that leaves a line, where others' data was shown: none about oneself, nor of a service's questions.

    ``purpose`` is a code: why the data is looked at. What an agent read is withheld if no line can be written
    (``reading-not-logged``); anybody else reads on, and the process's own log warns.
    """

    __wrapped__: Read[A, R]
    witness: Witness

    def __call__(self, asked: A, /, *, by: Actor, purpose: str | None = None) -> R:
        stated = code(purpose, "purpose") if purpose is not None else _usual(by)
        shown = self.__wrapped__(asked, by=by)
        if not isinstance(by, Asking):
            self._log(asked, shown, by, stated)
        return shown

    def _log(self, asked: A, shown: R, by: Actor, purpose: str) -> None:
        reader = self._reader(by)
        own = {reader.user} if isinstance(reader, Member) else set()
        others = frozenset({*people_in(asked), *people_in(shown)} - own)
        if not others:
            return
        organization = getattr(asked, "organization", None)
        act = act_code(self.__wrapped__)
        fact = SecurityFact(LineKind.READ, organization, reader, others, act, purpose)
        if isinstance(by, OperatorAgent):
            self._demand(fact)
        else:
            self.witness.note(fact)

    def _demand(self, fact: SecurityFact) -> None:
        try:
            self.witness.record(fact)
        except Exception as problem:
            raise ReadingNotLogged() from problem

    def _reader(self, by: Actor) -> OperatorAgent | Member | Asking | None:
        """A session is whoever it was opened by; the rest was found true by the reading itself."""
        return self.witness.signed_in(by) if isinstance(by, Session) else by


def _usual(by: Actor) -> str:
    return OPERATION if isinstance(by, OperatorAgent) else ADMINISTRATION


def people_in(shown: object) -> Iterator[UserId]:
    """The users whom a question or an answer is about: in both, a field named ``user`` says whom."""
    match shown:
        case None:
            return
        case str(id) | UserView(id=id):
            yield UserId(id)
        case Page(items=several) | tuple(several):
            for each in several:
                yield from people_in(each)
        case Record(event=event):
            yield from people_in(event)
        case Deed(fact=fact):
            yield from people_in(fact)
        case _:
            yield from people_in(getattr(shown, "user", None))
