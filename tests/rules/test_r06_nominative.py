"""R6: the administrator's e-mail is a person's, at the claim and at a replacement; what a role is, is data."""

import pytest
from attrs import evolve

from habilitation import Habilitation
from habilitation.domain.refusals import EmailNotNominative
from habilitation.domain.requests import AdministratorClaim
from habilitation.testing.world import SIRETS, World
from tests.steps import create, refused, replace


def claim_with(world, email):
    first = world.first_authentication(world.organization)
    asked = AdministratorClaim("Arc", "Jeanne", email, "a long enough password", first.text.version)
    return world.portal.claim_administrator(asked, by=first.session)


@pytest.mark.parametrize("email", ["contact@oliviers.example", "MAIRIE@oliviers.example"])
def test_a_roles_mailbox_is_refused_at_the_claim(world, email):
    world.organization = world.open_organization(SIRETS[1])
    world.portal.deliver_notifications()
    first = world.first_authentication(world.organization)
    asked = AdministratorClaim("Arc", "Jeanne", email, "a long enough password", first.text.version)
    with refused(world, "email-not-nominative"):
        world.portal.claim_administrator(asked, by=first.session)


def test_a_user_with_a_roles_mailbox_is_not_put_in_the_seat(world):
    user = create(world, email="contact@oliviers.example")
    with refused(world, "email-not-nominative"):
        replace(world, user)


def test_other_users_may_have_a_roles_mailbox(world):
    assert create(world, email="contact@oliviers.example")


def test_a_persons_mailbox_is_accepted(world):
    world.organization = world.open_organization(SIRETS[1])
    assert claim_with(world, "nom@domaine.example")


class NobodyNamedZoe:
    """A policy of the embedder's own."""

    def check(self, email):
        if email.normal.startswith("zoe"):
            raise EmailNotNominative()


def test_what_counts_as_a_role_is_the_embedders_to_say(world: World):
    world.portal = Habilitation(evolve(world.portal.ports, mailboxes=NobodyNamedZoe()))
    user = create(world, email="zoe@oliviers.example")
    with refused(world, "email-not-nominative"):
        replace(world, user)
    replace(world, create(world, email="mairie@oliviers.example"))
