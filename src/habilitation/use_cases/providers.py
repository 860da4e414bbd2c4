"""People whom an identity provider signs in: no password is minted for them, and a link binds who they are (R44).

The embedder sends people to the provider and back. What comes back is believed by the ``TokenVerifier`` alone; of the
identity the store keeps a digest, which is all that it takes to know it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from habilitation.domain.actors import Actor, Session
from habilitation.domain.attempts import read_source
from habilitation.domain.authority import require_open
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.decisions import identities
from habilitation.domain.limits import Limits
from habilitation.domain.link import LinkPurpose
from habilitation.domain.messages import Message, Notice, activating
from habilitation.domain.refusals import IdentitiesNotUsed, Refusal, SignInRefused
from habilitation.domain.requests import Activation, IdentityLink, IdentityProof, IdentityUnlink
from habilitation.domain.security import LineKind, SecurityFact
from habilitation.domain.user import User
from habilitation.domain.values import Identity, OrganizationId, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.identities import TokenVerifier
from habilitation.ports.notices import OperatorTexts
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.first_access import FirstAuthentication, failure
from habilitation.use_cases.links import found, require_current
from habilitation.use_cases.sessions import open_session
from habilitation.use_cases.witnessing import Witness
from habilitation.use_cases.work import Work, as_of, proved, working


@frozen
class ActivationNotifier:
    """In the place of a ``Notifier``: links to activate an account leave instead of passwords (R12, R44)."""

    notifier: Notifier

    def announce(self, notices: Sequence[Notice], organization: OrganizationId) -> Sequence[Message]:
        return self.notifier.announce([activating(notice) for notice in notices], organization)


@frozen
class NoProvider:
    """In the place of a ``TokenVerifier``, where the portal has none."""

    def verify(self, token: str, nonce: str) -> Identity:
        raise IdentitiesNotUsed()


@frozen
class Entrance:
    """An account that an identity may enter."""

    organization: OrganizationId
    name: str
    """The organization's."""
    user: UserId


@frozen
class Activate:
    """The one-time link that was sent binds the identity that brings it to the account, and opens a session (R44).

    An organization's first link opens the way to the claim, which binds the identity. Refused are a link used, too late
    or of an account that is not open, and an identity that opens another account of the organization, not closed.
    """

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets
    tokens: TokenVerifier
    texts: OperatorTexts
    limits: Limits
    witness: Witness

    def __call__(self, asked: Activation, source: str = "") -> Session | FirstAuthentication:
        source = read_source(source)
        identity = self.tokens.verify(asked.proof.id_token, asked.proof.nonce).digest
        link = found(self.store.links, asked.link, LinkPurpose.ACTIVATION)
        with self.store.writing(link.organization) as rows:
            work = proved(rows, self.clock, link.organization, link.user)
            require_current(link, rows, work.at)
            credential, name = rows.find_credential(link.user), rows.particulars().name
            assert credential is not None, "the link is of its generation"
            first = credential.standing is Standing.FIRST
            opened = self._first(work, credential, identity) if first else self._bound(work, credential, identity)
        session = self._session(opened, work, identity if first else None)
        self.witness.note(SecurityFact(LineKind.SIGNED_IN, session.organization, session.actor, source=source))
        return FirstAuthentication(session, name, self.texts.first_authentication()) if first else session

    def _first(self, work: Work, credential: Credential, identity: str) -> Credential:
        """Nothing is bound before the claim: until then the session remembers whose it is.

        The link died with first credentials, if they did (R4).
        """
        identities.bind(credential, identity, work.held_by(identity, credential), work.at)
        return credential

    def _bound(self, work: Work, credential: Credential, identity: str) -> Credential:
        user, other = work.user(credential.user), work.held_by(identity, credential)
        assert user is not None, "only first credentials are nobody's yet"
        binding = identities.activate(work.organization, user, credential, identity, other, work.at)
        work.record(binding.events, self.notifier, credentials=binding.credentials)
        return binding.credentials[-1]

    def _session(self, credential: Credential, work: Work, identity: str | None) -> Session:
        user, lifetime = work.user(credential.user), self.limits.session
        spell = user.spell if user else 0
        return open_session(self.store.credentials, self.secrets, credential, spell, work.at, lifetime, identity)


