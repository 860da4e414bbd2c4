"""Supporting documents: what is to be completed and returned for a role to be assigned (R26)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain import authority
from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.decisions.groups import waiting
from habilitation.domain.refusals import UserUnknown
from habilitation.domain.requests import DocumentQuestion
from habilitation.ports.clock import Clock
from habilitation.ports.store import Store
from habilitation.use_cases.views import (
    AdministratorView,
    AgreementView,
    MembershipView,
    OrganizationView,
    UserView,
    administrator_view,
    agreement_view,
    membership_view,
    organization_view,
    user_view,
)
from habilitation.use_cases.work import reading


@frozen
class SupportingDocument:
    """What a supporting document says, as far as the portal knows: of whom, for which role, under which agreement."""

    organization: OrganizationView
    administrator: AdministratorView
    agreement: AgreementView
    user: UserView
    membership: MembershipView
    service: str
    """The label of the service whose group it is."""


@frozen
class PrepareDocument:
    """The supporting document of a waiting membership, for whoever manages it, as ``ListWaitingRoles`` lists it (R26).

    Where the actor may not read the user, that is missing (R37); a membership that is over, or waits no more, is
    refused as such, and one of a group that the manager does not manage as ``outside-scope``.
    """

    store: Store
    clock: Clock

    def __call__(self, asked: DocumentQuestion, *, by: Actor) -> SupportingDocument:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.LIST_WAITING)
            row = seen.rows.find_row(asked.user)
            if row is None or not authority.may_read(seen.acting, row.user, seen.organization, seen.at):
                raise UserUnknown()
            held = waiting(row.user, asked.membership, seen.at)
            authority.require_places(seen.acting, [held.place])
            agreement = seen.organization.agreement(held.place.agreement)
            names = seen.rows.papers([agreement.name])
            return SupportingDocument(
                organization_view(seen),
                administrator_view(seen),
                agreement_view(agreement, seen.catalog, names, seen.rows.version(agreement=agreement.id)),
                user_view(seen, row),
                membership_view(seen.catalog, held, row.user.account.term),
                seen.catalog.service(seen.catalog.group(held.place.group).service).label,
            )
