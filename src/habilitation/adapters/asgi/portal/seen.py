"""What a form shows, as it was: whoever sends it does so on the terms that it is still so, or is told what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import get_args

from attrs import frozen

from habilitation.adapters.asgi.portal.sentences import Line, Sentences
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.catalog import Catalog, Definition, Group
from habilitation.domain.deeds import Deed
from habilitation.domain.events import Event, OrganizationEvent
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import HistoryQuestion
from habilitation.domain.terms import Unchanged
from habilitation.domain.values import UserId
from habilitation.use_cases.views import AgreementView, OrganizationView, UserView


@frozen
class Seen:
    """Something of a version, and how to tell what was done to it after another."""

    what: str
    """By which the catalogs call it, under ``changed``."""
    unchanged: Unchanged
    since: Callable[[int], Sequence[Line]]


def user_seen(visit: Visit, user: UserView) -> Seen:
    """A user, as whoever fills in the form is shown them."""
    return Seen("user", Unchanged(user.version, user.id), lambda version: _told(visit, version, user.id))


def organization_seen(visit: Visit, house: OrganizationView) -> Seen:
    """An organization with its seat and its agreements."""
    return Seen("organization", Unchanged(house.version), lambda version: _told(visit, version))


def agreement_seen(visit: Visit, agreement: AgreementView) -> Seen:
    """An agreement with its groups."""

    def since(version: int) -> Sequence[Line]:
        return _told(visit, version, about=lambda event: getattr(event, "agreement", None) == agreement.id)

    return Seen("agreement", Unchanged(agreement.version, agreement=agreement.id), since)


def catalog_seen(visit: Visit, catalog: Catalog, group: Group | None = None) -> Seen:
    """The catalog, of which only what that group is now can be told."""

    def since(version: int) -> Sequence[Line]:
        return [Line(visit.say.instant(group.now.since), defined(visit, group.now))] if group else ()

    return Seen("catalog", Unchanged(catalog.version), since)


def defined(visit: Visit, now: Definition) -> str:
    """What a group is from an instant on, in words."""
    document = visit.say("catalog.document" if now.needs_document else "catalog.no-document")
    permissions = visit.say.listed(sorted(now.permissions))
    if now.retired:
        return visit.say("catalog.retired")
    return visit.say("catalog.defined", label=now.label, permissions=permissions, document=document)


def _of_organization(event: Event) -> bool:
    return isinstance(event, get_args(OrganizationEvent))


def _told(
    visit: Visit, version: int, user: UserId | None = None, about: Callable[[Event], bool] = lambda event: True
) -> Sequence[Line]:
    """What happened after that version, as far as whoever comes may read it."""
    asked = HistoryQuestion(visit.organization, user, str(version))
    try:
        deeds: Iterable[Deed] = visit.portal.recount(asked, by=visit.actor).items
    except Refusal:
        return ()
    if user is None:
        deeds = [deed for deed in deeds if _of_organization(deed.fact.event) and about(deed.fact.event)]
    return Sentences(visit).lines(deeds)
