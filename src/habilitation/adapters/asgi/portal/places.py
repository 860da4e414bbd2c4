"""The groups that a form offers: those that agreements in force have open, within reach of whoever comes (R2, R32)."""

from __future__ import annotations

from attrs import frozen

from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.organization import AgreementState, GroupState
from habilitation.domain.refusals import AgreementUnknown
from habilitation.domain.scope import ALL_GROUPS
from habilitation.domain.values import AgreementId, GroupCode, Place
from habilitation.use_cases.views import AgreementView, GroupView

BETWEEN = ":"
"""Between an agreement's id and a group's code, in a form."""


@frozen
class Offered:
    """An agreement, and its groups that can be given."""

    agreement: AgreementView
    groups: tuple[GroupView, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a form sends for each, and how the guide writes it."""
        return [(written(Place(self.agreement.id, group.code)), shown(group)) for group in self.groups]


def agreement(visit: Visit, id: AgreementId) -> AgreementView:
    """The organization's agreement of that id."""
    for each in visit.agreements:
        if each.id == id:
            return each
    raise AgreementUnknown()


def offered(visit: Visit) -> list[Offered]:
    """What can be given now; the use cases decide it anew."""
    found = (Offered(each, _open(visit, each)) for each in visit.agreements if each.state is AgreementState.VALIDATED)
    return [each for each in found if each.groups]


def offered_under(visit: Visit, agreement: AgreementView) -> tuple[GroupView, ...]:
    """What can be given under that one."""
    return next((each.groups for each in offered(visit) if each.agreement.id == agreement.id), ())


def _open(visit: Visit, agreement: AgreementView) -> tuple[GroupView, ...]:
    scope = visit.me.manages if visit.me and visit.me.manages else ALL_GROUPS
    opened = (group for group in agreement.groups if group.state is GroupState.OPEN)
    return tuple(group for group in opened if scope.covers(Place(agreement.id, group.code)))


def shown(group: GroupView) -> str:
    """As the guide writes it: ``AFAS-DEC - AFAS-Déclarer``."""
    return f"{group.code} - {group.label}"


def written(place: Place) -> str:
    """As a form sends it."""
    return f"{place.agreement}{BETWEEN}{place.group}"


def read(text: str) -> Place:
    """What a form sent; what cannot be read is a group of no agreement, and refused as such."""
    agreement, _, group = text.partition(BETWEEN)
    return Place(AgreementId(agreement), GroupCode(group))
