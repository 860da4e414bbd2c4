"""How an account, a membership or a delegation ends: now unless a day is named."""

from __future__ import annotations

from datetime import date

from habilitation.domain.events import AccountClosed, DelegationEnded, Event, MembershipEnded
from habilitation.domain.moment import Moment
from habilitation.domain.period import Term
from habilitation.domain.user import Membership, User


def account(user: User, moment: Moment, on: date | None = None) -> list[Event]:
    """The account period ends, and all that was given in it (R14)."""
    end, closing = moment.end_on(on)
    term = user.account.term
    return [
        *left_out(user, Term(term.start, end, term.opening, closing), moment),
        AccountClosed(user.id, end, closing),
    ]


def left_out(user: User, term: Term, moment: Moment) -> list[Event]:
    """What new dates leave no day of ends in the same act: moving them back gives nothing back (R14, R32).

    An account that ends now ends all of it by itself: there is no moving back, only reopening.
    """
    now = moment.instant
    if term.over(now):
        return []
    lost = (held for held in user.account.live(now) if held.term.meet(term).over(now))
    ended: list[Event] = [event for held in lost for event in membership(user, held, moment)]
    managing = user.delegation(now)
    if managing is not None and managing.term.meet(term).over(now):
        ended += delegation(user, moment)
    return ended


def membership(user: User, held: Membership, moment: Moment) -> list[Event]:
    """That one membership ends, now (R25)."""
    return [MembershipEnded(user.id, held.number, *moment.end_on(None))]


def delegation(user: User, moment: Moment) -> list[Event]:
    """Nothing, where the user has none that is current or to come."""
    if user.delegation(moment.instant) is None:
        return []
    return [DelegationEnded(user.id, *moment.end_on(None))]
