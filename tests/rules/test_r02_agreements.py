"""R2: only a validated agreement in its period gives access, and only under one is anything created or granted."""

import pytest

from habilitation.domain.access import Why
from habilitation.domain.organization import AgreementState
from habilitation.domain.period import Dates
from habilitation.domain.requests import AgreementValidation, GroupOpening, NewAgreement, OrganizationQuestion
from habilitation.testing.world import AFAS, AGENT, BAILLEUR, CONSULT, DECLARE, PASSWORD, PRIVATE, TO_CONSULT
from tests.steps import (
    add,
    change,
    check,
    close,
    create,
    day,
    delegate,
    generalize,
    refused,
    show,
    take_out,
)


def asked(world, **fields):
    filled = {
        "organization": world.organization.id,
        "reference": "CONV-9",
        "name": "LES OLIVIERS",
        "services": (AFAS,),
        "groups": (CONSULT,),
    }
    return NewAgreement(**(filled | fields))


def open_agreement(world, by=AGENT, **fields):
    return world.portal.open_agreement(asked(world, **fields), by=by)


def open_group(world, agreement, group, by=AGENT):
    return world.portal.open_group(GroupOpening(world.organization.id, agreement.id, group), by=by)


def validate(world, agreement, by=AGENT):
    return world.portal.validate_agreement(AgreementValidation(world.organization.id, agreement.id), by=by)


# Opening one


def test_an_agreement_opens_as_a_draft_with_its_services_and_groups(world):
    agreement = open_agreement(world)
    assert (agreement.state, agreement.services, list(agreement.groups)) == (AgreementState.DRAFT, (AFAS,), [CONSULT])


def test_an_organization_may_have_several(world):
    open_agreement(world)
    listed = world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=world.admin)
    assert [agreement.reference for agreement in listed] == ["CONV-1", "CONV-9"]


def test_a_list_of_agreements_shows_names_labels_and_groups(world):
    [shown] = world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=world.admin)
    assert (shown.name, shown.state, shown.opening, shown.closing) == (
        "LES OLIVIERS",
        AgreementState.VALIDATED,
        day(0),
        None,
    )
    assert shown.services == {AFAS: "Afas", BAILLEUR: "Bailleur"}
    [declare, _, _] = shown.groups
    assert (declare.code, declare.label, declare.needs_document) == (DECLARE, "AFAS-Déclarer", True)


def test_a_list_of_agreements_shows_when_one_closes(world):
    open_agreement(world, dates=Dates(day(1), day(30)))
    [_, shown] = world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=world.admin)
    assert (shown.opening, shown.closing) == (day(1), day(30))


@pytest.mark.parametrize("opening", [day(-400), day(0)])
def test_an_agreement_may_have_been_signed_before_today_and_takes_effect_now(world, opening):
    """R16: one of today begins now too, and not this morning."""
    agreement = open_agreement(world, dates=Dates(opening))
    assert (agreement.term.opening, agreement.term.start) == (opening, world.clock.now())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reference": "CONV-1"}, "reference-taken"),
        ({"reference": ""}, "reference-malformed"),
        ({"reference": "Convention n° 1"}, "reference-malformed"),
        ({"name": ""}, "name-missing"),
        ({"services": ("NONE",)}, "service-unknown"),
        ({"groups": ("NONE",)}, "group-unknown"),
        ({"groups": (PRIVATE,)}, "service-not-opened"),
        ({"dates": Dates(day(-9), day(-1))}, "closing-in-past"),
        ({"dates": Dates(day(-9), day(0))}, "closing-in-past"),
        ({"dates": Dates(day(3), day(3))}, "closing-not-after-opening"),
    ],
)
def test_an_agreement_that_makes_no_sense_is_refused(world, fields, code):
    with refused(world, code):
        open_agreement(world, **fields)


@pytest.mark.parametrize(("field", "code"), [("name", "name-missing"), ("reference", "reference-malformed")])
def test_what_is_missing_is_told_by_its_field(world, field, code):
    with refused(world, code, field=field):
        open_agreement(world, **{field: ""})


def test_a_service_or_a_group_named_twice_is_opened_once(world):
    agreement = open_agreement(world, services=(AFAS, AFAS), groups=(CONSULT, CONSULT))
    assert (agreement.services, list(agreement.groups)) == ((AFAS,), [CONSULT])


def test_one_more_group_is_opened_later_and_once(world):
    agreement = open_agreement(world)
    assert DECLARE in open_group(world, agreement, DECLARE).groups
    with refused(world, "group-opened-already"):
        open_group(world, agreement, DECLARE)


