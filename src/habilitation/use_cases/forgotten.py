"""A forgotten password, and a forgotten login: answered alike whether or not anything exists (R21)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from attrs import frozen

from habilitation.domain.attempts import Attempt, Verdict, read_source
from habilitation.domain.authority import require_open
from habilitation.domain.credential import Credential
from habilitation.domain.decisions import forgotten
from habilitation.domain.limits import Limits
from habilitation.domain.link import LinkPurpose, proof
from habilitation.domain.messages import MessageKind, Notice
from habilitation.domain.refusals import LinkUsed, Refusal
from habilitation.domain.requests import PasswordByLink
from habilitation.domain.user import User
from habilitation.domain.values import EmailAddress, Login, OrganizationId, Siret, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails
from habilitation.ports.notifier import Notifier
from habilitation.ports.passwords import PasswordHasher, PasswordPolicy
from habilitation.ports.store import Store
from habilitation.use_cases.links import found, require_current
from habilitation.use_cases.own_password import chosen_by
from habilitation.use_cases.work import as_of

T = TypeVar("T")

NOWHERE, NOBODY = OrganizationId(""), UserId("")
"""Looked for where there is nothing to look for, so that it is looked for all the same."""


@frozen
class ForgotPassword:
    """*Mot de passe oublié*: a link to choose another leaves for the account's address, at most 3 a day (R21).

    The answer is nothing, whatever was typed and whatever exists, and the present password stays good. The message
    waits for the next delivery: it never leaves while somebody waits for the answer. Asking counts as one more attempt
    of its ``source``, as the embedder knows it: none leaves for a source that is shut out (R22).
    """

    store: Store
    notifier: Notifier
    clock: Clock
    limits: Limits

    def __call__(self, login: str, source: str = "") -> None:
        if _is_shut_out(self.store, source, self.clock.now(), self.limits):
            return
        credential = self.store.credentials.by_login(_typed(Login.parse, login, Login("")))
        with self.store.reading(credential.organization if credential else NOWHERE) as rows:
            at = as_of(rows, self.clock.now())
            user, organization = rows.find_user(credential.user if credential else NOBODY), rows.organization
        asked = forgotten.asked(credential, user, organization, self.limits.forgotten_a_day, at)
        _tell(self.store, self.notifier, MessageKind.PASSWORD_LINK, asked, user, self.clock.now())


@frozen
class ForgotLogin:
    """*Identifiant perdu*: the login leaves for the address, if an open user of the organization has it (R21).

    It is answered, counted and delivered like a forgotten password.
    """

    store: Store
    notifier: Notifier
    clock: Clock
    contact: ContactDetails
    limits: Limits

    def __call__(self, siret: str, email: str, source: str = "") -> None:
        if _is_shut_out(self.store, source, self.clock.now(), self.limits):
            return
        holder = self.store.siret_holder(_typed(Siret.parse, siret, Siret("")))
        normal = _typed(self.contact.email, email, EmailAddress("", "")).normal
        with self.store.reading(holder or NOWHERE) as rows:
            at = as_of(rows, self.clock.now())
            user = next((user for user in rows.with_email(normal) if user.is_open(at)), None)
            credential, organization = rows.find_credential(user.id if user else NOBODY), rows.organization
        asked = forgotten.asked(credential, user, organization, self.limits.forgotten_a_day, at)
        _tell(self.store, self.notifier, MessageKind.LOGIN_REMINDER, asked, user, self.clock.now())


def _is_shut_out(store: Store, source: str, now: datetime, limits: Limits) -> bool:
    """Whether too much came from there of late, this included; who asks without a source is never counted."""
    return store.attempts.count(Attempt.of(None, read_source(source), now), limits) is Verdict.SHUT_OUT


def _typed(parse: Callable[[str], T], text: str, otherwise: T) -> T:
    """What was typed, if it can be read; what cannot is looked for in vain (R21)."""
    try:
        return parse(text)
    except Refusal:
        return otherwise


def _tell(
    store: Store, notifier: Notifier, kind: MessageKind, asked: Credential | None, user: User | None, now: datetime
) -> None:
    """One transaction that writes, whether or not there is anything to write: nobody is to see which by its length."""
    if asked is None or user is None:
        store.credentials.end_session("")
        return
    notice = Notice(kind, asked.user, asked.user, proof(user, asked))
    [message] = notifier.announce([notice], asked.organization)
    store.credentials.save_telling(asked, message, now)


@frozen
class ChoosePasswordByLink:
    """A password of one's own, by the link that was sent; earlier ones and all sessions are dead (R19, R21, R23).

    Whatever failed with the login before is forgotten (R22).

    No session is opened: the link came without the login, and whoever read the one need not have the other (R12).
    """

    store: Store
    clock: Clock
    policy: PasswordPolicy
    hasher: PasswordHasher

    def __call__(self, asked: PasswordByLink) -> None:
        link = found(self.store.links, asked.token, LinkPurpose.PASSWORD)
        with self.store.reading(link.organization) as rows:
            at = as_of(rows, self.clock.now())
            require_current(link, rows, at)
            row, credential = rows.find_row(link.user), rows.find_credential(link.user)
            organization = rows.organization
        if row is None or credential is None:
            raise LinkUsed()
        require_open(row.user, organization, at)
        self.store.credentials.save(chosen_by(self.policy, self.hasher, credential, asked.password, row.person))
        if credential.login:
            self.store.attempts.forgive(credential.login)
