"""Tables for people to read; the users' has the columns of the guide (R36)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from habilitation.adapters.assembly import spoken
from habilitation.adapters.cli.speech import Speech
from habilitation.domain.authority import ON_A_USER, Act
from habilitation.domain.user import Status
from habilitation.use_cases.views import MembershipView, UserView

SIGNS: Mapping[Act, str] = {
    Act.MODIFY: "✎",
    Act.CLOSE: "✕",
    Act.REOPEN: "↺",
    Act.REMOVE: "−",
    Act.GRANT: "+",
    Act.GENERALIZE: "»",
    Act.DELEGATE: "★",
    Act.REVOKE: "☆",
}
"""One sign for each act that a row may offer: the guide's own ✓ and ✕ say too little."""

assert SIGNS.keys() == ON_A_USER.keys(), "every act on a user has its sign"

ONE_LINE = 130
"""Columns from which an e-mail address stands on one line of the table of users."""

STYLES: Mapping[Status, str] = {Status.OPEN: "green", Status.PENDING: "yellow", Status.CLOSED: "dim"}


def plain_table(*columns: str) -> Table:
    """An empty table with these columns."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def users_table(users: Iterable[UserView], speech: Speech, columns: int) -> Table:
    """The guide's table of users, with the acts allowed on each row to whoever looks."""
    names = ("login", "last_name", "first_name", "email", "phone", "opening", "closing", "status")
    table = plain_table(*map(speech.words.label, names), speech.say("acts"))
    for user in users:
        table.add_row(*_cells(user, speech, "@" if columns >= ONE_LINE else "@\n"))
    return table


def _cells(user: UserView, speech: Speech, at: str) -> list[str | Text]:
    person = user.person
    email = person.email.text.replace("@", at) if person else ""
    named = [person.last_name.text, person.first_name.text, email] if person else ["", "", ""]
    return [
        user.login.text if user.login else "",
        *named,
        spoken(person.phone) if person and person.phone else "",
        speech.day(user.opening),
        speech.day(user.closing),
        Text(speech.words.status(user.status), STYLES[user.status]),
        " ".join(SIGNS[act] for act in user.acts),
    ]


def legend(users: Iterable[UserView], speech: Speech) -> str:
    """What the signs of these rows mean."""
    offered = {act for user in users for act in user.acts}
    spelled = (f"{sign} {speech.words.act(act).lower()}" for act, sign in SIGNS.items() if act in offered)
    return speech.say("legend", acts=speech.listed(spelled))


def who_leads(users: Iterable[UserView], speech: Speech) -> list[str]:
    """The administrator and the managers among them."""
    users = list(users)
    held = [speech.say("held-by", name=full_name(user)) for user in users if user.administrator]
    return held + [speech.say("managed-by", name=full_name(user)) for user in users if user.manages]


def full_name(user: UserView) -> str:
    return user.person.full_name if user.person else user.id


def user_as_data(user: UserView) -> dict[str, Any]:
    """The user for a program: codes, and days as ISO 8601 writes them."""
    person = user.person
    return {
        "id": user.id,
        "login": user.login.text if user.login else None,
        "last_name": person.last_name.text if person else None,
        "first_name": person.first_name.text if person else None,
        "email": person.email.text if person else None,
        "phone": person.phone.e164 if person and person.phone else None,
        "opening": user.opening.isoformat(),
        "closing": _iso(user.closing),
        "status": user.status.value,
        "mobile": user.mobile,
        "administrator": user.administrator,
        "agreement": user.agreement,
        "groups": [_membership_as_data(held) for held in user.memberships],
        "manages": _scope_as_data(user),
        "acts": [act.value for act in user.acts],
    }


def _membership_as_data(held: MembershipView) -> dict[str, Any]:
    return {
        "membership": held.number,
        "agreement": held.place.agreement,
        "group": held.place.group,
        "label": held.group,
        "opening": held.opening.isoformat(),
        "closing": _iso(held.closing),
        "waiting": held.waiting,
    }


def _scope_as_data(user: UserView) -> str | Sequence[Mapping[str, str]] | None:
    if user.manages is None:
        return None
    if user.manages.places is None:
        return "all"
    return [{"agreement": place.agreement, "group": place.group} for place in sorted(user.manages.places, key=str)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
