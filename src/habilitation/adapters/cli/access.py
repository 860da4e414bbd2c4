"""``habilitation explain`` and ``as-of``: why there is access, and who had it then (R38, R39)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from attrs import frozen

from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.finding import every, user_named
from habilitation.adapters.cli.history import record_as_data
from habilitation.adapters.cli.prose import Prose
from habilitation.adapters.cli.refusals import ArgumentRefused
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.telling import Names
from habilitation.application import Habilitation
from habilitation.domain.access import Answer, Path
from habilitation.domain.actors import Member, OperatorAgent
from habilitation.domain.acts import Role
from habilitation.domain.deeds import Deed
from habilitation.domain.explanation import Explanation, PathStory
from habilitation.domain.hindsight import Hindsight
from habilitation.domain.period import Period
from habilitation.domain.refusals import UserUnknown
from habilitation.domain.requests import ExplanationQuestion, PastQuestion, PastSearch
from habilitation.domain.values import OrganizationId, Permission, UserId
from habilitation.use_cases.directory import LARGEST_PAGE


@frozen
class Scene:
    """Who asks about which organization, and how its answers are put in words."""

    asked: Asked
    actor: OperatorAgent | Member
    organization: OrganizationId
    zone: ZoneInfo
    names: Names

    @classmethod
    def of(cls, portal: Habilitation, asked: Asked) -> Scene:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor)
        names = Names(portal, organization, actor, asked.speech)
        return cls(asked, actor, organization, portal.ports.clock.zone, names)

    @property
    def speech(self) -> Speech:
        return self.asked.speech

    def oneself(self) -> UserId:
        if isinstance(self.actor, Member):
            return self.actor.user
        raise UserUnknown()

    def instant(self, text: str) -> datetime:
        """An instant, in the portal's zone if it says no offset."""
        try:
            read = datetime.fromisoformat(text)
            return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ArgumentRefused(self.speech.say("instant-malformed", text=text)) from None

    def moment(self, text: str) -> date:
        """A civil day, or an instant."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            return self.instant(text)

    def at(self, instant: datetime) -> str:
        return self.speech.instant(instant, self.zone)

    def explained(self, explanation: Explanation, asked: ExplanationQuestion) -> Iterator[str]:
        """The short form, then every path with its links."""
        self.names.hear(explanation.deeds, asked.user)
        answer, user = explanation.answer, self.names.user(asked.user)
        until = self.speech.say("until-instant", at=self.at(answer.until)) if answer.until else ""
        said = {"user": user, "permission": asked.permission, "until": until}
        yield self.speech.say("has" if answer.allowed else "has-not", **said)
        yield from self._reason(answer)
        for story in explanation.paths:
            yield from self._path(story)

    def recalled(
        self, found: list[tuple[UserId, Hindsight]], permission: str, at: date, known: datetime | None
    ) -> Iterator[str]:
        """A sentence for each user, with the hours of the day or the reason of the no."""
        when = self._when(at)
        suffix = self.speech.say("as-known", at=self.at(known)) if known else ""
        said = {"permission": permission, "when": when, "known": suffix}
        if not found:
            yield self.speech.say("nobody-had", **said)
        self.names.learn(user for user, _ in found)
        for user, then in found:
            yield self.speech.say("had" if then.answer.allowed else "had-not", user=self.names.user(user), **said)
            if then.stretches:
                hours = ", ".join(map(self._period, then.stretches))
                yield "  " + self.speech.say("hours", hours=hours)
            yield from self._reason(then.answer)

    def _when(self, at: date) -> str:
        if isinstance(at, datetime):
            return self.speech.say("at-instant", at=self.at(at))
        return self.speech.say("on-day", day=self.speech.day(at))

    def _reason(self, answer: Answer) -> Iterator[str]:
        if answer.allowed:
            return
        yield "  " + self.speech.say("why", why=self.speech.words.why(answer.why))
        roles = [self.speech.words.role(role) for role in Role if role in answer.repair]
        if roles:
            yield "  " + self.speech.say("repair", roles=", ".join(roles))

    def _path(self, story: PathStory) -> Iterator[str]:
        path, say = story.path, self.speech.say
        missing = ", ".join(map(self.speech.words.why, path.missing)) or say("path-holds")
        reference = path.reference or say("no-agreement-there")
        yield say("path", group=path.group, agreement=reference, missing=missing)
        for link in story.links:
            label = self.speech.words.link(link.link)
            reach = say("link-over", link=label, period=self._period(link.period)) if link.period else label
            yield f"  {reach}"
            yield from (f"    {self.at(deed.fact.at)}  {self.names.told(deed)}" for deed in link.deeds)

    def _period(self, period: Period) -> str:
        start = self.at(period.start)
        if period.end is None:
            return self.speech.say("since", start=start)
        return self.speech.say("over", start=start, end=self.at(period.end))


@click.command()
@asking
@click.argument("permission")
@click.option("--user", metavar="WHO", help="A login, or an id; oneself goes without saying.")
@click.option("--at", metavar="WHEN", help="An instant, or a day: any instant of it; now, if none is said.")
def explain(asked: Asked, permission: str, user: str | None, at: str | None) -> None:
    """Say whether a user has a permission, and why, link by link."""
    with asked.portal() as portal:
        scene = Scene.of(portal, asked)
        who = user_named(portal, user) if user else scene.oneself()
        when = scene.moment(at) if at else None
        question = ExplanationQuestion(scene.organization, who, Permission(permission), when)
        explanation = portal.explain(question, by=scene.actor)
        if asked.as_json:
            print_json(_explanation_as_data(explanation))
        else:
            _say(scene.explained(explanation, question))


@click.command("as-of")
@asking
@click.argument("when")
@click.argument("permission")
@click.option("--user", metavar="WHO", help="A login, or an id; if none is said, everybody who had it.")
@click.option("--known", metavar="WHEN", help="As it was known at that instant.")
def as_of(asked: Asked, when: str, permission: str, user: str | None, known: str | None) -> None:
    """Say who had a permission at an instant (2027-01-31T10:30), or at any instant of a day (2027-01-31), and why."""
    with asked.portal() as portal:
        scene = Scene.of(portal, asked)
        then, until = scene.moment(when), scene.instant(known) if known else None
        found = _found(portal, scene, Permission(permission), then, until, user)
        if asked.as_json:
            print_json([{"user": who, **_hindsight_as_data(answer)} for who, answer in found])
        else:
            _say(scene.recalled(found, permission, then, until))


def _found(
    portal: Habilitation, scene: Scene, permission: Permission, at: date, known: datetime | None, user: str | None
) -> list[tuple[UserId, Hindsight]]:
    if user:
        who = user_named(portal, user)
        return [(who, portal.as_of(PastQuestion(scene.organization, who, permission, at, known), by=scene.actor))]
    asked = PastSearch(scene.organization, permission, at, known, size=LARGEST_PAGE)
    return [(one.user.id, one.then) for one in every(portal.who_had_access, asked, scene.actor)]


def _say(lines: Iterator[str]) -> None:
    out = console()
    for line in lines:
        out.print(Prose(line))


def _explanation_as_data(explanation: Explanation) -> dict[str, Any]:
    paths = [_story_as_data(story) for story in explanation.paths]
    return {"at": explanation.at.isoformat(), **_answer_as_data(explanation.answer), "paths": paths}


def _hindsight_as_data(then: Hindsight) -> dict[str, Any]:
    return {**_answer_as_data(then.answer), "stretches": [_period_as_data(stretch) for stretch in then.stretches]}


def _answer_as_data(answer: Answer) -> dict[str, Any]:
    return {
        "allowed": answer.allowed,
        "why": answer.why.value,
        "until": answer.until.isoformat() if answer.until else None,
        "repair": sorted(role.value for role in answer.repair),
        "path": _path_as_data(answer.path) if answer.path else None,
    }


def _path_as_data(path: Path) -> dict[str, Any]:
    return {
        "group": path.group,
        "agreement": path.agreement,
        "membership": path.membership,
        "missing": [why.value for why in path.missing],
        "period": _period_as_data(path.period),
    }


def _story_as_data(story: PathStory) -> dict[str, Any]:
    links = {
        link.link.value: {"period": _period_as_data(link.period), "deeds": [_deed_as_data(deed) for deed in link.deeds]}
        for link in story.links
    }
    return {**_path_as_data(story.path), "links": links}


def _deed_as_data(deed: Deed) -> dict[str, Any]:
    mandate = record_as_data(deed.mandate.given) if deed.mandate else None
    return {"role": deed.role.value, "instead": deed.instead, "delegation": mandate, "fact": record_as_data(deed.fact)}


def _period_as_data(period: Period | None) -> dict[str, Any] | None:
    if period is None:
        return None
    return {"start": period.start.isoformat(), "end": period.end.isoformat() if period.end else None}
