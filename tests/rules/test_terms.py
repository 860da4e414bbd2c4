"""Acts under terms: done once for one key, and only on what is still as it was seen (I8, R37)."""

from __future__ import annotations

import pytest

from habilitation import Terms
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.events import UserCreated
from habilitation.domain.refusals import DoneAlready, Refusal
from habilitation.domain.requests import (
    ContactChange,
    UserChanges,
)
from habilitation.domain.values import UserId
from habilitation.testing.world import AGENT, CONSULT, DECLARE, SIRETS
from tests.steps import close, create, delegate, modify, new_user, records, refused, show

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
    assert (told.sequence, told.user) == (len(before), None)
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
    """I8: even where what is asked reads the same."""
    world.portal.suspend_organization(*_of_organization(world, "suspend_organization"), by=AGENT, terms=ONCE)
    with refused(world, "key-reused"):
        world.portal.take_back_control(*_of_organization(world, "take_back_control"), by=AGENT, terms=ONCE)


def _of_organization(world, act):
    from tests.steps import ORGANIZATION

    return (ORGANIZATION[act](world.organization.id),)


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
    world.portal.create_user(new_user(world), by=world.admin, terms=ONCE)
    lines = world.portal.ports.store.security_log
    from habilitation.domain.security import LineKind
    from habilitation.ports.security_log import LineFilter

    wanted = LineFilter(kind=LineKind.ACT_REFUSED)
    before = lines.lines(wanted, None, 9)
    done_already(lambda: world.portal.create_user(new_user(world), by=world.admin, terms=ONCE))
    assert lines.lines(wanted, None, 9) == before
