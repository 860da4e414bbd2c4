"""What the command line refuses by itself, and the exit status of every kind of refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import define

from habilitation.domain.refusals import Kind, Refusal

UNSOUND = 1
"""What was looked at does not hold: a journal, a message that was given up."""

EXIT_STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 2,
    Kind.UNAUTHENTICATED: 3,
    Kind.FORBIDDEN: 4,
    Kind.MISSING: 5,
    Kind.CONFLICT: 6,
    Kind.EXPIRED: 7,
    Kind.BUSY: 8,
    Kind.UNAVAILABLE: 9,
    Kind.OUTCOME_UNKNOWN: 10,
}


@define(slots=False)
class ArgumentRefused(Refusal):
    """An argument that the command cannot read."""

    code: ClassVar[str] = "argument-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "{problem}"

    problem: str


@define(slots=False)
class DatabaseMissing(Refusal):
    """Only the demonstration makes a database: anywhere else its name was mistyped."""

    code: ClassVar[str] = "database-missing"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "There is no database at {url}."

    url: str


@define(slots=False)
class OrganizationNotNamed(Refusal):
    """The database holds several organizations."""

    code: ClassVar[str] = "organization-not-named"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "Say which organization, with --organization: its SIRET, its id, or its name."


@define(slots=False)
class OrganizationsMissing(Refusal):
    """Nothing has been opened in the database yet, or it is another than was meant."""

    code: ClassVar[str] = "organizations-missing"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "This database holds no organization."


@define(slots=False)
class OrganizationAmbiguous(Refusal):
    """Several organizations have that name."""

    code: ClassVar[str] = "organization-ambiguous"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "Several organizations are called {name}: name one by its SIRET or its id."

    name: str


@define(slots=False)
class AgreementAmbiguous(Refusal):
    """One agreement's reference is the id of another."""

    code: ClassVar[str] = "agreement-ambiguous"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = (
        "Several agreements are called {reference}: name one by what is its alone, reference or id."
    )

    reference: str


@define(slots=False)
class NotConfirmed(Refusal):
    """What cannot be undone is done after a yes only: here there is nobody to ask."""

    code: ClassVar[str] = "not-confirmed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This cannot be undone, and there is no terminal to ask at: confirm with --yes."


@define(slots=False)
class PlayedAlready(Refusal):
    """The demonstration opens its organizations, which are there already."""

    code: ClassVar[str] = "played-already"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This database has been played in already: name a new file."


@define(slots=False)
class MessageMissing(Refusal):
    """The demonstration reads its passwords in the mail, and cannot go on without."""

    code: ClassVar[str] = "message-missing"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The demonstration stops: a message that it waits for was not delivered ({problem})."

    problem: str


@define(slots=False)
class NotRefused(Refusal):
    """What should have been refused was done: the data that was passed cannot play these guides."""

    code: ClassVar[str] = "not-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The demonstration stops: what should have been refused ({expected}) was not."

    expected: str


@define(slots=False)
class OperatorOnly(Refusal):
    """Delivering is the operator's."""

    code: ClassVar[str] = "operator-only"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "Only the operator may do this: use --as operator:AGENT."
