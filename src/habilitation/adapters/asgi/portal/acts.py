"""What can be done to a user: one form each, offered where the user's row offers the act (R14, R17, R19, R28, R29)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field, frozen
from starlette.responses import Response

from habilitation.adapters.asgi.forms import Field, Format
from habilitation.adapters.asgi.portal import places
from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.routing import Handler, inside
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import Act
from habilitation.domain.requests import (
    Closing,
    EmailChanging,
    GroupAddition,
    NewManager,
    Removal,
    Reopening,
    Resending,
    Revocation,
    Unlocking,
    UserChanges,
    UserQuestion,
    UserReinstatement,
    UserSuspension,
)
from habilitation.domain.scope import Scope
from habilitation.domain.user import Status
from habilitation.domain.values import UserId
from habilitation.use_cases.views import UserView

REASONS = ("departure", "change-of-duties", "absence", "doubt", "request", "other")
"""The codes that the organization's people choose a reason from; the catalogs have them in words."""


@frozen
class Subject:
    """A user, and the form of what is to be done to that user."""

    visit: Visit
    user: UserView
    draft: Draft

    @property
    def ids(self) -> tuple[Any, UserId]:
        return self.visit.organization, self.user.id


@frozen
class UserAct:
    """An act, and how its page is drawn."""

    act: Act
    use_case: str
    """Its code, by which the catalogs call it."""
    request: type
    note: str | Callable[[Subject], str]
    """What says that it is done."""
    asked: Callable[[Subject], Any] | None = None
    """What is asked, where the request's own fields do not say it."""
    extra: tuple[Field, ...] = ()
    template: str = "users/act.html"
    grave: bool = False
    """Whether somebody loses something by it."""
    shown: Callable[[UserView], Mapping[str, object]] = field(default=lambda user: {})
    """What stands in its form before anybody types."""
    without: Callable[[UserView], tuple[str, ...]] = field(default=lambda user: ())
    """The fields that are not asked of this user."""

    @property
    def handler(self) -> Handler:
        return lambda visit: _page(self, visit)


def user_of(visit: Visit) -> UserView:
    """The user whom the address names, if whoever comes may read that file (R36, R37)."""
    return visit.portal.show_user(UserQuestion(visit.organization, UserId(visit.named("user"))), by=visit.actor)


def name_of(user: UserView) -> str:
    """The user's name, or the id of one who was erased."""
    return user.person.full_name if user.person else user.id


def _page(what: UserAct, visit: Visit) -> Response:
    user = user_of(visit)
    if not visit.sent and not is_offered(what.act, user):
        return visit.go("user", "not-offered", user=user.id)
    draft = Draft.of(visit, what.request, extra=what.extra, **what.shown(user)).without(*what.without(user)).about(user)
    subject = Subject(visit, user, draft)
    return draft.sent(lambda: _done(what, subject)) or draft.show(
        what.template,
        what=what,
        user=user,
        name=name_of(user),
        reasons=[(code, visit.say(f"reason.{code}")) for code in REASONS],
        offered=places.offered(visit),
    )


def _done(what: UserAct, subject: Subject) -> Response:
    visit, draft = subject.visit, subject.draft
    organization, user = subject.ids
    asked = what.asked(subject) if what.asked else draft.asked(what.request, organization=organization, user=user)
    draft.ask(getattr(visit.portal, what.use_case.replace("-", "_")), asked)
    return visit.go("user", what.note if isinstance(what.note, str) else what.note(subject), user=user)


def is_offered(act: Act, user: UserView) -> bool:
    """Whether a page offers it: by the user's row, or where that cannot tell, by what stands nearest to it (R19)."""
    if act is Act.RESEND:
        return Act.MODIFY in user.acts and user.status is not Status.SUSPENDED
    return act in user.acts


# What a form shows, asks and tells beside its fields


def _details(user: UserView) -> Mapping[str, object]:
    person = user.person
    return {
        "last_name": person.last_name if person else "",
        "first_name": person.first_name if person else "",
        "phone": person.phone or "" if person else "",
        "mobile": "yes" if user.mobile else "",
        "opening": user.opening,
        "closing": user.closing,
    }


