"""Messages leave: secrets are made up at the last moment, and failures stay visible (R12, R13, R20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, frozen

from habilitation.domain.actors import Actor
from habilitation.domain.credential import Credential
from habilitation.domain.limits import Limits
from habilitation.domain.link import Link, proof
from habilitation.domain.messages import (
    FIRST_KINDS,
    LINK_KINDS,
    LOGIN_KINDS,
    PASSWORD_KINDS,
    Desk,
    Letter,
    Message,
    MessageKind,
    address_of,
    contact_address,
)
from habilitation.domain.organization import Organization, OrganizationState
from habilitation.domain.refusals import ClockBehind, Conflict, MessageNotDead, MessageUnknown, Refusal
from habilitation.domain.requests import DeadLetterSearch
from habilitation.domain.user import Status, User
from habilitation.domain.values import Address, EmailAddress, MessageId, OrganizationId, Place
from habilitation.ports.clock import Clock
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.ports.passwords import PasswordHasher
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Snapshot, Store
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused, Transport
from habilitation.use_cases.actors import digest
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.directory import require_size
from habilitation.use_cases.emails import EffectEmail
from habilitation.use_cases.links import KEPT_OVER, is_current, made_up
from habilitation.use_cases.views import Page
from habilitation.use_cases.work import as_of

ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
A_FEW = 500
"""How many messages are pruned at once: a transaction stays short."""
LEASE = timedelta(minutes=2)
"""How long a message that was taken is nobody else's; longer than any transport may take."""


@frozen
class Tally:
    """What became of the messages that were tried."""

    delivered: int = 0
    delayed: int = 0
    dropped: int = 0
    dead: int = 0

    def plus(self, delivery: Delivery) -> Tally:
        name = {MessageState.WAITING: "delayed"}.get(delivery.state, delivery.state.value)
        return evolve(self, **{name: getattr(self, name) + 1})


@frozen
class DeliverNotifications:
    """Try every message that is due, once; begin none after ``within``, nor once ``stopped`` says so.

    Whoever has time also takes away a few of those that left, or were not to leave, long ago. What a transport meets is
    never raised.

    What the store refuses is: the message waits on, and whoever took it last has it until its lease is over.
    """

    store: Store
    clock: Clock
    transport: Transport
    secrets: Secrets
    hasher: PasswordHasher
    limits: Limits
    effect: EffectEmail
    operator: EmailAddress | None
    """The operator's own mailbox."""

    def __call__(
        self,
        organization: OrganizationId | None = None,
        *,
        within: timedelta | None = None,
        stopped: Callable[[], bool] = bool,
    ) -> Tally:
        began = self.clock.now()
        tally = Tally()
        while not stopped() and (within is None or self.clock.now() - began < within):
            taken = self.store.outbox.take(began, self.clock.now() + LEASE, 1, organization)
            if not taken:
                break
            settled = self._attempt(taken[0])
            self.store.outbox.settle(settled)
            tally = tally.plus(settled)
        if within is None:
            self.store.outbox.prune(began - self.limits.settled_message, A_FEW)
        return tally

    def _attempt(self, delivery: Delivery) -> Delivery:
        try:
            waits = self.effect(delivery.message)
            if waits:
                return evolve(delivery, attempts=delivery.attempts - 1, due=waits)
            letter = self._letter(delivery.message)
            if letter is None:
                return evolve(delivery, state=MessageState.DROPPED)
            self._send(letter)
        except (DeliveryDelayed, Conflict, ClockBehind) as problem:
            return _delayed(delivery, str(problem), self.clock.now())
        except DeliveryRefused as problem:
            return evolve(delivery, state=MessageState.DEAD, problem=str(problem))
        return evolve(delivery, state=MessageState.DELIVERED, problem="")

    def _send(self, letter: Letter) -> None:
        """A transport that breaks its promise is tried again too; only the name of what it raised holds no secret."""
        try:
            self.transport.send(letter)
        except (DeliveryDelayed, DeliveryRefused, Refusal):
            raise
        except Exception as broken:  # noqa: BLE001 - the wire may fail in any way, the outbox must not
            raise DeliveryDelayed(type(broken).__name__) from None

    def _letter(self, message: Message) -> Letter | None:
        """The message written out as of now, or None if there is nothing left to say (R20)."""
        notice = message.notice
        with self.store.reading(message.organization) as rows:
            if rows.organization is None:
                return None
            row, credential = rows.find_row(notice.about), rows.find_credential(notice.about)
            at = as_of(rows, self.clock.now())
            if not _worth_sending(message, rows.organization, row.user if row else None, rows, at):
                return None
            letter = Letter(
                message.id,
                notice.kind,
                self._address(message, rows),
                rows.particulars().name,
                row.person if row else None,
                **_place(rows, notice.place),
            )
        return self._with_secret(letter, message, row.user if row else None, credential)

    def _address(self, message: Message, rows: Snapshot) -> Address:
        to = message.notice.to
        if to is Desk.CONTACT:
            return contact_address(rows.particulars(), message.notice.kind)
        if to is Desk.OPERATOR:
            if self.operator is None:
                raise DeliveryRefused("the operator's mailbox is not set")
            return self.operator
        row = rows.find_row(to)
        address = address_of(row.person, message.notice.kind) if row and row.person else None
        if address is None:
            raise DeliveryRefused("nobody is known by this id")
        return address

    def _with_secret(
        self, letter: Letter, message: Message, user: User | None, credential: Credential | None
    ) -> Letter | None:
        if letter.kind in LOGIN_KINDS:
            return evolve(letter, login=credential.login.text) if credential and credential.login else None
        if letter.kind in LINK_KINDS:
            now = self.clock.now()
            return self._with_link(letter, made_up(message, self.limits, user, credential, now))
        if letter.kind not in PASSWORD_KINDS:
            return letter
        if credential is None or message.notice.generation != proof(user, credential) or not credential.mintable:
            return None
        password = self.secrets.password()
        self.store.credentials.save(credential.minting(self.hasher.keep_minted(password), self.clock.now()))
        return evolve(letter, password=password)

    def _with_link(self, letter: Letter, link: Link) -> Letter:
        """Whatever links of this generation left before go on working beside it, until one is used."""
        token = self.secrets.token()
        self.store.links.keep(digest(token), link, self.clock.now() - KEPT_OVER)
        return evolve(letter, token=token, expires=link.expires)


