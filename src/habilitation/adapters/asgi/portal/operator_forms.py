"""The form of an act of the operator's: drawn and read from the request that its use case takes.

It is offered in the states from which its lifecycle has a way; the use case decides it anew (R33–R35).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from attrs import evolve, field, frozen
from starlette.responses import Response
from starlette.routing import Route

from habilitation.adapters.asgi.declared import declared
from habilitation.adapters.asgi.described import form
from habilitation.adapters.asgi.forms import Field, Format
from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.routing import operating
from habilitation.adapters.asgi.portal.targets import CHOICES, Target
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import Act
from habilitation.domain.organization import (
    AGREEMENT_LIFECYCLE,
    CONTROL_LIFECYCLE,
    GROUP_LIFECYCLE,
    ORGANIZATION_LIFECYCLE,
    SEAT_LIFECYCLE,
)
from habilitation.domain.refusals import SiretTaken
from habilitation.domain.user import ACCOUNT_LIFECYCLE

LIFECYCLES = (
    *(ORGANIZATION_LIFECYCLE, CONTROL_LIFECYCLE, SEAT_LIFECYCLE),
    *(AGREEMENT_LIFECYCLE, GROUP_LIFECYCLE, ACCOUNT_LIFECYCLE),
)
WAYS: frozenset[tuple[Enum, type]] = frozenset(way for lifecycle in LIFECYCLES for way in lifecycle)
"""The facts that each state admits."""
USUAL = ("doubt", "audit", "organization-request", "other")
"""The codes of reasons that most acts have."""
CONFIRMED = Field("confirmed", Format.YES_NO, required=True)
"""Ticked by whoever does what nothing undoes."""


def _back(visit: Visit, target: Target, done: Any) -> str:
    return target.back


def _nothing(draft: Draft) -> None:
    return None


@frozen
class OperatorAct:
    """An act, and what its page says beside the request's own fields."""

    use_case: type
    event: type | None = None
    """The fact whose lifecycle says in which states it is possible; in all of them, if none."""
    reasons: tuple[str, ...] = USUAL
    """The codes that a reason is chosen from; the catalogs have them in words."""
    grave: bool = False
    """Whether somebody loses something by it."""
    final: bool = False
    """Whether nothing undoes it: then it is to be confirmed."""
    act: Act = Act.OPERATE
    leads: Callable[[Visit, Target, Any], str] = field(default=_back)
    """Where one is afterwards."""
    before: Callable[[Draft], Any] = field(default=_nothing)
    """What the same form did before, where a SIRET that is taken may tell of it."""

    @property
    def code(self) -> str:
        return declared(self.use_case).code

    @property
    def request(self) -> type[Any]:
        asked = declared(self.use_case).request
        assert asked is not None, "every act of the operator is asked as a whole"
        return asked

    def is_offered(self, target: Target) -> bool:
        """Whether a page offers it, as what it is on stands."""
        moves = self.event is None or any((state, self.event) in WAYS for state in target.states)
        return moves and self.act in target.acts


@frozen
class Place:
    """Where acts on the same kind of thing stand, and how that is found."""

    path: str
    find: Callable[[Visit], Target]
    acts: tuple[OperatorAct, ...]

    def offered(self, visit: Visit, target: Target, **named: object) -> list[tuple[str, str]]:
        """What can be done with it: the words, and the address."""
        offered = (act for act in self.acts if act.is_offered(target))
        return [(_offer(visit, act.code), visit.path(act.code, **named)) for act in offered]

    def routes(self) -> tuple[Route, ...]:
        return tuple(operating(f"{self.path}/{act.code}", _handler(self, act), name=act.code) for act in self.acts)


def _offer(visit: Visit, code: str) -> str:
    """What an act is called from the page of what it is on."""
    key = f"offer.{code}"
    return visit.say(key) if visit.say.has(key) else visit.say.title(code)


def _handler(place: Place, act: OperatorAct) -> Callable[[Visit], Response]:
    return lambda visit: _page(act, place.find(visit), visit)


def _page(what: OperatorAct, target: Target, visit: Visit) -> Response:
    if not visit.sent and not what.is_offered(target):
        return visit.go_to(target.back, "not-possible")
    draft = _draft(what, target, visit)
    return draft.sent(lambda: _done(what, target, draft)) or draft.show(
        "operator/act.html",
        what=what,
        target=target,
        told=_told(what, visit.language),
        choices={name: CHOICES[name](visit, target) for name in draft.fields if name in CHOICES}
        | {"reason": [(code, visit.say(f"reason.{code}")) for code in what.reasons]},
    )


def _draft(what: OperatorAct, target: Target, visit: Visit) -> Draft:
    draft = Draft.of(visit, what.request, extra=(CONFIRMED,) if what.final else (), **target.shown)
    draft = draft.without(*target.known, *_unreachable(visit)).on(target.seen)
    return evolve(draft, fields=_typed(draft.fields))


def _unreachable(visit: Visit) -> tuple[str, ...]:
    """Nothing goes by post where no letters are set (R4)."""
    return () if visit.site.settings.letters else ("postal",)


def _typed(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Where several may be given and none is offered, they are typed, a line each."""
    return {
        name: evolve(each, format=Format.LINES) if each.format is Format.SEVERAL and name not in CHOICES else each
        for name, each in fields.items()
    }


def _told(what: OperatorAct, language: str) -> Mapping[str, tuple[str, str]]:
    """The label and the hint of each field, as the described form has them."""
    own = {"reason.code": "reason"}
    fields = form(what.use_case, language).fields
    return {own.get(each.name, each.name.rpartition(".")[2]): (each.label, each.hint) for each in fields}


def _done(what: OperatorAct, target: Target, draft: Draft) -> Response:
    visit = draft.visit
    known = {name: value for name, value in target.known.items() if name in declared(what.use_case).fields}
    act = getattr(visit.portal, declared(what.use_case).attribute)
    try:
        done = draft.ask(act, draft.asked(what.request, **known))
    except SiretTaken:
        done = what.before(draft)
        if done is None:
            raise
    return visit.go_to(what.leads(visit, target, done), what.code)