def _begun(user: UserView) -> tuple[str, ...]:
    """Whoever's account is open keeps its opening date (R16)."""
    return () if user.status is Status.PENDING else ("opening",)


def _closed(subject: Subject) -> str:
    return "user-closes" if subject.draft.day("on") else "user-closed"


def _grant(subject: Subject) -> GroupAddition:
    place = places.read(subject.draft.text("group"))
    return GroupAddition(*subject.ids, place.agreement, place.group, subject.draft.dates)


def _granted(subject: Subject) -> str:
    given = places.read(subject.draft.text("group")).group
    offered = (group for each in places.offered(subject.visit) for group in each.groups if group.code == given)
    return "waiting" if any(group.needs_document for group in offered) else "granted"


ALL, SOME = "all", "some"
EXTENT = Field("extent", Format.ONE, required=True)
"""Whether a delegation is over all groups, present and future, or over those that are ticked (R28)."""


def _delegate(subject: Subject) -> NewManager:
    draft = subject.draft
    ticked = frozenset(map(places.read, draft.chosen("scope")))
    return NewManager(*subject.ids, Scope(None if draft.text("extent") == ALL else ticked), draft.dates)


def _extent(user: UserView) -> Mapping[str, object]:
    """What the user manages already."""
    if user.manages is None:
        return {"extent": ALL}
    managed = user.manages.places
    return {"extent": ALL if managed is None else SOME, "scope": tuple(map(places.written, managed or ()))}


ACTS = (
    UserAct(
        Act.MODIFY,
        "modify-user",
        UserChanges,
        "user-modified",
        template="users/modify.html",
        shown=_details,
        without=_begun,
    ),
    UserAct(Act.REMOVE, "remove-user", Removal, "user-removed", grave=True),
    UserAct(Act.GRANT, "add-to-group", GroupAddition, _granted, _grant, template="users/grant.html"),
    UserAct(
        Act.DELEGATE,
        "delegate-manager",
        NewManager,
        "delegated",
        _delegate,
        (EXTENT,),
        "users/delegate.html",
        shown=_extent,
    ),
    UserAct(Act.REVOKE, "revoke-manager", Revocation, "revoked", grave=True),
    UserAct(Act.SUSPEND, "suspend-user", UserSuspension, "user-suspended", grave=True),
    UserAct(Act.REINSTATE, "reinstate-user", UserReinstatement, "user-reinstated"),
    UserAct(Act.CLOSE, "close-user", Closing, _closed, grave=True),
    UserAct(Act.REOPEN, "reopen-user", Reopening, "user-reopened"),
    UserAct(Act.CHANGE_EMAIL, "change-email", EmailChanging, "email-asked"),
    UserAct(Act.RESEND, "resend-credentials", Resending, "resent"),
    UserAct(Act.UNLOCK, "unlock", Unlocking, "unlocked"),
)

SIGNS = (("✓", Act.MODIFY, "users.modify"), ("✕", Act.REMOVE, "users.remove"))
"""The guide's own column *Modifier / Supprimer*."""
CHOOSE = (
    *(Act.GRANT, Act.GENERALIZE, Act.DELEGATE, Act.REVOKE, Act.SUSPEND, Act.REINSTATE),
    *(Act.CLOSE, Act.REOPEN, Act.CHANGE_EMAIL, Act.RESEND, Act.UNLOCK),
)
"""What *Choisir…* offers, in its order."""


def entries(visit: Visit, user: UserView, acts: Iterable[Act] = CHOOSE) -> list[tuple[str, str]]:
    """What a menu offers on the user: the words, and the address."""
    return [(visit.say.words.act(act), visit.path(act.value, user=user.id)) for act in acts if is_offered(act, user)]


PAGES = tuple(inside(f"/users/{{user}}/{what.act.value}", what.handler, name=what.act.value) for what in ACTS)
