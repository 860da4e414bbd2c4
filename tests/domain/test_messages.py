"""Which facts tell whom what, and that no message ever holds both a login and a password (R4, R7, R12, R26)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest

from habilitation.domain.actors import Member, OperatorAgent
from habilitation.domain.events import (
    AdministratorAppointed,
    AgreementValidated,
    CredentialsIssued,
    FirstCredentialsIssued,
    MemberAdded,
    RoleAssigned,
    RoleRefused,
    SeatClaimed,
    SeatVacated,
    UserCreated,
    UserRemoved,
)
from habilitation.domain.messages import (
    LOGIN_KINDS,
    PASSWORD_KINDS,
    Desk,
    Letter,
    MessageKind,
    Notice,
    contact_address,
    notices,
)
from habilitation.domain.organization import Organization, Seat, SeatState
from habilitation.domain.period import Term
from habilitation.domain.user import Account, Membership, User
from habilitation.domain.values import (
    AgreementId,
    EmailAddress,
    GroupCode,
    MessageId,
    OrganizationId,
    Particulars,
    Place,
    PostalAddress,
    Seal,
    Siret,
    UserId,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
TERM = Term(AT, None, date(2026, 1, 1), None)
U, ADMIN, MANAGER = UserId("u"), UserId("admin"), UserId("manager")
PLACE = Place(AgreementId("a"), GroupCode("AFAS-DEC"))
HELD = Organization(OrganizationId("o"), Seat(SeatState.HELD, ADMIN))
VACANT = Organization(OrganizationId("o"), Seat(SeatState.VACANT))
USERS = {U: User(U, None, False, (Account(TERM, (Membership(1, PLACE, TERM, True),)),))}
AGENT = OperatorAgent("agent-1")
SEAL = Seal("")


def told(event, organization=HELD, by=AGENT) -> list[Notice]:
    return notices([event], organization, USERS, by)


def kinds(event, organization=HELD, by=AGENT) -> list[tuple[MessageKind, object]]:
    return [(notice.kind, notice.to) for notice in told(event, organization, by)]


def test_opening_sends_two_messages_to_the_contact():
    """R4."""
    two = [(MessageKind.FIRST_LOGIN, Desk.CONTACT), (MessageKind.FIRST_PASSWORD, Desk.CONTACT)]
    assert kinds(FirstCredentialsIssued(U, AT)) == two


def test_a_new_user_is_sent_two_messages():
    """R12."""
    created = UserCreated(U, None, TERM, mobile=False)
    assert kinds(created) == [(MessageKind.LOGIN, U), (MessageKind.PASSWORD, U)]


def test_whoever_claims_is_sent_none_having_both_already():
    """R5, I10."""
    assert told(UserCreated(ADMIN, None, TERM, mobile=False)) == []


def test_credentials_sent_again_name_their_generation():
    """R20."""
    assert [notice.generation for notice in told(CredentialsIssued(U, 3))] == [None, 3]


@pytest.mark.parametrize(
    ("event", "told_too"), [(SeatClaimed(U, "v"), []), (AdministratorAppointed(U, "r", None), [U])]
)
def test_the_operator_the_contact_and_whoever_is_appointed_are_told_who_holds_the_seat(event, told_too):
    """R7, R8."""
    told_of = [Desk.CONTACT, Desk.OPERATOR, *told_too]
    assert kinds(event) == [(MessageKind.ADMINISTRATOR_NAMED, to) for to in told_of]


def test_they_are_told_when_it_is_vacant():
    """R7, R8."""
    assert {to for _, to in kinds(SeatVacated(U, "r", None), VACANT)} == set(Desk)


@pytest.mark.parametrize(
    ("by", "organization", "readers"),
    [
        (Member(HELD.id, MANAGER), HELD, [MANAGER, ADMIN]),
        (Member(HELD.id, ADMIN), HELD, [ADMIN]),
        (Member(HELD.id, MANAGER), VACANT, [MANAGER]),
        (AGENT, VACANT, [Desk.OPERATOR]),
    ],
)
def test_the_actor_and_the_administrator_are_told_once_each_what_to_return(by, organization, readers):
    """R26."""
    waits = MemberAdded(U, 1, PLACE, TERM, waiting=True)
    assert kinds(waits, organization, by) == [(MessageKind.DOCUMENT_NEEDED, to) for to in readers]
    assert {notice.place for notice in told(waits, organization, by)} == {PLACE}


def test_a_membership_that_waits_for_nothing_tells_nobody():
    """R26."""
    assert told(MemberAdded(U, 1, PLACE, TERM, waiting=False)) == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (RoleAssigned(U, 1, SEAL), MessageKind.ROLE_ASSIGNED),
        (RoleRefused(U, 1, "r", None, AT, date(2026, 1, 1)), MessageKind.ROLE_REFUSED),
    ],
)
def test_the_user_and_the_administrator_learn_what_became_of_the_role(event, kind):
    """R26."""
    assert kinds(event) == [(kind, U), (kind, ADMIN)]


@pytest.mark.parametrize("event", [UserRemoved(U), AgreementValidated(AgreementId("a"))])
def test_other_facts_tell_nobody(event):
    assert told(event) == []


def test_a_letter_with_both_a_login_and_a_password_cannot_be_made():
    """R12."""
    with pytest.raises(ValueError, match="both"):
        Letter(MessageId("m"), MessageKind.LOGIN, EmailAddress("", ""), "O", login="7K3MQ0XZ", password="secret")


def test_a_letter_with_both_a_login_and_a_link_to_choose_a_password_cannot_be_made():
    """R12, R21: it would be as good as both."""
    with pytest.raises(ValueError, match="both"):
        Letter(MessageId("m"), MessageKind.LOGIN, EmailAddress("", ""), "O", login="7K3MQ0XZ", token="secret")


def test_a_letter_never_shows_its_secrets():
    """R12."""
    one = Letter(MessageId("m"), MessageKind.LOGIN, EmailAddress("", ""), "O", login="7K3MQ0XZ")
    other = Letter(MessageId("m"), MessageKind.PASSWORD, EmailAddress("", ""), "O", password="secret")
    assert "7K3MQ0XZ" not in repr(one)
    assert "secret" not in repr(other)


def test_no_kind_carries_both():
    """R12."""
    assert not LOGIN_KINDS & PASSWORD_KINDS


def test_only_messages_of_passwords_name_a_generation():
    """R20."""
    events = [FirstCredentialsIssued(U, AT), UserCreated(U, None, TERM, False), CredentialsIssued(U, 2)]
    for event, organization in product(events, (HELD, VACANT)):
        for notice in told(event, organization):
            assert (notice.generation is not None) is (notice.kind in PASSWORD_KINDS)


MAIL = EmailAddress("a@b.example", "a@b.example")
POST = PostalAddress(("LES OLIVIERS", "92140 CLAMART"))


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize(("mail", "post"), [(MAIL, None), (None, POST), (MAIL, POST)])
def test_first_credentials_go_by_post_where_they_can_and_the_rest_by_mail(kind, mail, post):
    """R4: nothing is lost where there is but one address."""
    found = contact_address(Particulars(Siret("21920023500014"), "LES OLIVIERS", mail, post), kind)
    first = kind in (MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD, MessageKind.FIRST_ACTIVATION)
    assert found == ((post or mail) if first else (mail or post))
