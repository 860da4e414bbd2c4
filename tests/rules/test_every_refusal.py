"""I8: each refusal that a use case can give, with its code; and nothing is left behind.

One line each: what is there, and what is asked. What no line reaches stands at the end, with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen

from habilitation import Habilitation
from habilitation.adapters.passwords import StrengthPolicy
from habilitation.domain import refusals
from habilitation.domain.actors import Asking, Member
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import (
    AdministratorClaim,
    AgreementValidation,
    DueErasure,
    EventsQuestion,
    GroupOpening,
    GroupRetirement,
    IdentityProof,
    NewAgreement,
    NewGroup,
    NewManager,
    NewOrganization,
    NewService,
    OrganizationQuestion,
    PasswordChange,
    PasswordChoice,
    PastSearch,
    Reissue,
    SiretChange,
    UserChanges,
    UserSearch,
)
from habilitation.domain.scope import Scope
from habilitation.domain.terms import Terms, Unchanged
from habilitation.testing.world import (
    AFAS,
    AGENT,
    BAILLEUR,
    CONSULT,
    DECLARE,
    PASSWORD,
    PRIVATE,
    SIRETS,
    TO_CONSULT,
    World,
)
from tests.provider import (
    NONCE,
    activate,
    enter,
    link_identity,
    proof,
    sent,
    signed_in_by_a_provider,
    unlink_identity,
)
from tests.steps import (
    WHY,
    add,
    assign,
    change,
    change_email,
    check,
    choose_by,
    close,
    create,
    day,
    delegate,
    deliveries,
    erase,
    generalize,
    link_to,
    modify,
    operate,
    own,
    refused,
    reinstate,
    remove,
    reopen,
    replace,
    reschedule,
    resend,
    revoke,
    show,
    suspend,
    take_out,
    vacate,
)

Prepare = Callable[[World], Any]
Act = Callable[[World, Any], object]


@frozen
class Case:
    """What is there, and what is asked of it."""

    code: str
    prepare: Prepare
    act: Act


def nothing(world: World) -> None:
    """As the world is."""


def a_user(world: World):
    return world.user()


def a_member(world: World):
    return world.user(CONSULT)


ONCE = Terms(key="a key of one's own")


def undertake(world: World, user, terms: Terms, mobile: bool = True):
    asked = UserChanges(world.organization.id, user.id, mobile=mobile)
    return world.portal.modify_user(asked, by=world.admin, terms=terms)


def undertaken(world: World):
    return undertake(world, world.user(), ONCE)


def change_siret(world: World, siret: str):
    return world.portal.change_siret(SiretChange(world.organization.id, siret, WHY), by=AGENT)


def retired(world: World):
    world.portal.retire_group(GroupRetirement(PRIVATE), by=AGENT)
    return world.user()


def done(act: str, *groups):
    return lambda world: operate(world, act, *groups)


def followed(world: World, position: int = 0):
    return world.portal.events_since(EventsQuestion(world.organization.id, position), by=AGENT)


def dropped(world: World) -> None:
    operate(world, "close_organization")
    world.clock.move(days=1826)
    world.portal.erase_due(DueErasure(), by=AGENT)


def operated(act: str, *groups):
    return lambda world, _: operate(world, act, *groups)


def suspended_login(world: World) -> str:
    user = world.user()
    login, _ = own(world, user)
    suspend(world, user)
    return login


def unclaimed(world: World):
    world.organization = world.open_organization(SIRETS[1])
    return world.organization


def first(world: World):
    return world.first_authentication(unclaimed(world))


def claim(world: World, first, **fields):
    filled = {
        "last_name": "Curie",
        "first_name": "Marie",
        "email": "marie@dinum.example",
        "password": "a long enough password",
        "acknowledged": first.text.version,
    }
    return world.portal.claim_administrator(AdministratorClaim(**(filled | fields)), by=first.session)


FORGED = IdentityProof("forged", NONCE)


def provided(world: World) -> World:
    """With an identity provider."""
    return signed_in_by_a_provider(world)


def much_moved(world: World):
    """A user for whom another address was asked for, as often as may be."""
    user = world.user()
    for number in range(3):
        change_email(world, user, f"another{number}@oliviers.example")
    return user


def bound_twice(world: World):
    """The sessions of two users, whom different identities sign in."""
    sessions = [world.sign_in(world.user()), world.sign_in(world.user())]
    provided(world)
    return [link_identity(world, session, subject) for session, subject in zip(sessions, ("luc", "eve"), strict=True)]


def first_by_a_provider(world: World):
    provided(world).open_organization(SIRETS[1])
    return activate(world, sent(world, f"contact-{SIRETS[1]}@oliviers.example"), "luc")


def claimed_by_another(world: World):
    late = first(world)
    claim(world, world.first_authentication(world.organization))
    return late


def reissued(world: World):
    late = first(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    return late


def expired(world: World):
    organization = unclaimed(world)
    world.portal.deliver_notifications()
    world.clock.move(days=60, hours=-1)
    late = world.first_authentication(organization)
    world.clock.move(hours=1)
    return late


def provisional(world: World):
    create(world)
    world.portal.deliver_notifications()
    return world.portal.sign_in(*world.letters_to("luc.petit@oliviers.example"))


def strict(world: World):
    """The shipped policy of passwords."""
    session = provisional(world)
    world.portal = Habilitation(evolve(world.portal.ports, policy=StrengthPolicy()))
    return session


def choose(world: World, session, password="a long enough password"):
    return world.portal.choose_password(PasswordChoice(password), by=session)


def letters_of(world: World, user, **move):
    """The two letters of that user, and what happened since."""
    world.portal.deliver_notifications()
    world.clock.move(**move)
    return world.letters_to(show(world, user).person.email.text)


def sign_in(world: World, letters):
    return world.portal.sign_in(*letters)


def draft(world: World):
    return world.open_agreement(world.organization, "CONV-9", validated=False)


def over(world: World):
    agreement = world.open_agreement(world.organization, "CONV-9", dates=Dates(None, day(1)))
    world.clock.move(days=1)
    return agreement


def small(world: World):
    asked = NewAgreement(world.organization.id, "CONV-9", "Small", (AFAS,), (CONSULT,))
    return world.portal.open_agreement(asked, by=AGENT)


def samoa(world: World):
    """The eve of the day that Samoa skipped; the world was made long after it."""
    world.clock.zone = ZoneInfo("Pacific/Apia")
    world.clock.tolerance = timedelta(days=6000)
    world.clock.instant = datetime(2011, 12, 29, 20, tzinfo=UTC)
    unclaimed(world)
    world.agreement = world.open_agreement(world.organization)
    world.admin = world.claim(world.organization, "marie@dinum.example").actor


def a_manager_and_a_user(*groups):
    return lambda world: (world.manager(CONSULT), world.user(*groups))


def agreement(world: World, **fields):
    filled = {
        "organization": world.organization.id,
        "reference": "CONV-8",
        "name": "Name",
        "services": (AFAS,),
        "groups": (CONSULT,),
    }
    return world.portal.open_agreement(NewAgreement(**(filled | fields)), by=AGENT)


def define_group(world: World, **fields):
    filled = {"code": "NEW", "service": AFAS, "label": "New", "permissions": ("afas:new",)}
    return world.portal.define_group(NewGroup(**(filled | fields)), by=AGENT)


def open_organization(world: World, **fields):
    filled = {"siret": SIRETS[1], "name": "DINUM", "contact": "contact@dinum.example"}
    return world.portal.open_organization(NewOrganization(**(filled | fields)), by=AGENT)


def users(world: World, by=None, **fields):
    return world.portal.list_users(UserSearch(world.organization.id, **fields), by=by or world.admin)


def tomorrows_knowledge(world: World):
    asked = PastSearch(world.organization.id, TO_CONSULT, day(0), known=world.clock.instant + timedelta(days=1))
    return world.portal.who_had_access(asked, by=AGENT)


def retry(world: World, message):
    return world.portal.retry_delivery(message, by=AGENT)


CASES = [
    # What was typed
    Case("siret-malformed", nothing, lambda world, _: open_organization(world, siret="１３００２５２６５０００１３")),
    Case("siret-refused", nothing, lambda world, _: open_organization(world, siret="13002526500014")),
    Case("name-missing", nothing, lambda world, _: create(world, last_name=" ")),
    Case("name-malformed", nothing, lambda world, _: create(world, first_name="Lu\u202ec")),
    Case("name-too-long", nothing, lambda world, _: create(world, last_name="x" * 251)),
    Case("reference-malformed", nothing, lambda world, _: agreement(world, reference="n° 1")),
    Case("email-malformed", nothing, lambda world, _: create(world, email="nobody")),
    Case("postal-address-malformed", nothing, lambda world, _: open_organization(world, postal=("OLIVIERS", "x" * 39))),
    Case("contact-missing", nothing, lambda world, _: open_organization(world, contact="")),
    Case("email-not-nominative", first, lambda world, it: claim(world, it, email="mairie@dinum.example")),
    Case("email-confirmation-differs", nothing, lambda world, _: create(world, email_confirmation="other@b.example")),
    Case("phone-malformed", nothing, lambda world, _: create(world, phone="number")),
    Case("phone-confirmation-differs", nothing, lambda world, _: create(world, phone="01", phone_confirmation="02")),
    Case("opening-in-past", nothing, lambda world, _: create(world, dates=Dates(day(-1)))),
    Case("closing-in-past", a_user, lambda world, user: modify(world, user, dates=Dates(None, day(0)))),
    Case("closing-not-after-opening", nothing, lambda world, _: create(world, dates=Dates(day(3), day(3)))),
    Case("day-skipped", samoa, lambda world, _: create(world, dates=Dates(date(2011, 12, 30)))),
    Case(
        "dates-outside-account",
        lambda world: world.user(dates=Dates(None, day(3))),
        lambda world, user: add(world, user, CONSULT, Dates(None, day(4))),
    ),
    Case(
        "scope-empty",
        a_user,
        lambda world, user: world.portal.delegate_manager(
            NewManager(world.organization.id, user.id, Scope(frozenset())), by=world.admin
        ),
    ),
    Case("permissions-missing", nothing, lambda world, _: define_group(world, permissions=())),
    Case("password-too-short", strict, lambda world, session: choose(world, session, "eleven char")),
    Case("password-too-long", strict, lambda world, session: choose(world, session, "x7!" * 43)),
    Case("password-too-weak", strict, lambda world, session: choose(world, session, "aaaaaaaaaaaa")),
    Case(
        "password-unchanged",
        provisional,
        lambda world, session: choose(world, session, world.mailbox.password_for("luc.petit@oliviers.example")),
    ),
    Case(
        "current-password-wrong",
        lambda world: world.sign_in(world.user()),
        lambda world, session: world.portal.change_own_password(PasswordChange("wrong", "wrong"), by=session),
    ),
    Case("text-not-acknowledged", first, lambda world, it: claim(world, it, acknowledged="2019-1")),
    Case("cursor-malformed", nothing, lambda world, _: users(world, after="nobody")),
    Case("journal-shorter", nothing, lambda world, _: followed(world, 1000)),
    Case("journal-dropped", dropped, lambda world, _: followed(world)),
    Case("known-in-future", nothing, lambda world, _: tomorrows_knowledge(world)),
    Case("page-size-refused", nothing, lambda world, _: users(world, size=0)),
    # Who is acting
    Case("sign-in-refused", nothing, lambda world, _: world.portal.sign_in("AAAAAAAA", "wrong")),
    Case(
        "session-ended",
        lambda world: world.sign_in(world.user()),
        lambda world, session: users(world, by=evolve(session, token="another")),
    ),
    Case("actor-unknown", nothing, lambda world, _: users(world, by=Member(world.organization.id, "nobody"))),
    Case(
        "actor-not-open",
        lambda world: close(world, world.user()),
        lambda world, user: users(world, by=as_(world, user)),
    ),
    Case(
        "account-not-open-yet",
        lambda world: letters_of(world, world.user(dates=Dates(day(2)))),
        sign_in,
    ),
    Case("account-is-closed", lambda world: _closed_with_letters(world), sign_in),
    Case("password-choice-demanded", provisional, lambda world, session: users(world, by=session)),
    Case("claim-demanded", first, lambda world, it: users(world, by=it.session)),
    Case("password-chosen-already", lambda world: world.sign_in(world.user()), choose),
    # What a one-time link opens
    Case("link-unknown", nothing, lambda world, _: choose_by(world, "another")),
    Case("link-expired", lambda world: linked(world, hours=24), choose_by),
    Case("link-used", lambda world: used(world), choose_by),
    # What an identity provider says
    Case("identities-not-used", nothing, lambda world, _: enter(world, "luc")),
    Case("identity-token-refused", provided, lambda world, _: world.portal.sign_in_externally(FORGED)),
    Case(
        "identity-token-expired", provided, lambda world, _: world.portal.sign_in_externally(proof(world, "l", exp=1))
    ),
    Case("identity-taken", bound_twice, lambda world, sessions: link_identity(world, sessions[1], "luc")),
    Case("identity-linked-already", bound_twice, lambda world, sessions: link_identity(world, sessions[0], "luc")),
    Case("identity-not-linked", a_user, lambda world, user: unlink_identity(world, user, AGENT)),
    Case("password-not-asked", first_by_a_provider, claim),
    # What the actor may not do
    Case("act-forbidden", a_user, lambda world, user: create(world, by=as_(world, user))),
    Case("outside-scope", a_manager_and_a_user(), lambda world, it: add(world, it[1], PRIVATE, by=it[0])),
    Case("on-self", a_manager_and_a_user(), lambda world, it: add(world, it[0], CONSULT, by=it[0])),
    Case("on-administrator", a_manager_and_a_user(), lambda world, it: add(world, world.admin, CONSULT, by=it[0])),
    Case(
        "on-manager",
        lambda world: (world.manager(CONSULT), world.manager(CONSULT)),
        lambda world, it: add(world, it[1], CONSULT, by=it[0]),
    ),
    Case("holder-protected", nothing, lambda world, _: close(world, world.admin)),
    Case("holder-has-all-groups", nothing, lambda world, _: delegate(world, world.admin)),
    Case("seat-held", nothing, lambda world, _: create(world, by=AGENT)),
    # What is not there, or may not be known
    Case("organization-unknown", first, lambda world, _: users(world)),
    Case("user-unknown", a_member, lambda world, user: show(world, world.admin, by=as_(world, user))),
    Case("agreement-unknown", nothing, lambda world, _: create(world, agreement="none")),
    Case("group-unknown", nothing, lambda world, _: create(world, groups=("NONE",))),
    Case("service-unknown", nothing, lambda world, _: define_group(world, service="NONE")),
    Case("permission-unknown", a_user, lambda world, user: check(world, user, TO_CONSULT, by=Asking(BAILLEUR))),
    Case("membership-unknown", a_user, take_out),
    Case("delegation-unknown", a_user, revoke),
    Case("message-unknown", nothing, lambda world, _: retry(world, "none")),
    # What the state does not allow
    Case("siret-taken", nothing, lambda world, _: open_organization(world, siret=SIRETS[0])),
    Case("email-taken", nothing, lambda world, _: create(world, email="anne.martin@oliviers.example")),
    Case(
        "email-changes-too-many",
        much_moved,
        lambda world, user: change_email(world, user, "yet-another@oliviers.example"),
    ),
    Case("email-unchanged", nothing, lambda world, _: change_email(world, world.admin, "anne.martin@oliviers.example")),
    Case(
        "service-defined-already",
        nothing,
        lambda world, _: world.portal.define_service(NewService(AFAS, "A"), by=AGENT),
    ),
    Case("group-defined-already", nothing, lambda world, _: define_group(world, code=DECLARE)),
    Case("permission-of-another-service", nothing, lambda world, _: define_group(world, permissions=("bailleur:see",))),
    Case("reference-taken", nothing, lambda world, _: agreement(world, reference="CONV-1")),
    Case("agreement-not-validated", draft, lambda world, it: create(world, agreement=it.id)),
    Case(
        "agreement-validated-already",
        nothing,
        lambda world, _: world.portal.validate_agreement(
            AgreementValidation(world.organization.id, world.agreement.id), by=AGENT
        ),
    ),
    Case(
        "no-agreement-current",
        lambda world: _nothing_in_force(world),
        lambda world, user: delegate(world, user, by=AGENT),
    ),
    Case("agreement-over", over, lambda world, it: create(world, agreement=it.id)),
    Case("service-not-opened", nothing, lambda world, _: agreement(world, groups=(PRIVATE,))),
    Case("group-not-opened", small, lambda world, it: create(world, agreement=it.id, groups=(DECLARE,))),
    Case(
        "group-opened-already",
        small,
        lambda world, it: world.portal.open_group(GroupOpening(world.organization.id, it.id, CONSULT), by=AGENT),
    ),
    Case("organization-claimed", claimed_by_another, claim),
    Case("credentials-reissued", reissued, claim),
    Case("credentials-expired", expired, claim),
    Case("password-expired", lambda world: letters_of(world, world.user(), days=30), sign_in),
    Case("credentials-in-use", lambda world: signed_in(world), resend),
    Case("seat-unclaimed", unclaimed, lambda world, _: vacate(world)),
    Case("seat-vacant", vacate, lambda world, _: vacate(world)),
    Case(
        "seat-taken",
        nothing,
        lambda world, _: world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT),
    ),
    Case("holds-seat-already", nothing, lambda world, _: replace(world, world.admin)),
    Case("user-not-open", lambda world: world.user(dates=Dates(day(2))), delegate),
    Case(
        "user-not-of-agreement",
        lambda world: (world.user(), world.open_agreement(world.organization, "CONV-9")),
        lambda world, it: generalize(world, it[0], agreement=it[1].id),
    ),
    Case("siret-unchanged", nothing, lambda world, _: change_siret(world, SIRETS[0])),
    Case("group-retired", retired, lambda world, user: add(world, user, PRIVATE)),
    Case("agreement-suspended", done("suspend_agreement"), lambda world, _: create(world)),
    Case("agreement-not-suspended", nothing, operated("resume_agreement")),
    Case("agreement-begun-already", nothing, lambda world, _: reschedule(world, Dates(day(3)))),
    Case("group-suspended", done("suspend_group", CONSULT), lambda world, _: create(world, groups=(CONSULT,))),
    Case("group-not-suspended", nothing, operated("resume_group", CONSULT)),
    Case("organization-suspended", done("suspend_organization"), lambda world, _: create(world)),
    Case("organization-not-suspended", nothing, operated("resume_organization")),
    Case("organization-closed", done("close_organization"), lambda world, _: create(world)),
    Case("control-taken", done("take_back_control"), lambda world, _: create(world)),
    Case("control-not-taken", nothing, operated("return_control")),
    Case("account-is-suspended", suspended_login, lambda world, login: world.portal.sign_in(login, PASSWORD)),
    Case("user-suspended", lambda world: suspend(world, world.user()), lambda world, user: add(world, user, CONSULT)),
    Case("user-not-suspended", a_user, reinstate),
    Case("user-closed", lambda world: close(world, world.user()), close),
    Case("user-not-closed", a_user, reopen),
    Case("user-removed-already", lambda world: remove(world, world.user()), remove),
    Case(
        "person-erased-already",
        lambda world: erase(world, close(world, world.user())),
        lambda world, user: erase(world, user),
    ),
    Case("account-opened-already", a_user, lambda world, user: modify(world, user, dates=Dates(day(2)))),
    Case("already-member", a_member, lambda world, user: add(world, user, CONSULT)),
    Case("membership-over", lambda world: take_out(world, world.user(CONSULT)), take_out),
    Case("membership-begun-already", a_member, lambda world, user: change(world, user, Dates(day(3)))),
    Case("role-not-awaited", a_member, assign),
    Case("message-not-dead", lambda world: deliveries(world)[0].message.id, retry),
    Case("changed-meanwhile", a_user, lambda world, user: undertake(world, user, Terms(Unchanged(1, user.id)))),
    Case("done-already", undertaken, lambda world, user: undertake(world, user, ONCE)),
    Case("key-reused", undertaken, lambda world, user: undertake(world, user, ONCE, mobile=False)),
    Case("key-malformed", nothing, lambda world, _: Terms(key="")),
    # What could not be done now
    Case("clock-behind", lambda world: world.clock.move(minutes=-6), lambda world, _: create(world)),
]


def signed_in(world: World):
    """A user who chose a password."""
    user = world.user()
    world.sign_in(user)
    return user


def linked(world: World, **move):
    """What the link of whoever forgot a password brings, and what happened since."""
    login, email = own(world, world.user())
    world.portal.forgot_password(login)
    token = link_to(world, email)
    world.clock.move(**move)
    return token


def used(world: World):
    token = linked(world)
    choose_by(world, token)
    return token


def as_(world: World, user) -> Member:
    return world.as_member(user)


def _closed_with_letters(world: World):
    user = world.user()
    letters = letters_of(world, user)
    close(world, user)
    return letters


def _nothing_in_force(world: World):
    """A user whose agreement is over, where there is no other."""
    unclaimed(world)
    world.agreement = world.open_agreement(world.organization, dates=Dates(None, day(1)))
    user = create(world, by=AGENT)
    world.clock.move(days=1)
    return user


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_it_is_refused_with_its_code_and_leaves_everything_as_it_was(world, case):
    prepared = case.prepare(world)
    with refused(world, case.code):
        case.act(world, prepared)


ELSEWHERE = {
    "login-malformed": "what is no login is refused like a wrong one (R22); reading one is in tests/domain",
    "reading-not-logged": "where the security log takes no line: test_r36_log",
    "identity-keys-missing": "the verifier's: tests/adapters",
    "conflict": "the store's, over a stale version: the contract of habilitation.testing",
    "busy": "the hasher's: tests/adapters",
    "connection-lost": "the store's: tests/adapters",
    "database-busy": "the store's: tests/adapters",
    "database-locked": "the store's: tests/adapters",
    "database-outdated": "the store's: tests/adapters",
    "database-read-only": "the store's: tests/adapters",
    "database-full": "the store's: tests/adapters",
    "database-damaged": "the store's: tests/adapters",
    "database-foreign": "the store's: tests/adapters",
    "database-newer": "the store's: tests/adapters",
    "database-unavailable": "the store's: tests/adapters",
    "outcome-unknown": "the store's: tests/adapters",
    "value-unstorable": "the store's: tests/adapters",
}
"""What no use case gives by itself, and where it is tested."""


def every_code() -> dict[str, str]:
    """Each refusal's code, with the name of its class."""
    kinds = (value for value in vars(refusals).values() if isinstance(value, type) and issubclass(value, Refusal))
    return {kind.code: kind.__name__ for kind in kinds if kind is not Refusal}


def test_every_refusal_is_tried_above_or_said_to_be_tried_elsewhere():
    tried = {case.code for case in CASES}
    assert tried | set(ELSEWHERE) == set(every_code())
    assert not tried & set(ELSEWHERE)


def test_every_refusal_is_given_somewhere():
    """One that no code gives is a promise to nobody."""
    source = Path(refusals.__file__).parents[1]
    named = {name for file in source.rglob("*.py") if file.name != "refusals.py" for name in _named_in(file)}
    assert set(every_code().values()) <= named


def _named_in(file: Path) -> set[str]:
    """What the code names, imports apart."""
    return {node.id for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Name)}


def test_what_is_asked_in_a_case_is_what_is_refused(world):
    """The same questions are answered where nothing speaks against them: so that the cases above are no accident."""
    assert create(world, last_name="x" * 250, phone="01", phone_confirmation="01", groups=(CONSULT,))
    assert define_group(world)
    assert agreement(world)
    assert open_organization(world)
    assert users(world, size=1)
    user = world.user(dates=Dates(None, day(3)))
    assert add(world, user, CONSULT, Dates(None, day(3)))
    assert world.portal.who_is_administrator(OrganizationQuestion(world.organization.id), by=as_(world, user))
