"""What is loaded is what was stored, exactly; and lists are as the domain says, at any instant."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.sql import SqlStore, listing, statements
from habilitation.domain.credential import Credential, Minted, Standing
from habilitation.domain.events import (
    AgreementOpened,
    GroupOpened,
    OrganizationOpened,
    ServiceDefined,
    UserCreated,
    UserModified,
)
from habilitation.domain.folding import folded
from habilitation.domain.journal import replay, verify
from habilitation.domain.messages import Desk, Message, MessageKind, Notice
from habilitation.domain.period import Term
from habilitation.domain.refusals import Conflict, CursorMalformed
from habilitation.domain.user import Status, User
from habilitation.domain.values import (
    EmailAddress,
    Login,
    MessageId,
    OrganizationId,
    Paper,
    Person,
    PersonName,
    Place,
    Seal,
    ServiceCode,
    UserId,
)
from habilitation.ports.outbox import MessageState
from habilitation.ports.queries import UserFilter, UserRow
from tests.adapters.sql_histories import (
    AGENT,
    AGREEMENTS,
    ALPHABET,
    GROUPS,
    NOW,
    ORGANIZATION,
    PARTICULARS,
    Story,
    act,
    changes,
    instants,
    play,
    stories,
)

OPEN = Term(NOW, None, NOW.date(), None)
ANNE = UserId("anne")
OPENED = OrganizationOpened(ORGANIZATION)
CREATED = UserCreated(ANNE, None, OPEN, False)
NO_TEXT = "\udcff"
"""What a shell hands over for a byte that is no UTF-8."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "portal.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    store = SqlStore.open(f"sqlite:///{path}")
    yield store
    store.close()


