"""Each transport keeps the contract: letters kept in memory, in a Maildir, in a folder to print, or sent by mail."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest

from habilitation.adapters.letters import LetterSpool, Typesetter
from habilitation.adapters.mail import (
    Composer,
    MaildirTransport,
    ReceivedLetter,
    Security,
    SmtpSettings,
    SmtpTransport,
    read_letters,
    received,
)
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.messages import FIRST_KINDS, Letter, MessageKind
from habilitation.domain.values import PostalAddress
from habilitation.testing.contract import TransportContract
from habilitation.testing.contract.transport import AWKWARD, LOGIN, PASSWORD, TOKEN, Received
from habilitation.testing.fakes import FixedTexts, SettableClock
from tests.adapters.mailserver import Mailboxes, free_port, serving
from tests.adapters.pages import text_of

COMPOSER = Composer(
    "habilitations@portal.example", SettableClock(), FixedTexts(), link="https://portal.example/{token}"
)


def seen(letter: ReceivedLetter) -> str:
    """All that its reader sees, in either form."""
    return "\n".join([letter.subject, letter.text, html.unescape(letter.html)])


class TestMemoryMailbox(TransportContract):
    @pytest.fixture
    def transport(self) -> MemoryMailbox:
        return MemoryMailbox()

    @pytest.fixture
    def received(self, transport: MemoryMailbox) -> Received:
        def written(letter: Letter) -> str:
            secrets = f"{letter.login} {letter.password} {letter.token}"
            return f"{letter.organization} {secrets} {letter.group} {letter.agreement}"

        return lambda: list(map(written, transport.letters))


class TestMaildir(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path) -> MaildirTransport:
        return MaildirTransport(tmp_path / "mail", COMPOSER)

    @pytest.fixture
    def received(self, transport: MaildirTransport) -> Received:
        return lambda: list(map(seen, read_letters(transport.path)))

    @pytest.fixture
    def delaying(self, tmp_path: Path) -> MaildirTransport:
        (tmp_path / "file").write_text("not a folder")
        return MaildirTransport(tmp_path / "file" / "mail", COMPOSER)


class TestLetterSpool(TransportContract):
    to = PostalAddress(("MAIRIE DE CLAMART", "1 PLACE MAURICE GUNSBOURG", "92140 CLAMART"))
    kinds = (*FIRST_KINDS, MessageKind.ADMINISTRATOR_NAMED, MessageKind.SEAT_VACATED)
    names = tuple(name for name in AWKWARD if not name.endswith("🏠"))  # its fonts have European letters

    @pytest.fixture
    def transport(self, tmp_path: Path) -> LetterSpool:
        return LetterSpool(
            tmp_path / "letters", Typesetter(SettableClock(), FixedTexts(), link="https://p.example/{token}")
        )

    @pytest.fixture
    def received(self, transport: LetterSpool) -> Received:
        def written() -> list[str]:
            files = sorted(transport.folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
            return [text_of(file.read_bytes()) for file in files]

        return written

    @pytest.fixture
    def delaying(self, tmp_path: Path) -> LetterSpool:
        (tmp_path / "file").write_text("not a folder")
        return LetterSpool(tmp_path / "file" / "letters", Typesetter(SettableClock(), FixedTexts(), link="{token}"))


# The server's own loop may be collected with a connection that was dropped.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::DeprecationWarning")
class TestSmtp(TransportContract):
    @pytest.fixture
    def mailboxes(self) -> Mailboxes:
        return Mailboxes()

    @pytest.fixture
    def transport(self, mailboxes: Mailboxes) -> Iterator[SmtpTransport]:
        with serving(mailboxes) as port:
            yield mailer(port)

    @pytest.fixture
    def received(self, mailboxes: Mailboxes) -> Received:
        return lambda: [seen(received(message)) for message in mailboxes.messages]

    @pytest.fixture
    def delaying(self) -> SmtpTransport:
        return mailer(free_port())

    @pytest.fixture
    def refusing(self, mailboxes: Mailboxes, transport: SmtpTransport) -> SmtpTransport:
        mailboxes.to_messages.append(f"554 what is {PASSWORD} or {TOKEN} supposed to be, and who is {LOGIN}")
        return transport


def mailer(port: int) -> SmtpTransport:
    return SmtpTransport(SmtpSettings("127.0.0.1", port, Security.NONE), COMPOSER)
