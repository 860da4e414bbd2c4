"""Whatever an operation is asked by whomever, it answers or tells a problem with a code; the codes are all known."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habilitation import Asking
from habilitation.adapters.asgi.api.extras import KNOWN
from habilitation.adapters.asgi.api.operations import operations
from habilitation.adapters.asgi.api.wire import cursor_read, cursor_told
from habilitation.domain.refusals import CursorMalformed, Refusal
from habilitation.testing.world import AFAS, AGENT

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["id-000001", "2026-12-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def bodies(operation):
    """Some of the fields that it takes, with anything in them, and some that it does not."""
    names = [name for name in operation.asked.fields if name not in operation.given]
    return st.dictionaries(st.sampled_from([*names, "dates", "reason", "unknown"]), ANYTHING, max_size=6)


def addresses(operation):
    """With what there is in the braces, and what there is not."""
    values = st.sampled_from(["id-000001", "id-000002", "id-000005", "1", "AFAS-DEC", "none", "é", "%00", "a b"])
    return st.fixed_dictionaries(dict.fromkeys(operation.given, values)).map(lambda them: operation.path.format(**them))


def check(answer):
    if answer.status_code < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["code"] in KNOWN
    assert told["status"] == answer.status_code != 500
    assert told["detail"]
    assert (answer.status_code == 503) == (told["kind"] in ("busy", "unavailable"))


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.asked.code)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_answer_is_one_or_a_problem_with_a_code(call, world, operation, data):
    """R37: by nobody, an agent, a member or a service."""
    by = data.draw(st.sampled_from([None, AGENT, world.admin, Asking(AFAS)]))
    path = data.draw(addresses(operation))
    if operation.method == "GET":
        query = data.draw(
            st.dictionaries(st.sampled_from([*operation.asked.fields, "x"]), st.text(max_size=8), max_size=3)
        )
        check(call("GET", path, by, params=query))
    else:
        check(call(operation.method, path, by, json=data.draw(bodies(operation))))


def test_every_refusal_of_the_domain_has_a_meaning_to_look_up():
    domain = {kind.code for kind in Refusal.__subclasses__() if kind.__module__ == "habilitation.domain.refusals"}
    assert domain <= set(KNOWN)


@given(st.text())
def test_a_cursor_comes_back_as_it_went(cursor):
    assert cursor_read(cursor_told(cursor)) == cursor


@given(st.text())
def test_what_no_page_gave_is_refused_as_that(told):
    with suppress(CursorMalformed):
        assert cursor_told(cursor_read(told)) == told
