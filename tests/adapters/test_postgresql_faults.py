"""What can be wrong with a server or the way to it: one clear refusal each, which says whether the act took effect."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from habilitation.adapters.sql import SqlStore
from habilitation.domain.attempts import Attempt, Verdict
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.events import OrganizationOpened, UserCreated
from habilitation.domain.limits import Limits
from habilitation.domain.messages import Message, MessageKind, Notice
from habilitation.domain.period import Term
from habilitation.domain.refusals import (
    Conflict,
    ConnectionLost,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
    OutcomeUnknown,
    ValueUnstorable,
)
from habilitation.domain.values import Login, MessageId, OrganizationId, Particulars, Siret, UserId
from tests import postgres
from tests.adapters.sql_histories import AGENT, NOW, ORGANIZATION, PARTICULARS, act
from tests.stores import migrated, prepare

OPENED = OrganizationOpened(ORGANIZATION)
OPEN = Term(NOW, None, NOW.date(), None)
ANNE = UserCreated(UserId("anne"), None, OPEN, False)
ANOTHER = OrganizationId("organization-2")
PATIENCE = 10.0

Behind = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def url() -> Iterator[str]:
    with migrated() as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """A store that has one organization in it."""
    store = SqlStore.open(url, busy_timeout=0.3)
    act(store, NOW, AGENT, OPENED)
    yield store
    store.close()


@pytest.fixture
def behind(url: str) -> Iterator[Behind]:
    """Does something in the database behind the store's back."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda statement: told(connection.execute(statement.encode()))


def told(cursor: psycopg.Cursor) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []


