"""Tables for people to read; the users' has the columns of the guide (R36)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from habilitation.adapters.assembly import spoken
from habilitation.adapters.cli.speech import Speech
from habilitation.domain.acts import ON_A_USER, Act
from habilitation.use_cases.views import MembershipView, UserView

SIGNS: Mapping[Act, str] = {
    Act.MODIFY: "✎",
    Act.CLOSE: "✕",
    Act.REOPEN: "↺",
    Act.REMOVE: "⌫",
    Act.SUSPEND: "‖",
    Act.REINSTATE: "▷",
    Act.ERASE: "∅",
    Act.GRANT: "+",
    Act.GENERALIZE: "»",
    Act.DELEGATE: "★",
    Act.REVOKE: "☆",
    Act.UNLOCK: "⚿",
    Act.CHANGE_EMAIL: "✉",
}
"""One sign for each act that a row may offer: the guide's own ✓ and ✕ say too little."""

assert list(SIGNS) == list(ON_A_USER), "every act on a user has its sign"


def plain_table(*columns: str) -> Table:
    """An empty table with these columns."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


COLUMNS = ("login", "last_name", "first_name", "email", "phone", "opening", "closing", "status", "acts")
STACKED = (("login", "status"), ("last_name", "first_name"), ("email", "phone"), ("opening", "closing"), ("acts",))
"""Which of them share a column where nothing else fits."""
FLOWING = ("last_name", "first_name", "email")
ROOMY, NARROW = 140, 100
"""How wide it must be for each cell to stand on one line, and for each column of the guide to stand alone."""
SHORT = 8
"""What no cell needs to break for."""
LONGEST_HALF = 18
"""What half an address may claim where there is no room."""


def users_table(users: Iterable[UserView], speech: Speech, width: int) -> Table:
    """The guide's table of users, with the acts allowed on each row to whoever looks; nothing is cut at any width."""
    headers = {name: speech.words.label(name) for name in COLUMNS} | {"acts": speech.say("acts")}
    rows = [_cells(user, speech) for user in users]
    if width < NARROW:
        return _stacked(headers, rows)
    if width < ROOMY:
        headers, rows = _broken(headers), [_broken(row) for row in rows]
    table = plain_table(*headers.values())
    for column, name in zip(table.columns, COLUMNS, strict=True):
        column.no_wrap = name not in FLOWING
    if width < ROOMY:
        table.padding = (0, 0)
        table.columns[COLUMNS.index("email")].min_width = min(LONGEST_HALF, max(map(_address_width, rows), default=0))
    for row in rows:
        table.add_row(*row.values())
    return table


def _cells(user: UserView, speech: Speech) -> dict[str, str]:
    person = user.person
    return {
        "login": user.login.text if user.login else "",
        "last_name": person.last_name.text if person else "",
        "first_name": person.first_name.text if person else "",
        "email": person.email.text if person else "",
        "phone": spoken(person.phone) if person and person.phone else "",
        "opening": speech.day(user.opening),
        "closing": speech.day(user.closing),
        "status": speech.words.status(user.status),
        "acts": " ".join(SIGNS[act] for act in user.acts),
    }


def _stacked(headers: dict[str, str], rows: Iterable[dict[str, str]]) -> Table:
    table = plain_table(*("\n".join(headers[name] for name in names) for names in STACKED))
    for row in rows:
        cells = row | {"email": _broken(row)["email"]}
        table.add_row(*("\n".join(cells[name] for name in names) for names in STACKED))
    return table


def _broken(row: Mapping[str, str]) -> dict[str, str]:
    """Cells broken where people would break them: an address after its @, a name nowhere."""
    broken = {name: text if name in FLOWING else _in_lines(text) for name, text in row.items()}
    return broken | {"email": row["email"].replace("@", "@\n")}


def _address_width(row: Mapping[str, str]) -> int:
    return max(map(len, row["email"].splitlines()), default=0)


def _in_lines(text: str) -> str:
    """The text on two lines, broken at the space that leaves them the most alike."""
    breaks = [place for place, character in enumerate(text) if character == " "]
    if not breaks or len(text) < SHORT:
        return text
    middle = min(breaks, key=lambda place: max(place, len(text) - place - 1))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def legend(users: Iterable[UserView], speech: Speech) -> list[str]:
    """What the signs of these rows mean, if there are any."""
    offered = {act for user in users for act in user.acts}
    spelled = [f"{sign} {speech.words.act(act).lower()}" for act, sign in SIGNS.items() if act in offered]
    return [speech.say("legend", acts=", ".join(spelled))] if spelled else []


def who_leads(users: Iterable[UserView], speech: Speech) -> list[str]:
    """The administrator and the managers among them."""
    users = list(users)
    held = [speech.say("held-by", name=full_name(user)) for user in users if user.administrator]
    return held + [speech.say("managed-by", name=full_name(user)) for user in users if user.manages]


def full_name(user: UserView) -> str:
    """The user's name, or the id of one who was erased."""
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