@frozen
class _Account:
    """An account that the identity opens, and why it does not at present, if so."""

    credential: Credential
    user: User
    name: str
    at: datetime
    refusal: Refusal | None


@frozen
class SignInExternally:
    """An identity opens a session on its account; the accounts to choose from, where it has several (R23, R44).

    An identity that nothing is bound to, or nothing in that organization, is refused like any failed sign-in (R22);
    what else keeps it out is told. ``source`` is as in ``SignIn``.
    """

    store: Store
    clock: Clock
    secrets: Secrets
    tokens: TokenVerifier
    limits: Limits
    witness: Witness

    def __call__(
        self, asked: IdentityProof, organization: OrganizationId | None = None, source: str = ""
    ) -> Session | tuple[Entrance, ...]:
        source = read_source(source)
        accounts = self._accounts(self._identity(asked, source), organization)
        able = [account for account in accounts if account.refusal is None]
        if not able:
            raise self._refused(accounts, source)
        if len(able) > 1:
            return tuple(Entrance(one.credential.organization, one.name, one.user.id) for one in able)
        session = self._session(able[0])
        self.witness.note(SecurityFact(LineKind.SIGNED_IN, session.organization, session.actor, source=source))
        return session

    def _identity(self, asked: IdentityProof, source: str) -> str:
        try:
            return self.tokens.verify(asked.id_token, asked.nonce).digest
        except Refusal as refusal:
            self.witness.note(failure(None, source, refusal.code))
            raise

    def _accounts(self, identity: str, organization: OrganizationId | None) -> list[_Account]:
        bound = self.store.credentials.by_identity(identity)
        return [self._account(one) for one in bound if organization in (None, one.organization)]

    def _account(self, credential: Credential) -> _Account:
        with self.store.reading(credential.organization) as rows:
            at = as_of(rows, self.clock.now())
            user, organization, name = rows.find_user(credential.user), rows.organization, rows.particulars().name
        assert user is not None, "an identity is bound to a user's credential"
        try:
            require_open(user, organization, at)
        except Refusal as refusal:
            return _Account(credential, user, name, at, refusal)
        return _Account(credential, user, name, at, None)

    def _refused(self, accounts: list[_Account], source: str) -> Refusal:
        refusal = (accounts[0].refusal if accounts else None) or SignInRefused()
        self.witness.note(failure(accounts[0].credential if accounts else None, source, refusal.code))
        return refusal

    def _session(self, account: _Account) -> Session:
        spell, lifetime = account.user.spell, self.limits.session
        return open_session(self.store.credentials, self.secrets, account.credential, spell, account.at, lifetime)


@frozen
class LinkIdentity:
    """Whoever is signed in has an identity open the own account, in the place of any other (R44).

    Every session of theirs is over: the one that is given goes on (R23).
    """

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets
    tokens: TokenVerifier
    limits: Limits

    def __call__(self, asked: IdentityLink, *, by: Actor) -> Session:
        identity = self.tokens.verify(asked.proof.id_token, asked.proof.nonce).digest
        with working(self.store, self.clock, asked.organization, by) as work:
            user = identities.oneself(work.organization, work.acting)
            credential = work.rows.find_credential(user.id)
            assert credential is not None, "whoever is open has a credential"
            binding = identities.bind(credential, identity, work.held_by(identity, credential), work.at)
            work.record(binding.events, self.notifier, credentials=binding.credentials)
        bound, lifetime = binding.credentials[-1], self.limits.session
        return open_session(self.store.credentials, self.secrets, bound, user.spell, work.at, lifetime)


@frozen
class UnlinkIdentity:
    """An identity opens the account no more: one's own, or for the administrator and the operator another's (R44).

    Every session of the account is over (R23). Whoever has no password is sent another link by ``ResendCredentials``.
    """

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: IdentityUnlink, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            user, credential = work.user(asked.user), work.rows.find_credential(asked.user)
            binding = identities.unlink(work.organization, work.acting, user, credential, work.at)
            return work.record(binding.events, self.notifier, credentials=binding.credentials)[asked.user]
