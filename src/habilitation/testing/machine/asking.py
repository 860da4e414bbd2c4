"""One request of each kind, drawn from a lot: whether it will be accepted is for the model to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from habilitation.domain.requests import (
    Activation,
    AdministratorClaim,
    AgreementDates,
    AgreementEnding,
    AgreementResumption,
    AgreementSuspension,
    AgreementValidation,
    Closing,
    ContactChange,
    ControlReturn,
    ControlTaking,
    DueErasure,
    EmailChanging,
    EmailConfirmation,
    EmailObjection,
    Erasure,
    Forcing,
    ForcingOfAll,
    Generalization,
    GroupAddition,
    GroupChange,
    GroupOpening,
    GroupRemoval,
    GroupResumption,
    GroupRetirement,
    GroupSuspension,
    GroupWithdrawal,
    IdentityLink,
    IdentityUnlink,
    MembershipDates,
    NewAgreement,
    NewGroup,
    NewManager,
    NewOrganization,
    NewService,
    NewUser,
    OrganizationClosing,
    OrganizationResumption,
    OrganizationSuspension,
    OwnDetails,
    PasswordByLink,
    PasswordChange,
    PasswordChoice,
    Reissue,
    Removal,
    Reopening,
    Replacement,
    Resending,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    SiretChange,
    Unlocking,
    UserChanges,
    UserReinstatement,
    UserSuspension,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, GroupCode, Permission, ServiceCode
from habilitation.testing.machine.lots import PASSWORDS, Lot
from habilitation.testing.model.keys import ACTIVATIONS
from habilitation.testing.strategies import (
    BAD_CODES,
    BAD_DOCUMENTS,
    BAD_LABELS,
    BAD_PHONES,
    BAD_SIRETS,
    EMAILS,
    PHONES,
)
from habilitation.testing.world import AFAS, BAILLEUR, PASSWORD, TO_CONSULT, TO_SEE

CODES = ("NEW-1", "NEW-2", "a:b", "CONV-9")
LABELS = ("LES OLIVIERS", "Convention n° 3", "42")
PERMISSIONS = ((TO_CONSULT,), (TO_SEE, Permission("bailleur:new")), (Permission("afas:new"),), ())
NO_SERVICE = ServiceCode("NO-SERVICE")


def _user(lot: Lot) -> NewUser:
    agreement, email, phone = lot.agreement(), lot.email(), lot.typed(PHONES, BAD_PHONES)
    return NewUser(
        lot.organization(),
        agreement,
        lot.name(),
        lot.name(),
        email,
        None if lot.likely() else lot.typed(email.upper(), EMAILS),
        phone,
        None if lot.likely() else lot.typed(phone, PHONES),
        lot.days(),
        lot.likely(),
        tuple(place.group for place in lot.places(2) if place.agreement == agreement),
    )


def _changes(lot: Lot) -> UserChanges:
    return UserChanges(
        lot.organization(),
        lot.user(),
        last_name=lot.name() if lot.likely() else None,
        phone=lot.typed(PHONES, BAD_PHONES) if lot.likely() else None,
        mobile=lot.one((None, True, False)),
        dates=lot.days() if lot.likely() else None,
    )


def _addition(lot: Lot) -> GroupAddition:
    place = lot.place()
    return GroupAddition(lot.organization(), lot.user(), place.agreement, place.group, lot.days())


def _manager(lot: Lot) -> NewManager:
    places = None if lot.random.random() < 0.25 else frozenset(lot.places(3))
    return NewManager(lot.organization(), lot.user(), Scope(places), lot.days())


def _group(lot: Lot) -> NewGroup:
    service = lot.one((AFAS, BAILLEUR, NO_SERVICE))
    code, label = GroupCode(lot.typed(CODES, BAD_CODES)), lot.typed(LABELS, BAD_LABELS)
    return NewGroup(code, service, label, lot.one(PERMISSIONS), lot.likely())


def _there(lot: Lot) -> tuple[AgreementId, GroupCode]:
    place = lot.place()
    return place.agreement, place.group


def _group_change(lot: Lot) -> GroupChange:
    label = lot.typed(LABELS, BAD_LABELS) if lot.likely() else None
    permissions = lot.one((*PERMISSIONS, (TO_CONSULT, TO_SEE))) if lot.likely() else None
    return GroupChange(lot.group(), label, permissions, lot.one((None, None, True, False)))


def _agreement(lot: Lot) -> NewAgreement:
    services = lot.one([(AFAS, BAILLEUR), (AFAS,), (BAILLEUR, NO_SERVICE)])
    reference, label = lot.typed((*CODES, "CONV-1"), BAD_CODES), lot.typed(LABELS, BAD_LABELS)
    return NewAgreement(lot.organization(), reference, label, services, (lot.group(), lot.group()), lot.days())


def _claim(lot: Lot) -> AdministratorClaim:
    """Without a password, mostly, where a provider signs people in (R44)."""
    password = "" if lot.around.model.provider and lot.likely() else lot.password()
    return AdministratorClaim(lot.name(), "Jeanne", lot.email(), password, lot.typed("2026-1", ("2025-1",)))


def _credentials(lot: Lot) -> tuple[str, str]:
    """A login as people type it, with what is or was its own password, or another's."""
    login = lot.login()
    password = lot.typed(lot.around.heard[login] or PASSWORDS, lot.heard())
    return lot.typed((login, login.lower(), f"{login[:4]}-{login[4:]}"), ("NOT-A-LOGIN", "00000000")), password


