"""What the operator's acts are on, as the agent is shown it; and what their forms offer to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from attrs import field, frozen

from habilitation.adapters.asgi.portal import places
from habilitation.adapters.asgi.portal.acts import name_of, user_of
from habilitation.adapters.asgi.portal.memberships import membership_of
from habilitation.adapters.asgi.portal.seen import Seen, agreement_seen, catalog_seen, organization_seen, user_seen
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import Act
from habilitation.domain.catalog import Catalog, Group
from habilitation.domain.organization import GroupState
from habilitation.domain.refusals import GroupUnknown
from habilitation.domain.user import Status
from habilitation.domain.values import AgreementId, GroupCode
from habilitation.use_cases.views import AgreementView, GroupView, MembershipView, OrganizationView, UserView

Choices = list[tuple[str, str]]


@frozen
class Target:
    """Something that the operator acts on."""

    name: str
    """What it is called, above the form."""
    where: str
    """What the page is called from which one comes, and where one is afterwards."""
    back: str
    """Its address."""
    seen: Seen | None = None
    known: Mapping[str, object] = field(factory=dict)
    """The fields of requests that its place says."""
    states: tuple[Enum, ...] = ()
    """Those that say what is possible."""
    acts: tuple[Act, ...] = (Act.OPERATE,)
    """Those that are the agent's, as far as the rest of it goes."""
    shown: Mapping[str, object] = field(factory=dict)
    """What stands in its forms before anybody types."""


def house_of(visit: Visit) -> OrganizationView:
    """The organization that the address names; refused where it cannot be shown."""
    return visit.house or visit.portal.show_organization(visit.about, by=visit.actor)


def agreement_of(visit: Visit) -> AgreementView:
    """The agreement that the address names."""
    return places.agreement(visit, AgreementId(visit.named("agreement")))


def catalog_of(visit: Visit) -> Catalog:
    """The whole catalog."""
    return visit.portal.show_catalog(by=visit.actor)


def _operating(visit: Visit) -> tuple[Act, ...]:
    """Nothing is done to an organization that is closed."""
    return (Act.OPERATE,) if visit.may(Act.OPERATE) else ()


def of_nothing(visit: Visit) -> Target:
    """What is not there yet."""
    return Target("", visit.say("menu.organizations"), visit.path("organizations"))


def of_organization(visit: Visit) -> Target:
    """The organization itself."""
    house = house_of(visit)
    return Target(
        house.name,
        house.name,
        visit.path("organization"),
        organization_seen(visit, house),
        {"organization": house.id},
        (house.state, house.control, house.seat),
        _operating(visit),
        {
            "contact": house.contact.text if house.contact else "",
            "postal": house.postal.lines if house.postal else (),
            "opening": visit.today,
        },
    )


def of_agreement(visit: Visit) -> Target:
    """One of its agreements."""
    found = agreement_of(visit)
    return Target(
        _called(found),
        _called(found),
        visit.path("agreement", agreement=found.id),
        agreement_seen(visit, found),
        {"organization": house_of(visit).id, "agreement": found.id},
        (found.state,),
        _operating(visit),
        {"opening": found.opening, "closing": found.closing},
    )


def _called(agreement: AgreementView) -> str:
    return f"{agreement.name} ({agreement.reference})"


def group_target(visit: Visit, under: AgreementView, group: GroupView) -> Target:
    """A group under an agreement."""
    return Target(
        places.shown(group),
        _called(under),
        visit.path("agreement", agreement=under.id),
        agreement_seen(visit, under),
        {"organization": visit.organization, "agreement": under.id, "group": group.code},
        (group.state,),
        _operating(visit),
    )


def of_group(visit: Visit) -> Target:
    """The group that the address names, under the agreement that it names."""
    under = agreement_of(visit)
    for group in under.groups:
        if group.code == visit.named("group"):
            return group_target(visit, under, group)
    raise GroupUnknown()


def of_user(visit: Visit) -> Target:
    """The user whom the address names."""
    return user_target(visit, user_of(visit))


def user_target(visit: Visit, user: UserView) -> Target:
    """A user, who may be named administrator while open, and not yet it (R8)."""
    house = house_of(visit)
    eligible = user.status is Status.OPEN and not user.administrator
    return Target(
        name_of(user),
        name_of(user),
        visit.path("user", user=user.id),
        user_seen(visit, user),
        {"organization": house.id, "user": user.id, "incoming": user.id},
        (user.status, house.seat) if eligible else (user.status,),
        (*user.acts, *_operating(visit)),
    )


def of_membership(visit: Visit) -> Target:
    """The membership that the address names."""
    user = user_of(visit)
    return membership_target(visit, user, membership_of(visit, user))


def membership_target(visit: Visit, user: UserView, held: MembershipView) -> Target:
    """A membership, which may wait for its role (R26)."""
    return Target(
        f"{name_of(user)}, {held.place.group} - {held.group}",
        visit.called("waiting"),
        visit.path("waiting"),
        user_seen(visit, user),
        {"organization": visit.organization, "user": user.id, "membership": held.number},
        acts=_operating(visit) if held.waiting else (),
    )


def of_catalog(visit: Visit) -> Target:
    """The catalog as a whole."""
    return Target("", visit.called("catalog"), visit.path("catalog"))


def of_catalog_group(visit: Visit) -> Target:
    """The group of the catalog that the address names."""
    catalog = catalog_of(visit)
    return group_of(visit, catalog, catalog.group(GroupCode(visit.named("code"))))


def group_of(visit: Visit, catalog: Catalog, group: Group) -> Target:
    """A group of the catalog."""
    now = group.now
    return Target(
        f"{group.code} - {now.label}",
        visit.called("catalog"),
        visit.path("catalog"),
        catalog_seen(visit, catalog, group),
        {"code": group.code},
        acts=() if now.retired else (Act.OPERATE,),
        shown={
            "label": now.label,
            "permissions": tuple(sorted(now.permissions)),
            "needs_document": "yes" if now.needs_document else "",
        },
    )


# What is offered


def _services(visit: Visit, target: Target) -> Choices:
    return [(each.code, f"{each.code} - {each.label}") for each in catalog_of(visit).services.values()]


def _groups(visit: Visit, target: Target) -> Choices:
    """Those of the catalog that can be opened."""
    catalog = catalog_of(visit)
    return [
        (each.code, f"{each.code} - {each.now.label} ({catalog.service(each.service).label})")
        for each in catalog.groups.values()
        if not each.now.retired
    ]


def _openable(visit: Visit, target: Target) -> Choices:
    """Those of the agreement's services that it does not open now (R2, R3)."""
    under, catalog = agreement_of(visit), catalog_of(visit)
    opened = {group.code for group in under.groups if group.state is not GroupState.WITHDRAWN}
    return [
        (code, text)
        for code, text in _groups(visit, target)
        if code not in opened and catalog.group(GroupCode(code)).service in under.services
    ]


CHOICES: Mapping[str, Callable[[Visit, Target], Choices]] = {
    "service": _services,
    "services": _services,
    "groups": _groups,
    "group": _openable,
}
"""What may be chosen in a field, by its name."""
