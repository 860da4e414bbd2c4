"""Lists come in pages that lead from one to the next; nothing in an address tells who somebody is (R36)."""

from attrs import evolve

from habilitation.ports.outbox import MessageState
from habilitation.testing.world import AGENT


def walked(call, method, path, by, **sent):
    """Every item, page after page."""
    items = []
    answer = call(method, path, by, **({"json": sent} if method == "POST" else {})).json()
    while True:
        items += answer["items"]
        following = answer["next"]
        if following is None:
            return items
        assert following["method"] == method
        assert following["href"].count("after=") == (method == "GET")
        more = {"json": {**sent, "after": following["after"]}} if method == "POST" else {}
        answer = call(method, following["href"], by, **more).json()


def test_a_search_is_read_page_by_page(world, call):
    made = {world.user().id for _ in range(5)} | {world.admin.user}
    found = walked(call, "POST", "/organizations/{organization}/users/search", world.admin, size=2)
    assert len(found) == 6
    assert {each["id"] for each in found} == made


def test_a_history_is_read_page_by_page_by_its_links_alone(world, call):
    """R36, R40."""
    found = walked(call, "GET", "/organizations/{organization}/history?size=3", AGENT)
    assert [each["sequence"] for each in found] == list(range(1, len(found) + 1))
    assert len(found) > 6


def test_the_next_page_keeps_what_else_was_asked(world, call):
    user = world.user()
    about = walked(call, "GET", f"/organizations/{{organization}}/history?size=1&user={user.id}", AGENT)
    assert about
    assert {each["event"]["user"] for each in about} == {user.id}


def test_the_readings_of_one_s_own_file_come_in_pages(world, call):
    """R36."""
    user = world.as_member(world.user())
    for _ in range(3):
        call("GET", f"/organizations/{{organization}}/users/{user.user}", world.admin)
    first = call("GET", "/organizations/{organization}/own-file?size=2", user).json()["readings"]
    rest = call("GET", first["next"]["href"], user).json()["readings"]
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_a_cursor_says_nothing_to_whoever_reads_it(world, call):
    """R37."""
    for _ in range(2):
        world.user()
    answer = call("POST", "/organizations/{organization}/users/search", world.admin, json={"size": 1}).json()
    assert answer["items"][0]["id"] not in answer["next"]["after"]


def test_whoever_reads_others_says_what_for(world, call):
    """R36, R43."""
    user = world.user()
    call("GET", f"/organizations/{{organization}}/users/{user.id}", AGENT, headers={"reading-purpose": "complaint-7"})
    [line] = call("GET", f"/security-log?user={user.id}&kind=read", AGENT).json()["items"]
    assert (line["fact"]["purpose"], line["fact"]["act"]) == ("complaint-7", "show-user")
    odd = call("GET", f"/organizations/{{organization}}/users/{user.id}", AGENT, headers={"reading-purpose": "a b"})
    assert odd.json()["code"] == "reference-malformed"


def test_dead_letters_are_read_page_by_page(world, call):
    """R20."""
    world.user()
    outbox = world.portal.ports.store.outbox
    for delivery in outbox.take(world.clock.now(), world.clock.now(), 100):
        outbox.settle(evolve(delivery, state=MessageState.DEAD))
    found = walked(call, "GET", "/dead-letters?size=1", AGENT)
    assert [each["id"] for each in found] == [dead.message.id for dead in outbox.dead()]
    assert len(found) > 1
