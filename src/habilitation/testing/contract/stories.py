"""Random stories of one organization, told through the use cases: whatever is refused simply did not happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import TypeVar

from attrs import Factory, define
from hypothesis import strategies as st

from habilitation.domain.actors import Actor, Member
from habilitation.domain.organization import Organization, SeatState
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import (
    AdministratorClaim,
    Closing,
    Generalization,
    GroupAddition,
    GroupRemoval,
    MembershipDates,
    NewManager,
    NewUser,
    Reason,
    Reissue,
    Removal,
    Reopening,
    Replacement,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    UserChanges,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.user import User
from habilitation.domain.values import AgreementId, OrganizationId, Place, UserId
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, PRIVATE, World

T = TypeVar("T")

GROUPS = (DECLARE, CONSULT, PRIVATE)
_numbers = count(1)


def siret_number(number: int) -> str:
    """A SIRET of that number, whose checksums hold: for organizations that no register knows."""
    siren = _checked(f"{900_000_00 + number:08}")
    return _checked(f"{siren}0001")


def _checked(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


@define
class Story:
    """An organization with its agreement, and the users that acts may be about."""

    world: World
    id: OrganizationId
    agreement: AgreementId
    users: list[UserId] = Factory(list)
    accepted: int = 0

    @classmethod
    def begun(cls, world: World) -> Story:
        """A new organization of that world, whose seat is held, with users in groups; one of them is a manager."""
        organization = world.open_organization(siret_number(next(_numbers)))
        agreement = world.open_agreement(organization)
        holder = world.claim(organization).actor
        story = cls(world, organization.id, agreement.id, [holder.user])
        return story.told([*[("create", 0, groups) for groups in range(4)], ("delegate", 1, 2)])

    def told(self, steps: list[tuple[str, int, int]]) -> Story:
        """After those steps, each an act and two numbers that say on whom and with what."""
        for act, one, other in steps:
            try:
                ACTS[act](self, one, other)
            except Refusal:
                continue
            self.accepted += 1
        return self

    @property
    def by(self) -> Actor:
        """Whoever may administer: the holder of the seat, or else the operator."""
        holder = self.organization.seat.holder
        return Member(self.id, holder) if holder else AGENT

    @property
    def today(self) -> date:
        return self.world.clock.now().date()

    @property
    def organization(self) -> Organization:
        with self.world.portal.ports.store.reading(self.id) as rows:
            assert rows.organization is not None
            return rows.organization

    def user(self, number: int) -> UserId:
        return pick(self.users, number)

    def find(self, number: int) -> User:
        with self.world.portal.ports.store.reading(self.id) as rows:
            user = rows.find_user(self.user(number))
        assert user is not None
        return user

    def membership(self, one: int, other: int) -> int:
        """The number of one of the user's memberships, or of none."""
        return 1 + other % max(1, self.find(one).next_number() - 1)

    def dates(self, number: int) -> Dates:
        """Unsaid, or from today on, or later, with or without an end."""
        opening = (None, self.today, self.today + timedelta(days=2))[number % 3]
        closing = self.today + timedelta(days=5) if number % 2 else None
        return Dates(opening, closing)


def pick(some: list[T], number: int) -> T:
    """One of them, whatever the number."""
    return some[number % len(some)]


def _create(story: Story, one: int, other: int) -> None:
    number = next(_numbers)
    asked = NewUser(
        story.id,
        story.agreement,
        f"D'Arc-{number}",
        "Zoé",
        f"zoe{number % 40}@oliviers.example",
        dates=story.dates(one),
        mobile=bool(other % 2),
        groups=GROUPS[: other % 4],
    )
    story.users.append(story.world.portal.create_user(asked, by=story.by).id)


