"""The walk, as far as it comes in a few seconds; and that it notices a rule that is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from habilitation.domain import access, authority
from habilitation.domain.decisions import accounts
from habilitation.domain.refusals import UserClosed
from habilitation.domain.user import User
from habilitation.use_cases.accounts import CloseUser
from tests.small_scope.alphabet import asks
from tests.small_scope.walk import Offence, Walk


def walked(acts: int) -> Walk:
    """A walk over all that so many acts lead to."""
    walk = Walk.anew()
    while walk.complete < acts:
        walk.visit()
    return walk


def test_whatever_two_acts_lead_to_every_invariant_holds():
    """I1-I8: an offence ends the walk. And nothing is green because it never happened."""
    walk = walked(2)
    assert set(walk.accepted) == {ask.act for now in walk.starts for ask in asks(now)}
    assert walk.refused.total() > walk.accepted.total()


def nobody_is_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "PROTECTED", {})


def a_manager_reaches_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "reaches", lambda *_: True)


def an_address_is_never_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "require_email_free", lambda *_: None)


def whoever_is_closed_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "is_open", lambda *_: True)


def agreements_are_always_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_missing_in_agreement", lambda *_: iter(()))


def a_refusal_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    close = CloseUser.__call__

    def closed(*args: object, **kwargs: object) -> None:
        close(*args, **kwargs)  # type: ignore[arg-type]
        raise UserClosed()

    monkeypatch.setattr(CloseUser, "__call__", closed)


@pytest.mark.parametrize(
    ("broken", "invariant"),
    [
        (nobody_is_protected, "I1: the seat is held by"),
        (whoever_is_closed_is_open, "I3: .* is closed, and acts"),
        (a_manager_reaches_everything, r"\(I5\)"),
        (agreements_are_always_in_force, "I6: may"),
        (an_address_is_never_taken, "I7: luc@oliviers.example is of 2"),
        (a_refusal_comes_too_late, "I8: user-closed was said, and something done"),
    ],
)
def test_the_walk_ends_where_a_rule_is_missing(
    monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None], invariant: str
) -> None:
    """The offence is told with the acts that lead to it."""
    broken(monkeypatch)
    with pytest.raises(Offence, match=invariant):
        walked(2)
