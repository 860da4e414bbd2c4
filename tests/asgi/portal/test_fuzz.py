"""Whatever is sent to any form is answered with a page in words, and leaves the portal sound (I8).

Forms are found by their addresses: one that is added is sent all of this too. What is sent is what the form's own page
offers, with some of it replaced by whatever somebody could send who writes requests by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import define
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from habilitation import DeadLetterSearch, OperatorAgent, OrganizationQuestion
from habilitation.adapters.asgi.portal import pages
from habilitation.testing.world import DECLARE
from tests.asgi.portal.browser import Browser, filled, parsed
from tests.asgi.portal.conftest import AGENT, Inside, Oliviers

PLANTED = "x\"'><b id=planted onclick=alert(1)>{{7*7}}${7*7}"
"""What would be an element of the page if it were not escaped."""
TYPED_PASSWORD = "correct-horse-that-must-not-come-back"
ANSWERS = frozenset({200, 303, 400, 401, 403, 404, 409, 410, 413, 422, 503})
"""A page that says what is wrong, or the way to the next one; 500 is none."""
DAYS = ("2026-02-30", "0001-01-01", "9999-12-31", "tomorrow")
ODD = ("", " ", "\0", "\r\nSet-Cookie: a=b", "-1", "9" * 400, "None", "é" * 300, "javascript:alert(1)", *DAYS)
STRANGE = ("scope", "next", "key", "version", "by", "organization", "__proto__")
"""Fields that many forms do not have."""
WHO = ("administrator", "agent", "nobody")


def vouching(request: Any) -> OperatorAgent | None:
    return AGENT if request.headers.get("x-who") == "agent" else None


@define
class Place:
    """A portal with somebody in it, and its forms."""

    inside: Inside
    named: dict[str, str]

    @classmethod
    def made(cls) -> Place:
        inside = Inside.of(Oliviers.on("memory:", authenticate=vouching))
        user = inside.user("Petit", DECLARE)
        agreement = inside.at.agreement.id
        named = {"organization": inside.organization, "user": user.id, "agreement": agreement, "number": "1"}
        inside.portal.deliver_notifications()  # the claim is told to an operator who has no mailbox
        [dead, *_] = inside.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
        return cls(
            inside, named | {"purpose": "password", "group": DECLARE, "code": DECLARE, "message": dead.message.id}
        )

    def browser(self, who: str) -> Browser:
        at = self.inside.browser() if who == "administrator" else self.inside.at.browser()
        at.client.headers["x-who"] = who
        return at

    def address(self, path: str) -> str:
        return path.format(**self.named)

    def require_sound(self) -> None:
        """I9: the journal verifies, and replaying it gives the rows."""
        found = self.inside.portal.verify_journal(OrganizationQuestion(self.inside.organization), by=AGENT)
        assert (found.flaw, found.replayed) == (None, True)


def forms() -> Iterator[str]:
    app = pages(Oliviers.on("memory:").portal)
    for route in app.routes:
        if isinstance(route, Route) and "POST" in (route.methods or ()):
            yield route.path


FORMS = sorted(forms())


def values() -> st.SearchStrategy[str]:
    """What nobody would type, and what somebody would try."""
    return st.sampled_from([PLANTED, *ODD]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def sendings(draw: st.DrawFn, offered: dict[str, list[str]]) -> dict[str, list[str]]:
    """The form as it is offered, with fields replaced, left out, given twice, and others that it does not have."""
    kept = {name: given if draw(st.booleans()) else draw(_instead(name)) for name, given in sorted(offered.items())}
    return kept | draw(st.dictionaries(st.sampled_from(STRANGE), st.lists(values(), max_size=2), max_size=2))


def _instead(name: str) -> st.SearchStrategy[list[str]]:
    typed = st.just(TYPED_PASSWORD) if "password" in name or name == "current" else values()
    return st.lists(typed, max_size=2)


def offered(at: Browser, address: str) -> dict[str, list[str]]:
    """The fields of the page's own forms, as the page fills them in; none where it shows none."""
    found: dict[str, list[str]] = {}
    for form in parsed(at.client.get(address).text).all("form", method="post"):
        for each in form.all("input", "select", "textarea"):
            found.setdefault(each.attributes.get("name", ""), [])
        for name, value in filled(form).items():
            found[name] = value if isinstance(value, list) else [value]
    return {name: given for name, given in found.items() if name}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", FORMS)
def test_whatever_is_sent_to_a_form_is_answered_in_words(path: str, who: str) -> None:
    """R37, I8: nothing is a traceback, markup stays text, and no password comes back."""
    place = Place.made()
    at, address = place.browser(who), place.address(path)
    fields = offered(at, address)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sent=sendings(fields))
    def sending(sent: dict[str, list[str]]) -> None:
        answer = at.client.post(address, data=sent, follow_redirects=False)
        assert answer.status_code in ANSWERS
        assert TYPED_PASSWORD not in answer.text + str(answer.headers)
        assert "a=b" not in answer.headers.get("set-cookie", "")
        page = parsed(answer.text)
        assert not page.all(id="planted")
        assert not [each for each in page.all("a", "form") if "javascript:" in str(each.attributes).lower()]

    sending()
    place.require_sound()
