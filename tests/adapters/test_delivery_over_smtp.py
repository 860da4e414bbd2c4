"""Messages from the outbox of a SQLite file to a real mail server that misbehaves (R12, R20, I10).

What can arrive arrives; what cannot becomes a dead letter that the operator sees; and no password is left anywhere.
"""

import logging
from pathlib import Path

import pytest
from attrs import define, evolve, field

from habilitation import Habilitation, PasswordByLink, PasswordChoice, Session
from habilitation.adapters.mail import received
from habilitation.adapters.passwords import Passwords
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import SystemSecrets
from habilitation.domain.requests import DeadLetterSearch
from habilitation.domain.user import User
from habilitation.testing.world import AGENT, PASSWORD, World
from habilitation.use_cases.delivery import Tally
from tests.adapters.letters import LINKS
from tests.adapters.mailserver import Mailboxes, serving
from tests.steps import own
from tests.stores import sqlite_url

# The server's own loop may be collected with a connection that a test made it drop.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::DeprecationWarning")


@define
class Remembering:
    """The system's secrets; remembers the passwords, those included that never arrived."""

    minted: list[str] = field(factory=list)
    real: SystemSecrets = field(factory=SystemSecrets)

    def password(self) -> str:
        self.minted.append(self.real.password())
        return self.minted[-1]

    def __getattr__(self, name):
        return getattr(self.real, name)


@pytest.fixture
def world(tmp_path):
    store = SqlStore.open(sqlite_url(tmp_path))
    world = World.administered(store)
    world.portal.deliver_notifications()
    yield world
    store.close()


@pytest.fixture
def server(mailboxes, tls):
    with serving(mailboxes, starttls=tls) as port:
        yield port


@pytest.fixture
def secrets():
    return Remembering()


@pytest.fixture
def portal(world, server, mailer, secrets):
    """The world's portal, with real hashes, and mail by that server."""
    return Habilitation(evolve(world.portal.ports, transport=mailer(server), hasher=Passwords(), secrets=secrets))


def signs_in(portal: Habilitation, mailboxes: Mailboxes) -> bool:
    """Whether the letters that arrived last open an account, whose owner chooses a password."""
    letters = [received(message) for message in mailboxes.messages]
    letters = [letter for letter in letters if letter.to == letters[-1].to]
    logins = [letter.login for letter in letters if letter.login]
    passwords = [letter.password for letter in letters if letter.password]
    session = portal.sign_in(logins[-1], passwords[-1])
    assert isinstance(session, Session)
    return portal.choose_password(PasswordChoice(PASSWORD), by=session).stage is not session.stage


def test_greylisted_messages_arrive_when_they_are_sent_again(world, portal, mailboxes):
    """R12, I10."""
    mailboxes.to_recipients = ["450 4.2.0 come back later", "450 4.2.0 come back later"]
    world.user()
    assert portal.deliver_notifications() == Tally(delayed=2)
    assert portal.deliver_notifications() == Tally()
    world.clock.move(minutes=1)
    assert portal.deliver_notifications() == Tally(delivered=2)
    assert signs_in(portal, mailboxes)


def test_messages_that_lost_their_connection_arrive_too(world, portal, mailboxes):
    """R20: the password that may have arrived and the one that did both work."""
    mailboxes.hang_up = 2
    world.user()
    assert portal.deliver_notifications() == Tally(delayed=2)
    world.clock.move(minutes=1)
    assert portal.deliver_notifications() == Tally(delivered=2)
    assert signs_in(portal, mailboxes)


def test_what_is_refused_for_good_is_a_dead_letter_that_says_why_and_can_be_tried_again(world, portal, mailboxes):
    """I10."""
    mailboxes.to_recipients = ["550 5.1.1 nobody here", "550 5.1.1 nobody here"]
    user = world.user()
    assert portal.deliver_notifications() == Tally(dead=2)
    dead = portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    assert [(letter.message.notice.about, "550" in letter.problem) for letter in dead] == [(user.id, True)] * 2
    for letter in dead:
        portal.retry_delivery(letter.message.id, by=AGENT)
    assert portal.deliver_notifications() == Tally(delivered=2)
    assert portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items == ()
    assert signs_in(portal, mailboxes)


def test_a_server_that_never_comes_back_makes_dead_letters(world, portal, mailboxes):
    """I10."""
    mailboxes.to_recipients = ["451 4.3.0 not now"] * 20
    world.user()
    for _ in range(10):
        portal.deliver_notifications()
        world.clock.move(hours=6)
    assert len(portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items) == 2


def everything_written(directory: Path) -> bytes:
    """The database, its write-ahead log and whatever else lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file())


def test_no_password_is_in_the_database_its_log_or_the_logs(world, portal, mailboxes, secrets, tmp_path, caplog):
    """I10: neither those that arrived, nor those that did not, nor the one that was chosen."""
    caplog.set_level(logging.DEBUG)
    mailboxes.to_recipients = ["450 4.2.0 later"] * 2 + ["550 5.1.1 nobody here"] * 2
    users: list[User] = [world.user(), world.user(), world.user()]
    for _ in users:
        portal.deliver_notifications()
        world.clock.move(minutes=5)
    assert signs_in(portal, mailboxes)
    written = everything_written(tmp_path)
    ours = [record for record in caplog.records if record.name != "mail.log"]  # that one is the server's own
    logged = "\n".join(str(record.__dict__) for record in ours)
    assert (tmp_path / "portal.db-wal").stat().st_size > 0
    assert len(secrets.minted) > len(users)
    for password in [*secrets.minted, PASSWORD]:
        bare = password.replace("-", "")
        assert password.encode() not in written
        assert bare.encode() not in written
        assert password not in logged


def test_the_link_for_a_forgotten_password_arrives_whole(world, portal, mailboxes, tmp_path):
    """R21: as a person finds it in the mailbox; its token is nowhere else."""
    mailboxes.to_recipients = ["450 4.2.0 come back later"]
    user = world.user()
    world.portal.deliver_notifications()
    login, email = own(world, user)
    portal.forgot_password(login)
    assert portal.deliver_notifications() == Tally(delayed=1)
    world.clock.move(minutes=1)
    assert portal.deliver_notifications() == Tally(delivered=1)
    [letter] = [received(message) for message in mailboxes.messages]
    assert letter.to == email
    assert letter.link is not None
    token = letter.link.rpartition("/")[2]
    assert letter.link == LINKS.format(purpose="password", token=token)
    assert login not in letter.text + letter.html
    assert token.encode() not in everything_written(tmp_path)
    world.portal.choose_password_by_link(PasswordByLink(token, "three frogs at the market"))
    assert isinstance(world.portal.sign_in(login, "three frogs at the market"), Session)


def test_a_link_that_leads_to_no_page_is_a_dead_letter_until_there_is_one(world, portal, mailer, server):
    """R21, I10."""
    login, _ = own(world, world.user())
    mute = mailer(server)
    mute = evolve(mute, composer=evolve(mute.composer, link=""))
    portal.forgot_password(login)
    assert Habilitation(evolve(portal.ports, transport=mute)).deliver_notifications() == Tally(dead=1)
    [dead] = portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    assert "not set" in dead.problem
    portal.retry_delivery(dead.message.id, by=AGENT)
    assert portal.deliver_notifications() == Tally(delivered=1)
