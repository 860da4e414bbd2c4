"""One request for a page: who comes, in which language, to which organization; and what they are answered."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from habilitation.adapters.asgi.authentication import require_second
from habilitation.adapters.asgi.languages import chosen_language
from habilitation.adapters.asgi.portal import menu, notes
from habilitation.adapters.asgi.portal.site import Site
from habilitation.adapters.asgi.portal.wording import Wording
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Asking, OperatorAgent, Session
from habilitation.domain.acts import ALLOWED, CONTROLLED, ORDINARY, POSSIBLE, Act, Role
from habilitation.domain.organization import Control, SeatState
from habilitation.domain.refusals import OrganizationUnknown, Refusal, SessionEnded
from habilitation.domain.requests import OrganizationQuestion, UserQuestion
from habilitation.domain.values import OrganizationId
from habilitation.use_cases.views import AgreementView, OrganizationView, UserView


class Visit:
    """What a page is made from. Whatever it reads is read once, and only if it is asked for."""

    def __init__(self, site: Site, request: Request, form: FormData, vouched: Actor | None) -> None:
        self.site = site
        self.request = request
        self.form = form
        self._vouched = vouched

    @property
    def portal(self) -> Habilitation:
        return self.site.portal

    @property
    def sent(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"

    @cached_property
    def say(self) -> Wording:
        settings = self.site.settings
        named = {"document": settings.document, "operator": settings.operator, "agency": settings.agency}
        return Wording.in_language(self.language, self.portal.ports.clock.zone, named)

    @cached_property
    def language(self) -> str:
        return chosen_language(self.request, self.site.settings.language)

    # Who comes

    @cached_property
    def session(self) -> Session | None:
        """Our own session, where the embedder vouches for nobody; refused if it is over, or lacks its second proof."""
        return self._opened and require_second(self.site.second_factor, self.request, self._opened)

    @cached_property
    def _opened(self) -> Session | None:
        return None if self._vouched else self.site.cookie.session(self.request, self.portal)

    @property
    def actor(self) -> Actor:
        """Whoever comes; refused as ``SessionEnded`` where nobody is known."""
        actor = self._vouched or self.session
        if actor is None:
            raise SessionEnded()
        return actor

    @cached_property
    def signed_in(self) -> bool:
        """Whether there is a session of ours to sign out of."""
        with suppress(Refusal):
            return self._opened is not None
        return False

    @property
    def organization(self) -> OrganizationId:
        """The one that the address names, or whoever comes is of."""
        named = self.request.path_params.get("organization")
        if named is not None:
            return OrganizationId(named)
        if isinstance(self.actor, OperatorAgent | Asking):
            raise OrganizationUnknown()
        return self.actor.organization

    @property
    def is_somewhere(self) -> bool:
        """Whether the page is about an organization: an operator's agent is of none."""
        return "organization" in self.request.path_params or not isinstance(self._vouched, OperatorAgent | Asking)

    @property
    def about(self) -> OrganizationQuestion:
        return OrganizationQuestion(self.organization)

    @cached_property
    def house(self) -> OrganizationView | None:
        """The organization as whoever comes sees it, if they may."""
        with suppress(Refusal):
            return self.portal.show_organization(self.about, by=self.actor) if self.is_somewhere else None
        return None

    @cached_property
    def me(self) -> UserView | None:
        """The account of whoever comes, if they have one here."""
        with suppress(Refusal):
            if not isinstance(self.actor, OperatorAgent | Asking):
                asked = UserQuestion(self.actor.organization, self.actor.user)
                return self.portal.show_user(asked, by=self.actor)
        return None

    @property
    def agent(self) -> OperatorAgent | None:
        """The operator's agent who comes, if it is one (R35)."""
        return self._vouched if isinstance(self._vouched, OperatorAgent) else None

    @property
    def role(self) -> Role | None:
        """As what they come: decides what the menu offers, and nothing else."""
        if self.agent:
            return Role.OPERATOR
        if self.me is None:
            return None
        if self.me.administrator:
            return Role.ADMINISTRATOR
        return Role.MANAGER if self.me.manages is not None else Role.USER

    @cached_property
    def agreements(self) -> tuple[AgreementView, ...]:
        """The organization's, by their references."""
        return self.portal.list_agreements(self.about, by=self.actor)

    @property
    def today(self) -> date:
        """The civil day in the portal's zone (R15)."""
        clock = self.portal.ports.clock
        return clock.now().astimezone(clock.zone).date()

    def named(self, name: str) -> str:
        """What the address names so."""
        return str(self.request.path_params[name])

    @property
    def menu(self) -> list[tuple[str, list[menu.Entry]]]:
        return list(menu.sections(self))

    def called(self, page: str) -> str:
        """What a page of the menu is called, to whoever comes: nobody's users are the agent's own."""
        key = f"agent.{page}"
        return self.say(key) if self.agent and self.say.has(key) else self.say(f"menu.{page}")

    def may(self, act: Act) -> bool:
        """Whether an act is theirs and possible as the organization is: what is offered, while use cases decide."""
        house, operates = self.house, self.role is Role.OPERATOR
        if self.role not in ALLOWED[act] or house is None or house.state not in POSSIBLE[act].organization:
            return False
        if not operates:
            return house.control in CONTROLLED[act]
        return act not in ORDINARY or house.control is Control.TAKEN or house.seat is not SeatState.HELD

    # What they are answered

    def path(self, name: str, **values: object) -> str:
        """The address of a page of this portal, in the same organization unless another is named."""
        address = self.site.addresses[name] if "organization" in values else self._here[name]
        return self.root + address.format(**{each: quote(str(value), safe="") for each, value in values.items()})

    @cached_property
    def _here(self) -> _Addresses:
        return _Addresses(self)

    def static(self, file: str) -> str:
        return f"{self.root}/static/{self.site.edition}/{file}"

    @cached_property
    def root(self) -> str:
        """Where the pages are mounted."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def here(self) -> str:
        """The address of this very page, to come back to."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        page = self.site.templates.get_template(template)
        note = notes.take(self)
        response = HTMLResponse(page.render(visit=self, say=self.say, note=note, **values), status)
        response.headers["content-language"] = self.language
        if note:
            notes.forget(self, response)
        return response

    def go(self, name: str, note: str | None = None, **values: object) -> Response:
        """To another page, after a form was sent; ``note`` is said there."""
        return self.go_to(self.path(name, **values), note)

    def go_to(self, address: str, note: str | None = None) -> Response:
        response = RedirectResponse(address, 303)
        if note:
            notes.leave(self, response, note)
        return response


class _Addresses(dict[str, str]):
    """Those of the pages, with this organization in them: a page has hundreds of links into it."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self._visit = visit

    def __missing__(self, name: str) -> str:
        address = self._visit.site.addresses[name]
        if self._visit.site.is_inside(name):
            address = address.replace("{organization}", quote(self._visit.organization, safe=""))
        return self.setdefault(name, address)
