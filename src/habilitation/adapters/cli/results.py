"""What an act answers, for a program: ids, codes and states, and no personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from habilitation.domain.catalog import Group, Service
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.refusals import Refusal
from habilitation.domain.user import User
from habilitation.use_cases.erasing import ErasedDue, ErasedPerson


def as_data(result: object, at: datetime) -> dict[str, Any]:
    """The answer under the name of what it is."""
    return _DATA[type(result)](result, at)


def counts(result: Any) -> dict[str, int]:
    """How many it was done to, where it was done to many."""
    match result:
        case ErasedDue(users=users, organizations=organizations):
            return {"users": len(users), "organizations": len(organizations)}
        case (*outcomes,):
            return {"users": sum(one.refused is None for one in outcomes)}
    return {}


def left_over(result: object) -> bool:
    """Whether something that was to be erased is still there."""
    match result:
        case ErasedDue(refused=refused, residue=residue):
            return bool(refused or residue)
        case ErasedPerson(residue=residue):
            return residue is not None
    return False


def organization_as_data(organization: Organization) -> dict[str, Any]:
    """The organization's states, and whose the seat is."""
    return {
        "id": organization.id,
        "state": organization.state.value,
        "control": organization.control.value,
        "seat": organization.seat.state.value,
        "holder": organization.seat.holder,
    }


def agreement_as_data(agreement: Agreement) -> dict[str, Any]:
    """The agreement, and what it does with each group."""
    closing = agreement.term.closing
    return {
        "id": agreement.id,
        "reference": agreement.reference,
        "state": agreement.state.value,
        "opening": agreement.term.opening.isoformat(),
        "closing": closing.isoformat() if closing else None,
        "services": list(agreement.services),
        "groups": {code: opened.state.value for code, opened in agreement.groups.items()},
    }


def user_as_data(user: User, at: datetime) -> dict[str, Any]:
    """The account's states, and the memberships by their numbers."""
    return {
        "id": user.id,
        "status": user.status(at).value,
        "suspended_by": sorted(side.value for side in user.suspended),
        "erased": user.erased,
        "memberships": [
            {
                "membership": held.number,
                "agreement": held.place.agreement,
                "group": held.place.group,
                "waiting": held.waiting,
            }
            for held in user.account.live(at)
        ],
    }


def service_as_data(service: Service) -> dict[str, Any]:
    """The service."""
    return {"code": service.code, "label": service.label}


def group_as_data(group: Group) -> dict[str, Any]:
    """The group as it is defined now."""
    return {
        "code": group.code,
        "service": group.service,
        "label": group.now.label,
        "permissions": sorted(group.now.permissions),
        "needs_document": group.now.needs_document,
        "retired": group.now.retired,
    }


def _due_as_data(due: ErasedDue) -> dict[str, Any]:
    return {
        "erased": [{"organization": organization, "user": user} for organization, user in due.users],
        "dropped": list(due.organizations),
        "refused": [
            {"organization": organization, "user": user, "code": refusal.code}
            for organization, user, refusal in due.refused
        ],
        "more": due.more,
        "residue": _code(due.residue),
    }


def _code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


_DATA: Mapping[type, Callable[[Any, datetime], dict[str, Any]]] = {
    Organization: lambda it, at: {"organization": organization_as_data(it)},
    Agreement: lambda it, at: {"agreement": agreement_as_data(it)},
    User: lambda it, at: {"user": user_as_data(it, at)},
    Service: lambda it, at: {"service": service_as_data(it)},
    Group: lambda it, at: {"group": group_as_data(it)},
    ErasedPerson: lambda it, at: {"user": user_as_data(it.user, at), "residue": _code(it.residue)},
    ErasedDue: lambda it, at: _due_as_data(it),
    tuple: lambda it, at: {"outcomes": [{"user": one.user, "refused": one.refused} for one in it]},
}
