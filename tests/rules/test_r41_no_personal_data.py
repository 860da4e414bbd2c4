"""R41: the journal holds opaque ids and codes; nothing in its bytes identifies a person or an organization."""

from __future__ import annotations

import pytest

from habilitation.domain.period import Dates
from habilitation.domain.requests import Reason, Reissue
from habilitation.testing.world import AGENT, CONSULT, DECLARE, SIRETS
from tests.steps import (
    add,
    assign,
    close,
    create,
    day,
    delegate,
    deliveries,
    generalize,
    modify,
    records,
    refuse_role,
    refused,
    remove,
    reopen,
    replace,
    vacate,
)

NOTE = "Madame Martin est partie vivre à Quimper."
DOCUMENT = "PJ3 2026 0042 QUIMPER"


@pytest.fixture
def busy(world):
    """Everything that can be told of people was told."""
    user = create(
        world,
        last_name="Œuvrard",
        first_name="Clémentine",
        email="clementine.oeuvrard@oliviers.example",
        phone="0612345678",
        groups=(CONSULT, DECLARE),
    )
    other = world.user(DECLARE)
    modify(world, user, last_name="N'Guyen", phone="0687654321")
    assign(world, user, 2, document=DOCUMENT)
    refuse_role(world, other, reason=Reason("incomplete", NOTE))
    add(world, other, CONSULT, Dates(None, day(9)))
    generalize(world, user)
    delegate(world, other)
    world.sign_in(other)
    reopen(world, close(world, other))
    remove(world, world.user())
    replace(world, user, reason=Reason("departure", NOTE), close_former=True)
    vacate(world, reason=Reason("departure", NOTE))
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    world.claim(world.organization, "jeanne.darc@oliviers.example")
    return world


def secrets_of(world):
    """Every string that identifies somebody or something directly, and every secret."""
    told = {NOTE, DOCUMENT, "LES OLIVIERS", SIRETS[0], *NOTE.split()[1:3], "QUIMPER"}
    for letter in world.mailbox.letters:
        told |= {letter.to.text, letter.to.normal, letter.login, letter.password}
        if letter.person:
            person = letter.person
            told |= {person.last_name.text, person.first_name.text, person.email.text}
            told |= {person.phone.e164 if person.phone else None}
    told |= {"Œuvrard", "Clémentine", "N'Guyen", "0612345678", "0687654321"}
    return {text for text in told if text}


def test_nothing_in_the_bytes_of_the_journal_identifies_anybody(busy):
    written = b"\n".join(entry.body for entry in busy.portal.ports.store.entries(busy.organization.id)).decode().lower()
    found = {text for text in secrets_of(busy) if text.lower() in written}
    assert found == set()
    assert len(secrets_of(busy)) > 25


def test_nor_in_what_a_message_in_the_outbox_says(busy):
    """R20: ids and codes."""
    written = repr([delivery.message for delivery in deliveries(busy)]).lower()
    assert {text for text in secrets_of(busy) if text.lower() in written} == set()


def test_a_free_text_is_committed_to_by_a_seal_with_a_salt_of_its_own(world):
    """The same text twice cannot be told from its seals."""
    one, other = world.user(DECLARE), world.user(DECLARE)
    for user in (one, other):
        refuse_role(world, user, reason=Reason("incomplete", NOTE))
    seals = [record.event.note for record in records(world) if hasattr(record.event, "note") and record.event.note]
    assert len(set(seals)) == 2
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert list(rows.papers(seals).values()) == [NOTE, NOTE]


def test_without_a_text_there_is_no_seal(world):
    user = world.user(DECLARE)
    refuse_role(world, user, reason=Reason("incomplete"))
    assert records(world)[-1].event.note is None


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "a\u202eb"])
def test_a_text_that_cannot_be_written_is_refused(world, text):
    """Bad input: never a traceback."""
    user = world.user(DECLARE)
    with refused(world, "name-malformed", field="reason"):
        refuse_role(world, user, reason=Reason("incomplete", text))
    with refused(world, "name-malformed"):
        vacate(world, reason=Reason("departure", text))


def test_a_text_may_have_several_lines(world):
    user = world.user(DECLARE)
    refuse_role(world, user, reason=Reason("incomplete", "The signature.\nAnd the date."))
    seal = records(world)[-1].event.note
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([seal]) == {seal: "The signature.\nAnd the date."}


def test_a_reason_is_a_code_and_no_text(world):
    with refused(world, "reference-malformed"):
        vacate(world, reason=Reason("Mme Martin est partie"))
