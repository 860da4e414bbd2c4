"""What every transport must do: take each letter whole, say what became of it, and keep its secrets (R12, R20, I10)."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from attrs import evolve

from habilitation.domain.messages import FIRST_KINDS, LINK_KINDS, LOGIN_KINDS, PASSWORD_KINDS, Letter, MessageKind
from habilitation.domain.values import Address, EmailAddress, MessageId, Person, PersonName
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused, Transport
from habilitation.testing.contract.promises import SaysItsPromise
from habilitation.testing.contract.seeds import only

LOGIN, PASSWORD, TOKEN = "4K7QZ2MN", "8GJ2-M4QX-ZK7P-3W9R-HT5B-VC6D", "Yx3-tQ_9aLkB7mZ"
ZOE = EmailAddress("Zoe.Durand@oliviers.example", "zoe.durand@oliviers.example")
ABOUT_A_GROUP = (MessageKind.DOCUMENT_NEEDED, MessageKind.ROLE_ASSIGNED, MessageKind.ROLE_REFUSED)
SECRET = (MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD, MessageKind.FIRST_ACTIVATION)
AWKWARD = (
    '"LES OLIVIERS" & <Fils>',
    "L'ÉTÉ d'Œuvrard – 50 %",
    "{{ login }} {password!r} %s $HOME",
    "Łódź 東京 🏠",
    "x" * 250,
)

Received = Callable[[], Sequence[str]]


def letter(kind: MessageKind, organization: str = "LES OLIVIERS", to: Address = ZOE) -> Letter:
    """A letter of that kind, as delivery writes it."""
    about_a_group = kind in ABOUT_A_GROUP
    return Letter(
        MessageId(f"message-{kind.value}"),
        kind,
        to,
        organization,
        None if kind in FIRST_KINDS else zoe(),
        login=LOGIN if kind in LOGIN_KINDS else None,
        password=PASSWORD if kind in PASSWORD_KINDS else None,
        token=TOKEN if kind in LINK_KINDS else None,
        expires=datetime(2026, 11, 23, 9, 30, tzinfo=UTC) if kind in LINK_KINDS else None,
        group="AFAS-DEC - AFAS-Déclarer" if about_a_group else None,
        agreement="Convention AFAS" if about_a_group else None,
    )


def zoe() -> Person:
    """Whom the letters are about."""
    return Person(PersonName("D'Arc"), PersonName("Zoé"), ZOE)


class TransportBench(SaysItsPromise):
    """``transport`` must be given; the rest are capabilities, and what is not given is not tried."""

    to: ClassVar[Address] = ZOE
    """Whom it reaches."""
    kinds: ClassVar[Collection[MessageKind]] = frozenset(MessageKind)
    """The messages that it carries; it refuses any other."""
    names: ClassVar[Collection[str]] = AWKWARD
    """The names that it can show whole."""

    def letter(self, kind: MessageKind, organization: str = "LES OLIVIERS") -> Letter:
        """A letter of that kind for whom it reaches; what it does not carry, or cannot show, is not tried."""
        if kind not in self.kinds or organization not in (*self.names, "LES OLIVIERS"):
            pytest.skip("this transport does not carry it")
        return letter(kind, organization, self.to)

    @pytest.fixture
    def transport(self) -> Transport:
        """A transport by which letters arrive."""
        raise NotImplementedError("override the fixture `transport`, to give one by which letters arrive")

    @pytest.fixture
    def received(self) -> Received:
        """Tells the letters that arrived, oldest first, each as all the text that its reader sees."""
        pytest.skip("this transport does not tell what arrived")

    @pytest.fixture
    def delaying(self) -> Transport:
        """A transport whose letters cannot leave at present."""
        pytest.skip("this transport is never delayed")

    @pytest.fixture
    def refusing(self) -> Transport:
        """A transport whose letters are refused for good, by somebody who repeats what they say."""
        pytest.skip("this transport is never refused")


class TransportContract(TransportBench):
    """Give the fixture ``transport``; override those of ``TransportBench`` to declare what else can be tried."""

    @pytest.mark.parametrize("kind", MessageKind)
    def test_a_letter_of_any_kind_is_accepted(self, transport: Transport, kind: MessageKind) -> None:
        """R12, R26"""
        transport.send(self.letter(kind))

    @pytest.mark.parametrize("kind", MessageKind)
    def test_a_letter_that_it_does_not_carry_is_refused(self, transport: Transport, kind: MessageKind) -> None:
        """R20: it becomes a dead letter, which somebody sees."""
        if kind in self.kinds:
            pytest.skip("this transport carries it")
        with pytest.raises(DeliveryRefused):
            transport.send(letter(kind, to=self.to))

    @pytest.mark.parametrize("kind", MessageKind)
    def test_a_letter_brings_its_own_secret_and_no_other(
        self, transport: Transport, received: Received, kind: MessageKind
    ) -> None:
        """R12, I10, R21: no message ever holds two of them."""
        transport.send(self.letter(kind))
        text = only(received())
        assert (LOGIN in text) is (kind in LOGIN_KINDS)
        assert (PASSWORD in text) is (kind in PASSWORD_KINDS)
        assert (TOKEN in text) is (kind in LINK_KINDS)

    def test_a_login_and_its_password_arrive_as_two_messages(self, transport: Transport, received: Received) -> None:
        """R12: in the order in which they were sent."""
        transport.send(self.letter(MessageKind.FIRST_LOGIN))
        transport.send(self.letter(MessageKind.FIRST_PASSWORD))
        first, second = received()
        assert LOGIN in first
        assert PASSWORD in second

    @pytest.mark.parametrize("kind", ABOUT_A_GROUP)
    def test_a_letter_about_a_group_names_it(self, transport: Transport, received: Received, kind: MessageKind) -> None:
        """R26: with its agreement."""
        transport.send(self.letter(kind))
        text = only(received())
        assert "AFAS-DEC - AFAS-Déclarer" in text
        assert "Convention AFAS" in text

    @pytest.mark.parametrize("name", AWKWARD)
    @pytest.mark.parametrize("kind", [MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD])
    def test_a_name_is_only_a_name(
        self, transport: Transport, received: Received, kind: MessageKind, name: str
    ) -> None:
        """R12: whatever people call themselves, it is shown as it is and nothing happens by it."""
        transport.send(self.letter(kind, organization=name))
        text = only(received())
        assert "".join(name.split()) in "".join(text.split())
        assert (LOGIN in text, PASSWORD in text) == (kind in LOGIN_KINDS, kind in PASSWORD_KINDS)

    def test_a_second_copy_is_accepted_too(self, transport: Transport) -> None:
        """R20: at least once; the message's id tells that it is a copy."""
        transport.send(self.letter(MessageKind.FIRST_PASSWORD))
        transport.send(evolve(self.letter(MessageKind.FIRST_PASSWORD), password=PASSWORD.lower()))

    def test_a_transport_shows_no_secret(self, transport: Transport) -> None:
        """I10: a ``repr`` ends up in a log."""
        for kind in SECRET:
            transport.send(self.letter(kind))
        assert PASSWORD not in repr(transport)
        assert TOKEN not in repr(transport)
        assert LOGIN not in repr(transport)

    @pytest.mark.parametrize("kind", SECRET)
    def test_a_letter_that_cannot_leave_now_is_delayed_without_a_secret(
        self, delaying: Transport, kind: MessageKind
    ) -> None:
        """R20, I10"""
        with pytest.raises(DeliveryDelayed) as told:
            delaying.send(self.letter(kind))
        assert_discreet(told.value, self.letter(kind))

    @pytest.mark.parametrize("kind", SECRET)
    def test_a_letter_that_is_refused_is_told_as_refused_without_a_secret(
        self, refusing: Transport, kind: MessageKind
    ) -> None:
        """R20, I10: what the other side answered is told, but for what it repeats of the letter."""
        with pytest.raises(DeliveryRefused) as told:
            refusing.send(self.letter(kind))
        assert str(told.value)
        assert_discreet(told.value, self.letter(kind))


def assert_discreet(error: Exception, letter: Letter) -> None:
    """Neither the error, nor what it came from, nor its traceback as a log would have it, tells the letter's secret."""
    shown = [str(error), repr(error), *traceback.format_exception(error), repr(pickle.loads(pickle.dumps(error)))]  # noqa: S301
    secret = letter.login or letter.password or letter.token
    assert secret is not None
    assert not any(secret in text for text in shown)
