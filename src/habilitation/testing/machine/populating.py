"""The world that a run begins in: populated through the same acts, so that the model knows all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Member, Session
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    Activation,
    AdministratorClaim,
    AgreementValidation,
    Closing,
    NewAgreement,
    NewGroup,
    NewManager,
    NewOrganization,
    NewService,
    NewUser,
    PasswordChoice,
)
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, ServiceCode, UserId
from habilitation.testing.machine.bench import SEEDS
from habilitation.testing.machine.looking_back import LookingBack
from habilitation.testing.machine.lots import LINKS_KEPT, SUBJECTS, TOKENS
from habilitation.testing.model import Model
from habilitation.testing.model.keys import ACTIVATIONS
from habilitation.testing.strategies import CLOCKS
from habilitation.testing.world import (
    AFAS,
    AGENT,
    BAILLEUR,
    CONSULT,
    DECLARE,
    GROUPS,
    PASSWORD,
    PRIVATE,
    SIRETS,
    TO_CONSULT,
)

SPARE = NewGroup(GroupCode("AFAS-BIS"), AFAS, "AFAS-Consulter aussi", (TO_CONSULT,))
"""One that may be retired without taking much away."""
PROVIDERS = ("never", "never", "from the first day", "later")
"""Since when an identity provider signs people in (R44)."""


class Populating(LookingBack):
    """Two organizations; in the main one three agreements, an administrator, two managers, and users of each status."""

    @initialize(where=st.sampled_from(sorted(CLOCKS)), provider=st.sampled_from(PROVIDERS), run=SEEDS)
    def populate(self, where: str, provider: str, run: int) -> None:
        self.clock.zone, self.clock.instant = CLOCKS[where]
        self.model = Model(self.clock.zone)
        if provider == "from the first day":
            self.sign_people_in()
        for service in (AFAS, BAILLEUR):
            self.surely("define_service", NewService(service, service.title()), AGENT)
        for group in (*GROUPS, SPARE):
            self.surely("define_group", group, AGENT)
        self.main = self.open("LES OLIVIERS", SIRETS[0])
        self.other = self.open("LES TILLEULS", SIRETS[1])
        first = self.agree(self.main, "CONV-1", (AFAS, BAILLEUR), (DECLARE, CONSULT, PRIVATE, SPARE.code))
        later = self.agree(self.main, "CONV-2", (AFAS, BAILLEUR), (CONSULT, PRIVATE), self.dates(2, 5))
        self.agree(self.main, "CONV-3", (BAILLEUR,), (PRIVATE,), validated=False)
        elsewhere = self.agree(self.other, "CONV-1", (AFAS,), (CONSULT,))
        self.deliver("fine")
        administrator, stranger = self.seat(self.main), self.seat(self.other)
        self.join(stranger, elsewhere, CONSULT)
        self.clock.move(minutes=20)
        self.staff(administrator, first, later)
        self.deliver("fine")
        self.clock.move(minutes=20)
        if provider == "later":
            self.sign_people_in()
        self.past, self.populated = run, True

    def sign_people_in(self) -> None:
        """By an identity provider, from now on; whatever was sent and chosen before stays as it was (R44)."""
        self.portal, self.model.provider = Habilitation(evolve(self.portal.ports, tokens=TOKENS)), True

    def staff(self, by: Member, first: AgreementId, later: AgreementId) -> None:
        declaring = self.join(by, first, DECLARE, CONSULT)
        leading = self.join(by, first, CONSULT)
        self.manage(by, declaring, Place(first, DECLARE), Place(first, CONSULT))
        self.manage(by, leading, Place(first, PRIVATE), Place(later, PRIVATE), days=(None, 5))
        self.join(by, first, CONSULT)
        self.join(by, first, PRIVATE, SPARE.code, days=(None, 3))
        self.join(by, first, CONSULT, days=(2, None))
        self.join(by, later, PRIVATE)
        self.join(by, first)
        closed = self.join(by, first, PRIVATE)
        self.surely("close_user", Closing(self.main, closed), by)
        self.deliver("fine")
        self.enroll(self.main, declaring)

    def surely(self, act: str, asked: Any, by: Any) -> Any:
        """An act of the beginning; it must be accepted."""
        result = self.attempt(act, asked, by)
        assert result is not None, f"the world cannot be populated: {act} {asked}"
        return result

    def open(self, name: str, siret: str) -> OrganizationId:
        contact = f"Accueil@{siret}.example"
        opened: OrganizationId = self.surely("open_organization", NewOrganization(siret, name, contact), AGENT).id
        return opened

    def agree(
        self,
        organization: OrganizationId,
        reference: str,
        services: tuple[ServiceCode, ...],
        groups: tuple[GroupCode, ...],
        dates: Dates = Dates(),
        *,
        validated: bool = True,
    ) -> AgreementId:
        asked = NewAgreement(organization, reference, "LES OLIVIERS", services, groups, dates)
        opened: AgreementId = self.surely("open_agreement", asked, AGENT).id
        if validated:
            self.surely("validate_agreement", AgreementValidation(organization, opened), AGENT)
        return opened

    def seat(self, organization: OrganizationId) -> Member:
        """The first person claims, with the letters that the contact received."""
        partner = self.model.partners[organization]
        assert partner.letters is not None
        session = self.signed_in(organization, partner.letters[0])
        email, password = f"anne.{organization}@oliviers.example", "" if self.model.provider else PASSWORD
        asked = AdministratorClaim("Martin", "Anne", email, password, "2026-1")
        claimed = self.surely("claim_administrator", asked, session)
        return Member(organization, claimed.user)

    def join(
        self, by: Member, agreement: AgreementId, *groups: GroupCode, days: tuple[int | None, int | None] = (None, None)
    ) -> UserId:
        count = len(self.model.keys)
        email = f"zoe{count}@oliviers.example"
        asked = NewUser(
            by.organization, agreement, f"Durand-{count}", "Zoé", email, dates=self.dates(*days), groups=groups
        )
        created: UserId = self.surely("create_user", asked, by).id
        return created

    def manage(
        self, by: Actor, user: UserId, *places: Place, days: tuple[int | None, int | None] = (None, None)
    ) -> None:
        asked = NewManager(self.main, user, Scope(frozenset(places)), self.dates(*days))
        self.surely("delegate_manager", asked, by)

    def enroll(self, organization: OrganizationId, user: UserId) -> None:
        """The user signs in with the letters received, and chooses a password where one was sent."""
        session = self.signed_in(organization, user)
        if not self.model.provider:
            self.surely("choose_password", PasswordChoice(PASSWORD), session)

    def signed_in(self, organization: OrganizationId, user: UserId) -> Session:
        """Both administrators are one and the same person to the identity provider."""
        key, links = self.model.keys[organization, user], self.links_of(organization, user)
        if links:
            subject = SUBJECTS[user in self.model.partners[organization].users]
            result = self.surely("activate", (Activation(links[-1], TOKENS.proof(subject)),), None)
        else:
            result = self.surely("sign_in", (key.login, key.slips[-1][0]), None)
        session: Session = getattr(result, "session", result)
        return session

    def links_of(self, organization: OrganizationId, user: UserId) -> list[str]:
        """The links that activate the account, or did so until lately, unless one of them was used."""
        since = self.clock.now() - LINKS_KEPT
        return [
            token
            for token, link in self.model.links.items()
            if link.kind in ACTIVATIONS
            and (link.organization, link.user) == (organization, user)
            and link.expires > since
            and link.generation == self.model.keys[organization, user].generation
        ]

    def dates(self, opening: int | None, closing: int | None) -> Dates:
        return Dates(*(None if day is None else self.today() + timedelta(days=day) for day in (opening, closing)))
