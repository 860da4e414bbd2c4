"""What the API offers: one line for each use case, with the address that it is reached at.

What stands in braces in an address is a field of the request. The rest of a question comes from the query of the
address, the rest of anything else from the body. Addresses hold ids and codes: whatever may tell who somebody is, a
text searched or a SIRET, is sent in a body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen

from habilitation.adapters.asgi.declared import Declaration, declared
from habilitation.use_cases import (
    access,
    accounts,
    agreements,
    cataloging,
    delegation,
    delivery,
    directory,
    documents,
    emails,
    erasing,
    explaining,
    feed,
    first_access,
    forgotten,
    groups,
    history,
    issuing,
    opening,
    organizations,
    overseeing,
    own_file,
    own_password,
    past,
    providers,
    seat,
    security,
    suspending,
    unlocking,
)

_IN_BRACES = re.compile(r"\{(\w+)\}")


@frozen
class Operation:
    """A use case at its address."""

    method: str
    path: str
    use_case: type
    status: int = 200
    """Of the answer that tells that it was done."""
    located: bool = False
    """Whether what it makes has an address of its own: this one, and the id of what was made."""
    searching: bool = False
    """Whether it only reads, though what it is asked is sent in a body."""
    later: bool = False
    """Whether it is done once the answer left, so that nobody can measure what it did (R21)."""

    @property
    def asked(self) -> Declaration:
        return declared(self.use_case)

    @property
    def given(self) -> tuple[str, ...]:
        """The fields of the request that the address itself says."""
        return tuple(_IN_BRACES.findall(self.path))

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET" or self.searching


ORGANIZATION = "/organizations/{organization}"
AGREEMENT = f"{ORGANIZATION}/agreements/{{agreement}}"
GROUP = f"{AGREEMENT}/groups/{{group}}"
USER = f"{ORGANIZATION}/users/{{user}}"
MEMBERSHIP = f"{USER}/memberships/{{membership}}"
ACCESS = f"{USER}/access/{{permission}}"

OPERATIONS: Mapping[str, tuple[Operation, ...]] = {
    "first access": (
        Operation("POST", "/sessions", first_access.SignIn),
        Operation("POST", "/sessions/external", providers.SignInExternally),
        Operation("POST", "/activations", providers.Activate),
        Operation("POST", "/claims", first_access.ClaimAdministrator),
        Operation("POST", "/own-password/choose", own_password.ChoosePassword),
        Operation("POST", "/own-password/choose-by-link", forgotten.ChoosePasswordByLink, 204),
        Operation("POST", "/own-password/change", own_password.ChangeOwnPassword),
        Operation("POST", "/own-password/forgotten", forgotten.ForgotPassword, 202, later=True),
        Operation("POST", "/own-login/forgotten", forgotten.ForgotLogin, 202, later=True),
        Operation("POST", "/emails/confirm", emails.ConfirmEmail),
        Operation("POST", "/emails/object", emails.ObjectToEmail, 204),
    ),
    "oneself": (
        Operation("GET", f"{ORGANIZATION}/own-file", own_file.ShowOwnFile),
        Operation("PATCH", f"{ORGANIZATION}/own-details", accounts.ChangeOwnDetails),
        Operation("POST", f"{ORGANIZATION}/own-identity/link", providers.LinkIdentity),
    ),
    "organizations": (
        Operation("POST", "/organizations", opening.OpenOrganization, 201, located=True),
        Operation("GET", "/organizations", organizations.ListOrganizations),
        Operation("POST", "/organizations/search", organizations.FindOrganization, searching=True),
        Operation("POST", "/organizations/search-by-name", organizations.SearchOrganizations, searching=True),
        Operation("GET", ORGANIZATION, organizations.ShowOrganization),
        Operation("PUT", f"{ORGANIZATION}/siret", overseeing.ChangeSiret),
        Operation("PUT", f"{ORGANIZATION}/contact", overseeing.ChangeContact),
        Operation("POST", f"{ORGANIZATION}/suspend", overseeing.SuspendOrganization),
        Operation("POST", f"{ORGANIZATION}/resume", overseeing.ResumeOrganization),
        Operation("POST", f"{ORGANIZATION}/take-back-control", overseeing.TakeBackControl),
        Operation("POST", f"{ORGANIZATION}/return-control", overseeing.ReturnControl),
        Operation("POST", f"{ORGANIZATION}/close", overseeing.CloseOrganization),
        Operation("POST", f"{ORGANIZATION}/reissue-credentials", opening.ReissueCredentials),
        Operation("POST", f"{ORGANIZATION}/force-password-changes", issuing.ForceAllPasswordChanges),
        Operation("GET", f"{ORGANIZATION}/administrator", directory.WhoIsAdministrator),
        Operation("PUT", f"{ORGANIZATION}/administrator", seat.ReplaceAdministrator),
        Operation("POST", f"{ORGANIZATION}/administrator/declare-vacancy", seat.DeclareVacancy),
    ),
    "agreements": (
        Operation("GET", f"{ORGANIZATION}/agreements", directory.ListAgreements),
        Operation("POST", f"{ORGANIZATION}/agreements", opening.OpenAgreement, 201),
        Operation("POST", f"{AGREEMENT}/validate", opening.ValidateAgreement),
        Operation("PUT", f"{AGREEMENT}/period", agreements.ChangeAgreementPeriod),
        Operation("POST", f"{AGREEMENT}/suspend", agreements.SuspendAgreement),
        Operation("POST", f"{AGREEMENT}/resume", agreements.ResumeAgreement),
        Operation("POST", f"{AGREEMENT}/end", agreements.EndAgreement),
        Operation("PUT", GROUP, opening.OpenGroup),
        Operation("POST", f"{GROUP}/suspend", agreements.SuspendGroup),
        Operation("POST", f"{GROUP}/resume", agreements.ResumeGroup),
        Operation("POST", f"{GROUP}/withdraw", agreements.WithdrawGroup),
    ),
    "users": (
        Operation("POST", f"{ORGANIZATION}/users", accounts.CreateUser, 201, located=True),
        Operation("POST", f"{ORGANIZATION}/users/search", directory.ListUsers, searching=True),
        Operation("GET", USER, directory.ShowUser),
        Operation("POST", f"{ORGANIZATION}/users/names", directory.NameUsers, searching=True),
        Operation("PATCH", USER, accounts.ModifyUser),
        Operation("DELETE", USER, accounts.RemoveUser),
        Operation("POST", f"{USER}/close", accounts.CloseUser),
        Operation("POST", f"{USER}/reopen", accounts.ReopenUser),
        Operation("POST", f"{USER}/suspend", suspending.SuspendUser),
        Operation("POST", f"{USER}/reinstate", suspending.ReinstateUser),
        Operation("PUT", f"{USER}/email", emails.ChangeEmail),
        Operation("POST", f"{USER}/unlock", unlocking.Unlock),
        Operation("POST", f"{USER}/resend-credentials", issuing.ResendCredentials),
        Operation("POST", f"{USER}/force-password-change", issuing.ForcePasswordChange),
        Operation("DELETE", f"{USER}/identity", providers.UnlinkIdentity),
        Operation("POST", f"{USER}/erase", erasing.ErasePerson),
    ),
    "groups": (
        Operation("POST", f"{USER}/memberships", groups.AddToGroup, 201),
        Operation("PATCH", MEMBERSHIP, groups.ChangeMembership),
        Operation("DELETE", MEMBERSHIP, groups.RemoveFromGroup),
        Operation("POST", f"{MEMBERSHIP}/assign-role", groups.AssignRole),
        Operation("POST", f"{MEMBERSHIP}/refuse-role", groups.RefuseRole),
        Operation("GET", f"{MEMBERSHIP}/document", documents.PrepareDocument),
        Operation("GET", f"{ORGANIZATION}/waiting-roles", directory.ListWaitingRoles),
        Operation("GET", f"{AGREEMENT}/users/{{user}}/generalization", groups.PreviewGeneralization),
        Operation("POST", f"{AGREEMENT}/users/{{user}}/generalization", groups.GeneralizeToAll),
    ),
    "delegation": (
        Operation("GET", f"{ORGANIZATION}/delegations", directory.ListDelegations),
        Operation("PUT", f"{USER}/delegation", delegation.DelegateManager),
        Operation("DELETE", f"{USER}/delegation", delegation.RevokeManager),
    ),
    "access": (
        Operation("GET", ACCESS, access.CheckAccess),
        Operation("GET", f"{ACCESS}/explanation", explaining.Explain),
        Operation("GET", f"{ACCESS}/past", past.AsOf),
        Operation("GET", f"{ORGANIZATION}/who-had-access/{{permission}}", past.WhoHadAccess),
    ),
    "journal": (
        Operation("GET", f"{ORGANIZATION}/history", history.History),
        Operation("GET", f"{ORGANIZATION}/deeds", explaining.Recount),
        Operation("GET", f"{ORGANIZATION}/journal/events", feed.EventsSince),
        Operation("GET", f"{ORGANIZATION}/journal/head", history.JournalHead),
        Operation("POST", f"{ORGANIZATION}/journal/verify", history.VerifyJournal, searching=True),
    ),
    "catalog": (
        Operation("GET", "/catalog", cataloging.ShowCatalog),
        Operation("POST", "/catalog/services", cataloging.DefineService, 201),
        Operation("POST", "/catalog/groups", cataloging.DefineGroup, 201),
        Operation("PATCH", "/catalog/groups/{code}", cataloging.ChangeGroup),
        Operation("POST", "/catalog/groups/{code}/retire", cataloging.RetireGroup),
        Operation("GET", "/catalog/events", feed.CatalogEventsSince),
        Operation("GET", "/catalog/head", history.CatalogHead),
        Operation("POST", "/catalog/verify", history.VerifyCatalog, searching=True),
    ),
    "running a portal": (
        Operation("GET", "/versions", feed.Versions),
        Operation("GET", "/dead-letters", delivery.ListDeadLetters),
        Operation("POST", "/dead-letters/{message}/retry", delivery.RetryDelivery),
        Operation("GET", "/security-log", security.SecurityLog),
        Operation("POST", "/security-log/prune", security.PruneSecurityLog),
        Operation("POST", "/erase-due", erasing.EraseDue),
    ),
}
"""By what it is about."""

ELSEWHERE: Mapping[str, str] = {
    "resume_session": "each request that brings the cookie asks it; GET /sessions tells what it answers",
    "sign_out": "DELETE /sessions, which a session that is over does not hinder, and which takes the cookie away",
    "deliver_notifications": "a worker's, not a person's: a request would wait for a mail server",
}
"""The use cases that have no line above, and why."""


def operations() -> tuple[Operation, ...]:
    """All of them."""
    return tuple(operation for several in OPERATIONS.values() for operation in several)


def operation_of(act: str) -> Operation | None:
    """The one of that act's code, ``create-user``; None if the API has none."""
    return next((operation for operation in operations() if operation.asked.code == act), None)
