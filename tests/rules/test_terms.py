"""Acts under terms: done once for one key, and only on what is still as it was seen (I8, R37)."""

from __future__ import annotations

import pytest

from habilitation import Status, Terms, Unchanged
from habilitation.domain.actors import Asking, OperatorAgent
from habilitation.domain.events import UserCreated
from habilitation.domain.refusals import DoneAlready, Refusal
from habilitation.domain.requests import (
    AgreementResumption,
    AgreementSuspension,
    Closing,
    ContactChange,
    ForcingOfAll,
    Generalization,
    NewAgreement,
    NewGroup,
    NewOrganization,
    OrganizationQuestion,
    OwnDetails,
    Removal,
    Unlocking,
    UserChanges,
    UserSearch,
)
from habilitation.domain.security import LineKind
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, ServiceCode, UserId
from habilitation.ports.security_log import LineFilter
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, PRIVATE, SIRETS, TO_CONSULT, World
from habilitation.use_cases.groups import CHUNK
from habilitation.use_cases.retrying import TRIES
from tests.steps import (
    WHY,
    add,
    close,
    contended,
    create,
    delegate,
    deliveries,
    modify,
    new_user,
    operate,
    records,
    refused,
    resend,
    show,
    suspend,
)

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
ONCE = Terms(key=KEY)


def done_already(act) -> DoneAlready:
    with pytest.raises(DoneAlready) as told:
        act()
    return told.value


def created(world) -> list[UserId]:
    return [record.event.user for record in records(world) if isinstance(record.event, UserCreated)]


# Once for one key


def test_a_form_sent_twice_creates_one_user(world):
    """I8."""
    asked = new_user(world, groups=(CONSULT,))
    user = world.portal.create_user(asked, by=world.admin, terms=ONCE)
    before = records(world)
    told = done_already(lambda: world.portal.create_user(asked, by=world.admin, terms=ONCE))
    assert records(world) == before
    assert created(world)[1:] == [user.id]
    assert (told.organization, told.user, told.sequence) == (world.organization.id, user.id, len(before))


def test_without_a_key_what_is_asked_twice_is_asked_twice(world):
    """I8: as ever."""
    create(world)
    with refused(world, "email-taken"):
        create(world)


def test_what_changed_since_is_not_done_over_again(world):
    """I8: the first answer got lost on its way, and somebody else was there before it was asked again."""
    user = world.user()
    asked = UserChanges(world.organization.id, user.id, first_name="Zoé")
    world.portal.modify_user(asked, by=world.admin, terms=ONCE)
    modify(world, user, first_name="Zoë")
    done_already(lambda: world.portal.modify_user(asked, by=world.admin, terms=ONCE))
    assert show(world, user).person.first_name.text == "Zoë"


def test_what_changed_nothing_has_its_key_kept_too(world):
    """I8: it was so already; asked again once it is not so any more, it stays as somebody else made it."""
    user = world.user()
    asked = UserChanges(world.organization.id, user.id, first_name="Zoé")
    before = records(world)
    world.portal.modify_user(asked, by=world.admin, terms=ONCE)
    assert records(world) == before
    modify(world, user, first_name="Zoë")
    told = done_already(lambda: world.portal.modify_user(asked, by=world.admin, terms=ONCE))
    assert (told.organization, told.sequence, told.user) == (world.organization.id, len(before), None)
    assert show(world, user).person.first_name.text == "Zoë"


@pytest.mark.parametrize("field", ["first_name", "mobile", "groups"])
def test_the_key_of_something_else_is_refused(world, field):
    """I8: nobody knows which of both was meant."""
    world.portal.create_user(new_user(world, groups=(CONSULT,)), by=world.admin, terms=ONCE)
    other = {"first_name": "Marc", "mobile": True, "groups": (DECLARE,)}
    with refused(world, "key-reused"):
        asked = new_user(world, **({"groups": (CONSULT,)} | {field: other[field]}))
        world.portal.create_user(asked, by=world.admin, terms=ONCE)


def test_the_key_of_another_act_is_refused(world):
    """I8."""
    user = world.user()
    world.portal.unlock(Unlocking(world.organization.id, user.id), by=world.admin, terms=ONCE)
    with refused(world, "key-reused"):
        world.portal.remove_user(Removal(world.organization.id, user.id), by=world.admin, terms=ONCE)


