"""What the operator's agents do, as a table: a line for each act, by what it is on (R1–R4, R8, R24, R26, R33, R34)."""

from __future__ import annotations

from typing import Any

from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.operator_forms import OperatorAct, Place
from habilitation.adapters.asgi.portal.targets import (
    Target,
    of_agreement,
    of_catalog,
    of_catalog_group,
    of_group,
    of_membership,
    of_nothing,
    of_organization,
    of_user,
)
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain import events
from habilitation.domain.acts import Act
from habilitation.domain.organization import SeatState
from habilitation.domain.refusals import DoneAlready
from habilitation.domain.requests import SiretQuestion
from habilitation.use_cases import agreements, cataloging, erasing, groups, issuing, opening, overseeing, seat
from habilitation.use_cases.views import OrganizationView

ENDING = ("end-of-partnership", "merger", "mistake", "other")
LEAVING = ("departure", "change-of-duties", "absence", "organization-request", "doubt", "other")


def _to_organization(visit: Visit, target: Target, done: Any) -> str:
    """The organization that was opened."""
    return visit.path("organization", organization=done.id)


def _to_agreement(visit: Visit, target: Target, done: Any) -> str:
    """The agreement that was opened."""
    opened = done.agreement if isinstance(done, DoneAlready) else done.id
    return visit.path("agreement", agreement=opened)


def _opened_before(draft: Draft) -> OrganizationView | None:
    """The organization that the same form opened: a key is kept inside of one, and here there was none yet (I8)."""
    found = draft.visit.portal.find_organization(SiretQuestion(draft.text("siret")), by=draft.visit.actor)
    asked = (draft.text("name").strip(), draft.text("contact").strip(), SeatState.UNCLAIMED)
    return found if (found.name, found.contact.text if found.contact else "", found.seat) == asked else None


# What can be done with what

HOUSE, AGREEMENT, USER = "/organizations/{organization}", "/agreements/{agreement}", "/users/{user}"

ANYWHERE = Place(
    "", of_nothing, (OperatorAct(opening.OpenOrganization, leads=_to_organization, before=_opened_before),)
)
ORGANIZATION = Place(
    HOUSE,
    of_organization,
    (
        OperatorAct(opening.OpenAgreement, leads=_to_agreement),
        OperatorAct(overseeing.ChangeContact),
        OperatorAct(overseeing.ChangeSiret, reasons=("move", "merger", "mistake", "other")),
        OperatorAct(opening.ReissueCredentials, events.FirstCredentialsIssued),
        OperatorAct(overseeing.ResumeOrganization, events.OrganizationResumed),
        OperatorAct(overseeing.ReturnControl, events.ControlReturned),
        OperatorAct(overseeing.SuspendOrganization, events.OrganizationSuspended, grave=True),
        OperatorAct(overseeing.TakeBackControl, events.ControlTaken, grave=True),
        OperatorAct(seat.DeclareVacancy, events.SeatVacated, LEAVING, grave=True),
        OperatorAct(issuing.ForceAllPasswordChanges, grave=True),
        OperatorAct(overseeing.CloseOrganization, events.OrganizationClosed, ENDING, grave=True, final=True),
    ),
)
OF_AGREEMENT = Place(
    HOUSE + AGREEMENT,
    of_agreement,
    (
        OperatorAct(opening.ValidateAgreement, events.AgreementValidated),
        OperatorAct(agreements.ChangeAgreementPeriod, events.AgreementRescheduled),
        OperatorAct(opening.OpenGroup, events.AgreementEnded),  # as long as there is an end to come
        OperatorAct(agreements.ResumeAgreement, events.AgreementResumed),
        OperatorAct(agreements.SuspendAgreement, events.AgreementSuspended, grave=True),
        OperatorAct(agreements.EndAgreement, events.AgreementEnded, ENDING, grave=True, final=True),
    ),
)
GROUP = Place(
    f"{HOUSE}{AGREEMENT}/groups/{{group}}",
    of_group,
    (
        OperatorAct(agreements.ResumeGroup, events.GroupResumed),
        OperatorAct(agreements.SuspendGroup, events.GroupSuspended, grave=True),
        OperatorAct(agreements.WithdrawGroup, events.GroupWithdrawn, ENDING, grave=True),
    ),
)
PERSON = Place(
    HOUSE + USER,
    of_user,
    (
        OperatorAct(seat.ReplaceAdministrator, events.AdministratorAppointed, LEAVING),
        OperatorAct(issuing.ForcePasswordChange, events.PasswordForced, grave=True),
        OperatorAct(
            erasing.ErasePerson, None, ("user-request", "mistake", "other"), grave=True, final=True, act=Act.ERASE
        ),
    ),
)
ROLE = Place(
    f"{HOUSE}{USER}/memberships/{{number}}",
    of_membership,
    (
        OperatorAct(groups.AssignRole),
        OperatorAct(
            groups.RefuseRole, None, ("document-missing", "document-incomplete", "not-entitled", "other"), grave=True
        ),
    ),
)
CATALOG = Place("/catalog", of_catalog, (OperatorAct(cataloging.DefineService), OperatorAct(cataloging.DefineGroup)))
CATALOG_GROUP = Place(
    "/catalog/groups/{code}",
    of_catalog_group,
    (OperatorAct(cataloging.ChangeGroup), OperatorAct(cataloging.RetireGroup, grave=True, final=True)),
)

PLACES = (ANYWHERE, ORGANIZATION, OF_AGREEMENT, GROUP, PERSON, ROLE, CATALOG, CATALOG_GROUP)
PAGES = tuple(route for place in PLACES for route in place.routes())
