"""Forms as data: for each use case what a person fills in, in French or in English, for front ends of one's own.

What is asked is read from the one declaration of the request; of each field a form says how it is called, how it is
typed and what may be chosen. A field inside another one is named with a dot: ``dates.opening``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, get_args, get_origin

from attrs import Factory, evolve, frozen, has

from habilitation.adapters.asgi.declared import Declared, bare, declared, declared_fields
from habilitation.adapters.asgi.forms import NESTED, Field, Format, field
from habilitation.adapters.assembly import texts
from habilitation.domain.organization import AgreementState, GroupState
from habilitation.domain.security import LineKind
from habilitation.domain.user import Status
from habilitation.domain.values import AgreementId, GroupCode, MessageId, OrganizationId, Place, ServiceCode, UserId


@frozen
class Choice:
    """One of those that a field offers."""

    value: str | bool
    label: str


@frozen
class Source:
    """A question whose answer has what may be chosen; the parts of its places are names, one inside the other.

    ``items.groups.code`` is the code of each group of each item.
    """

    query: str
    """Its code, such as ``list-agreements``."""
    value: str
    """Where what is sent stands."""
    label: tuple[str, ...]
    """Where what people read stands; of several, one after the other."""
    within: str
    """The field by whose choice they stand inside it: groups, inside an agreement. Empty if all may be chosen."""
    only: Mapping[str, str] = Factory(dict)
    """What else must stand where: only what is in force is offered where something is given (R2)."""


@frozen
class DescribedField:
    """Something to fill in."""

    name: str
    label: str
    format: Format
    required: bool
    several: bool
    """Whether any number of them may be given."""
    most: int | None
    """The longest text that is read."""
    confirms: str | None
    """The field that it repeats (R10)."""
    hint: str
    """A line for whoever types; empty if there is none."""
    default: str | int | bool | None
    """What counts where nothing is given; None where that is nothing, or not a single value."""
    choices: tuple[Choice, ...]
    source: Source | None
    """Where what may be chosen is found, if it is not one of ``choices``."""
    autocomplete: str
    """What a browser may fill in about whoever types (HTML's ``autocomplete``); empty if it is about somebody else."""


@frozen
class Form:
    """What to fill in for a use case."""

    act: str
    """Its code: ``create-user``."""
    title: str
    submit: str
    """What stands on the button."""
    fields: tuple[DescribedField, ...]

    def without(self, *names: str) -> Form:
        """The same, less what is known already, such as the organization; inner fields go with their outer one."""
        left = (each for each in self.fields if not {each.name, each.name.partition(".")[0]} & set(names))
        return evolve(self, fields=tuple(left))


@cache
def form(use_case: type, language: str) -> Form:
    """The form of that use case, in ``fr`` or ``en``."""
    asked, words = declared(use_case), own_words(language)
    drawn = (each for declaration in asked.fields.values() for each in drawing(declaration))
    pen = _Pen(asked.code, language, words)
    submit = words["submit"].get(asked.code, words["submit"]["any"])
    return Form(asked.code, words["title"][asked.code], submit, tuple(map(pen.described, drawn)))


@cache
def own_words(language: str) -> Mapping[str, Mapping[str, str]]:
    """The catalog beside this file."""
    return tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))


# What is drawn


@frozen
class Drawn:
    """A field, and where it stands in the request."""

    path: str
    field: Field
    kind: Any
    """The type of what is given, or of each of them."""
    several: bool
    default: str | int | bool | None = None


def drawing(asked: Declared, outer: str = "", required: bool = True) -> Iterator[Drawn]:
    """The field; or those inside it, which must be given only if it must."""
    path, needed = f"{outer}{asked.name}", required and asked.required
    kind, several = _item(asked.bare)
    nested = NESTED.get(kind, {})
    if has(kind) and not several:
        for name, inner in declared_fields(kind).items():
            if name in nested:
                own = evolve(nested[name], required=needed and nested[name].required)
                yield Drawn(f"{path}.{name}", own, *_item(inner.bare))
            else:
                yield from drawing(inner, f"{path}.", needed)
    else:
        yield Drawn(path, evolve(field(asked), required=needed), kind, several, _simple(asked.default))


def _simple(default: Any) -> str | int | bool | None:
    return default if isinstance(default, str | int) and default != "" else None