def _email(lot: Lot) -> EmailChanging:
    """Another address, or the present one again, perhaps in another spelling."""
    user, email = lot.user(), lot.email()
    if lot.seldom() and user in lot.partner.users:
        present = lot.partner.users[user].written
        email = lot.one((present, present, present.upper()))
    return EmailChanging(lot.organization(), user, email, None if lot.likely() else lot.typed(email.upper(), EMAILS))


ASKED: Mapping[str, Callable[[Lot], Any]] = {
    "create_user": _user,
    "modify_user": _changes,
    "close_user": lambda lot: Closing(lot.organization(), lot.user(), lot.days().closing),
    "reopen_user": lambda lot: Reopening(lot.organization(), lot.user(), lot.days()),
    "suspend_user": lambda lot: UserSuspension(lot.organization(), lot.user(), lot.reason()),
    "reinstate_user": lambda lot: UserReinstatement(lot.organization(), lot.user()),
    "remove_user": lambda lot: Removal(lot.organization(), lot.user()),
    "add_to_group": _addition,
    "change_membership": lambda lot: MembershipDates(lot.organization(), *lot.membership(), lot.days()),
    "remove_from_group": lambda lot: GroupRemoval(lot.organization(), *lot.membership()),
    "preview_generalization": lambda lot: Generalization(lot.organization(), lot.agreement(), lot.user()),
    "generalize_to_all": lambda lot: Generalization(lot.organization(), lot.agreement(), lot.user()),
    "assign_role": lambda lot: RoleAssignment(
        lot.organization(), *lot.membership(), lot.typed("P 3/2026", BAD_DOCUMENTS)
    ),
    "refuse_role": lambda lot: RoleRefusal(lot.organization(), *lot.membership(), lot.reason()),
    "delegate_manager": _manager,
    "revoke_manager": lambda lot: Revocation(lot.organization(), lot.user()),
    "define_service": lambda lot: NewService(ServiceCode(lot.typed(CODES, BAD_CODES)), lot.typed(LABELS, BAD_LABELS)),
    "define_group": _group,
    "change_group": _group_change,
    "retire_group": lambda lot: GroupRetirement(lot.late(lot.around.model.groups, 3)),
    "change_siret": lambda lot: SiretChange(lot.organization(), lot.typed(lot.around.siret, BAD_SIRETS), lot.reason()),
    "change_contact": lambda lot: ContactChange(lot.organization(), *lot.contact(None)),
    "suspend_organization": lambda lot: OrganizationSuspension(lot.organization(), lot.reason()),
    "resume_organization": lambda lot: OrganizationResumption(lot.organization()),
    "take_back_control": lambda lot: ControlTaking(lot.organization(), lot.reason()),
    "return_control": lambda lot: ControlReturn(lot.organization()),
    "close_organization": lambda lot: OrganizationClosing(lot.late(lot.around.model.partners, 1), lot.reason()),
    "change_agreement_period": lambda lot: AgreementDates(lot.organization(), lot.agreement(), lot.days()),
    "suspend_agreement": lambda lot: AgreementSuspension(lot.organization(), lot.agreement(), lot.reason()),
    "resume_agreement": lambda lot: AgreementResumption(lot.organization(), lot.agreement()),
    "end_agreement": lambda lot: AgreementEnding(
        lot.organization(), lot.late(lot.partner.conventions, 2), lot.reason()
    ),
    "suspend_group": lambda lot: GroupSuspension(lot.organization(), *_there(lot), lot.reason()),
    "resume_group": lambda lot: GroupResumption(lot.organization(), *_there(lot)),
    "withdraw_group": lambda lot: GroupWithdrawal(lot.organization(), *_there(lot), lot.reason()),
    "open_organization": lambda lot: NewOrganization(
        lot.typed(lot.around.siret, BAD_SIRETS), "LES CHÊNES", *lot.contact("")
    ),
    "open_agreement": _agreement,
    "validate_agreement": lambda lot: AgreementValidation(lot.organization(), lot.agreement()),
    "open_group": lambda lot: GroupOpening(lot.organization(), lot.agreement(), lot.group()),
    "replace_administrator": lambda lot: Replacement(
        lot.organization(), lot.user(), lot.reason(), lot.likely(), lot.seldom()
    ),
    "declare_vacancy": lambda lot: Vacancy(lot.organization(), lot.reason(), lot.likely(), lot.seldom()),
    "reissue_credentials": lambda lot: Reissue(lot.organization()),
    "claim_administrator": _claim,
    "sign_in": _credentials,
    "choose_password": lambda lot: PasswordChoice(lot.password()),
    "change_own_password": lambda lot: PasswordChange(lot.typed((*PASSWORDS, PASSWORD), lot.heard()), lot.password()),
    "change_own_details": lambda lot: OwnDetails(
        lot.organization(),
        lot.name() if lot.likely() else None,
        phone=lot.typed(PHONES, BAD_PHONES) if lot.likely() else None,
    ),
    "forgot_password": lambda lot: (_credentials(lot)[0],),
    "forgot_login": lambda lot: (lot.typed(lot.partner.siret, BAD_SIRETS), lot.email()),
    "choose_password_by_link": lambda lot: (PasswordByLink(lot.link("password-link"), lot.password()),),
    "activate": lambda lot: (Activation(lot.link(*ACTIVATIONS), lot.proof()),),
    "sign_in_externally": lambda lot: (lot.proof(), lot.one((None, None, lot.around.main, lot.around.other))),
    "link_identity": lambda lot: IdentityLink(lot.organization(), lot.proof()),
    "unlink_identity": lambda lot: IdentityUnlink(lot.organization(), lot.user()),
    "change_email": _email,
    "confirm_email": lambda lot: (EmailConfirmation(lot.link("email-confirmation")),),
    "object_to_email": lambda lot: (EmailObjection(lot.link("email-objection")),),
    "resend_credentials": lambda lot: Resending(lot.organization(), lot.user()),
    "force_password_change": lambda lot: Forcing(lot.organization(), lot.user(), lot.reason()),
    "force_all_password_changes": lambda lot: ForcingOfAll(lot.organization(), lot.reason()),
    "unlock": lambda lot: Unlocking(lot.organization(), lot.user()),
    "erase_person": lambda lot: Erasure(lot.organization(), lot.user(), lot.typed("asked-for", BAD_CODES)),
    "erase_due": lambda lot: DueErasure(
        None if lot.likely() else lot.one([lot.organization(), *list(lot.around.model.partners)[1:]]),
        0 if lot.seldom() else lot.one((500, 500, 2, 1)),
    ),
    "sign_out": lambda lot: None,
}
"""By the name of the use case."""
