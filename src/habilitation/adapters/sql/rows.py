"""Entities as rows, and rows as entities: exactly, both ways.

A row to insert has its table's columns in order. Rows that are read have the columns that ``statements`` selects.
Nothing here decides anything, nor checks what was valid when it was stored.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import starmap
from typing import Any

from habilitation.domain.actors import Side
from habilitation.domain.email_change import EmailChange, EmailState
from habilitation.domain.folding import folded
from habilitation.domain.journal import Entry
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    FirstCredentials,
    GroupState,
    OpenedGroup,
    Organization,
    OrganizationState,
    Seat,
    SeatState,
)
from habilitation.domain.period import Term
from habilitation.domain.refusals import DatabaseDamaged
from habilitation.domain.scope import ALL_GROUPS, Scope
from habilitation.domain.user import Account, Delegation, Membership, User
from habilitation.domain.values import (
    AgreementId,
    EmailAddress,
    GroupCode,
    OrganizationId,
    Particulars,
    Person,
    PersonName,
    PhoneNumber,
    Place,
    PostalAddress,
    Siret,
    UserId,
)

Row = tuple[Any, ...]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_HAND = 8192
"""How many terms and places are kept to be shared: a membership mostly has its account's term."""
NOBODY: Row = (None, None, None, None, None, None, None, None, None, "", "", "")
NO_DELEGATION: Row = (None, None, None, None, None)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def micros(at: datetime) -> int:
    """The instant in whole microseconds since 1970, in UTC."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(stored: int) -> datetime:
    """The instant, in UTC, that was stored as that many microseconds."""
    return EPOCH + timedelta(0, 0, stored)


def micros_or_none(at: datetime | None) -> int | None:
    """The same as ``micros``, where there may be no instant."""
    return None if at is None else micros(at)


def instant_or_none(stored: int | None) -> datetime | None:
    """The same as ``instant``, where there may be none."""
    return None if stored is None else instant(stored)


# Journals


def entry(row: Row) -> Entry:
    """An entry of a journal; a column of another kind than the library writes was written by somebody else."""
    sequence, at, body, hash = row
    if (type(sequence), type(at), type(body), type(hash)) != (int, int, bytes, str):
        raise DatabaseDamaged("an entry of a journal cannot be read")
    return Entry(sequence, instant(at), body, hash)


# Terms and delegations


def term_row(term: Term) -> Row:
    """Four columns: the instants, and the days that they were given as."""
    closing = term.closing
    return (
        micros(term.start),
        micros_or_none(term.end),
        term.opening.isoformat(),
        None if closing is None else closing.isoformat(),
    )


@lru_cache(maxsize=AT_HAND)
def term(starts: int, ends: int | None, opens: str, closes: str | None) -> Term:
    """The term that those four columns hold."""
    closing = None if closes is None else date.fromisoformat(closes)
    return Term(instant(starts), instant_or_none(ends), date.fromisoformat(opens), closing)


def _account_row(account: Account) -> Row:
    held = account.delegation
    if held is None:
        return term_row(account.term) + NO_DELEGATION
    return (*term_row(account.term), _scope_text(held.scope), *term_row(held.term))


def _scope_text(scope: Scope) -> str:
    if scope.places is None:
        return "null"
    return _json(sorted([place.agreement, place.group] for place in scope.places))


def _delegation(scope: str | None, *terms: Any) -> Delegation | None:
    if scope is None:
        return None
    places = json.loads(scope)
    if places is None:
        return Delegation(ALL_GROUPS, term(*terms))
    return Delegation(Scope(frozenset(starmap(_place, places))), term(*terms))


# Users: the latest account period stands in the user's own row, earlier ones and memberships in tables beside


def user_row(user: User) -> Row:
    """The columns of a user that follow its key, up to the person's."""
    sides = " ".join(sorted(side.value for side in user.suspended)) if user.suspended else ""
    interruptions = _json([micros(at) for at in user.interruptions]) if user.interruptions else "[]"
    standing = (user.removed, user.erased, sides, interruptions)
    account = (len(user.accounts), *_account_row(user.accounts[-1]))
    return (user.agreement, user.mobile, *standing, *account, _change_text(user.email_change), user.address)


def _change_text(change: EmailChange | None) -> str | None:
    return None if change is None else _json([change.number, change.own, change.state.value])


def _change(text: str | None) -> EmailChange | None:
    if text is None:
        return None
    number, own, state = json.loads(text)
    return EmailChange(number, own, EmailState(state))


def person_row(person: Person) -> Row:
    """The columns of a user that tell who it is, and the folded ones by which lists are ordered and searched."""
    last_name, first_name, email = person.last_name.text, person.first_name.text, person.email
    phone = None if person.phone is None else person.phone.e164
    keys = (folded(last_name), folded(first_name), folded(email.text))
    others = (*_email_row(person.wanted), *_email_row(person.former))
    return (last_name, first_name, email.text, email.normal, phone, *others, *keys)


def _email_row(email: EmailAddress | None) -> Row:
    return (None, None) if email is None else (email.text, email.normal)


def past_rows(organization: OrganizationId, user: User) -> list[Row]:
    """A row for each account period before the latest."""
    return [
        (organization, user.id, number, *_account_row(account))
        for number, account in enumerate(user.accounts[:-1], start=1)
    ]


