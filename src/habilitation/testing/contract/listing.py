"""The list of users: in order, by pages, filtered; judged by a plain list in Python (R10, R18, R36)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habilitation.domain import user as users
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    MemberAdded,
    MembershipEnded,
    RoleAssigned,
    UserEvent,
    UserModified,
    UserRemoved,
)
from habilitation.domain.folding import folded
from habilitation.domain.refusals import CursorMalformed
from habilitation.domain.user import Status, User
from habilitation.domain.values import AgreementId, GroupCode, Login, Paper, Place, UserId
from habilitation.ports.queries import UserFilter, UserRow
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.seeds import (
    AGREEMENT,
    ANNE,
    AT,
    CONSULT,
    DAY,
    DECLARE,
    ORGANIZATION,
    OTHER,
    OTHER_AGREEMENT,
    OTHER_SIRET,
    SIRET,
    Seeds,
    agreement_opened,
    created,
    person,
    term,
)

ALL = 1000
LAST = ("D'Arc", "N'Guyen", "Œuvrard", "Oeuvrard", "éluard", "Eluard", "50%", "5_0", "50", "Martin", "martin", "Zola")
FIRST = ("José María", "Zoé", "zoe", "ÉLODIE", "a_b", "a%b", "acb", "Łukasz", "Anne")
MAIL = ("{}@oliviers.example", "Zoé.{}@oliviers.example", "a_{}@oliviers.example", "{}%50@oliviers.example")
TEXTS = ("", "d'", "n'g", "oe", "e", "elu", "50%", "5_", "50", "a_", "a%", "zoe", "jose m", "user-1", "0000001", "%")

Life = Callable[[UserId], list[UserEvent]]


def _opened(user: UserId) -> list[UserEvent]:
    return [created(user)]


def _announced(user: UserId) -> list[UserEvent]:
    return [created(user, term(AT + 2 * DAY, AT + 5 * DAY), OTHER_AGREEMENT)]


def _closed(user: UserId) -> list[UserEvent]:
    return [created(user, agreement=None), AccountClosed(user, AT + DAY, (AT + DAY).date())]


def _canceled(user: UserId) -> list[UserEvent]:
    return [*_announced(user), AccountClosed(user, AT, AT.date())]


def _reopened(user: UserId) -> list[UserEvent]:
    earlier = [added(user, 1, OTHER_AGREEMENT), *_closed(user)[1:]]
    return [created(user, agreement=None), *earlier, AccountReopened(user, term(AT + 2 * DAY))]


def _removed(user: UserId) -> list[UserEvent]:
    return [*_closed(user), UserRemoved(user)]


def added(user: UserId, number: int, agreement: AgreementId, start: datetime = AT, days: int = 99) -> UserEvent:
    """A membership that waits."""
    period = term(start, start + days * DAY)
    return MemberAdded(user, number, Place(agreement, DECLARE), period, waiting=True)


LIVES: tuple[Life, ...] = (_opened, _announced, _closed, _canceled, _reopened, _removed)
MEMBERSHIPS: tuple[Life, ...] = (
    lambda user: [],
    lambda user: [added(user, 7, OTHER_AGREEMENT)],
    lambda user: [added(user, 7, AGREEMENT, AT + DAY, 2), RoleAssigned(user, 7, Paper("PJ3", b"salt").seal)],
    lambda user: [MemberAdded(user, 7, Place(OTHER_AGREEMENT, CONSULT), term(AT, AT + 3 * DAY), waiting=False)],
    lambda user: [added(user, 7, OTHER_AGREEMENT), MembershipEnded(user, 7, AT + DAY, (AT + DAY).date())],
    lambda user: [added(user, 7, OTHER_AGREEMENT, AT + 9 * DAY), MembershipEnded(user, 7, AT, AT.date())],
)


def plant(seeds: Seeds) -> list[UserRow]:
    """A user of each life with each membership, as the list must show them, in its order."""
    seeds.organization()
    seeds.act(*agreement_opened(OTHER_AGREEMENT))
    planted = [_plant(seeds, number, life, held) for number, (life, held) in enumerate(product(LIVES, MEMBERSHIPS))]
    return sorted(planted, key=_key)


def _plant(seeds: Seeds, number: int, life: Life, held: Life) -> UserRow:
    id = UserId(f"user-{number:02}")
    email = MAIL[number % len(MAIL)].format(id)
    who = person(LAST[number * 5 % len(LAST)], FIRST[number * 7 % len(FIRST)], email)
    events = [*life(id), *held(id)]
    user: User | None = None
    for event in events:
        user = users.evolve(user, event, AT)
    assert user is not None
    login = f"{number:08}"
    seeds.user(id, who, *events, login=login)
    with seeds.store.reading(ORGANIZATION) as rows:
        return UserRow(user, who, Login(login), rows.head.sequence)


def _key(row: UserRow) -> tuple[str, str, str]:
    assert row.person is not None
    return (folded(row.person.last_name.text), folded(row.person.first_name.text), row.user.id)


def is_wanted(row: UserRow, asked: UserFilter) -> bool:
    """The list in plain words."""
    user, who = row.user, row.person
    assert who is not None
    assert row.login is not None
    texts = (who.last_name.text, who.first_name.text, who.email.text, row.login.text)
    waits = any(held.waiting for held in user.account.live(asked.at))
    agreements = asked.agreements
    return (
        not user.removed
        and asked.status in (None, user.status(asked.at))
        and (waits or not asked.waiting)
        and (agreements is None or user.id in asked.always or any(user.is_of(one, asked.at) for one in agreements))
        and any(folded(text).startswith(asked.text) for text in texts)
    )


def named(rows: Iterable[UserRow]) -> list[str]:
    """By id and name, so that a wrong list can be read."""
    return [f"{row.user.id} {row.person.last_name} {row.person.first_name}" for row in rows if row.person]


FILTERS = st.builds(
    UserFilter,
    at=st.sampled_from([AT + days * DAY / 2 for days in range(-1, 22)]),
    status=st.none() | st.sampled_from(Status),
    text=st.sampled_from(TEXTS),
    agreements=st.none() | st.frozensets(st.sampled_from([AGREEMENT, OTHER_AGREEMENT, AgreementId("no-such")])),
    always=st.frozensets(st.sampled_from([UserId(f"user-{number:02}") for number in range(36)]), max_size=3),
    waiting=st.booleans(),
)


class ListsUsers(StoreBench):
    """Pages of users, as a list in Python would give them."""

    def test_a_list_is_what_a_list_in_python_would_be(self, store: Store, seeds: Seeds) -> None:
        """R10, R15, R18, R26, R36: by status, text, agreement, waiting; from any cursor; in pages of any size."""
        planted = plant(seeds)

        @settings(suppress_health_check=list(HealthCheck), deadline=None)
        @given(FILTERS, st.none() | st.integers(0, len(planted) - 1), st.integers(1, 40))
        def check(asked: UserFilter, cursor: int | None, most: int) -> None:
            after = planted[cursor].user.id if cursor is not None else None
            rest = planted[cursor + 1 :] if cursor is not None else planted
            with store.reading(ORGANIZATION) as rows:
                found = rows.users(asked, after, most)
            wanted = [row for row in rest if is_wanted(row, asked)][:most]
            assert named(found) == named(wanted), f"with {asked}, after {after}, {most} at most"
            assert list(found) == wanted

        check()

    @pytest.mark.parametrize("size", [1, 7, ALL])
    def test_pages_put_together_are_the_whole_list(self, store: Store, seeds: Seeds, size: int) -> None:
        """R36: nobody twice, nobody left out."""
        planted = plant(seeds)
        asked = UserFilter(AT)
        found: list[UserRow] = []
        with store.reading(ORGANIZATION) as rows:
            while page := rows.users(asked, found[-1].user.id if found else None, size):
                assert len(page) <= size
                assert not {row.user.id for row in page} & {row.user.id for row in found}, "nobody comes twice"
                found += page
        assert found == [row for row in planted if is_wanted(row, asked)]

    def test_a_list_goes_on_after_a_user_who_was_removed_meanwhile(self, store: Store, seeds: Seeds) -> None:
        """R18, R36: the cursor is a place in the order, not a user on the list."""
        shown = self._three(store, seeds)
        seeds.act(AccountClosed(shown[1], AT, AT.date()), UserRemoved(shown[1]))
        assert self._after(store, shown[1]) == shown[2:]

    def test_a_removed_user_is_not_listed(self, store: Store, seeds: Seeds) -> None:
        """R18: but is still found by who knows the id."""
        shown = self._three(store, seeds)
        seeds.act(AccountClosed(shown[1], AT, AT.date()), UserRemoved(shown[1]))
        assert self._after(store, None) == [shown[0], shown[2]]
        with store.reading(ORGANIZATION) as rows:
            row = rows.find_row(shown[1])
        assert row is not None
        assert row.user.removed

    def test_a_cursor_that_was_never_given_is_refused(self, store: Store, seeds: Seeds) -> None:
        """R36, R37: one of another organization included."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE, on=OTHER)
        with store.reading(ORGANIZATION) as rows:
            for cursor in ("", "no-such", ANNE):
                with pytest.raises(CursorMalformed):
                    rows.users(UserFilter(AT), UserId(cursor), 10)

    def test_a_changed_name_moves_the_user_in_the_list(self, store: Store, seeds: Seeds) -> None:
        """R14, R36"""
        shown = self._three(store, seeds)
        seeds.act(UserModified(shown[0], ("last_name",)), people={shown[0]: person("Zola")})
        assert self._after(store, None) == [*shown[1:], shown[0]]
        with store.reading(ORGANIZATION) as rows:
            assert [row.user.id for row in rows.users(UserFilter(AT, text="zo"), None, ALL)] == [shown[0]]

    def test_who_was_ever_in_a_group_is_found_whatever_became_of_it(self, store: Store, seeds: Seeds) -> None:
        """R39: closed, removed and reopened users included; by id, by pages; of this organization."""
        seeds.organization()
        seeds.organization(OTHER, OTHER_SIRET)
        stay, gone, back, never = (UserId(f"user-{number}") for number in range(4))
        for id in (back, never, gone, stay):
            seeds.user(id, person(email=f"{id}@oliviers.example"), login=id.replace("-", "-00"))
        seeds.user(UserId("user-1x"), on=OTHER, login="elsewher")
        seeds.act(added(UserId("user-1x"), 1, AGREEMENT), on=OTHER)
        seeds.act(*(added(id, 1, AGREEMENT) for id in (stay, gone, back)), added(stay, 2, OTHER_AGREEMENT))
        closed = [AccountClosed(id, AT, AT.date()) for id in (gone, back)]
        seeds.act(*closed, UserRemoved(gone), AccountReopened(back, term()))
        with store.reading(ORGANIZATION) as rows:
            assert list(rows.ever_in([DECLARE, CONSULT], None, ALL)) == [stay, gone, back]
            assert list(rows.ever_in([DECLARE], stay, 1)) == [gone]
            assert list(rows.ever_in([GroupCode("LOG-PRI")], None, ALL)) == []
            assert list(rows.ever_in([], None, ALL)) == []

    def _three(self, store: Store, seeds: Seeds) -> list[UserId]:
        seeds.organization()
        for number, last in enumerate(("Benoît", "Arnaud", "Çelik")):
            seeds.user(UserId(f"user-{number}"), person(last, email=f"{number}@oliviers.example"), login=f"{number:08}")
        return self._after(store, None)

    def _after(self, store: Store, after: UserId | None) -> list[UserId]:
        with store.reading(ORGANIZATION) as rows:
            return [row.user.id for row in rows.users(UserFilter(AT), after, ALL)]
