"""R18, R41: of who was erased no row is left, live or dead; and nobody waits for that, but who would bring it back."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from attrs import evolve
from sqlalchemy.engine import make_url

from habilitation import Habilitation
from habilitation.adapters.sql import SqlStore
from habilitation.domain.events import PersonErased
from habilitation.domain.refusals import DatabaseLocked, DatabaseUnavailable
from habilitation.domain.requests import DueErasure, Erasure
from habilitation.ports.store import Erased
from habilitation.testing.world import AGENT, CONSULT, World
from tests.adapters.sql_histories import changes
from tests.steps import close, create, erase
from tests.stores import migrated

ROWS = """
SELECT coalesce(string_agg(encode(t_data, 'hex'), ' '), '')
FROM generate_series(0, pg_relation_size('users') / 8192 - 1) AS page, heap_page_items(get_raw_page('users', page::int))
"""
"""Whatever stands in the table, whoever may see it."""
NAME = "Quatremère"


@pytest.fixture
def url() -> Iterator[str]:
    with migrated() as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore.open(url, busy_timeout=0.2)
    yield store
    store.close()


@pytest.fixture
def world(store: SqlStore) -> World:
    return World.administered(store)


def stands_somewhere(url: str) -> bool:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        [(rows,)] = connection.execute(ROWS)
    return NAME.encode().hex() in rows


def closed(world: World):
    user = create(world, last_name=NAME, groups=(CONSULT,))
    close(world, user)
    return user


def test_no_row_that_tells_who_it_was_is_left_even_dead(world, store, url):
    user = closed(world)
    assert stands_somewhere(url), "what is to be erased was there"
    erase(world, user)
    assert not stands_somewhere(url)
    assert not store.residue()


def test_who_still_reads_what_was_is_told_and_the_rest_is_done_later(world, store, url):
    """The erasure stands at once; its traces wait for whoever has a snapshot of before."""
    user = closed(world)
    with store.reading(world.organization.id) as rows:
        assert rows.find_row(user.id).person is not None
        outcome = world.portal.erase_person(Erasure(world.organization.id, user.id, "request"), by=AGENT)
        assert isinstance(outcome.residue, DatabaseLocked)
        assert store.residue()
    assert world.portal.erase_due(DueErasure(), by=AGENT).residue is None
    assert not store.residue()
    assert not stands_somewhere(url)


def test_what_is_erased_while_the_rest_is_wiped_waits_for_the_next_time(world, store, monkeypatch):
    """Its mark is not taken away with those that were there before."""
    first, second = closed(world), closed(world)

    def meanwhile(_: object) -> None:
        with store.writing(world.organization.id) as rows:
            rows.save(
                changes(
                    rows,
                    world.clock.now(),
                    AGENT,
                    PersonErased(second.id, "request"),
                    erased=Erased(second.id, frozenset()),
                )
            )

    monkeypatch.setattr(type(store._database), "wipe", meanwhile)
    erase(world, first)
    assert store.residue()


def test_tables_that_others_are_writing_to_are_wiped_all_the_same(world, store, url):
    """As they could not be if they were written anew, for which everybody has to stay away."""
    user = closed(world)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE users IN ROW EXCLUSIVE MODE")
        erase(world, user)
        assert not store.residue()


def test_a_user_who_may_not_vacuum_is_told_so_and_the_traces_go_on_being_told(world, store, url):
    """The server would pass the tables over, and say that all is well."""
    user = closed(world)
    with psycopg.connect(url, autocommit=True) as behind:
        behind.execute(
            "CREATE ROLE writer LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer"
        )
        try:
            modest = SqlStore.open(make_url(url).set(username="writer").render_as_string())
            portal = Habilitation(evolve(world.portal.ports, store=modest))
            outcome = portal.erase_person(Erasure(world.organization.id, user.id, "request"), by=AGENT)
            modest.close()
        finally:
            behind.execute("DROP OWNED BY writer; DROP ROLE writer")
    assert isinstance(outcome.residue, DatabaseUnavailable)
    assert store.residue()
