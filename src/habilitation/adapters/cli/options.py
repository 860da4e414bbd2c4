"""From the fields of a request to arguments and options, and from what was typed back to the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import click
from attrs import NOTHING, Attribute, frozen

from habilitation.adapters.cli.finding import agreement_named, credential_of, organization_named, user_named
from habilitation.adapters.cli.operator_acts import OperatorAct
from habilitation.application import Habilitation
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.period import Dates
from habilitation.domain.requests import Reason
from habilitation.domain.values import AgreementId, OrganizationId, UserId


class CivilDay(click.ParamType[date]):
    """A day as ISO 8601 writes it (R15)."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            self.fail(f"{value!r} is no day such as 2026-11-22.", param, ctx)
        return day


HELP: Mapping[str, tuple[str, str]] = {
    "organization": ("ORGANIZATION", "Its SIRET, id or name."),
    "siret": ("SIRET", "The organization's fourteen digits."),
    "name": ("NAME", "What people call it."),
    "contact": ("E-MAIL", "Where what is for the organization is sent by mail."),
    "postal": ("LINE", "Where its first credentials are sent by post, a line at a time: may be repeated."),
    "agreement": ("AGREEMENT", "The agreement's reference, or its id."),
    "reference": ("REFERENCE", "What the agreement will be known by."),
    "services": ("CODE", "A service; may be repeated."),
    "groups": ("CODE", "An access group; may be repeated."),
    "group": ("GROUP", "An access group's code."),
    "code": ("CODE", "The service's or the group's code, such as AFAS-DEC."),
    "service": ("CODE", "The service that it is of."),
    "label": ("TEXT", "What people read."),
    "permissions": ("PERMISSION", "What it gives; may be repeated."),
    "needs_document": ("", "Whether members wait for a role assignment, on a supporting document."),
    "user": ("USER", "A login, or an id."),
    "incoming": ("USER", "Who takes the seat: a login, or an id."),
    "close_former": ("", "Close the former administrator's account."),
    "end_delegations": ("", "End the managers' delegations."),
    "membership": ("NUMBER", "The membership's number, as `habilitation user waiting` prints it."),
    "document": ("REFERENCE", "The reference of the supporting document."),
    "size": ("NUMBER", "How many at most."),
    "reason": ("CODE", "Why, as a code: the journal keeps it."),
    "note": ("TEXT", "Why, in words: kept beside the journal, and erasable."),
    "opening": ("DAY", "The first day, such as 2026-11-22."),
    "closing": ("DAY", "The first day without access, such as 2026-12-31."),
}
"""For each field: how its value is called in a line of help, and what it is."""
LEFT_OUT = "Not needed if there is only one."


def parameters(act: OperatorAct) -> list[click.Parameter]:
    """What the command is told: what is named on the line, then the options."""
    named = [click.Argument([name], metavar=HELP[name][0]) for name in act.named]
    others = (field for name, field in act.fields.items() if name not in act.named)
    return [*named, *(option for attribute, hint in others for option in _options(attribute, hint))]


def _options(field: Attribute[Any], hint: Any) -> Iterator[click.Option]:
    required = field.default is NOTHING
    match bare(hint):
        case kind if kind is Dates:
            yield _option("opening", type=CivilDay())
            yield _option("closing", type=CivilDay())
        case kind if kind is Reason:
            yield _option("reason", required=required)
            yield _option("note", default="")
        case kind if kind is bool and hint is bool:
            yield click.Option([_flag(field.name)], is_flag=True, help=HELP[field.name][1])
        case kind if kind is bool:
            flags = f"{_flag(field.name)}/{_flag('no_' + field.name)}"
            yield click.Option([flags], default=None, help=HELP[field.name][1])
        case kind if kind is OrganizationId:
            left_out = LEFT_OUT if field.default is NOTHING else "All of them if left out."
            yield _option(field.name, help=f"{HELP[field.name][1]} {left_out}")
        case kind if kind is int:
            default = None if required else field.default
            yield _option(field.name, type=int, required=required, default=default, show_default=not required)
        case kind if get_origin(kind) is tuple:
            yield _option(field.name, _flag(field.name.removesuffix("s")), required=required, multiple=True)
        case _:
            yield _option(field.name, required=required)


def explained(act: OperatorAct) -> list[str]:
    """What is named on the line, a sentence each."""
    return ["{}: {}".format(*HELP[name]) for name in act.named]


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _option(name: str, flag: str | None = None, **more: Any) -> click.Option:
    metavar, help = HELP[name]
    return click.Option([flag or _flag(name), name], **{"metavar": metavar, "help": help, **more})


def bare(hint: Any) -> Any:
    """The type that is asked for, where it may be left out."""
    if get_origin(hint) is UnionType:
        [hint] = (each for each in get_args(hint) if each is not NoneType)
    return hint


@frozen
class Reader:
    """Reads what was typed, in one portal."""

    portal: Habilitation
    agent: OperatorAgent
    typed: Mapping[str, Any]

    def request(self, act: OperatorAct) -> Any:
        """The request, of what was typed; what was left out is as the request has it."""
        values = {name: self._value(name, hint) for name, (_, hint) in act.fields.items()}
        return act.request(**{name: value for name, value in values.items() if value is not None})

    def _value(self, name: str, hint: Any) -> Any:
        kind, typed = bare(hint), self.typed.get(name)
        left_out = typed is None or typed == ()
        if left_out and kind is not hint:
            return None
        return _READ[kind](self, typed) if kind in _READ else typed

    def organization(self, typed: str | None) -> OrganizationId:
        """The one that is named; a user's login says which, too."""
        if typed is None and "user" in self.typed:
            credential = credential_of(self.portal, self.typed["user"])
            if credential:
                return credential.organization
        return organization_named(self.portal, typed, self.agent)

    def agreement(self, typed: str) -> AgreementId:
        organization = self.organization(self.typed["organization"])
        return agreement_named(self.portal, organization, typed, self.agent).id

    def user(self, typed: str) -> UserId:
        return user_named(self.portal, typed)

    def dates(self, _: object) -> Dates:
        return Dates(self.typed["opening"], self.typed["closing"])

    def reason(self, typed: str) -> Reason:
        return Reason(typed, self.typed["note"])


_READ: Mapping[Any, Callable[[Reader, Any], Any]] = {
    OrganizationId: Reader.organization,
    AgreementId: Reader.agreement,
    UserId: Reader.user,
    Dates: Reader.dates,
    Reason: Reader.reason,
}
"""What is more than the text itself."""