def person(last_name: str, first_name: str = "Anne", email: str = "anne@x.fr") -> Person:
    return Person(PersonName(last_name), PersonName(first_name), EmailAddress(email, email.lower()))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new file, migrated once for all stories."""
    path = tmp_path_factory.mktemp("empty") / "portal.db"
    SqlStore.open(f"sqlite:///{path}").close()
    return path


@contextmanager
def told(story: Story, empty: Path) -> Iterator[SqlStore]:
    """A store that has read nothing yet, on a file that another wrote the story in."""
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{shutil.copy(empty, directory)}"
        writer = SqlStore.open(url)
        play(story, writer)
        writer.close()
        reader = SqlStore.open(url)
        yield reader
        reader.close()


@given(stories())
def test_what_is_loaded_is_what_the_journal_tells(empty, story):
    """R42, I9."""
    with told(story, empty) as store, store.writing(ORGANIZATION) as rows:
        entries = store.entries(ORGANIZATION)
        state = replay(map(store.decode, entries))
        assert verify(entries) is None
        assert rows.organization == state.organization
        assert {id: rows.find_user(id) for id in state.users} == state.users == story.users
        found = rows.managers()
    managers = [user for user in state.users.values() if user.account.delegation]
    assert sorted(found, key=_id) == sorted(managers, key=_id)


def _id(user: User) -> UserId:
    return user.id


@given(stories(), st.data())
def test_a_list_of_users_is_the_one_that_the_domain_says(empty, story, data):
    """R10, R15, R18, R26: in pages of any size, under any filter, at any instant."""
    wanted, size = data.draw(filters(story)), data.draw(st.integers(1, 3))
    with told(story, empty) as store, store.reading(ORGANIZATION) as rows:
        assert list(paged(lambda after: rows.users(wanted, after, size))) == oracle(story, wanted)


@st.composite
def filters(draw: st.DrawFn, story: Story) -> UserFilter:
    texts = st.sampled_from(["", "", "ab0", "a@x", "%", "_"]) | st.text(ALPHABET, max_size=2).map(folded)
    return UserFilter(
        draw(instants),
        draw(st.none() | st.sampled_from(Status)),
        draw(texts),
        draw(st.none() | st.frozensets(st.sampled_from(AGREEMENTS))),
        draw(st.frozensets(st.sampled_from(sorted(story.users)), max_size=2)),
        draw(st.booleans()),
    )


def paged(page: Callable[[UserId | None], Sequence[UserRow]]) -> Iterator[UserRow]:
    rows = page(None)
    while rows:
        yield from rows
        rows = page(rows[-1].user.id)


def oracle(story: Story, wanted: UserFilter) -> list[UserRow]:
    """The same question, answered by the domain, one user at a time."""
    rows = [
        UserRow(user, story.people.get(user.id), story.logins.get(user.id), story.version(user.id))
        for user in story.users.values()
    ]
    return sorted((row for row in rows if is_wanted(row, wanted)), key=in_order)


def in_order(row: UserRow) -> tuple[str, str, str]:
    if row.person is None:
        return ("", "", row.user.id)
    return (folded(row.person.last_name.text), folded(row.person.first_name.text), row.user.id)


def is_wanted(row: UserRow, wanted: UserFilter) -> bool:
    user, at, among = row.user, wanted.at, wanted.agreements
    return (
        not user.removed
        and wanted.status in (None, user.status(at))
        and (among is None or user.id in wanted.always or any(user.is_of(agreement, at) for agreement in among))
        and (not wanted.waiting or any(held.waiting for held in user.account.live(at)))
        and (not wanted.text or any(text.startswith(wanted.text) for text in searched(row)))
    )


def searched(row: UserRow) -> list[str]:
    person, login = row.person, row.login
    texts = [person.last_name.text, person.first_name.text, person.email.text] if person else []
    return [folded(text) for text in texts + ([login.text] if login else [])]


def test_a_person_is_found_by_the_new_name_and_no_more_by_the_old(store):
    """R14: the folded columns stand outside the entities, and follow them."""
    now = person("Été", "José", "JOSE@x.fr")
    act(store, NOW, AGENT, OPENED, CREATED, people={ANNE: person("Œuvrard")})
    act(store, NOW, AGENT, UserModified(ANNE, ("last_name",)), people={ANNE: now})
    with store.writing(ORGANIZATION) as rows:
        texts = ("oeuv", "anne", "ete", "jos", "jose@")
        found = [text for text in texts if rows.users(UserFilter(NOW, text=text), None, 10)]
        assert rows.find_row(ANNE) == UserRow(rows.find_user(ANNE), now, None, 3)
        assert [user.id for user in rows.with_email("jose@x.fr")] == [ANNE]
        assert not rows.with_email("anne@x.fr")
    assert found == ["ete", "jos", "jose@"]


def test_a_cursor_of_nobody_is_refused(store):
    act(store, NOW, AGENT, OPENED)
    with store.reading(ORGANIZATION) as rows, pytest.raises(CursorMalformed):
        rows.users(UserFilter(NOW), UserId("nobody"), 10)


def test_what_one_store_remembers_another_may_change(path, store):
    """R42: what is at hand is named by the journal's head, and so never stale."""
    act(store, NOW, AGENT, OPENED, AgreementOpened(AGREEMENTS[0], "1", Seal(""), OPEN, ()))
    other = SqlStore.open(f"sqlite:///{path}")
    act(other, NOW, AGENT, GroupOpened(AGREEMENTS[0], GROUPS[0]))
    with other.cataloging() as catalog:
        catalog.save(NOW, AGENT, ServiceDefined(ServiceCode("AFAS"), "AFAS"))
    other.close()
    with store.reading(ORGANIZATION) as rows:
        assert GROUPS[0] in rows.organization.agreements[AGREEMENTS[0]].groups
        assert ServiceCode("AFAS") in rows.catalog.services == store.catalog().services


