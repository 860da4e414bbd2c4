"""The administrator's seat: claimed, passed on, vacated (R5, R8, R9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.decisions import ending
from habilitation.domain.events import (
    AccountRescheduled,
    AdministratorAppointed,
    Event,
    SeatClaimed,
    SeatVacated,
    UserCreated,
)
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization, SeatState
from habilitation.domain.period import Dates, Term
from habilitation.domain.refusals import (
    CredentialsExpired,
    CredentialsReissued,
    HoldsSeatAlready,
    OrganizationClaimed,
    SeatUnclaimed,
    SeatVacant,
    TextNotAcknowledged,
    UserNotOpen,
)
from habilitation.domain.requests import Replacement, Vacancy
from habilitation.domain.user import Status, User
from habilitation.domain.values import Paper, UserId, sealed


def require_claimable(organization: Organization, claimant: UserId, at: datetime) -> None:
    """What the claim rechecks in its own transaction, each refusal with its code (R5)."""
    seat = organization.seat
    if seat.state is SeatState.HELD:
        raise OrganizationClaimed()
    authority.require_possible(Act.CLAIM, organization)
    authority.require_own_control(Act.CLAIM, organization)
    if seat.first_credentials is None or seat.first_credentials.user != claimant:
        raise CredentialsReissued()
    if seat.first_credentials.expires <= at:
        raise CredentialsExpired()


def claim(organization: Organization, claimant: UserId, acknowledged: str, shown: str, moment: Moment) -> list[Event]:
    """The claimant, reserved until now, becomes a user and the administrator, at once (R5)."""
    require_claimable(organization, claimant, moment.instant)
    if acknowledged != shown:
        raise TextNotAcknowledged(shown)
    claimed = SeatClaimed(claimant, acknowledged)
    return [claimed, UserCreated(claimant, None, moment.term(Dates()), mobile=False)]


def replace(
    organization: Organization,
    former: User | None,
    incoming: User,
    managers: Iterable[User],
    asked: Replacement,
    note: Paper | None,
    moment: Moment,
) -> list[Event]:
    """One act: the incoming user takes the seat as the former holder leaves it (R8)."""
    if organization.seat.state is SeatState.UNCLAIMED:
        raise SeatUnclaimed()
    if organization.is_held_by(incoming.id):
        raise HoldsSeatAlready()
    if not incoming.is_open(moment.instant):
        raise UserNotOpen()
    appointed = AdministratorAppointed(incoming.id, asked.reason.code, sealed(note))
    others = (user for user in managers if user.id != incoming.id)
    return [
        appointed,
        *_unbound(incoming, moment),
        *_after_leaving(former, others, asked, moment),
    ]


def vacate(
    organization: Organization,
    former: User | None,
    managers: Iterable[User],
    asked: Vacancy,
    note: Paper | None,
    moment: Moment,
) -> list[Event]:
    """Nobody answers for the organization until a claim or an appointment; managers go on (R8, R28)."""
    if organization.seat.state is SeatState.UNCLAIMED:
        raise SeatUnclaimed()
    if organization.seat.state is SeatState.VACANT or former is None:
        raise SeatVacant()
    vacated = SeatVacated(former.id, asked.reason.code, sealed(note))
    return [vacated, *_after_leaving(former, managers, asked, moment)]


def _unbound(incoming: User, moment: Moment) -> list[Event]:
    """The holder of the seat has no delegation, and no closing date (R8)."""
    events = ending.delegation(incoming, moment)
    term = incoming.account.term
    if term.end is not None:
        events.append(AccountRescheduled(incoming.id, Term(term.start, None, term.opening, None)))
    return events


def _after_leaving(
    former: User | None, managers: Iterable[User], asked: Replacement | Vacancy, moment: Moment
) -> list[Event]:
    events: list[Event] = []
    if asked.end_delegations:
        events += [event for manager in managers for event in ending.delegation(manager, moment)]
    if asked.close_former and former is not None and former.status(moment.instant) is not Status.CLOSED:
        events += ending.account(former, moment)
    return events
