"""How an account, a membership or a delegation ends: now unless a day is named."""

from __future__ import annotations

from datetime import date

from habilitation.domain.events import AccountClosed, DelegationEnded, Event, MembershipEnded
from habilitation.domain.moment import Moment
from habilitation.domain.user import Membership, User


def account(user: User, moment: Moment, on: date | None = None) -> list[Event]:
    """The account period ends, and all that was given in it (R14)."""
    end, closing = moment.end_on(on)
    return [AccountClosed(user.id, end, closing)]


def membership(user: User, held: Membership, moment: Moment) -> list[Event]:
    """That one membership ends, now (R25)."""
    return [MembershipEnded(user.id, held.number, *moment.end_on(None))]


def delegation(user: User, moment: Moment) -> list[Event]:
    """Nothing, where the user has none that is current or to come."""
    if user.delegation(moment.instant) is None:
        return []
    return [DelegationEnded(user.id, *moment.end_on(None))]
