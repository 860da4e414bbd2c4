"""*Mes utilisateurs*: the guide's table, what is searched in it, and *Créer un utilisateur* (R10, R12, R36)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from starlette.responses import Response

from habilitation.adapters.asgi.portal import acts, offers, places
from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import POSSIBLE, Act
from habilitation.domain.requests import NewUser, UserSearch
from habilitation.domain.scope import ALL_GROUPS
from habilitation.domain.user import Status
from habilitation.domain.values import AgreementId
from habilitation.use_cases.views import AgreementView

A_PAGE = 50
COLUMNS = ("login", "last_name", "first_name", "email", "phone", "opening", "closing", "status")
"""The guide's, before *Modifier / Supprimer* and *Choisir…*."""


def users(visit: Visit) -> Response:
    """The organization's users, or an agreement's.

    What is searched is a person's: it is sent, and stands in no address. Filters and pages may stand there.
    """
    asked = _asked(visit)
    if visit.sent and not asked.text:
        return visit.go_to(visit.request.url.path + _filter(asked))
    page = visit.portal.list_users(asked, by=visit.actor)
    return visit.show(
        "users/list.html",
        page=page,
        asked=asked,
        agreement=_agreement(visit),
        creating=_creating(visit),
        columns=_columns(visit),
        statuses=tuple(Status),
        signs=acts.SIGNS,
        menu=offers.Menus(visit),
    )


def _columns(visit: Visit) -> dict[str, str]:
    """The words at the head of each column, which stand in every row too on a narrow screen."""
    said = {name: visit.say.label(name) for name in COLUMNS}
    return {**said, "signs": visit.say("users.modify-remove"), "acts": visit.say.label("acts")}


def _asked(visit: Visit) -> UserSearch:
    status, after = _given(visit, "status"), _given(visit, "after")
    found = _agreement(visit)
    return UserSearch(
        visit.organization,
        found.id if found else None,
        Status(status) if status in {each.value for each in Status} else None,
        _given(visit, "text").strip() if visit.sent else "",
        after or None,
        A_PAGE,
    )


def _given(visit: Visit, name: str) -> str:
    typed = (visit.form if visit.sent else visit.request.query_params).get(name, "")
    return typed if isinstance(typed, str) else ""


def _filter(asked: UserSearch) -> str:
    return f"?{urlencode({'status': asked.status.value})}" if asked.status else ""


def _agreement(visit: Visit) -> AgreementView | None:
    """The agreement that the address names, if it names one."""
    named = visit.request.path_params.get("agreement")
    return places.agreement(visit, AgreementId(named)) if named is not None else None


def _creating(visit: Visit) -> str | None:
    """Where the green button leads, if whoever comes may create users at all."""
    if not visit.may(Act.CREATE):
        return None
    here = _agreement(visit)
    under = [each for each in _in_force(visit) if here is None or each == here]
    if len(under) == 1:
        return visit.path("create_user", agreement=under[0].id)
    return visit.path("agreements") if under else None


def _in_force(visit: Visit) -> Iterator[AgreementView]:
    """Those under which whoever comes creates users: a manager's scope touches them (R29)."""
    scope = visit.me.manages if visit.me and visit.me.manages else ALL_GROUPS
    possible = POSSIBLE[Act.CREATE].agreement
    return (each for each in visit.agreements if each.state in possible and scope.touches(each.id))


def create_user(visit: Visit) -> Response:
    """*Créer un utilisateur partenaire*, under an agreement, with the groups ticked."""
    under = places.agreement(visit, AgreementId(visit.named("agreement")))
    draft = Draft.of(visit, NewUser, opening=visit.today)
    return draft.sent(lambda: _created(visit, draft, under)) or draft.show(
        "users/create.html",
        agreement=under,
        groups=[(group.code, places.shown(group)) for group in places.offered_under(visit, under)],
    )


def _created(visit: Visit, draft: Draft, under: AgreementView) -> Response:
    asked = draft.asked(NewUser, organization=visit.organization, agreement=under.id)
    draft.ask(visit.portal.create_user, asked)
    return visit.go("agreement_users", "user-created", agreement=under.id)


PAGES = (
    inside("/users", users),
    inside("/agreements/{agreement}/users", users, name="agreement_users"),
    inside("/agreements/{agreement}/users/new", create_user),
)