def _vacate_and_claim(story: Story, one: int, other: int) -> None:
    organization = story.organization
    if organization.seat.state is SeatState.HELD:
        _vacate(story, one, other)
    story.world.portal.reissue_credentials(Reissue(story.id), by=AGENT)
    first = story.world.first_authentication(organization)
    asked = AdministratorClaim(
        "Le Goff", "Loïc", f"loic{next(_numbers)}@oliviers.example", PASSWORD, first.text.version
    )
    story.users.append(story.world.portal.claim_administrator(asked, by=first.session).actor.user)


def _delegate(story: Story, one: int, other: int) -> None:
    places = frozenset(Place(story.agreement, group) for group in GROUPS[: other % 4])
    asked = NewManager(story.id, story.user(one), Scope(places or None), story.dates(other))
    story.world.portal.delegate_manager(asked, by=story.by)


def _close(story: Story, one: int, other: int) -> None:
    on = (None, story.today, story.today + timedelta(days=3))[other % 3]
    story.world.portal.close_user(Closing(story.id, story.user(one), on), by=story.by)


def _modify(story: Story, one: int, other: int) -> None:
    dates = story.dates(other) if other % 2 else None
    asked = UserChanges(story.id, story.user(one), last_name=f"Œuvrard {other}", mobile=bool(other % 4), dates=dates)
    story.world.portal.modify_user(asked, by=story.by)


def _add(story: Story, one: int, other: int) -> None:
    asked = GroupAddition(story.id, story.user(one), story.agreement, GROUPS[other % 3], story.dates(other))
    story.world.portal.add_to_group(asked, by=story.by)


def _redate(story: Story, one: int, other: int) -> None:
    asked = MembershipDates(story.id, story.user(one), story.membership(one, other), story.dates(other))
    story.world.portal.change_membership(asked, by=story.by)


def _withdraw(story: Story, one: int, other: int) -> None:
    asked = GroupRemoval(story.id, story.user(one), story.membership(one, other))
    story.world.portal.remove_from_group(asked, by=story.by)


def _assign(story: Story, one: int, other: int) -> None:
    asked = RoleAssignment(story.id, story.user(one), story.membership(one, other), f"PJ3/{other}")
    story.world.portal.assign_role(asked, by=AGENT)


def _refuse(story: Story, one: int, other: int) -> None:
    reason = Reason("incomplete", "page 2 is missing")
    asked = RoleRefusal(story.id, story.user(one), story.membership(one, other), reason)
    story.world.portal.refuse_role(asked, by=AGENT)


def _replace(story: Story, one: int, other: int) -> None:
    asked = Replacement(story.id, story.user(one), Reason("left"), bool(other % 2), bool(other % 4))
    story.world.portal.replace_administrator(asked, by=AGENT)


def _vacate(story: Story, one: int, other: int) -> None:
    asked = Vacancy(story.id, Reason("left", "moved away"), bool(other % 2), bool(other % 4))
    story.world.portal.declare_vacancy(asked, by=AGENT)


ACTS: dict[str, Callable[[Story, int, int], object]] = {
    "add": _add,
    "assign": _assign,
    "claim": _vacate_and_claim,
    "close": _close,
    "create": _create,
    "delegate": _delegate,
    "generalize": lambda story, one, other: story.world.portal.generalize_to_all(
        Generalization(story.id, story.agreement, story.user(one)), by=story.by
    ),
    "modify": _modify,
    "redate": _redate,
    "refuse": _refuse,
    "remove": lambda story, one, other: story.world.portal.remove_user(Removal(story.id, story.user(one)), by=story.by),
    "reopen": lambda story, one, other: story.world.portal.reopen_user(
        Reopening(story.id, story.user(one), story.dates(other)), by=story.by
    ),
    "replace": _replace,
    "revoke": lambda story, one, other: story.world.portal.revoke_manager(
        Revocation(story.id, story.user(one)), by=story.by
    ),
    "vacate": _vacate,
    "wait": lambda story, one, other: story.world.clock.move(hours=1 + 7 * other),
    "withdraw": _withdraw,
}
"""Everything that can happen, by name."""

STEPS = st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 11), st.integers(0, 11))
"""One step of a story."""
