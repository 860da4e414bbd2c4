"""``habilitation journal``: the chain of an organization's events, its head, and whether it holds (R40, R42)."""

from __future__ import annotations

import json
import re
from typing import Any

import click
from attrs import frozen

from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.finding import known_organizations, name_of
from habilitation.adapters.cli.history import record_as_data
from habilitation.adapters.cli.refusals import UNSOUND, ArgumentRefused
from habilitation.adapters.cli.speech import Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Member, OperatorAgent
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.journal import Head, Record
from habilitation.domain.requests import CatalogEventsQuestion, EventsQuestion, OrganizationQuestion
from habilitation.domain.values import OrganizationId
from habilitation.use_cases.directory import LARGEST_PAGE
from habilitation.use_cases.history import Verification

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@click.group(no_args_is_help=False)
def journal() -> None:
    """Verify the journals, or print their heads to keep them elsewhere."""


catalog_option = click.option("--catalog", "of_catalog", is_flag=True, help="The catalog's own journal alone.")


@journal.command()
@asking
@catalog_option
def head(asked: Asked, of_catalog: bool) -> None:
    """Print the end of each journal, SEQUENCE:HASH: whoever keeps it sees a dropped tail or a rewrite later.

    Without --organization or --catalog, the operator sees all of them, each with its name.
    """
    with asked.portal() as portal:
        actor = asked.actor(portal)
        chosen = _chosen(portal, asked, actor, of_catalog)
        heads = {id: head_of(portal, id, actor) for id in chosen}
        if asked.as_json:
            print_json([_head_as_data(id, found) for id, found in heads.items()])
        alone = asked.organization or of_catalog  # it can be passed on
        for id, found in {} if asked.as_json else heads.items():
            name = "" if alone else f"  {_name(portal, id, actor, asked.speech)}"
            print(f"{found.sequence}:{found.hash}{name}")


@journal.command()
@asking
@catalog_option
@click.option("--head", "kept", metavar="SEQUENCE:HASH", help="A head that was kept: the journal must contain it.")
@click.pass_context
def verify(context: click.Context, asked: Asked, of_catalog: bool, kept: str | None) -> None:
    """Check that each chain holds and that replaying it gives what is stored; exit with 1 if not.

    Without --organization or --catalog, the operator has all of them checked.
    """
    with asked.portal() as portal:
        actor = asked.actor(portal)
        chosen = _chosen(portal, asked, actor, of_catalog)
        if kept is not None and len(chosen) != 1:
            raise ArgumentRefused(asked.speech.say("head-of-one"))
        known = _parsed(kept, asked.speech) if kept is not None else None
        found = [Checked.of(portal, id, actor, asked.speech, known) for id in chosen]
    if asked.as_json:
        print_json([checked.as_data() for checked in found])
    for checked in [] if asked.as_json else found:
        console().print(checked.said(asked.speech), soft_wrap=True)
    context.exit(0 if all(checked.found.sound for checked in found) else UNSOUND)


@journal.command()
@asking
@catalog_option
@click.option("--since", "position", type=click.IntRange(0), default=0, help="After that sequence; 0 is the start.")
def events(asked: Asked, of_catalog: bool, position: int) -> None:
    """Print what came after a position, oldest first, one JSON object a line: for another program to follow.

    Of one organization, or of the catalog; the position is the sequence of the last event that was taken.
    """
    with asked.portal() as portal:
        actor = asked.operator(portal)
        organization = None if of_catalog else asked.organization_of(portal, actor)
        while found := _events(portal, organization, position, actor):
            position = found[-1].sequence
            for record in found:
                print(json.dumps(record_as_data(record), ensure_ascii=False))


def _events(
    portal: Habilitation, id: OrganizationId | None, position: int, by: Actor
) -> tuple[Record[Event], ...] | tuple[Record[CatalogEvent], ...]:
    if id is None:
        return portal.catalog_events_since(CatalogEventsQuestion(position, LARGEST_PAGE), by=by)
    return portal.events_since(EventsQuestion(id, position, LARGEST_PAGE), by=by)


@frozen
class Checked:
    """A journal, an organization's or the catalog's, and what verifying it found."""

    organization: OrganizationId | None
    """None for the catalog."""
    name: str
    found: Verification

    @classmethod
    def of(
        cls, portal: Habilitation, id: OrganizationId | None, by: Actor, speech: Speech, kept: Head | None = None
    ) -> Checked:
        if id is None:
            found = portal.verify_catalog(by=by, kept=kept)
        else:
            found = portal.verify_journal(OrganizationQuestion(id), by=by, kept=kept)
        return cls(id, _name(portal, id, by, speech), found)

    def said(self, speech: Speech) -> str:
        flaw, entries = self.found.flaw, self.found.entries
        if flaw:
            problem = speech.say(flaw.problem)
            return speech.say("flawed", organization=self.name, sequence=flaw.sequence, problem=problem)
        return speech.say("sound" if self.found.sound else "not-replayed", organization=self.name, entries=entries)

    def as_data(self) -> dict[str, Any]:
        flaw = self.found.flaw
        return {
            "organization": self.organization,
            "entries": self.found.entries,
            "sound": self.found.sound,
            "flaw": {"sequence": flaw.sequence, "problem": flaw.problem} if flaw else None,
            "replayed": self.found.replayed,
        }


def _chosen(
    portal: Habilitation, asked: Asked, actor: OperatorAgent | Member, of_catalog: bool
) -> list[OrganizationId | None]:
    if of_catalog:
        return [None]
    if asked.organization is None and isinstance(actor, OperatorAgent):
        return [*(known.id for known in known_organizations(portal, actor)), None]
    return [asked.organization_of(portal, actor)]


def _name(portal: Habilitation, id: OrganizationId | None, by: Actor, speech: Speech) -> str:
    return speech.say("catalog") if id is None else name_of(portal, id, by)


def _parsed(text: str, speech: Speech) -> Head:
    found = _HEAD.fullmatch(text)
    if found is None:
        raise ArgumentRefused(speech.say("head-malformed"))
    return Head(int(found[1]), found[2])


def head_of(portal: Habilitation, id: OrganizationId | None, by: Actor) -> Head:
    """The end of an organization's journal, or of the catalog's."""
    if id is None:
        return portal.catalog_head(by=by)
    return portal.journal_head(OrganizationQuestion(id), by=by)


def _head_as_data(id: OrganizationId | None, head: Head) -> dict[str, Any]:
    return {
        "organization": id,
        "sequence": head.sequence,
        "hash": head.hash,
        "at": head.at.isoformat() if head.at else None,
    }
