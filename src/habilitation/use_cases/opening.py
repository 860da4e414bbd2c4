"""The operator opens organizations and agreements (R1, R2, R4)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act, Role
from habilitation.domain.authority import Acting
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.decisions import opening
from habilitation.domain.limits import Limits
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.refusals import SiretTaken
from habilitation.domain.requests import AgreementValidation, GroupOpening, NewAgreement, NewOrganization, Reissue
from habilitation.domain.values import (
    AgreementId,
    OrganizationId,
    Paper,
    Particulars,
    Siret,
    UserId,
    label_text,
)
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails
from habilitation.ports.identifiers import Identifiers
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.reaching import reachable, read_contact
from habilitation.use_cases.work import Work, working


@frozen
class OpenOrganization:
    """The operator opens an organization, and its first credentials leave for the contact (R1, R4)."""

    store: Store
    notifier: Notifier
    clock: Clock
    identifiers: Identifiers
    secrets: Secrets
    contact: ContactDetails
    limits: Limits

    def __call__(self, asked: NewOrganization, *, by: Actor) -> Organization:
        agent = require_operator(by)
        particulars = self._read(asked)
        id, claimant = OrganizationId(self.identifiers.new()), UserId(self.identifiers.new())
        with self.store.writing(id) as rows:
            if rows.siret_holder(particulars.siret):
                raise SiretTaken()
            now = self.clock.now()
            work = Work(rows, Organization(id), Moment(now, self.clock.zone), Acting(agent, Role.OPERATOR), now)
            events = opening.open_organization(id, claimant, work.at, self.limits.first_credentials)
            issued = first_credential(id, claimant, self.secrets, work, self.limits)
            work.record(events, self.notifier, particulars=particulars, credentials=[issued])
            return work.organization

    def _read(self, asked: NewOrganization) -> Particulars:
        siret, name = Siret.parse(asked.siret), label_text(asked.name, "name")
        return reachable(Particulars(siret, name, *read_contact(asked.contact, asked.postal, self.contact)))


def first_credential(
    organization: OrganizationId, claimant: UserId, secrets: Secrets, work: Work, limits: Limits
) -> Credential:
    """A login for whoever will claim, good until the first credentials die (R4)."""
    expires = work.at + limits.first_credentials
    return Credential(organization, claimant, secrets.login(), Standing.FIRST, expires=expires)


@frozen
class ReissueCredentials:
    """The operator replaces first credentials, login included; the earlier ones are dead (R4)."""

    store: Store
    notifier: Notifier
    clock: Clock
    identifiers: Identifiers
    secrets: Secrets
    limits: Limits

    def __call__(self, asked: Reissue, *, by: Actor) -> Organization:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            claimant = UserId(self.identifiers.new())
            events = opening.reissue(work.organization, claimant, work.at, self.limits.first_credentials)
            dead = killed_credentials(work)
            issued = first_credential(work.organization.id, claimant, self.secrets, work, self.limits)
            work.record(events, self.notifier, credentials=[*dead, issued])
            return work.organization


def killed_credentials(work: Work) -> list[Credential]:
    """The first credentials still on their way, if any, as what replaces them leaves them: dead (R4)."""
    waiting = work.organization.seat.first_credentials
    credential = work.rows.find_credential(waiting.user) if waiting else None
    return [credential.killing()] if credential else []


@frozen
class OpenAgreement:
    """The operator opens an agreement as a draft, with its services and groups (R2)."""

    store: Store
    notifier: Notifier
    clock: Clock
    identifiers: Identifiers
    secrets: Secrets

    def __call__(self, asked: NewAgreement, *, by: Actor) -> Agreement:
        name = Paper(label_text(asked.name, "name"), self.secrets.salt())
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            id = AgreementId(self.identifiers.new())
            events = opening.open_agreement(work.organization, work.catalog, asked, id, name, work.moment)
            work.record(events, self.notifier, papers=[name])
            return work.organization.agreement(id)


@frozen
class ValidateAgreement:
    """The operator validates a draft (R2)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: AgreementValidation, *, by: Actor) -> Agreement:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(opening.validate_agreement(work.organization, asked, work.at), self.notifier)
            return work.organization.agreement(asked.agreement)


@frozen
class OpenGroup:
    """The operator opens one more group under an agreement (R2, R3)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: GroupOpening, *, by: Actor) -> Agreement:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(opening.open_group(work.organization, work.catalog, asked, work.at), self.notifier)
            return work.organization.agreement(asked.agreement)