def _worth_sending(
    message: Message, organization: Organization, user: User | None, rows: Snapshot, at: datetime
) -> bool:
    """First credentials are for whom they were issued last; nobody whose account is closed is written to.

    A link that would be good for nothing by now is not sent, nor what tells of a change that did not take effect, or
    that another one followed.
    """
    notice = message.notice
    if notice.kind in LINK_KINDS and not is_current(notice, rows):
        return False
    if notice.kind is MessageKind.EMAIL_CHANGED and (user is None or user.address != notice.generation):
        return False
    if notice.kind in FIRST_KINDS:
        issued = organization.seat.first_credentials
        return issued is not None and issued.user == notice.about and at < issued.expires
    if isinstance(notice.to, Desk):
        return True
    if organization.state is OrganizationState.CLOSED:
        return False
    reader = user if notice.to == notice.about else rows.find_user(notice.to)
    return reader is not None and reader.status(at) is not Status.CLOSED


def _place(rows: Snapshot, place: Place | None) -> dict[str, Any]:
    if place is None or rows.organization is None:
        return {}
    agreement = rows.organization.agreement(place.agreement)
    group = rows.catalog.group(place.group)
    names = rows.papers([agreement.name])
    return {
        "group": f"{group.code} - {group.now.label}",
        "agreement": names.get(agreement.name, agreement.reference),
    }


def _delayed(delivery: Delivery, problem: str, now: datetime) -> Delivery:
    if delivery.attempts >= ATTEMPTS:
        return evolve(delivery, state=MessageState.DEAD, problem=problem)
    pause = min(FIRST_PAUSE * 2 ** (delivery.attempts - 1), LONGEST_PAUSE)
    return evolve(delivery, due=now + pause, problem=problem)


@frozen
class ListDeadLetters:
    """What was given up, and why: the operator's to read."""

    store: Store

    def __call__(self, asked: DeadLetterSearch, *, by: Actor) -> Page[Delivery]:
        require_operator(by)
        require_size(asked.size)
        after = MessageId(asked.after) if asked.after is not None else None
        found = self.store.outbox.dead(asked.organization, after, asked.size + 1)
        page = tuple(found[: asked.size])
        return Page(page, page[-1].message.id if len(found) > asked.size else None)


@frozen
class RetryDelivery:
    """The operator has a dead letter tried again, from the beginning."""

    store: Store
    clock: Clock

    def __call__(self, message: MessageId, *, by: Actor) -> Delivery:
        require_operator(by)
        delivery = self.store.outbox.find(message)
        if delivery is None:
            raise MessageUnknown()
        if delivery.state is not MessageState.DEAD:
            raise MessageNotDead()
        again = evolve(delivery, state=MessageState.WAITING, attempts=0, due=self.clock.now())
        self.store.outbox.settle(again)
        return again