def await_waiting(behind: Behind) -> None:
    """Until somebody waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    while not behind("SELECT 1 FROM pg_locks WHERE NOT granted"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def with_user(address: str, name: str, password: str | None = None) -> str:
    return make_url(address).set(username=name, password=password).render_as_string(hide_password=False)


def cut_all_connections(behind: Behind) -> None:
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    behind(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


# Servers that cannot be reached, or do not let one in


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:secret@127.0.0.1:1/portal",
        "postgresql://someone:secret@/portal?host=/nowhere",
        "postgresql://someone:secret@127.0.0.1:port/portal",
        "postgresql://someone:secret@127.0.0.1:1/portal?colour=red",
        "postgresql://[",
        "postgresql:",
    ],
)
def test_an_address_where_no_server_is_is_refused_and_no_password_told(url):
    with pytest.raises(DatabaseUnavailable) as caught:
        SqlStore.open(url, 2)
    assert "secret" not in "".join(traceback.format_exception(caught.value, limit=0))


def test_a_database_that_the_server_does_not_have_is_told_to_be_missing(url):
    missing = make_url(url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(DatabaseUnavailable, match="no database of that name"):
        SqlStore.open(missing)


def test_a_user_whom_the_server_does_not_know_is_told_so(url):
    with pytest.raises(DatabaseUnavailable, match="the user or the password"):
        SqlStore.open(with_user(url, "nobody_of_that_name"))


def test_a_user_with_too_many_connections_is_told_to_wait(url, behind):
    behind("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    try:
        with pytest.raises(DatabaseBusy):
            SqlStore.open(with_user(url, "crowded"))
    finally:
        behind("DROP ROLE crowded")


def test_a_user_who_may_not_read_our_tables_is_told_so(url, behind):
    behind("CREATE ROLE stranger LOGIN")
    try:
        with pytest.raises(DatabaseUnavailable, match="may not do"):
            SqlStore.open(with_user(url, "stranger")).organizations()
    finally:
        behind("DROP ROLE stranger")


def test_a_database_whose_texts_are_not_unicode_is_refused():
    server = postgres.server()
    with psycopg.connect(server.at("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(DatabaseUnavailable, match="UTF8"):
            SqlStore.open(server.at("latin"))
    finally:
        server.drop("latin")


# Connections that are lost


def test_connections_that_died_while_they_waited_are_replaced_and_nobody_notices(store, behind):
    store.organizations()
    cut_all_connections(behind)
    act(store, NOW, AGENT, ANNE)
    cut_all_connections(behind)
    assert len(store.entries(ORGANIZATION)) == 2


def test_a_server_that_is_gone_is_told_to_be_so():
    server = postgres.start()
    server_url = server.address.render_as_string(hide_password=False)
    prepare(server_url)
    store = SqlStore.open(server_url, 2)
    act(store, NOW, AGENT, OPENED)
    server.stop()
    with pytest.raises(DatabaseUnavailable):
        store.organizations()
    store.close()


def test_a_connection_lost_during_an_act_has_written_nothing(store, behind):
    """I8"""

    def cut_off() -> None:
        with store.writing(ORGANIZATION) as rows:
            cut_all_connections(behind)
            rows.find_user(UserId("anne"))

    with pytest.raises(ConnectionLost):
        cut_off()
    act(store, NOW, AGENT, ANNE)
    assert len(store.entries(ORGANIZATION)) == 2


def test_a_connection_lost_before_what_was_written_was_sent_has_written_nothing(store, behind):
    """I8"""

    def cut_off() -> None:
        with store.writing(ORGANIZATION) as rows:
            rows.drop()
            cut_all_connections(behind)

    with pytest.raises(ConnectionLost):
        cut_off()
    assert store.organizations() == [ORGANIZATION]


ENDS_AT_THE_COMMIT = """
CREATE FUNCTION ended() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER ended AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION ended();
"""


def test_a_connection_lost_during_the_commit_is_told_as_neither_done_nor_not(store, behind):
    """I8: here it was not."""
    behind(ENDS_AT_THE_COMMIT)
    with pytest.raises(OutcomeUnknown):
        act(store, NOW, AGENT, ANNE)
    behind("DROP TRIGGER ended ON entries; DROP FUNCTION ended")
    assert len(store.entries(ORGANIZATION)) == 1
    act(store, NOW, AGENT, ANNE)


def test_a_commit_whose_answer_is_lost_is_told_as_neither_done_nor_not(store, monkeypatch):
    """I8: here it was."""

    def commit(pooled: Any) -> None:
        pooled.commit()
        pooled.dbapi_connection.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(store._database.engine.dialect, "do_commit", commit)
    with pytest.raises(OutcomeUnknown):
        act(store, NOW, AGENT, ANNE)
    monkeypatch.undo()
    assert len(store.entries(ORGANIZATION)) == 2


# What the server complains of


@pytest.mark.parametrize("when", ["", "DEFERRABLE INITIALLY DEFERRED"])
@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40001", Conflict),
        ("40P01", Conflict),
        ("53100", DatabaseFull),
        ("53200", DatabaseBusy),
        ("57014", DatabaseBusy),
        ("55P03", DatabaseLocked),
        ("25006", DatabaseReadOnly),
        ("42703", DatabaseDamaged),
        ("XX001", DatabaseDamaged),
        ("58030", DatabaseUnavailable),
    ],
)
def test_what_the_server_refuses_in_an_act_or_at_its_commit_has_written_nothing(store, behind, state, kind, when):
    """I8"""
    behind(
        "CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE 'refused' USING ERRCODE = '{state}'; END $$;"
        f" CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON entries {when} FOR EACH ROW EXECUTE FUNCTION refused();"
    )
    with pytest.raises(kind):
        act(store, NOW, AGENT, ANNE)
    behind("DROP TRIGGER refused ON entries; DROP FUNCTION refused")
    assert len(store.entries(ORGANIZATION)) == 1
    act(store, NOW, AGENT, ANNE)


def test_a_lock_that_another_program_keeps_is_waited_for_and_then_told(store, url):
    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM organizations FOR UPDATE")
        with pytest.raises(DatabaseLocked):
            act(store, NOW, AGENT, ANNE)
        with store.reading(ORGANIZATION) as rows:
            assert rows.organization is not None  # reading waits for nobody
    act(store, NOW, AGENT, ANNE)


def test_a_statement_that_takes_longer_than_the_server_allows_is_told_so(url, store, behind):
    behind(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$;"
        " CREATE TRIGGER slow AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION slow();"
    )
    options = make_url(url).update_query_dict({"options": "-c statement_timeout=50"})
    hurried = SqlStore.open(options.render_as_string(hide_password=False))
    with pytest.raises(DatabaseBusy):
        act(hurried, NOW, AGENT, ANNE)
    hurried.close()
    behind("DROP TRIGGER slow ON entries; DROP FUNCTION slow")
    assert len(store.entries(ORGANIZATION)) == 1


def test_two_who_wait_for_each_other_are_told_apart_and_one_may_try_again(store, url, behind):
    """A real deadlock: another program has the SIRET that the act wants, and wants the organization."""
    with psycopg.connect(url) as other, ThreadPoolExecutor() as aside:
        other.execute("SET deadlock_timeout = '10s'")
        other.execute("INSERT INTO sirets VALUES ('13002526500013', 'elsewhere')")
        patient = SqlStore.open(url)
        taken = Particulars(Siret("13002526500013"), "LES OLIVIERS", PARTICULARS.contact)
        acting = aside.submit(act, patient, NOW, AGENT, ANNE, particulars=taken)
        await_waiting(behind)
        wanting = aside.submit(other.execute, "SELECT 1 FROM organizations FOR UPDATE")
        with pytest.raises(Conflict):
            acting.result(PATIENCE)
        wanting.result(PATIENCE)
        other.rollback()
        act(patient, NOW, AGENT, ANNE, particulars=taken)
        patient.close()


def test_a_database_that_is_only_read_is_told_to_be_so_and_goes_on_being_read(url, store, behind):
    name = make_url(url).database
    behind(f"ALTER ROLE postgres IN DATABASE {name} SET default_transaction_read_only = on")
    reader = SqlStore.open(url)
    with pytest.raises(DatabaseReadOnly):
        act(reader, NOW, AGENT, ANNE)
    assert len(reader.entries(ORGANIZATION)) == 1
    reader.close()
    behind(f"ALTER ROLE postgres IN DATABASE {name} RESET ALL")


# What no column holds


@pytest.mark.parametrize("text", ["a\0b", "half a \ud83d character"])
def test_a_text_that_cannot_be_stored_is_found_nowhere_and_refused_where_it_is_written(store, text):
    with store.reading(ORGANIZATION) as rows:
        assert rows.find_user(UserId(text)) is None
        assert list(rows.with_email(text)) == []
        assert rows.organization is not None
    told = Message(MessageId(text), ORGANIZATION, Notice(MessageKind.LOGIN, UserId("anne"), UserId("anne")))
    with pytest.raises(ValueUnstorable):
        act(store, NOW, AGENT, ANNE, messages=(told,))
    assert len(store.entries(ORGANIZATION)) == 1


# Who waits for whom


def test_different_organizations_never_wait_for_each_other(store):
    """Nor does whoever signs in, or reads."""
    elsewhere = Particulars(Siret("13002526500013"), "LES SAPINS", PARTICULARS.contact)
    act(store, NOW, AGENT, OrganizationOpened(ANOTHER), organization=ANOTHER, particulars=elsewhere)
    credential = Credential(ORGANIZATION, UserId("anne"), Login("ABCDEFGH"), Standing.FIRST)
    act(store, NOW, AGENT, ANNE, credentials=(credential,))
    with ThreadPoolExecutor() as aside, store.writing(ORGANIZATION) as rows:
        rows.find_user(UserId("anne"))
        aside.submit(act, store, NOW, AGENT, ANNE, organization=ANOTHER).result(PATIENCE)
        aside.submit(store.credentials.save, credential.minting("a hash", NOW)).result(PATIENCE)
        assert len(aside.submit(store.entries, ORGANIZATION).result(PATIENCE)) == 2


def test_messages_that_another_worker_is_taking_are_passed_over(store, url):
    """R20: who takes messages waits for nobody."""
    notice = Notice(MessageKind.LOGIN, UserId("anne"), UserId("anne"))
    told = tuple(Message(MessageId(f"m-{number}"), ORGANIZATION, notice) for number in (1, 2))
    act(store, NOW, AGENT, ANNE, messages=told)
    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM messages WHERE message_id = 'm-1' FOR UPDATE")
        taken = store.outbox.take(NOW, NOW + timedelta(minutes=2), 10)
    assert [delivery.message.id for delivery in taken] == ["m-2"]


def test_who_tries_a_login_that_does_not_exist_waits_for_no_other_who_does(store, url):
    """R22: what is written in the place of a login that is none is each connection's own."""
    one, other = (Attempt.of(None, source, NOW) for source in ("192.0.2.1", "192.0.2.2"))
    store.attempts.count(one, Limits())
    elsewhere = SqlStore.open(url, busy_timeout=0.3)
    with psycopg.connect(url) as trying:
        trying.execute("SELECT 1 FROM attempts FOR UPDATE")
        assert elsewhere.attempts.count(other, Limits()) is Verdict.ADMITTED
    elsewhere.close()


def test_fifty_who_write_in_one_organization_at_once_all_get_through(store):
    """I8, I9"""
    patient = SqlStore.open(store._database.address.render_as_string(hide_password=False), busy_timeout=30)
    start = threading.Barrier(50)

    def write(number: int) -> None:
        start.wait()
        act(patient, NOW, AGENT, UserCreated(UserId(f"user-{number}"), None, OPEN, False))

    with ThreadPoolExecutor(50) as writers:
        list(writers.map(write, range(50)))
    assert len(patient.entries(ORGANIZATION)) == 51
    patient.close()
