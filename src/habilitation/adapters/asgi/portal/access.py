"""Why a user may do something, or not: right by right, with each link of each path (R36, R38)."""

from __future__ import annotations

from itertools import chain

from attrs import frozen
from starlette.responses import Response

from habilitation.adapters.asgi.portal.acts import name_of, user_of
from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.sentences import Line, Sentences
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.access import Answer, Path
from habilitation.domain.acts import Role
from habilitation.domain.explanation import Explanation, LinkStory, PathStory
from habilitation.domain.requests import ExplanationQuestion
from habilitation.domain.values import Permission, UserId


@frozen
class ToldLink:
    """A link of a path: what it is, over what time, and what was done to it."""

    name: str
    period: str
    lines: tuple[Line, ...]


@frozen
class ToldPath:
    """A path to a permission, and what it lacks."""

    name: str
    missing: tuple[str, ...]
    links: tuple[ToldLink, ...]


@frozen
class ToldRight:
    """What may be done with one permission, and why."""

    permission: Permission
    allowed: bool
    why: str
    until: str
    repair: tuple[str, ...]
    paths: tuple[ToldPath, ...]


def access(visit: Visit) -> Response:
    """Every right that the organization's agreements can give, and whether this user has it."""
    user = user_of(visit)
    return visit.show("users/access.html", user=user, name=name_of(user), rights=rights(visit, user.id))


def rights(visit: Visit, user: UserId) -> list[ToldRight]:
    """Those that groups of its agreements carry."""
    carried = {right for each in visit.agreements for group in each.groups for right in group.permissions}
    found = {right: _explained(visit, user, right) for right in sorted(carried)}
    sentences = Sentences(visit)
    sentences.hear(chain.from_iterable(each.deeds for each in found.values()))
    return [_told(visit, sentences, right, each) for right, each in found.items()]


def _explained(visit: Visit, user: UserId, right: Permission) -> Explanation:
    return visit.portal.explain(ExplanationQuestion(visit.organization, user, right), by=visit.actor)


def _told(visit: Visit, sentences: Sentences, right: Permission, found: Explanation) -> ToldRight:
    answer, say = found.answer, visit.say
    return ToldRight(
        right,
        answer.allowed,
        say.words.why(answer.why),
        say.instant(answer.until) if answer.until else "",
        _repairers(visit, answer),
        tuple(_path(visit, sentences, each) for each in found.paths),
    )


def _repairers(visit: Visit, answer: Answer) -> tuple[str, ...]:
    return tuple(visit.say.words.role(role) for role in Role if role in answer.repair)


def _path(visit: Visit, sentences: Sentences, told: PathStory) -> ToldPath:
    missing = tuple(visit.say.words.why(why) for why in told.path.missing)
    return ToldPath(_name(told.path), missing, tuple(_link(visit, sentences, each) for each in told.links))


def _name(path: Path) -> str:
    return f"{path.group} ({path.reference})" if path.reference else path.group


def _link(visit: Visit, sentences: Sentences, told: LinkStory) -> ToldLink:
    say, period = visit.say, ""
    if told.period and told.period.end:
        period = say("access.between", start=say.instant(told.period.start), end=say.instant(told.period.end))
    elif told.period:
        period = say("access.since", start=say.instant(told.period.start))
    return ToldLink(say.words.link(told.link), period, tuple(sentences.lines(told.deeds)))


PAGES = (inside("/users/{user}/access", access, acts=False),)
