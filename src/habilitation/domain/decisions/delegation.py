"""Managers: delegated by the administrator within a scope, and revoked (R28, R30)."""

from __future__ import annotations

from datetime import datetime

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.catalog import Catalog
from habilitation.domain.decisions import ending, groups
from habilitation.domain.events import Event, ManagerDelegated
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import DelegationUnknown, HolderHasAllGroups, NoAgreementCurrent, ScopeEmpty
from habilitation.domain.requests import NewManager
from habilitation.domain.scope import Scope
from habilitation.domain.user import User, require_admits


def delegate(
    organization: Organization,
    catalog: Catalog,
    acting: Acting,
    user: User | None,
    asked: NewManager,
    moment: Moment,
) -> list[Event]:
    """The user manages the scope from now on, or over the dates; any earlier delegation is replaced (R28)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.DELEGATE, target, organization, moment.instant)
    if organization.is_held_by(target.id):
        raise HolderHasAllGroups()
    require_admits(target, ManagerDelegated, moment.instant)
    if asked.scope.places is not None and not asked.scope.places:
        raise ScopeEmpty()
    _require_current(organization, asked.scope, moment.instant)
    places = sorted(asked.scope.places or (), key=str)
    groups.require_conferrable(organization, catalog, acting, Act.DELEGATE, places, moment.instant)
    return [ManagerDelegated(target.id, asked.scope, moment.within(target.account.term, asked.dates))]


def _require_current(organization: Organization, scope: Scope, at: datetime) -> None:
    """All groups are delegated under some agreement in force, as each group is under its own (R2)."""
    agreements = organization.agreements.values()
    if scope.places is None and not any(agreement.is_current(at) for agreement in agreements):
        raise NoAgreementCurrent()


def revoke(organization: Organization, acting: Acting, user: User | None, moment: Moment) -> list[Event]:
    """The delegation ends now; what was granted under it stays (R28)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.REVOKE, target, organization, moment.instant)
    if target.delegation(moment.instant) is None:
        raise DelegationUnknown()
    return ending.delegation(target, moment)
