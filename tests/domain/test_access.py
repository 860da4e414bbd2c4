"""The decision (R38): which paths lead to a permission, why none holds, until when one does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.access import _LINK, REPAIR, Why, decide, paths
from habilitation.domain.actors import Side
from habilitation.domain.acts import Role
from habilitation.domain.catalog import Catalog, Definition, Group, Service
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    GroupState,
    OpenedGroup,
    Organization,
    OrganizationState,
    Seat,
    SeatState,
)
from habilitation.domain.period import Term
from habilitation.domain.user import Account, Membership, User
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    OrganizationId,
    Permission,
    Place,
    Seal,
    ServiceCode,
    UserId,
)

ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)
AFAS = ServiceCode("AFAS")
DECLARE, CONSULT, OTHER = GroupCode("AFAS-DEC"), GroupCode("AFAS-CON"), GroupCode("AFAS-OTH")
TO_DECLARE, TO_CONSULT = Permission("afas:declare"), Permission("afas:consult")
A, B = AgreementId("a"), AgreementId("b")
NOON = 6


def hour(number: int) -> datetime:
    return ORIGIN + timedelta(hours=number)


def term(start: int, end: int | None = None) -> Term:
    return Term(hour(start), None if end is None else hour(end), DAY, None)


def group(code: GroupCode, *permissions: Permission, since: int = 0) -> Group:
    return Group(code, AFAS, (Definition(hour(since), code, frozenset(permissions), False),))


def catalog(*groups: Group) -> Catalog:
    return Catalog({AFAS: Service(AFAS, "AFAS")}, {each.code: each for each in groups})


CATALOG = catalog(group(DECLARE, TO_DECLARE, TO_CONSULT), group(CONSULT, TO_CONSULT), group(OTHER))


ALWAYS = term(0)
HELD = Seat(SeatState.HELD, UserId("admin"))
IN_DECLARE = Place(A, DECLARE)


OPENED = OpenedGroup(GroupState.OPEN, hour(0))


def agreement(
    id: AgreementId = A,
    reference: str = "",
    state: AgreementState = AgreementState.VALIDATED,
    when: Term = ALWAYS,
    groups: tuple[GroupCode, ...] = (DECLARE, CONSULT),
    since: int = 0,
    opened: OpenedGroup = OPENED,
) -> Agreement:
    return Agreement(
        id, reference or id.upper(), Seal(""), state, hour(since), when, (AFAS,), dict.fromkeys(groups, opened)
    )


def organization(
    *agreements: Agreement,
    seat: Seat = HELD,
    state: OrganizationState = OrganizationState.OPEN,
    since: int | None = None,
    control: Control = Control.OWN,
) -> Organization:
    stood = None if since is None else hour(since)
    return Organization(OrganizationId("o"), seat, {each.id: each for each in agreements}, state, stood, control)


def member(
    when: Term = ALWAYS,
    place: Place = IN_DECLARE,
    waiting: bool = False,
    assigned: int | None = None,
    number: int = 1,
) -> Membership:
    return Membership(number, place, when, waiting, None if assigned is None else hour(assigned))


def user(
    *memberships: Membership,
    when: Term = ALWAYS,
    removed: bool = False,
    suspended: frozenset[Side] = frozenset(),
    interrupted: tuple[int, ...] = (),
) -> User:
    account = Account(when, memberships)
    stood = tuple(map(hour, interrupted))
    return User(UserId("u"), A, False, (account,), removed, suspended=suspended, interruptions=stood)


def answer(of: Organization, who: User, permission: Permission = TO_DECLARE, at: int = NOON):
    return decide(of, CATALOG, who, permission, hour(at))


ONE = organization(agreement())

MISSING = [
    (Why.ORGANIZATION_CLOSED, organization(agreement(), state=OrganizationState.CLOSED), user(member())),
    (Why.ORGANIZATION_SUSPENDED, organization(agreement(), state=OrganizationState.SUSPENDED), user(member())),
    (Why.ORGANIZATION_SUSPENDED, organization(state=OrganizationState.SUSPENDED), user(member())),
    (Why.NO_AGREEMENT, organization(), user(member())),
    (Why.AGREEMENT_NOT_VALIDATED, organization(agreement(state=AgreementState.DRAFT)), user(member())),
    (Why.AGREEMENT_SUSPENDED, organization(agreement(state=AgreementState.SUSPENDED)), user(member())),
    (Why.AGREEMENT_OVER, organization(agreement(state=AgreementState.ENDED)), user(member())),
    (Why.AGREEMENT_NOT_STARTED, organization(agreement(when=term(NOON + 1))), user(member())),
    (Why.AGREEMENT_OVER, organization(agreement(when=term(0, NOON))), user(member())),
    (Why.GROUP_NOT_OPENED, organization(agreement(groups=(CONSULT,))), user(member())),
    (Why.NO_ACCOUNT, ONE, None),
    (Why.GROUP_NOT_OPENED, organization(agreement(opened=OpenedGroup(GroupState.WITHDRAWN, hour(1)))), user(member())),
    (Why.GROUP_SUSPENDED, organization(agreement(opened=OpenedGroup(GroupState.SUSPENDED, hour(1)))), user(member())),
    (Why.ACCOUNT_SUSPENDED, ONE, user(member(), suspended=frozenset({Side.ORGANIZATION}))),
    (Why.ACCOUNT_SUSPENDED, ONE, user(member(), suspended=frozenset(Side))),
    (Why.ACCOUNT_SUSPENDED, ONE, user(member(), when=term(NOON + 1), suspended=frozenset({Side.ORGANIZATION}))),
    (Why.ACCOUNT_SUSPENDED_BY_OPERATOR, ONE, user(member(), suspended=frozenset({Side.OPERATOR}))),
    (Why.ACCOUNT_CLOSED, ONE, user(member(), when=term(0, NOON), suspended=frozenset({Side.OPERATOR}))),
    (Why.ACCOUNT_PENDING, ONE, user(member(term(NOON + 1)), when=term(NOON + 1))),
    (Why.ACCOUNT_CLOSED, ONE, user(member(), when=term(0, NOON))),
    (Why.NOT_A_MEMBER, ONE, user()),
    (Why.NOT_A_MEMBER, ONE, user(member(place=Place(A, CONSULT)))),
    (Why.NOT_A_MEMBER, ONE, user(member(place=Place(B, DECLARE)))),
    (Why.MEMBERSHIP_NOT_STARTED, ONE, user(member(term(NOON + 1)))),
    (Why.MEMBERSHIP_OVER, ONE, user(member(term(0, NOON)))),
    (Why.ROLE_NOT_ASSIGNED, ONE, user(member(waiting=True))),
]


@pytest.mark.parametrize(("why", "of", "who"), MISSING)
def test_each_missing_link_is_a_no_with_its_reason_and_who_can_repair_it(why, of, who):
    """R38."""
    given_answer = answer(of, who)
    assert (given_answer.allowed, given_answer.why, given_answer.until) == (False, why, None)
    assert given_answer.repair == REPAIR[why]


def test_only_a_closed_organization_is_beyond_repair():
    """R1, R38."""
    assert [why for why in Why if not REPAIR[why]] == [Why.GRANTED, Why.ORGANIZATION_CLOSED]


def test_each_reason_of_the_closed_list_was_tried():
    """R38."""
    assert {why for why, _, _ in MISSING} == set(Why) - {Why.GRANTED, Why.NO_GROUP_GIVES_IT}


def test_a_permission_that_no_group_gives_is_said_so():
    """R38."""
    no = answer(ONE, user(member()), Permission("afas:unheard-of"))
    assert (no.allowed, no.why, no.repair) == (False, Why.NO_GROUP_GIVES_IT, frozenset({Role.OPERATOR}))


def test_a_group_gives_nothing_before_its_definition():
    """R3, R38: the groups are those that give the permission at that instant."""
    late = catalog(group(DECLARE, TO_DECLARE, since=NOON + 1))
    assert decide(ONE, late, user(member()), TO_DECLARE, hour(NOON)).why is Why.NO_GROUP_GIVES_IT
    assert decide(ONE, late, user(member()), TO_DECLARE, hour(NOON + 1)).allowed


def test_a_path_whose_links_all_hold_is_a_yes_without_end():
    """R38."""
    yes = answer(ONE, user(member()))
    assert (yes.allowed, yes.why, yes.until, yes.repair) == (True, Why.GRANTED, None, frozenset())


@pytest.mark.parametrize(
    ("of", "who", "until"),
    [
        (organization(agreement(when=term(0, 9))), user(member()), 9),
        (ONE, user(member(), when=term(0, 8)), 8),
        (ONE, user(member(term(0, 7))), 7),
        (organization(agreement(when=term(0, 9))), user(member(term(0, 10)), when=term(0, 8)), 8),
    ],
)
def test_a_yes_lasts_until_the_first_of_its_links_ends(of, who, until):
    """R38."""
    yes = answer(of, who)
    assert (yes.allowed, yes.until) == (True, hour(until))


def test_a_yes_ends_at_its_until_and_not_before():
    """R15, R38."""
    who = user(member(term(0, 8)))
    assert decide(ONE, CATALOG, who, TO_DECLARE, hour(8) - timedelta(microseconds=1)).allowed
    assert not answer(ONE, who, at=8).allowed


def test_a_role_gives_nothing_before_it_was_assigned():
    """R26, I4: even over the time in which the membership waited."""
    who = user(member(term(0), assigned=4))
    held = next(paths(ONE, CATALOG, who, TO_DECLARE, hour(NOON)))
    assert held.period is not None
    assert held.period.start == hour(4)


def test_a_removed_user_has_no_access():
    """R18, I3."""
    assert answer(ONE, user(member(), removed=True)).why is Why.ACCOUNT_CLOSED


def test_paths_that_take_over_from_each_other_make_one_yes():
    """R38: until the end of the unbroken union, through other groups and agreements."""
    two = organization(agreement(when=term(0, 9)), agreement(B))
    who = user(
        member(term(0, 8), number=1),
        member(term(7, 10), place=Place(A, CONSULT), number=2),
        member(term(9, 11), place=Place(B, CONSULT), number=3),
        member(term(12), place=Place(B, DECLARE), number=4),
    )
    assert answer(two, who, TO_CONSULT).until == hour(11)
    assert answer(two, who, TO_DECLARE).until == hour(8)


def test_the_reason_is_of_the_path_that_got_furthest():
    """R38: one path lacks its role, the other its membership."""
    two = organization(agreement(), agreement(B))
    who = user(member(term(0, 5)), member(place=Place(B, CONSULT), waiting=True, number=2))
    no = answer(two, who, TO_CONSULT)
    assert (no.why, no.path.agreement, no.path.group) == (Why.ROLE_NOT_ASSIGNED, B, CONSULT)


def test_between_paths_that_got_as_far_the_agreements_reference_decides():
    """R38: ties."""
    two = organization(agreement(A, "CONV-2"), agreement(B, "CONV-1"))
    assert answer(two, user(), TO_CONSULT).path.reference == "CONV-1"


def test_the_reference_comes_before_the_groups_code():
    """R38: ties."""
    two = organization(agreement(A, "CONV-1", groups=(DECLARE,)), agreement(B, "CONV-2", groups=(CONSULT,)))
    assert answer(two, user(), TO_CONSULT).path.group == DECLARE


def test_and_then_the_groups_code():
    """R38: ties; the catalog lists AFAS-DEC first."""
    assert answer(ONE, user(), TO_CONSULT).path.group == CONSULT


def test_of_two_memberships_in_one_group_the_one_to_come_is_told():
    """R38: it says more than the one that is over."""
    who = user(member(term(8), number=1), member(term(0, 2), number=2))
    assert answer(ONE, who).why is Why.MEMBERSHIP_NOT_STARTED


def test_of_two_that_are_over_the_later_one_is_told():
    who = user(member(term(0, 2), number=1), member(term(2, 4), number=2))
    assert answer(ONE, who).path.membership == 2


def test_the_long_explanation_lists_every_missing_link_of_that_path():
    """R38."""
    draft = organization(agreement(state=AgreementState.DRAFT, when=term(0, 2), groups=()))
    no = answer(draft, user(member(term(8), waiting=True), when=term(7)))
    assert no.path.missing == (
        Why.AGREEMENT_NOT_VALIDATED,
        Why.AGREEMENT_OVER,
        Why.GROUP_NOT_OPENED,
        Why.ACCOUNT_PENDING,
        Why.MEMBERSHIP_NOT_STARTED,
        Why.ROLE_NOT_ASSIGNED,
    )


def test_administering_repairs_what_is_the_organizations_and_the_operator_the_rest():
    """R26, R38: who can put each link in place."""
    own = {Role.ADMINISTRATOR, Role.MANAGER}
    for why, repairers in REPAIR.items():
        organizations = _LINK.get(why) in (4, 5) and why is not Why.ACCOUNT_SUSPENDED_BY_OPERATOR
        assert repairers <= (own if organizations else {Role.OPERATOR})
    assert set(REPAIR) == set(Why)


def test_without_a_holder_what_the_administrator_would_repair_is_the_operators():
    """R34, R38."""
    for seat in (Seat(SeatState.VACANT), Seat(SeatState.UNCLAIMED)):
        vacant = organization(agreement(), seat=seat)
        assert answer(vacant, user(when=term(0, NOON))).repair == {Role.OPERATOR}
        assert answer(vacant, user()).repair == {Role.OPERATOR, Role.MANAGER}
        assert answer(vacant, user(member(waiting=True))).repair == {Role.OPERATOR}


spans = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12)).map(lambda pair: term(*pair))
memberships = st.lists(
    st.builds(
        member,
        spans,
        st.builds(Place, st.sampled_from([A, B]), st.sampled_from([DECLARE, CONSULT, OTHER])),
        st.booleans(),
        st.none() | st.integers(0, 12),
    ).map(lambda m: m if not m.waiting else Membership(m.number, m.place, m.term, True)),
    max_size=5,
)
agreements = st.lists(
    st.builds(
        agreement,
        st.sampled_from([A, B]),
        st.sampled_from(["", "X"]),
        st.sampled_from([AgreementState.VALIDATED, AgreementState.VALIDATED, AgreementState.DRAFT]),
        spans,
        st.sampled_from([(DECLARE, CONSULT), (DECLARE,), (CONSULT, OTHER)]),
    ),
    max_size=2,
)
INSTANTS = [ORIGIN + timedelta(minutes=30 * step) for step in range(27)]


@given(agreements, memberships, spans, st.sampled_from([TO_DECLARE, TO_CONSULT]))
def test_yes_and_until_are_what_looking_at_every_instant_finds(opened, held, account, permission):
    """R38, I4, I6: an independent, naive reading of the rule, with no period in it."""
    of = organization(*opened)
    who = user(*held, when=account)
    seen = [_naively(of, who, permission, at) for at in INSTANTS]
    for step, at in enumerate(INSTANTS):
        if any(m.assigned and m.assigned > at for m in held):
            continue  # a role is never known before it is assigned
        told = decide(of, CATALOG, who, permission, at)
        assert told.allowed is seen[step]
        if told.allowed:
            later = next((INSTANTS[n] for n in range(step, len(INSTANTS)) if not seen[n]), None)
            assert told.until == later


def _naively(of, who, permission, at):
    return any(_leads(of, who, held, permission, at) for held in who.account.memberships)


def _leads(of, who, held, permission, at):
    giving = {DECLARE: {TO_DECLARE, TO_CONSULT}, CONSULT: {TO_CONSULT}, OTHER: set()}
    opened = of.agreements.get(held.place.agreement)
    if opened is None or opened.state.value != "validated" or held.place.group not in opened.groups:
        return False
    if held.waiting or (held.assigned and held.assigned > at) or permission not in giving[held.place.group]:
        return False
    spans = (opened.term, who.account.term, held.term)
    return all(span.start <= at and (span.end is None or at < span.end) for span in spans)


@pytest.mark.parametrize(
    ("of", "who"),
    [
        (organization(agreement(), since=4), user(member())),
        (organization(agreement(since=4)), user(member())),
        (organization(agreement(opened=OpenedGroup(GroupState.OPEN, hour(4)))), user(member())),
        (organization(agreement(when=term(4))), user(member())),
        (ONE, user(member(), interrupted=(2, 4))),
        (ONE, user(member(), when=term(4))),
        (ONE, user(member(term(4)))),
        (ONE, user(member(assigned=4))),
    ],
)
def test_a_path_holds_from_the_last_act_that_put_a_link_in_place(of, who):
    """I4: a resumed organization, agreement or group, a reinstated user, an assigned role give nothing earlier."""
    [path] = paths(of, CATALOG, who, TO_DECLARE, hour(NOON))
    assert path.period.start == hour(4)


def test_a_path_holds_no_sooner_than_its_group_gives_the_permission():
    """R3, I4: through each definition in a row that gives it."""
    definitions = [Definition(hour(since), "", permissions, False) for since, permissions in GIVEN]
    changed = catalog(Group(DECLARE, AFAS, tuple(definitions)))
    [path] = paths(ONE, changed, user(member()), TO_DECLARE, hour(NOON))
    assert path.period.start == hour(3)


BOTH = frozenset({TO_DECLARE, TO_CONSULT})
GIVEN = [(0, BOTH), (2, frozenset({TO_CONSULT})), (3, BOTH), (4, frozenset({TO_DECLARE}))]


@pytest.mark.parametrize(
    ("why", "of", "who"),
    [each for each in MISSING if each[0] in (Why.NOT_A_MEMBER, Why.ACCOUNT_SUSPENDED, Why.MEMBERSHIP_OVER)],
)
def test_while_control_is_taken_the_operator_repairs_in_everybodys_place(why, of, who):
    """R34, R38."""
    taken = evolve(of, control=Control.TAKEN)
    assert answer(taken, who).repair == frozenset({Role.OPERATOR})
