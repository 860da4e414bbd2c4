"""One request of each kind, drawn from a lot: whether it will be accepted is for the model to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from habilitation.domain.requests import (
    AdministratorClaim,
    AgreementValidation,
    Closing,
    Generalization,
    GroupAddition,
    GroupOpening,
    GroupRemoval,
    MembershipDates,
    NewAgreement,
    NewGroup,
    NewManager,
    NewOrganization,
    NewService,
    NewUser,
    PasswordChoice,
    Reissue,
    Removal,
    Reopening,
    Replacement,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    UserChanges,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.values import GroupCode, Permission, ServiceCode
from habilitation.testing.machine.lots import Lot
from habilitation.testing.strategies import (
    BAD_CODES,
    BAD_DOCUMENTS,
    BAD_EMAILS,
    BAD_LABELS,
    BAD_PHONES,
    BAD_SIRETS,
    EMAILS,
    PHONES,
)
from habilitation.testing.world import AFAS, BAILLEUR, TO_CONSULT, TO_SEE

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


def _agreement(lot: Lot) -> NewAgreement:
    services = lot.one([(AFAS, BAILLEUR), (AFAS,), (BAILLEUR, NO_SERVICE)])
    reference, label = lot.typed((*CODES, "CONV-1"), BAD_CODES), lot.typed(LABELS, BAD_LABELS)
    return NewAgreement(lot.organization(), reference, label, services, (lot.group(), lot.group()), lot.days())


def _claim(lot: Lot) -> AdministratorClaim:
    return AdministratorClaim(lot.name(), "Jeanne", lot.email(), lot.password(), lot.typed("2026-1", ("2025-1",)))


def _credentials(lot: Lot) -> tuple[str, str]:
    """A login as people type it, with what is or was its own password, or another's."""
    login = lot.one([login for login, words in lot.around.heard.items() if login and words])
    password = lot.typed(lot.around.heard[login], lot.heard())
    return lot.typed((login, login.lower(), f"{login[:4]}-{login[4:]}"), ("NOT-A-LOGIN", "00000000")), password


ASKED: Mapping[str, Callable[[Lot], Any]] = {
    "create_user": _user,
    "modify_user": _changes,
    "close_user": lambda lot: Closing(lot.organization(), lot.user(), lot.days().closing),
    "reopen_user": lambda lot: Reopening(lot.organization(), lot.user(), lot.days()),
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
    "open_organization": lambda lot: NewOrganization(
        lot.typed(lot.around.siret, BAD_SIRETS), "LES CHÊNES", lot.typed("Mairie@chenes.example", BAD_EMAILS)
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
    "sign_out": lambda lot: None,
}
"""By the name of the use case."""
