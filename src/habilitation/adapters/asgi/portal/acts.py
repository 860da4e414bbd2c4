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
from habilitation.domain.period import Dates
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


Do = Callable[[Subject], str]
"""Does it, and gives the note that says so."""


@frozen
class UserAct:
    """An act, and how its page is drawn."""

    act: Act
    use_case: str
    """Its code, by which the catalogs call it."""
    request: type
    do: Do
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
    return draft.sent(lambda: visit.go("user", what.do(subject), user=user.id)) or draft.show(
        what.template,
        what=what,
        user=user,
        name=name_of(user),
        reasons=[(code, visit.say(f"reason.{code}")) for code in REASONS],
        offered=places.offered(visit),
    )


def is_offered(act: Act, user: UserView) -> bool:
    """Whether a page offers it: by the user's row, or where that cannot tell, by what stands nearest to it (R19)."""
    if act is Act.RESEND:
        return Act.MODIFY in user.acts and user.status is not Status.SUSPENDED
    return act in user.acts


# What each does


def _modify(subject: Subject) -> str:
    draft = subject.draft
    dates = draft.dates if "opening" in draft.fields else Dates(None, draft.day("closing"))
    asked = UserChanges(
        *subject.ids,
        draft.text("last_name"),
        draft.text("first_name"),
        draft.text("phone"),
        draft.ticked("mobile"),
        dates,
    )
    subject.draft.ask(subject.visit.portal.modify_user, asked)
    return "user-modified"


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


def _close(subject: Subject) -> str:
    asked = Closing(*subject.ids, subject.draft.day("on"))
    subject.draft.ask(subject.visit.portal.close_user, asked)
    return "user-closed" if asked.on is None else "user-closes"


def _reopen(subject: Subject) -> str:
    subject.draft.ask(subject.visit.portal.reopen_user, Reopening(*subject.ids, subject.draft.dates))
    return "user-reopened"


def _remove(subject: Subject) -> str:
    subject.draft.ask(subject.visit.portal.remove_user, Removal(*subject.ids))
    return "user-removed"


def _suspend(subject: Subject) -> str:
    asked = UserSuspension(*subject.ids, subject.draft.reason)
    subject.draft.ask(subject.visit.portal.suspend_user, asked)
    return "user-suspended"


def _reinstate(subject: Subject) -> str:
    subject.draft.ask(subject.visit.portal.reinstate_user, UserReinstatement(*subject.ids))
    return "user-reinstated"


def _grant(subject: Subject) -> str:
    place = places.read(subject.draft.text("group"))
    asked = GroupAddition(*subject.ids, place.agreement, place.group, subject.draft.dates)
    subject.draft.ask(subject.visit.portal.add_to_group, asked)
    given = (group for each in places.offered(subject.visit) for group in each.groups if group.code == place.group)
    return "waiting" if any(group.needs_document for group in given) else "granted"


ALL, SOME = "all", "some"
EXTENT = Field("extent", Format.ONE, required=True)
"""Whether a delegation is over all groups, present and future, or over those that are ticked (R28)."""


def _delegate(subject: Subject) -> str:
    draft = subject.draft
    ticked = frozenset(map(places.read, draft.chosen("scope")))
    scope = Scope(None if draft.text("extent") == ALL else ticked)
    subject.draft.ask(subject.visit.portal.delegate_manager, NewManager(*subject.ids, scope, draft.dates))
    return "delegated"


def _extent(user: UserView) -> Mapping[str, object]:
    """What the user manages already."""
    if user.manages is None:
        return {"extent": ALL}
    managed = user.manages.places
    return {"extent": ALL if managed is None else SOME, "scope": tuple(map(places.written, managed or ()))}


def _revoke(subject: Subject) -> str:
    subject.draft.ask(subject.visit.portal.revoke_manager, Revocation(*subject.ids))
    return "revoked"


def _unlock(subject: Subject) -> str:
    subject.draft.ask(subject.visit.portal.unlock, Unlocking(*subject.ids))
    return "unlocked"


def _change_email(subject: Subject) -> str:
    draft = subject.draft
    asked = EmailChanging(*subject.ids, draft.text("email"), draft.text("email_confirmation"))
    subject.draft.ask(subject.visit.portal.change_email, asked)
    return "email-asked"


def _resend(subject: Subject) -> str:
    subject.draft.ask(subject.visit.portal.resend_credentials, Resending(*subject.ids))
    return "resent"


def _begun(user: UserView) -> tuple[str, ...]:
    """Whoever's account is open keeps its opening date (R16)."""
    return () if user.status is Status.PENDING else ("opening",)


ACTS = (
    UserAct(
        Act.MODIFY, "modify-user", UserChanges, _modify, template="users/modify.html", shown=_details, without=_begun
    ),
    UserAct(Act.REMOVE, "remove-user", Removal, _remove, grave=True),
    UserAct(Act.GRANT, "add-to-group", GroupAddition, _grant, template="users/grant.html"),
    UserAct(Act.DELEGATE, "delegate-manager", NewManager, _delegate, (EXTENT,), "users/delegate.html", shown=_extent),
    UserAct(Act.REVOKE, "revoke-manager", Revocation, _revoke, grave=True),
    UserAct(Act.SUSPEND, "suspend-user", UserSuspension, _suspend, grave=True),
    UserAct(Act.REINSTATE, "reinstate-user", UserReinstatement, _reinstate),
    UserAct(Act.CLOSE, "close-user", Closing, _close, grave=True),
    UserAct(Act.REOPEN, "reopen-user", Reopening, _reopen),
    UserAct(Act.CHANGE_EMAIL, "change-email", EmailChanging, _change_email),
    UserAct(Act.RESEND, "resend-credentials", Resending, _resend),
    UserAct(Act.UNLOCK, "unlock", Unlocking, _unlock),
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
