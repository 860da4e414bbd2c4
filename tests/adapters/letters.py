"""Letters for the tests of transports, one of each kind."""

from datetime import UTC, datetime

from attrs import evolve

from habilitation.adapters.mail import Composer
from habilitation.domain.messages import LINK_KINDS, LOGIN_KINDS, PASSWORD_KINDS, Letter, MessageKind
from habilitation.domain.values import EmailAddress, MessageId, Person, PersonName
from habilitation.testing.fakes import FixedTexts, SettableClock

LINKS = "https://portail.example/liens/{purpose}/{token}"
COMPOSER = Composer("habilitations@caf.example", SettableClock(), FixedTexts(), link=LINKS)

LOGIN = "4K7QZ2MN"
PASSWORD = "8GJ2-M4QX-ZK7P-3W9R-HT5B-VC6D"
TOKEN = "Yx3-tQ_9aLkB7mZ"
MARIE = EmailAddress("marie.curie@olivier.example", "marie.curie@olivier.example")
JOSE = EmailAddress("josé@olivier.example", "josé@olivier.example")


def a_letter(
    kind: MessageKind = MessageKind.LOGIN, *, to: EmailAddress = MARIE, organization: str = "LES OLIVIERS"
) -> Letter:
    """A letter as delivery writes it; those about a group name AFAS-DEC."""
    letter = Letter(
        MessageId("0198f2b4-7c3d-7abc-8def-0123456789ab"),
        kind,
        to,
        organization,
        Person(PersonName("D'Arc"), PersonName("Jeanne"), to),
        login=LOGIN if kind in LOGIN_KINDS else None,
        password=PASSWORD if kind in PASSWORD_KINDS else None,
        token=TOKEN if kind in LINK_KINDS else None,
        expires=datetime(2026, 11, 23, 9, 30, tzinfo=UTC) if kind in LINK_KINDS else None,
    )
    if kind in (MessageKind.DOCUMENT_NEEDED, MessageKind.ROLE_ASSIGNED, MessageKind.ROLE_REFUSED):
        return evolve(letter, group="AFAS-DEC - AFAS-Déclarer", agreement="Convention AFAS")
    return letter
