"""Over HTTP as in the library: what an unknown login costs, a known one costs too (R21, R22)."""

from typing import Any

import pytest
from attrs import define, evolve, field

from habilitation import Habilitation
from habilitation.adapters.passwords import Passwords
from habilitation.adapters.sql import SqlStore
from habilitation.testing.world import PASSWORD, SIRETS
from tests.rules.test_r22_attack import Counting, tracing

WRONG = "a wrong long password"


@define
class Costs:
    """What a request takes: how many slow hashes, and which statements."""

    call: Any
    served: Any
    argon: Any = field(factory=Counting)

    def __attrs_post_init__(self) -> None:
        """The first request of an API prepares what the others find."""
        world, (current, _) = self.call.world, self.served
        current.portal = world.portal = Habilitation(evolve(world.portal.ports, hasher=Passwords(self.argon)))

    def of(self, path: str, **sent: str) -> tuple[int, int, list[str]]:
        before, statements = self.argon.times, list[str]()
        store = self.call.world.portal.ports.store
        lines = store._database._free if isinstance(store, SqlStore) else []
        with tracing(lines, statements):
            answer = self.call("POST", path, json=sent)
        return answer.status_code, self.argon.times - before, statements


@pytest.fixture
def costs(call, served):
    return Costs(call, served)


def chosen(world):
    """Somebody who chose a password, hashed slowly."""
    user = world.user()
    world.sign_in(user)
    return user


def delivered(world):
    """Somebody whose provisional password was never used."""
    user = world.user()
    world.portal.deliver_notifications()
    return user


@pytest.mark.parametrize("whose", [chosen, delivered])
def test_a_sign_in_that_is_refused_costs_the_same_whether_or_not_the_account_exists(world, costs, whose):
    """R22: one slow hash, and the same statements."""
    login = login_of(world, whose(world))
    costs.of("/sessions", login="ZZZZZZZZ", password=WRONG)
    nobody = costs.of("/sessions", login="YYYYYYYY", password=WRONG)
    assert nobody[:2] == (401, 1)
    assert costs.of("/sessions", login=login, password=WRONG) == nobody


def test_what_is_said_of_a_refused_sign_in_is_the_same_to_the_letter(world, call):
    """R22."""
    login = login_of(world, chosen(world))
    known = call("POST", "/sessions", json={"login": login, "password": WRONG})
    unknown = call("POST", "/sessions", json={"login": "YYYYYYYY", "password": WRONG})
    assert (known.content, dict(known.headers)) == (unknown.content, dict(unknown.headers))


def test_what_was_forgotten_costs_no_slow_hash_whether_or_not_anything_exists(world, costs):
    """R21: what is done, is done after the answer."""
    login = login_of(world, chosen(world))
    for typed in (login, "YYYYYYYY"):
        assert costs.of("/own-password/forgotten", login=typed)[:2] == (202, 0)
    for email in ("zoe1@oliviers.example", "nobody@oliviers.example"):
        assert costs.of("/own-login/forgotten", siret=SIRETS[0], email=email)[:2] == (202, 0)


def login_of(world, user):
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.find_row(user.id).login.text


def test_the_right_password_signs_in(world, costs):
    """So that the costs above are those of something."""
    login = login_of(world, chosen(world))
    assert costs.of("/sessions", login=login, password=PASSWORD)[0] == 200