def test_a_refused_act_leaves_no_key(world):
    """I8: whoever mends what was refused may ask with the same key."""
    user = create(world)
    with refused(world, "email-taken"):
        world.portal.create_user(new_user(world), by=world.admin, terms=ONCE)
    close(world, user)
    assert world.portal.create_user(new_user(world), by=world.admin, terms=ONCE)


def test_another_actors_same_key_is_another_key(world):
    """R37: nor does anybody learn of it that somebody else used it."""
    manager = world.manager()
    world.portal.create_user(new_user(world), by=world.admin, terms=ONCE)
    other = new_user(world, email="marc@oliviers.example")
    world.portal.create_user(other, by=manager, terms=ONCE)
    assert len(created(world)) == 4


def test_an_agents_key_is_not_another_agents(world):
    """R35."""
    asked = ContactChange(world.organization.id, "office@oliviers.example")
    world.portal.change_contact(asked, by=AGENT, terms=ONCE)
    assert world.portal.change_contact(asked, by=OperatorAgent("agent-2"), terms=ONCE)


def test_a_new_session_of_the_same_person_has_the_same_keys(world):
    """R23: the session was over before the answer came; the person signs in anew and asks again."""
    user = world.user()
    first = world.sign_in(user)
    delegate(world, user)
    world.portal.create_user(new_user(world), by=first, terms=ONCE)
    done_already(lambda: world.portal.create_user(new_user(world), by=first.actor, terms=ONCE))


def test_a_key_is_of_one_organization(world):
    """I8: the same act on another organization is another act."""
    other = world.open_organization(SIRETS[1])
    for organization in (world.organization.id, other.id):
        asked = ContactChange(organization, "office@oliviers.example")
        assert world.portal.change_contact(asked, by=AGENT, terms=ONCE).id == organization


def test_a_key_is_known_for_as_long_as_the_setting_says(world):
    """I8: 24 hours, unless another time is set."""
    asked = new_user(world)
    user = world.portal.create_user(asked, by=world.admin, terms=ONCE)
    close(world, user)
    world.clock.move(hours=24, seconds=-1)
    done_already(lambda: world.portal.create_user(asked, by=world.admin, terms=ONCE))
    world.clock.move(seconds=1)
    assert world.portal.create_user(asked, by=world.admin, terms=ONCE)


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "\udcff"])
def test_a_key_that_cannot_be_one_is_refused(key):
    """I8."""
    with pytest.raises(Refusal) as refusal:
        Terms(key=key)
    assert refusal.value.code == "key-malformed"


@pytest.mark.parametrize("key", ["x", "x" * 255])
def test_a_key_has_1_to_255_characters(world, key):
    user = world.portal.create_user(new_user(world), by=world.admin, terms=Terms(key=key))
    told = done_already(lambda: world.portal.create_user(new_user(world), by=world.admin, terms=Terms(key=key)))
    assert told.user == user.id


def test_whoever_is_not_let_in_any_more_is_told_nothing_of_a_key(world):
    """R17, R37: not even of one's own."""
    manager = world.manager()
    asked = new_user(world)
    world.portal.create_user(asked, by=manager, terms=ONCE)
    close(world, manager)
    with refused(world, "actor-not-open"):
        world.portal.create_user(asked, by=manager, terms=ONCE)


def test_what_was_done_already_is_no_refusal_in_the_security_log(world):
    """R43: nobody did what they may not."""
    asked, log = new_user(world), world.portal.ports.store.security_log
    world.portal.create_user(asked, by=world.admin, terms=ONCE)
    done_already(lambda: world.portal.create_user(asked, by=world.admin, terms=ONCE))
    assert not log.lines(LineFilter(kind=LineKind.ACT_REFUSED), None, 9)


def test_messages_leave_once_for_what_was_asked_twice(world):
    """R12."""
    user = world.portal.create_user(new_user(world), by=world.admin, terms=ONCE)
    done_already(lambda: world.portal.create_user(new_user(world), by=world.admin, terms=ONCE))
    assert len([delivery for delivery in deliveries(world) if delivery.message.notice.about == user.id]) == 2


