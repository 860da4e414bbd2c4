"""The operator's acts, each as a command: read, asked about if nothing undoes it, done or rehearsed, told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
from attrs import frozen

from habilitation.adapters.cli.asking import Asked, console, operating, print_json
from habilitation.adapters.cli.finding import name_of
from habilitation.adapters.cli.operator_acts import ACTS, OperatorAct
from habilitation.adapters.cli.options import Reader, explained, parameters
from habilitation.adapters.cli.refusals import UNSOUND, NotConfirmed
from habilitation.adapters.cli.rehearsal import rehearsing
from habilitation.adapters.cli.results import as_data, counts, left_over
from habilitation.adapters.cli.speech import Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.refusals import Refusal
from habilitation.use_cases.erasing import ErasedDue, ErasedPerson

ASKED_TWICE = "This cannot be undone: it asks for a yes, or takes --yes where there is no terminal."
YES = ("o", "oui", "y", "yes")


def commands(group: str) -> list[click.Command]:
    """The acts of that group of commands."""
    return [_command(f"{group} {name}".strip(), name, act) for name, act in ACTS[group].items()]


def _command(path: str, name: str, act: OperatorAct) -> click.Command:
    @operating
    def run(asked: Asked, dry_run: bool, yes: bool = False, **typed: Any) -> None:
        Doing(path, act, asked, typed).perform(dry_run, yes)

    made = click.command(name, help=_help(act))(run)
    made.params[:0] = parameters(act)
    made.params.append(dry_run_option)
    made.params += [yes_option] if act.final else []
    return made


def _help(act: OperatorAct) -> str:
    return "\n\n".join([act.help, *explained(act), *([ASKED_TWICE] if act.final else [])])


dry_run_option = click.Option(["--dry-run"], is_flag=True, help="Tell what would happen; change and send nothing.")
yes_option = click.Option(["--yes"], is_flag=True, help="Do not ask for confirmation.")


@frozen
class Doing:
    """One run of a command."""

    path: str
    """The command's whole name, by which its sentences are found."""
    act: OperatorAct
    asked: Asked
    typed: Mapping[str, Any]

    def perform(self, dry_run: bool, yes: bool) -> None:
        with self.asked.portal() as opened:
            agent = self.asked.operator(opened)
            request = Reader(opened, agent, self.typed).request(self.act)
            named = self._named(opened, agent, request)  # what is shown is shown, were it for a rehearsal (R36)
            if self.act.final and not (dry_run or yes):
                confirm(self.asked.speech, self._sentence("confirm", named))
            portal = rehearsing(opened) if dry_run else opened
            result = getattr(portal, self.act.attribute)(request, by=agent)
            self._tell(result, named, dry_run, as_data(result, opened.ports.clock.now()))
        if not dry_run and left_over(result):
            click.get_current_context().exit(UNSOUND)

    def _named(self, portal: Habilitation, agent: OperatorAgent, request: Any) -> dict[str, Any]:
        """What the sentences speak of: what was typed, and the organization by its name."""
        organization = getattr(request, "organization", None)
        name = name_of(portal, organization, agent) if organization else self.typed.get("name", "")
        return {**self.typed, "organization": name}

    def _tell(self, result: object, named: dict[str, Any], dry_run: bool, data: dict[str, Any]) -> None:
        if self.asked.as_json:
            print_json({"command": self.path, "dry_run": dry_run, **data})
            return
        speech = self.asked.speech
        said = self._sentence("done", {**named, **counts(result)})
        lines = [speech.say("rehearsed", said=said) if dry_run else said, *_left(result, speech)]
        for line in lines:
            console().print(line, soft_wrap=True)

    def _sentence(self, section: str, named: Mapping[str, Any]) -> str:
        return str(self.asked.speech.own[section][self.path]).format(**named)


def confirm(speech: Speech, question: str) -> None:
    """Go on after a yes only; where nobody can be asked, refuse."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise NotConfirmed()
    print(speech.say("sure", question=question), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in YES:
        print(speech.say("nothing-done"), file=sys.stderr)
        raise click.Abort


def _left(result: Any, speech: Speech) -> list[str]:
    """What could not be done to some, and what is left to do, a line each."""
    match result:
        case (*outcomes,):
            return [speech.say("not-forced", user=one.user, code=one.refused) for one in outcomes if one.refused]
        case ErasedDue(refused=refused, more=more, residue=residue):
            lines = [
                speech.say("not-erased", id=user or organization, refusal=speech.refusal(why))
                for organization, user, why in refused
            ]
            return [*lines, *([speech.say("more-due")] if more else []), *_traces(residue, speech)]
        case ErasedPerson(residue=residue):
            return _traces(residue, speech)
    return []


def _traces(residue: Refusal | None, speech: Speech) -> list[str]:
    return [speech.say("residue", refusal=speech.refusal(residue))] if residue else []
