"""``habilitation journal``: the chain of an organization's events, its head, and whether it holds (R40, R42)."""

from __future__ import annotations

import re
from typing import Any

import click
from attrs import frozen

from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.finding import known_organizations, name_of
from habilitation.adapters.cli.refusals import UNSOUND, ArgumentRefused
from habilitation.adapters.cli.speech import Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Member, OperatorAgent
from habilitation.domain.journal import Head
from habilitation.domain.requests import OrganizationQuestion
from habilitation.domain.values import OrganizationId
from habilitation.use_cases.history import Verification

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@click.group(no_args_is_help=False)
def journal() -> None:
    """Verify the journals, or print their heads to keep them elsewhere."""


@journal.command()
@asking
def head(asked: Asked) -> None:
    """Print the end of each journal, SEQUENCE:HASH: whoever keeps it sees a dropped tail or a rewrite later.

    Without --organization, the operator sees those of all organizations, each with its name.
    """
    with asked.portal() as portal:
        actor = asked.actor(portal)
        heads = {id: _head(portal, id, actor) for id in _chosen(portal, asked, actor)}
        if asked.as_json:
            print_json([_head_as_data(id, found) for id, found in heads.items()])
        for id, found in {} if asked.as_json else heads.items():
            name = "" if asked.organization else f"  {name_of(portal, id, actor)}"  # alone, it can be passed on
            print(f"{found.sequence}:{found.hash}{name}")


@journal.command()
@asking
@click.option("--head", "kept", metavar="SEQUENCE:HASH", help="A head that was kept: the journal must contain it.")
@click.pass_context
def verify(context: click.Context, asked: Asked, kept: str | None) -> None:
    """Check that each chain holds and that replaying it gives what is stored; exit with 1 if not.

    Without --organization, the operator has those of all organizations checked.
    """
    with asked.portal() as portal:
        actor = asked.actor(portal)
        chosen = _chosen(portal, asked, actor)
        if kept is not None and len(chosen) != 1:
            raise ArgumentRefused(asked.speech.say("head-of-one"))
        known = _parsed(kept, asked.speech) if kept is not None else None
        found = [Checked.of(portal, id, actor, known) for id in chosen]
    if asked.as_json:
        print_json([checked.as_data() for checked in found])
    for checked in [] if asked.as_json else found:
        console().print(checked.said(asked.speech), soft_wrap=True)
    context.exit(0 if all(checked.found.sound for checked in found) else UNSOUND)


@frozen
class Checked:
    """An organization, and what verifying its journal found."""

    organization: OrganizationId
    name: str
    found: Verification

    @classmethod
    def of(cls, portal: Habilitation, id: OrganizationId, by: Actor, kept: Head | None = None) -> Checked:
        found = portal.verify_journal(OrganizationQuestion(id), by=by, kept=kept)
        return cls(id, name_of(portal, id, by), found)

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


def _chosen(portal: Habilitation, asked: Asked, actor: OperatorAgent | Member) -> list[OrganizationId]:
    if asked.organization is None and isinstance(actor, OperatorAgent):
        return [known.id for known in known_organizations(portal, actor)]
    return [asked.organization_of(portal, actor)]


def _parsed(text: str, speech: Speech) -> Head:
    found = _HEAD.fullmatch(text)
    if found is None:
        raise ArgumentRefused(speech.say("head-malformed"))
    return Head(int(found[1]), found[2])


def _head(portal: Habilitation, id: OrganizationId, by: Actor) -> Head:
    return portal.journal_head(OrganizationQuestion(id), by=by)


def _head_as_data(id: OrganizationId, head: Head) -> dict[str, Any]:
    return {
        "organization": id,
        "sequence": head.sequence,
        "hash": head.hash,
        "at": head.at.isoformat() if head.at else None,
    }