def test_an_act_that_is_undone_is_not_remembered(store):
    """I8."""
    act(store, NOW, AGENT, OPENED)
    with suppress(ZeroDivisionError), store.writing(ORGANIZATION) as tx:
        tx.save(changes(tx, NOW, AGENT, AgreementOpened(AGREEMENTS[0], "1", Seal(""), OPEN, ())))
        raise ZeroDivisionError
    with suppress(ZeroDivisionError), store.cataloging() as catalog:
        catalog.save(NOW, AGENT, ServiceDefined(ServiceCode("AFAS"), "AFAS"))
        raise ZeroDivisionError
    with store.reading(ORGANIZATION) as rows:
        assert not rows.organization.agreements
        assert not rows.catalog.services


def test_half_an_act_is_not_kept_even_if_its_conflict_is_made_light_of(store):
    """I8: a second save in one transaction, for one, is not what the head says."""
    with pytest.raises(Conflict):
        save_twice(store)
    assert store.organizations() == []
    act(store, NOW, AGENT, OPENED)


def save_twice(store: SqlStore) -> None:
    with store.writing(ORGANIZATION) as tx:
        tx.save(changes(tx, NOW, AGENT, OPENED))
        with suppress(Conflict):
            tx.save(changes(tx, NOW, AGENT, OPENED))


def test_a_dead_login_stays_registered_as_a_hash_only(path, store):
    """R11, R41."""
    login = Login("ABCDEFGH")
    credential = Credential(ORGANIZATION, ANNE, login, Standing.FIRST, expires=NOW)
    act(store, NOW, AGENT, OPENED, CREATED, credentials=(credential,))
    minted = credential.minting("a hash", NOW + timedelta(microseconds=1))
    store.credentials.save(minted)
    assert store.credentials.by_login(login) == minted
    store.credentials.save(minted.killing())
    assert store.credentials.by_login(login) is None
    with pytest.raises(Conflict):
        act(store, NOW, AGENT, *another(), credentials=(evolve(credential, user=UserId("zoé")),))
    store.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT digest, user_id FROM logins").fetchall() == [(login.digest, ANNE)]
    raw.close()
    assert login.text.encode() not in path.read_bytes()


def another() -> tuple[UserCreated]:
    return (UserCreated(UserId("zoé"), None, OPEN, False),)


def test_a_stale_credential_is_refused(store):
    """R22: compare and swap, outside the organization's version."""
    credential = Credential(ORGANIZATION, ANNE, Login("ABCDEFGH"), Standing.PROVISIONAL, minted=(Minted("h", NOW),))
    act(store, NOW, AGENT, OPENED, CREATED, credentials=(credential,))
    store.credentials.save(credential.choosing("one"))
    with pytest.raises(Conflict):
        store.credentials.save(credential.choosing("other"))
    assert store.credentials.of(ORGANIZATION, ANNE) == credential.choosing("one")


def test_messages_are_leased_oldest_first_and_kept_as_they_were_said(store):
    """R20."""
    notices = [
        Notice(MessageKind.FIRST_PASSWORD, Desk.CONTACT, ANNE, generation=3),
        Notice(MessageKind.DOCUMENT_NEEDED, UserId("operator"), ANNE, place=Place(AGREEMENTS[0], GROUPS[0])),
    ]
    sent = [Message(MessageId(f"m{n}"), ORGANIZATION, notice) for n, notice in enumerate(notices)]
    act(store, NOW, AGENT, OPENED, messages=tuple(sent))
    later = NOW + timedelta(minutes=5)
    taken = store.outbox.take(NOW, later, 10)
    assert [delivery.message for delivery in taken] == sent
    assert {(delivery.attempts, delivery.due, delivery.state) for delivery in taken} == {
        (1, later, MessageState.WAITING)
    }
    assert not store.outbox.take(NOW, later, 10, ORGANIZATION)
    given_up = evolve(taken[0], state=MessageState.DEAD, problem="no such mailbox")
    store.outbox.settle(given_up)
    assert store.outbox.dead() == store.outbox.dead(ORGANIZATION) == [given_up] == [store.outbox.find(sent[0].id)]
    assert not store.outbox.dead(OrganizationId("another"))
    store.outbox.settle(evolve(given_up, message=evolve(sent[0], id=MessageId("none"))))