def _item(kind: Any) -> tuple[Any, bool]:
    """What is given, and whether any number of it may be."""
    several = get_origin(kind) in (tuple, frozenset)
    return (bare(get_args(kind)[0]), True) if several else (kind, False)


# What is said of it

TYPED_TWICE = frozenset({"email_confirmation"})
"""What a program leaves out and a person must type (R10)."""
IN_FORCE = {"items.state": AgreementState.VALIDATED.value}
OPEN = IN_FORCE | {"items.groups.state": GroupState.OPEN.value}
AGREEMENTS = Source("list-agreements", "items.id", ("items.name",), "")
GROUPS = Source("list-agreements", "items.groups.code", ("items.groups.label",), "agreement", OPEN)
SOURCES: Mapping[Any, Source | None] = {
    OrganizationId: Source("list-organizations", "items.id", ("items.name",), ""),
    AgreementId: AGREEMENTS,
    GroupCode: GROUPS,
    Place: GROUPS,
    ServiceCode: Source("show-catalog", "services.code", ("services.label",), ""),
    UserId: Source("list-users", "items.id", ("items.person.last_name", "items.person.first_name"), ""),
    MessageId: Source("list-dead-letters", "items.id", ("items.kind",), ""),
    "create-user.agreement": evolve(AGREEMENTS, only=IN_FORCE),
    "add-to-group.agreement": evolve(AGREEMENTS, only=IN_FORCE),
    "open-agreement.groups": Source("show-catalog", "groups.code", ("groups.code",), ""),  # no agreement has them yet
    "sign-in-externally.organization": None,  # its own first answer has those that may be chosen
}
"""Where what may be chosen is found, by the act's own field or by what it is; a code that is being defined is typed."""
ONE_S_OWN = frozenset(
    {
        "sign-in",
        "claim-administrator",
        "choose-password",
        "change-own-password",
        "choose-password-by-link",
        "change-own-details",
        "forgot-password",
        "forgot-login",
    }
)
"""The forms that people fill in about themselves."""
AUTOCOMPLETE: Mapping[str, str] = {
    "login": "username",
    "last_name": "family-name",
    "first_name": "given-name",
    "email": "email",
    "phone": "tel",
    "password": "new-password",
    "current": "current-password",
    "sign-in.password": "current-password",
}


@frozen
class _Pen:
    """Says everything of the fields of one act, in one language."""

    act: str
    language: str
    words: Mapping[str, Mapping[str, str]]

    def described(self, drawn: Drawn) -> DescribedField:
        path, own = drawn.path, drawn.field
        choices = self._choices(path, drawn.kind)
        source = None if path == "code" else SOURCES.get(f"{self.act}.{path}", SOURCES.get(drawn.kind))
        offered = bool(choices or source)
        return DescribedField(
            path,
            self._said(self.words["label"], path) or texts(self.language).label(path.rpartition(".")[2]),
            _format(drawn, offered),
            own.required or path in TYPED_TWICE,
            drawn.several,
            None if offered else own.most,
            own.confirms,
            self._said(self.words["hint"], path),
            drawn.default,
            choices,
            source,
            self._said(AUTOCOMPLETE, path) if self.act in ONE_S_OWN else "",
        )

    def _said(self, said: Mapping[str, str], path: str) -> str:
        """What is said of this act's field, else of any field there, else of any field of that name."""
        places = (f"{self.act}.{path}", path, path.rpartition(".")[2])
        return next((said[each] for each in places if each in said), "")

    def _choices(self, path: str, kind: Any) -> tuple[Choice, ...]:
        words = texts(self.language)
        if path == "mobile":
            return Choice(False, words.label("fixed")), Choice(True, words.label("mobile"))
        if kind is Status:
            return tuple(Choice(status.value, words.status(status)) for status in Status)
        if kind is LineKind:
            return tuple(Choice(kind.value, self.words["line-kind"][kind.value]) for kind in LineKind)
        return ()


def _format(drawn: Drawn, offered: bool) -> Format:
    """What nothing is offered for is typed."""
    if drawn.kind is Place:
        return Format.PLACES
    if offered:
        return Format.SEVERAL if drawn.several else Format.ONE
    typed = drawn.field.format in (Format.ONE, Format.SEVERAL) or drawn.path == "acknowledged"
    return Format.TEXT if typed else drawn.field.format
