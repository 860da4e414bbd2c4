"""A small world to test in: an operator, its catalog, an organization with an agreement and an administrator.

Everything in it happened through the use cases, over whatever store is given.
"""

from __future__ import annotations

from datetime import timedelta

from attrs import define, field

from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.system import SystemSecrets
from habilitation.application import Habilitation, Ports
from habilitation.domain.actors import Member, OperatorAgent, Session
from habilitation.domain.limits import Limits
from habilitation.domain.messages import MessageKind, contact_address
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    AdministratorClaim,
    AgreementValidation,
    NewAgreement,
    NewGroup,
    NewManager,
    NewOrganization,
    NewService,
    NewUser,
    PasswordChoice,
)
from habilitation.domain.scope import Scope
from habilitation.domain.user import User
from habilitation.domain.values import EmailAddress, GroupCode, Permission, Place, ServiceCode
from habilitation.ports.store import Store
from habilitation.testing.fakes import (
    FewRoles,
    FixedTexts,
    LengthOnly,
    NumberedIds,
    PlainContact,
    QuickHasher,
    SettableClock,
)
from habilitation.use_cases.first_access import FirstAuthentication

AGENT = OperatorAgent("agent-1")
PASSWORD = "a long enough password"
CHOSEN = Limits()
"""The numbers of the rules."""
OPERATOR_MAILBOX = EmailAddress("operator@portal.example", "operator@portal.example")
SIRETS = ("21920023500014", "13002526500013", "12002701600357", "35600000009075", "35600000000048")

AFAS, BAILLEUR = ServiceCode("AFAS"), ServiceCode("BAILLEUR")
DECLARE, CONSULT, PRIVATE = GroupCode("AFAS-DEC"), GroupCode("AFAS-CON"), GroupCode("LOG-PRI")
TO_DECLARE, TO_CONSULT, TO_SEE = Permission("afas:declare"), Permission("afas:consult"), Permission("bailleur:see")

GROUPS = (
    NewGroup(DECLARE, AFAS, "AFAS-Déclarer", (TO_DECLARE, TO_CONSULT), needs_document=True),
    NewGroup(CONSULT, AFAS, "AFAS-Consulter", (TO_CONSULT,)),
    NewGroup(PRIVATE, BAILLEUR, "Logements privés", (TO_SEE,)),
)


def portal_over(
    store: Store,
    clock: SettableClock,
    mailbox: MemoryMailbox,
    delivery: timedelta | None = None,
    limits: Limits = CHOSEN,
) -> Habilitation:
    """Every use case over that store, with fakes for the rest; messages wait for ``deliver_notifications``."""
    identifiers = NumberedIds()
    return Habilitation(
        Ports(
            store,
            OutboxNotifier(identifiers),
            mailbox,
            clock,
            identifiers,
            SystemSecrets(),
            PlainContact(),
            FewRoles(),
            QuickHasher(),
            LengthOnly(),
            FixedTexts(),
            OPERATOR_MAILBOX,
            limits,
            delivery,
        )
    )


@define
class World:
    """``admin`` administers ``organization``, whose ``agreement`` opens three groups; AFAS-DEC needs a document."""

    portal: Habilitation
    clock: SettableClock
    mailbox: MemoryMailbox
    organization: Organization = field(init=False)
    agreement: Agreement = field(init=False)
    admin: Member = field(init=False)
    _people: int = 0

    @classmethod
    def over(cls, store: Store) -> World:
        """An operator with a catalog, and nothing else yet."""
        clock, mailbox = SettableClock(), MemoryMailbox()
        world = cls(portal_over(store, clock, mailbox), clock, mailbox)
        for service in (AFAS, BAILLEUR):
            world.portal.define_service(NewService(service, service.title()), by=AGENT)
        for group in GROUPS:
            world.portal.define_group(group, by=AGENT)
        return world

    @classmethod
    def administered(cls, store: Store) -> World:
        """The same, with an organization, a validated agreement and an administrator."""
        world = cls.over(store)
        world.organization = world.open_organization()
        world.agreement = world.open_agreement(world.organization)
        world.admin = world.claim(world.organization).actor
        return world

    def open_organization(self, siret: str = SIRETS[0], name: str = "LES OLIVIERS") -> Organization:
        asked = NewOrganization(siret, name, f"contact-{siret}@oliviers.example")
        return self.portal.open_organization(asked, by=AGENT)

    def open_agreement(
        self, organization: Organization, reference: str = "CONV-1", *, validated: bool = True, dates: Dates = Dates()
    ) -> Agreement:
        asked = NewAgreement(
            organization.id, reference, "LES OLIVIERS", (AFAS, BAILLEUR), (DECLARE, CONSULT, PRIVATE), dates
        )
        agreement = self.portal.open_agreement(asked, by=AGENT)
        if validated:
            self.portal.validate_agreement(AgreementValidation(organization.id, agreement.id), by=AGENT)
        return agreement

    def first_authentication(self, organization: Organization) -> FirstAuthentication:
        """Sign in with the letters that the organization's contact received last."""
        self.portal.deliver_notifications()
        with self.portal.ports.store.reading(organization.id) as rows:
            contact = contact_address(rows.particulars(), MessageKind.FIRST_LOGIN)
        first = self.portal.sign_in(*self.letters_to(contact.text))
        assert isinstance(first, FirstAuthentication)
        return first

    def claim(self, organization: Organization, email: str = "anne.martin@oliviers.example") -> Session:
        """The first person signs in with the delivered credentials and takes the seat."""
        first = self.first_authentication(organization)
        asked = AdministratorClaim("Martin", "Anne", email, PASSWORD, first.text.version)
        return self.portal.claim_administrator(asked, by=first.session)

    def letters_to(self, address: str) -> tuple[str, str]:
        """The latest login and the latest password sent to that address, from its two letters (R12)."""
        return self.mailbox.login_for(address), self.mailbox.password_for(address)

    def user(self, *groups: GroupCode, dates: Dates = Dates(), by: Member | Session | None = None) -> User:
        """A new user of the agreement, in those groups."""
        self._people += 1
        asked = NewUser(
            self.organization.id,
            self.agreement.id,
            f"Durand-{self._people}",
            "Zoé",
            f"zoe{self._people}@oliviers.example",
            dates=dates,
            groups=groups,
        )
        return self.portal.create_user(asked, by=by or self.admin)

    def manager(self, *groups: GroupCode) -> Member:
        """A new user who manages those groups of the agreement; all groups, present and future, if none is named."""
        user = self.user()
        scope = Scope(frozenset(map(self.place, groups)) if groups else None)
        self.portal.delegate_manager(NewManager(self.organization.id, user.id, scope), by=self.admin)
        return self.as_member(user)

    def sign_in(self, user: User) -> Session:
        """The user signs in with the delivered letters and chooses a password."""
        self.portal.deliver_notifications()
        with self.portal.ports.store.reading(self.organization.id) as rows:
            row = rows.find_row(user.id)
        assert row is not None
        assert row.person is not None
        session = self.portal.sign_in(*self.letters_to(row.person.email.text))
        assert isinstance(session, Session)
        return self.portal.choose_password(PasswordChoice(PASSWORD), by=session)

    def place(self, group: GroupCode) -> Place:
        return Place(self.agreement.id, group)

    def as_member(self, user: User) -> Member:
        return Member(self.organization.id, user.id)