def test_what_no_database_can_hold_is_nowhere_in_it(store):
    act(store, NOW, AGENT, OPENED, CREATED, people={ANNE: person("Œuvrard")}, papers=(Paper("text", b"salt"),))
    with store.reading(OrganizationId(NO_TEXT)) as rows:
        assert rows.organization is None
    with store.writing(ORGANIZATION) as rows:
        assert rows.find_user(UserId(NO_TEXT)) is rows.find_row(UserId(NO_TEXT)) is None
        assert rows.find_credential(UserId(NO_TEXT)) is rows.find_session(NO_TEXT) is None
        assert not rows.users(UserFilter(NOW, text=NO_TEXT), None, 10)
        assert not rows.with_email(NO_TEXT)
        assert not rows.records(10**30, 10)
        assert rows.papers([Seal(NO_TEXT), Paper("text", b"salt").seal]) == {Paper("text", b"salt").seal: "text"}
        assert rows.particulars() == PARTICULARS
    assert store.outbox.find(MessageId(NO_TEXT)) is None
    assert not store.outbox.take(NOW, NOW, 10, OrganizationId(NO_TEXT))


def test_a_page_takes_as_few_statements_for_fifty_users_as_for_one(path, store):
    facts = [UserCreated(UserId(f"user-{number:02}"), None, OPEN, False) for number in range(60)]
    act(store, NOW, AGENT, OPENED, *facts)
    asked: list[str] = []
    with store.reading(ORGANIZATION) as rows:
        rows._line.raw.set_trace_callback(asked.append)
        rows.users(UserFilter(NOW), None, 1)
        for_one, asked[:] = len(asked), []
        assert len(rows.users(UserFilter(NOW), UserId("user-05"), 50)) == 50
        rows._line.raw.set_trace_callback(None)
    assert (for_one, len(asked)) == (2, 3)


HOT = ["HEAD", "FIND_USER", "FIND_ROW", "KEYS", "WITH_EMAIL", "MANAGERS", "RECORDS", "RECORDS_ABOUT", "LOGIN_OWNER"]
HOT += ["FIND_CREDENTIAL", "FIND_SESSION", "DUE_HERE", "DEAD_HERE", "MOVE_ORGANIZATION", "SETTLE", "SIRET_HOLDER"]
HOT += ["PRUNE_LINKS", "PRUNE_SESSIONS"]
SHAPES = [
    listing.Shape(after=True, status=None, text=False, agreements=None, always=0, waiting=False),
    listing.Shape(after=True, status=Status.OPEN, text=True, agreements=2, always=1, waiting=False),
    listing.Shape(after=False, status=None, text=False, agreements=None, always=0, waiting=True),
]
STATEMENTS = {name: getattr(statements, name) for name in HOT} | {
    "memberships": statements.memberships_of(3),
    "past accounts": statements.past_accounts_of(3),
    **{f"page {number}": listing._statement(shape) for number, shape in enumerate(SHAPES)},
}


USED = {
    "WITH_EMAIL": "users_by_email",
    "MANAGERS": "users_managing",
    "PRUNE_LINKS": "links_by_age",
    "PRUNE_SESSIONS": "sessions_by_age",
    "page 0": "users_in_order",
    "page 1": "users_in_order",
    "page 2": "memberships_waiting",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_is_asked_often_is_found_by_an_index_and_never_sorted(store, path, name):
    """Nothing grows with the number of organizations or users."""
    raw = sqlite3.connect(path)
    statement = STATEMENTS[name].sqlite
    steps = [step for *_, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", [1] * statement.count("?"))]
    raw.close()
    assert not [step for step in steps if not step.startswith(("SEARCH", "CORRELATED", "LIST SUBQUERY"))]
    assert USED.get(name, "") in " ".join(steps)