def test_a_stale_write_is_tried_again_under_the_same_terms(world):
    """I8: a try that came to nothing kept no key."""
    contended(world, TRIES - 1)
    asked = new_user(world)
    user = world.portal.create_user(asked, by=world.admin, terms=ONCE)
    assert done_already(lambda: world.portal.create_user(asked, by=world.admin, terms=ONCE)).user == user.id


# Where there is no organization


def test_an_organization_is_opened_once(world):
    """R1: whoever asks again is told which it is."""
    asked = NewOrganization(SIRETS[1], "LES TILLEULS", "contact@tilleuls.example")
    opened = world.portal.open_organization(asked, by=AGENT, terms=ONCE)
    told = done_already(lambda: world.portal.open_organization(asked, by=AGENT, terms=ONCE))
    assert (told.organization, told.sequence, told.user) == (opened.id, len(records(world, opened.id)), None)


def test_an_agreement_is_opened_once(world):
    """R2: whoever asks again is told which it is."""
    asked = NewAgreement(world.organization.id, "CONV-2", "LES TILLEULS", (AFAS,), (CONSULT,))
    opened = world.portal.open_agreement(asked, by=AGENT, terms=ONCE)
    told = done_already(lambda: world.portal.open_agreement(asked, by=AGENT, terms=ONCE))
    assert (told.agreement, told.user) == (opened.id, None)


def test_a_group_of_the_catalog_is_defined_once(world):
    """R3."""
    asked = NewGroup(GroupCode("NEW"), AFAS, "Nouveau", (TO_CONSULT,))
    world.portal.define_group(asked, by=AGENT, terms=ONCE)
    told = done_already(lambda: world.portal.define_group(asked, by=AGENT, terms=ONCE))
    assert (told.organization, told.sequence) == (None, catalog_version(world))


def test_what_the_catalog_refuses_leaves_no_key(world):
    """R3, I8."""
    code = GroupCode("NEW")
    with refused(world, "service-unknown"):
        world.portal.define_group(
            NewGroup(code, ServiceCode("NOWHERE"), "Nouveau", (TO_CONSULT,)), by=AGENT, terms=ONCE
        )
    assert world.portal.define_group(NewGroup(code, AFAS, "Nouveau", (TO_CONSULT,)), by=AGENT, terms=ONCE)


def test_whoever_may_not_open_an_organization_is_told_no_more_under_terms(world):
    """R35, R37."""
    asked = NewOrganization(SIRETS[1], "LES TILLEULS", "contact@tilleuls.example")
    world.portal.open_organization(asked, by=AGENT, terms=ONCE)
    with refused(world, "act-forbidden"):
        world.portal.open_organization(asked, by=world.admin, terms=ONCE)


# In chunks


def test_what_is_done_in_chunks_is_done_already_once_it_began(world):
    """R24: nobody is sent a second password by a second click."""
    world.user()
    asked = ForcingOfAll(world.organization.id, WHY)
    outcomes = world.portal.force_all_password_changes(asked, by=AGENT, terms=ONCE)
    before = records(world)
    done_already(lambda: world.portal.force_all_password_changes(asked, by=AGENT, terms=ONCE))
    assert len(outcomes) == 2
    assert records(world) == before


def test_every_chunk_is_done_under_the_terms_of_the_first(world):
    """R27: what the first changed is no change by somebody else."""
    source = world.user(CONSULT)
    for _ in range(CHUNK + 1):
        world.user()
    asked = Generalization(world.organization.id, world.agreement.id, source.id)
    terms = Terms(Unchanged(show(world, source).version, source.id), KEY)
    outcomes = world.portal.generalize_to_all(asked, by=world.admin, terms=terms)
    assert len([outcome for outcome in outcomes if outcome.gained]) == CHUNK + 2


def test_the_first_chunk_is_tried_again_under_the_same_terms(world):
    """R27: it had not begun."""
    source, other = world.user(CONSULT), world.user()
    asked = Generalization(world.organization.id, world.agreement.id, source.id)
    contended(world, 2)
    terms = Terms(Unchanged(show(world, source).version, source.id), KEY)
    world.portal.generalize_to_all(asked, by=world.admin, terms=terms)
    assert show(world, other).memberships
    done_already(lambda: world.portal.generalize_to_all(asked, by=world.admin, terms=terms))