def membership_rows(organization: OrganizationId, user: User) -> list[Row]:
    """A row for each membership, of whatever account period."""
    return [
        (
            organization,
            user.id,
            held.number,
            number,
            held.place.agreement,
            held.place.group,
            *term_row(held.term),
            held.waiting,
            micros_or_none(held.assigned),
        )
        for number, account in enumerate(user.accounts, start=1)
        for held in account.memberships
    ]


def users(kept: Iterable[Row], past: Iterable[Row], held: Iterable[Row]) -> list[User]:
    """Users, in the order of their rows, out of them, their past account periods and their memberships."""
    memberships: defaultdict[tuple[str, int], list[Membership]] = defaultdict(list)
    for row in held:
        memberships[row[0], row[1]].append(_membership(row))
    before: defaultdict[str, list[Account]] = defaultdict(list)
    for row in past:
        before[row[0]].append(_account(row[2:], memberships[row[0], row[1]]))
    return [_user(row, before[row[0]], memberships[row[0], row[7]]) for row in kept]


def _user(row: Row, past: list[Account], memberships: list[Membership]) -> User:
    accounts = (*past, _account(row[8:17], memberships))
    if not row[5] and row[6] == "[]" and row[17] is None:
        return User(row[0], row[1], bool(row[2]), accounts, bool(row[3]), bool(row[4]))
    sides, interruptions = frozenset(map(Side, row[5].split())), tuple(map(instant, json.loads(row[6])))
    standing = (bool(row[3]), bool(row[4]), sides, interruptions, _change(row[17]), row[18])
    return User(row[0], row[1], bool(row[2]), accounts, *standing)


def _account(period: Row, memberships: list[Membership]) -> Account:
    return Account(term(*period[:4]), tuple(memberships), _delegation(*period[4:]))


def _membership(row: Row) -> Membership:
    _, _, number, agreement, group, starts, ends, opens, closes, waiting, assigned = row
    period = term(starts, ends, opens, closes)
    return Membership(number, _place(agreement, group), period, bool(waiting), instant_or_none(assigned))


@lru_cache(maxsize=AT_HAND)
def _place(agreement: AgreementId, group: GroupCode) -> Place:
    return Place(agreement, group)


def person(
    last_name: str | None, first_name: str, email: str, normal: str, phone: str | None, *others: str | None
) -> Person | None:
    """Who a user is; None where that was never told."""
    if last_name is None:
        return None
    number = None if phone is None else PhoneNumber(phone)
    wanted, former = _email(*others[:2]), _email(*others[2:])
    return Person(PersonName(last_name), PersonName(first_name), EmailAddress(email, normal), number, wanted, former)


def _email(text: str | None = None, normal: str | None = None) -> EmailAddress | None:
    return None if text is None or normal is None else EmailAddress(text, normal)


# Organizations


def particulars_row(of: Particulars) -> Row:
    """What identifies an organization; an address that it does not have is empty."""
    mail = ("", "") if of.contact is None else (of.contact.text, of.contact.normal)
    return (of.siret.digits, of.name, *mail, of.postal.text if of.postal else "", folded(of.name))


def particulars(siret: str, name: str, contact: str, normal: str, postal: str) -> Particulars:
    """The same, from its columns."""
    email = EmailAddress(contact, normal) if contact else None
    return Particulars(Siret(siret), name, email, PostalAddress(tuple(postal.split("\n"))) if postal else None)


def standing_row(organization: Organization) -> Row:
    """The columns of an organization that tell how it stands, and its seat."""
    seat = organization.seat
    standing = (organization.state.value, micros_or_none(organization.since), organization.control.value)
    issued = seat.first_credentials
    if issued is None:
        return (*standing, seat.state.value, seat.holder, None, None)
    return (*standing, seat.state.value, seat.holder, issued.user, micros(issued.expires))


def agreement_rows(organization: Organization) -> list[Row]:
    """A row for each agreement."""
    return [
        (
            organization.id,
            agreement.id,
            agreement.reference,
            agreement.name,
            agreement.state.value,
            micros(agreement.since),
            *term_row(agreement.term),
            _json(agreement.services),
        )
        for agreement in organization.agreements.values()
    ]


def group_rows(organization: Organization) -> list[Row]:
    """A row for each group that an agreement opens."""
    return [
        (organization.id, agreement.id, group, opened.state.value, micros(opened.since))
        for agreement in organization.agreements.values()
        for group, opened in agreement.groups.items()
    ]


def organization(id: OrganizationId, standing: Row, agreements: Iterable[Row], groups: Iterable[Row]) -> Organization:
    """The organization out of its row, those of its agreements and of the groups that they open."""
    opened: defaultdict[str, dict[Any, OpenedGroup]] = defaultdict(dict)
    for agreement, group, group_state, since in groups:
        opened[agreement][group] = OpenedGroup(GroupState(group_state), instant(since))
    state, stood, control, *seat = standing
    return Organization(
        id,
        _seat(*seat),
        {row[0]: _agreement(row, opened[row[0]]) for row in agreements},
        OrganizationState(state),
        instant_or_none(stood),
        Control(control),
    )


def _seat(state: str, holder: Any, claimant: UserId | None, expires: int | None) -> Seat:
    issued = None if claimant is None or expires is None else FirstCredentials(claimant, instant(expires))
    return Seat(SeatState(state), holder, issued)


def _agreement(row: Row, groups: dict[Any, OpenedGroup]) -> Agreement:
    id, reference, name, state, since, *dates, services = row
    opened = tuple(json.loads(services))
    return Agreement(id, reference, name, AgreementState(state), instant(since), term(*dates), opened, groups)
