"""Writing to the security log: whatever happens to a line, what it tells of goes its way (R43)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import unwrap
from logging import getLogger
from typing import ParamSpec, TypeVar

from attrs import evolve, frozen

from habilitation.domain.actors import Asking, Author, Member, OperatorAgent, Session
from habilitation.domain.limits import Limits
from habilitation.domain.refusals import DoneAlready, Kind, Refusal
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine
from habilitation.domain.values import OrganizationId, code
from habilitation.ports.clock import Clock
from habilitation.ports.identifiers import Identifiers
from habilitation.ports.store import Store
from habilitation.use_cases.actors import digest

P = ParamSpec("P")
R = TypeVar("R")

OF_THE_MACHINE = frozenset({Kind.BUSY, Kind.UNAVAILABLE, Kind.OUTCOME_UNKNOWN})
"""Refusals that say nothing of who asked; and a store that is away would be waited for once more."""

_log = getLogger("habilitation.security")


@frozen
class Witness:
    """Keeps the security log. ``record`` raises what the store refuses; ``note`` never does."""

    store: Store
    clock: Clock
    identifiers: Identifiers
    limits: Limits

    def record(self, fact: SecurityFact) -> None:
        """Write the line, or raise: for what may not happen without one (R36)."""
        now = self.clock.now()
        self.store.security_log.write(SecurityLine(self.identifiers.new(), now, fact), now - self.limits.security_log)

    def note(self, fact: SecurityFact) -> None:
        """Write the line; where that fails, what it tells of stands all the same, and the process's own log warns."""
        with _unhindered(fact.kind):
            self.record(fact)

    def refused(self, act: str, asked: object, by: object, refusal: Refusal) -> None:
        """Note an administrative act that was refused, by whom as far as that is proved."""
        if refusal.kind in OF_THE_MACHINE:
            return
        with _unhindered(LineKind.ACT_REFUSED):
            fact = self._proved(getattr(asked, "organization", None), by)
            self.record(evolve(fact, act=act, refusal=refusal.code))

    def signed_in(self, session: Session) -> Member | None:
        """Whoever the session was opened by, whatever it says of itself."""
        kept = self.store.credentials.session(digest(session.token))
        return Member(kept.organization, kept.user) if kept else None

    def _proved(self, asked: OrganizationId | None, by: object) -> SecurityFact:
        """Who asked, and of what organization: nothing that anybody may have made up."""
        if isinstance(by, Session):
            member = self.signed_in(by)
            return _refusal(member.organization if member else None, member)
        if isinstance(by, Member):
            with self.store.reading(by.organization) as rows:
                return _refusal(by.organization, by) if rows.find_user(by.user) else _refusal(None, None)
        return _refusal(self.existing(asked), self._named(by))

    def existing(self, organization: OrganizationId | None) -> OrganizationId | None:
        """The organization, if there is one: what is none may be any text, and is not written down."""
        if organization is None:
            return None
        with self.store.reading(organization) as rows:
            return rows.organization.id if rows.organization else None

    def _named(self, by: object) -> OperatorAgent | Asking | None:
        match by:
            case OperatorAgent(agent):
                return by if _is_code(agent) else None
            case Asking(service):
                return by if service in self.store.catalog().services else None
            case _:
                return None


def _refusal(organization: OrganizationId | None, actor: Author | Asking | None) -> SecurityFact:
    return SecurityFact(LineKind.ACT_REFUSED, organization, actor)


def _is_code(text: str) -> bool:
    try:
        return code(text, "agent") == text
    except Refusal:
        return False


@contextmanager
def _unhindered(kind: LineKind) -> Iterator[None]:
    """Whatever a store raises is told to the process's own log, by its name alone: a text could hold anything."""
    try:
        yield
    except Exception as problem:  # noqa: BLE001 - the security log never blocks what it watches (R43)
        _log.warning("the security log lost a line (%s): %s", kind.value, type(problem).__name__)


def witnessed(act: Callable[P, R], witness: Witness) -> Callable[P, R]:
    """The act, whose refusals the security log keeps, under the act's own name."""
    name = act_code(act)

    @wraps(act, updated=())
    def watched(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except DoneAlready:
            raise  # it was not refused
        except Refusal as refusal:
            witness.refused(name, args[0] if args else None, kwargs.get("by"), refusal)
            raise

    return watched


def act_code(act: Callable[..., object]) -> str:
    """What the log calls a use case."""
    return code_of(type(unwrap(act)))


def code_of(use_case: type) -> str:
    """``create-user`` for ``CreateUser``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", use_case.__name__).lower()