# Only on what is as it was seen


def test_what_nobody_touched_can_be_changed(world):
    """I8: and so can what somebody else touched beside it."""
    user, other = world.user(), world.user()
    seen = show(world, user)
    close(world, other)
    assert close_seen(world, user.id, seen.version).status(world.clock.now()) is Status.CLOSED


def close_seen(world, user: UserId, version: int, by=None):
    asked = Closing(world.organization.id, user)
    return world.portal.close_user(asked, by=by or world.admin, terms=Terms(Unchanged(version, user)))


TOUCHES = {
    "a name": lambda world, user: modify(world, user, first_name="Zoë"),
    "a workstation": lambda world, user: modify(world, user, mobile=True),
    "a group": lambda world, user: add(world, user, CONSULT),
    "a suspension": suspend,
    "letters": resend,
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_what_somebody_touched_since_is_not_changed(world, touch):
    """I8: and whoever asks is told which version there is now."""
    user = world.user()
    seen = show(world, user)
    touch(world, user)
    with refused(world, "changed-meanwhile", version=show(world, user).version):
        close_seen(world, user.id, seen.version)
    assert close_seen(world, user.id, show(world, user).version)


def test_the_version_is_the_place_of_the_last_event_about_it(world):
    """R40: an event about somebody else, or about something else, is none."""
    user = world.user(CONSULT)
    last = len(records(world))
    world.user()
    operate(world, "suspend_agreement")
    after = len(records(world))
    [agreement] = world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=world.admin)
    listed = world.portal.list_users(UserSearch(world.organization.id), by=world.admin).items
    assert show(world, user).version == last
    assert {row.id: row.version for row in listed}[user.id] == last
    assert (agreement.version, organization_version(world)) == (after, after)


def organization_version(world: World) -> int:
    return world.portal.show_organization(OrganizationQuestion(world.organization.id), by=world.admin).version


def catalog_version(world: World) -> int:
    return world.portal.show_catalog(by=AGENT).version


def test_an_agreement_is_changed_as_it_was_seen(world):
    """R2: what happens to another agreement is nothing to it."""
    [seen] = world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=AGENT)
    world.open_agreement(world.organization, "CONV-2")
    terms = Terms(Unchanged(seen.version, agreement=seen.id))
    asked = AgreementSuspension(world.organization.id, seen.id, WHY)
    world.portal.suspend_agreement(asked, by=AGENT, terms=terms)
    with refused(world, "changed-meanwhile", version=len(records(world))):
        world.portal.resume_agreement(AgreementResumption(world.organization.id, seen.id), by=AGENT, terms=terms)


def test_an_organization_is_changed_as_it_was_seen(world):
    """R1."""
    terms = Terms(Unchanged(organization_version(world)))
    asked = ContactChange(world.organization.id, "office@oliviers.example")
    world.user()
    world.portal.change_contact(asked, by=AGENT, terms=terms)
    with refused(world, "changed-meanwhile", version=len(records(world))):
        world.portal.change_contact(asked, by=AGENT, terms=terms)


def test_the_catalog_is_changed_as_it_was_seen(world):
    """R3: its version is the place of the last event of its own journal."""
    seen = catalog_version(world)
    assert seen == world.portal.catalog_head(by=AGENT).sequence
    world.portal.define_group(
        NewGroup(GroupCode("NEW"), AFAS, "Nouveau", (TO_CONSULT,)), by=AGENT, terms=Terms(Unchanged(seen))
    )
    with refused(world, "changed-meanwhile", version=seen + 1):
        other = NewGroup(GroupCode("NEWER"), AFAS, "Nouveau", (TO_CONSULT,))
        world.portal.define_group(other, by=AGENT, terms=Terms(Unchanged(seen)))