def test_a_group_is_opened_only_with_its_service(world):
    agreement = open_agreement(world)
    with refused(world, "service-not-opened"):
        open_group(world, agreement, PRIVATE)


def test_an_agreement_that_is_not_there_is_missing(world):
    other = world.open_agreement(world.open_organization("13002526500013"), validated=False)
    with refused(world, "agreement-unknown"):
        open_group(world, other, CONSULT)
    with refused(world, "agreement-unknown"):
        validate(world, other)


def test_the_operator_alone_opens_validates_and_opens_groups(world):
    """R3: partners never invent groups."""
    draft = open_agreement(world)
    for act in (
        lambda: open_agreement(world, by=world.admin, reference="CONV-10"),
        lambda: validate(world, draft, by=world.admin),
        lambda: open_group(world, draft, DECLARE, by=world.admin),
    ):
        with refused(world, "act-forbidden"):
            act()


# What a draft, or one past its period, does not allow


@pytest.fixture
def draft(world):
    return world.open_agreement(world.organization, "CONV-9", validated=False)


@pytest.fixture
def over(world):
    """An agreement that will be over in five days."""
    return world.open_agreement(world.organization, "CONV-8", dates=Dates(None, day(5)))


ACTS = {
    "create": lambda world, user, agreement: create(world, agreement=agreement.id),
    "grant": lambda world, user, agreement: add(world, user, CONSULT, agreement=agreement.id),
    "delegate": lambda world, user, agreement: _delegate_over(world, user, agreement),
    "generalize": lambda world, user, agreement: generalize(world, user, agreement=agreement.id),
}


def _delegate_over(world, user, agreement):
    world.agreement = agreement
    return delegate(world, user, CONSULT)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_created_granted_or_delegated_under_a_draft(world, draft, act):
    user = world.user()
    with refused(world, "agreement-not-validated"):
        ACTS[act](world, user, draft)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_created_granted_or_delegated_past_its_period(world, over, act):
    user = world.user()
    world.clock.move(days=5)
    with refused(world, "agreement-over"):
        ACTS[act](world, user, over)


def test_neither_is_it_validated_nor_are_groups_opened_past_its_period(world):
    agreement = open_agreement(world, dates=Dates(None, day(5)))
    world.clock.move(days=5)
    with refused(world, "agreement-over"):
        validate(world, agreement)
    with refused(world, "agreement-over"):
        open_group(world, agreement, DECLARE)


def test_before_its_period_everything_is_prepared_and_nothing_gives_access(world):
    """Memberships take effect with the agreement."""
    world.agreement = world.open_agreement(world.organization, "CONV-7", dates=Dates(day(5)))
    user = world.user(CONSULT)
    assert not check(world, user, TO_CONSULT).allowed
    world.clock.move(days=5)
    assert check(world, user, TO_CONSULT).allowed


def test_a_draft_is_no_way_to_a_permission(world):
    """R38: the validated agreement got further, whatever their references."""
    user = world.user()
    world.open_agreement(world.organization, "A-DRAFT", validated=False)
    told = check(world, user, TO_CONSULT)
    assert (told.why, told.path.reference) == (Why.NOT_A_MEMBER, "CONV-1")


def test_access_ends_with_the_agreement(world, over):
    world.agreement = over
    user = world.user(CONSULT)
    world.clock.move(days=4)
    assert check(world, user, TO_CONSULT).allowed
    world.clock.move(days=1)
    assert not check(world, user, TO_CONSULT).allowed


def test_withdrawing_and_closing_are_always_possible(world, over):
    world.agreement = over
    one, other = world.user(CONSULT), world.user(CONSULT)
    world.clock.move(days=6)
    take_out(world, one)
    close(world, other)
    assert show(world, one).memberships == show(world, other).memberships == ()


def test_shortening_a_membership_is_withdrawing_and_lengthening_it_is_granting(world, over):
    world.agreement = over
    user = world.user(CONSULT)
    change(world, user, Dates(None, day(20)))
    world.clock.move(days=6)
    change(world, user, Dates(None, day(10)))
    with refused(world, "agreement-over"):
        change(world, user, Dates(None, day(15)))


def test_signing_in_to_read_is_always_possible(world, over):
    world.agreement = over
    world.sign_in(world.user())
    world.clock.move(days=6)
    session = world.portal.sign_in(world.mailbox.login_for("zoe1@oliviers.example"), PASSWORD)
    assert world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=session)


def test_claiming_depends_on_the_organization_alone(world):
    """R5: with no agreement at all."""
    assert world.claim(world.open_organization("13002526500013"), "marie@dinum.example")
