"""Finding organizations: the operator any of them, its own people theirs (R1, R36)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor, OperatorAgent
from habilitation.domain.acts import Act
from habilitation.domain.refusals import OrganizationUnknown
from habilitation.domain.requests import OrganizationNameSearch, OrganizationQuestion, OrganizationSearch, SiretQuestion
from habilitation.domain.values import OrganizationId, Siret
from habilitation.ports.clock import Clock
from habilitation.ports.store import Store
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.directory import require_size, sought
from habilitation.use_cases.views import OrganizationView, Page, organization_view
from habilitation.use_cases.work import reading


@frozen
class ShowOrganization:
    """Anybody of the organization sees its SIRET, its name and whether it has an administrator."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationQuestion, *, by: Actor) -> OrganizationView:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.READ)
            return organization_view(seen)


@frozen
class FindOrganization:
    """The operator finds the organization that has a SIRET (R1)."""

    store: Store
    clock: Clock

    def __call__(self, asked: SiretQuestion, *, by: Actor) -> OrganizationView:
        agent = require_operator(by)
        holder = self.store.siret_holder(Siret.parse(asked.siret))
        if holder is None:
            raise OrganizationUnknown()
        with reading(self.store, self.clock, holder, agent) as seen:
            return organization_view(seen)


@frozen
class ListOrganizations:
    """The operator lists all organizations, in the order of their opening (R36)."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationSearch, *, by: Actor) -> Page[OrganizationView]:
        return _page(self.store, self.clock, asked, require_operator(by))


@frozen
class SearchOrganizations:
    """The operator finds organizations by a part of their names (R36)."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationNameSearch, *, by: Actor) -> Page[OrganizationView]:
        return _page(self.store, self.clock, asked, require_operator(by), sought(asked.text))


def _page(
    store: Store, clock: Clock, asked: OrganizationSearch | OrganizationNameSearch, agent: OperatorAgent, text: str = ""
) -> Page[OrganizationView]:
    require_size(asked.size)
    after = OrganizationId(asked.after) if asked.after is not None else None
    found = store.organizations(after, asked.size + 1, text)
    page = found[: asked.size]
    views = []
    for id in page:
        with reading(store, clock, id, agent) as seen:
            views.append(organization_view(seen))
    return Page(tuple(views), page[-1] if len(found) > asked.size else None)