def test_what_was_done_already_is_not_asked_about_versions(world):
    """I8: the act itself moved the version since."""
    user = world.user()
    terms = Terms(Unchanged(show(world, user).version, user.id), KEY)
    asked = UserChanges(world.organization.id, user.id, mobile=True)
    world.portal.modify_user(asked, by=world.admin, terms=terms)
    done_already(lambda: world.portal.modify_user(asked, by=world.admin, terms=terms))


def test_what_was_not_as_it_was_seen_is_in_the_security_log(world):
    """R43: as every refused act."""
    user = world.user()
    with refused(world, "changed-meanwhile"):
        close_seen(world, user.id, 1)
    [line] = world.portal.ports.store.security_log.lines(LineFilter(kind=LineKind.ACT_REFUSED), None, 9)
    assert (line.fact.act, line.fact.refusal) == ("close-user", "changed-meanwhile")


# Whoever may not know of it (R37)


@pytest.mark.parametrize("who", [UserId("nobody"), "another"])
@pytest.mark.parametrize("version", [0, 1, "present"])
def test_of_whom_one_may_not_know_no_version_is_told(world, who, version):
    """R37: whether or not there is anybody, and whatever is guessed."""
    manager = world.manager(PRIVATE)
    agreement = world.open_agreement(world.organization, "CONV-2")
    other = create(world, agreement=agreement.id).id if who == "another" else who
    present = show_version(world, other) if version == "present" else version
    with refused(world, "user-unknown"):
        close_seen(world, other, present, by=manager)


def show_version(world: World, user: UserId) -> int:
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.version(user)


def test_a_user_is_told_no_version_of_the_administrator(world):
    """R7, R37: who it is anybody knows; the file is not shown, and acting on it is forbidden as without terms."""
    user = world.as_member(world.user())
    holder = world.admin.user
    for version in (0, show_version(world, holder)):
        with refused(world, "act-forbidden"):
            close_seen(world, holder, version, by=user)


def test_a_service_is_told_no_version(world):
    """R36: it does nothing, and sees nothing but its own permissions."""
    asked = ContactChange(world.organization.id, "office@oliviers.example")
    for version in (0, organization_version(world)):
        with refused(world, "act-forbidden"):
            world.portal.change_contact(asked, by=Asking(AFAS), terms=Terms(Unchanged(version), KEY))


def test_a_stranger_is_told_no_version(world):
    """R37: an organization that one is not of is missing."""
    other = world.open_organization(SIRETS[1])
    asked = ContactChange(other.id, "office@oliviers.example")
    for version in (0, 2):
        with refused(world, "organization-unknown"):
            world.portal.change_contact(asked, by=world.admin, terms=Terms(Unchanged(version), KEY))


def test_an_agreement_that_is_not_there_has_no_version(world):
    """R37."""
    asked = AgreementSuspension(world.organization.id, AgreementId("nothing"), WHY)
    for version in (0, 1):
        with refused(world, "agreement-unknown"):
            world.portal.suspend_agreement(asked, by=AGENT, terms=Terms(Unchanged(version, agreement=asked.agreement)))


def test_an_organization_that_is_not_there_has_no_version(world):
    """R37."""
    asked = ContactChange(OrganizationId("nothing"), "office@oliviers.example")
    for version in (0, 1):
        with refused(world, "organization-unknown"):
            world.portal.change_contact(asked, by=AGENT, terms=Terms(Unchanged(version), KEY))


@pytest.mark.parametrize("version", [0, "present"])
def test_nothing_is_done_on_the_terms_of_what_one_may_not_see(world, version):
    """R37: where the act has nothing against it, the terms have; and they tell no version."""
    user = world.user()
    holder = world.admin.user
    seen = show_version(world, holder) if version == "present" else version
    asked = OwnDetails(world.organization.id, first_name="Zoë")
    for unseen in (holder, UserId("nobody")):
        with refused(world, "user-unknown"):
            world.portal.change_own_details(asked, by=world.as_member(user), terms=Terms(Unchanged(seen, unseen)))


def test_what_is_not_there_yet_was_not_seen(world):
    """R1: an organization is opened on no such terms."""
    asked = NewOrganization(SIRETS[1], "LES TILLEULS", "contact@tilleuls.example")
    with refused(world, "organization-unknown"):
        world.portal.open_organization(asked, by=AGENT, terms=Terms(Unchanged(0)))
