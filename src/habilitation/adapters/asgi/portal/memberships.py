"""What a user has: dates changed, taken away, and *Généraliser à tous les utilisateurs* (R25, R27)."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen
from starlette.responses import Response

from habilitation.adapters.asgi.portal import places
from habilitation.adapters.asgi.portal.acts import Subject, name_of, user_of
from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.adapters.assembly import typesetter
from habilitation.domain.acts import Act
from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.period import Dates
from habilitation.domain.refusals import MembershipUnknown
from habilitation.domain.requests import DocumentQuestion, Generalization, GroupRemoval, MembershipDates, UserQuestion
from habilitation.domain.values import AgreementId, UserId
from habilitation.use_cases.views import AgreementView, MembershipView, UserView

LONGEST_NUMBER = 9
"""Digits of a membership's."""
FILE = "piece-justificative.pdf"
"""It names nobody."""
MOST_NAMED = 50
"""How many users a preview names; of the rest it tells how many they are."""


def membership_of(visit: Visit, user: UserView) -> MembershipView:
    """The user's membership that the address names by its number."""
    for held in user.memberships:
        if str(held.number) == visit.named("number"):
            return held
    raise MembershipUnknown()


def change_membership(visit: Visit) -> Response:
    """Other dates for a membership that is current or to come."""
    user = user_of(visit)
    held = membership_of(visit, user)
    begun = held.opening <= visit.today
    draft = Draft.of(visit, MembershipDates, opening=held.opening, closing=held.closing).about(user)
    draft = draft.without("opening") if begun else draft
    return draft.sent(lambda: _changed(Subject(visit, user, draft), held)) or draft.show(
        "users/membership.html", user=user, name=name_of(user), held=held, removing=False
    )


def _changed(subject: Subject, held: MembershipView) -> Response:
    draft, visit = subject.draft, subject.visit
    opening = draft.day("opening") if "opening" in draft.fields else None
    dates = Dates(None if opening == held.opening else opening, draft.day("closing"))
    draft.ask(visit.portal.change_membership, MembershipDates(*subject.ids, held.number, dates))
    return visit.go("user", "membership-changed", user=subject.user.id)


def remove_membership(visit: Visit) -> Response:
    """A membership ends now."""
    user = user_of(visit)
    held = membership_of(visit, user)
    draft = Draft.of(visit, GroupRemoval).about(user)
    return draft.sent(lambda: _removed(Subject(visit, user, draft), held)) or draft.show(
        "users/membership.html", user=user, name=name_of(user), held=held, removing=True
    )


def _removed(subject: Subject, held: MembershipView) -> Response:
    visit = subject.visit
    subject.draft.ask(visit.portal.remove_from_group, GroupRemoval(*subject.ids, held.number))
    return visit.go("user", "membership-removed", user=subject.user.id)


def document(visit: Visit) -> Response:
    """The supporting document of a membership that waits for its role, to complete and return (R26)."""
    number = visit.named("number")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise MembershipUnknown()
    asked = DocumentQuestion(visit.organization, UserId(visit.named("user")), int(number))
    found = visit.portal.prepare_document(asked, by=visit.actor)
    file = typesetter(visit.site.settings).document(found)
    named = {"content-disposition": f'attachment; filename="{FILE}"'}
    return Response(file, media_type="application/pdf", headers=named)


# Généraliser à tous les utilisateurs


@frozen
class Told:
    """An outcome in words: whose, the groups gained, and why another was kept out."""

    name: str
    gained: tuple[str, ...]
    refused: str | None


def generalize(visit: Visit) -> Response:
    """First what everybody would be given; then, once it is sent, what everybody was."""
    user = user_of(visit)
    if not visit.sent and Act.GENERALIZE not in user.acts:
        return visit.go("user", "not-offered", user=user.id)
    under = _agreements(visit, user)
    chosen = _chosen(visit, under)
    if chosen is None:
        return visit.show("users/generalize.html", user=user, name=name_of(user), under=under, chosen=None)
    asked = Generalization(visit.organization, chosen.id, user.id)
    act = visit.portal.generalize_to_all if visit.sent else visit.portal.preview_generalization
    outcomes = act(asked, by=visit.actor)
    concerned = [each for each in outcomes if each.gained or each.refused]
    return visit.show(
        "users/generalize.html",
        user=user,
        name=name_of(user),
        under=under,
        chosen=chosen,
        groups=_groups(user, chosen),
        told=[_told(visit, each, chosen) for each in concerned[:MOST_NAMED]],
        gaining=sum(bool(each.gained) for each in outcomes),
        unnamed=len(concerned[MOST_NAMED:]),
        generalizing=Act.GENERALIZE,
    )


def _agreements(visit: Visit, user: UserView) -> list[AgreementView]:
    """Those in which there is something to give."""
    held = {each.place.agreement for each in user.memberships}
    return [each for each in visit.agreements if each.id in held]


def _chosen(visit: Visit, under: list[AgreementView]) -> AgreementView | None:
    """The one that was chosen, or the only one."""
    named = (visit.form if visit.sent else visit.request.query_params).get("agreement")
    if named:
        return places.agreement(visit, AgreementId(str(named)))
    return under[0] if len(under) == 1 else None


def _groups(user: UserView, under: AgreementView) -> list[str]:
    held = {each.place.group for each in user.memberships if each.place.agreement == under.id}
    return [places.shown(group) for group in under.groups if group.code in held]


def _told(visit: Visit, outcome: Outcome, under: AgreementView) -> Told:
    user = visit.portal.show_user(UserQuestion(visit.organization, outcome.user), by=visit.actor)
    labels = {group.code: places.shown(group) for group in under.groups}
    gained: Iterable[str] = (labels.get(code, code) for code in outcome.gained)
    return Told(name_of(user), tuple(gained), visit.say.code(outcome.refused) if outcome.refused else None)


PAGES = (
    inside("/users/{user}/memberships/{number}/dates", change_membership),
    inside("/users/{user}/memberships/{number}/removal", remove_membership),
    inside("/users/{user}/memberships/{number}/document", document, acts=False),
    inside("/users/{user}/generalize", generalize),
)
