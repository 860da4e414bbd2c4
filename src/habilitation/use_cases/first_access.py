"""First access: signing in, claiming the seat, signing out (R5, R19, R20, R23)."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from habilitation.domain.actors import Session, Stage
from habilitation.domain.acts import Act
from habilitation.domain.attempts import Attempt, Verdict, read_source
from habilitation.domain.authority import require_open
from habilitation.domain.credential import Credential, Minted, Standing
from habilitation.domain.decisions import accounts, identities, seat
from habilitation.domain.decisions.identities import Binding
from habilitation.domain.limits import Limits
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import (
    ActForbidden,
    LoginMalformed,
    PasswordNotAsked,
    Refusal,
    SessionEnded,
    SignInRefused,
)
from habilitation.domain.requests import AdministratorClaim
from habilitation.domain.security import LineKind, SecurityFact
from habilitation.domain.user import User
from habilitation.domain.values import Login, Person
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails, NominativeMailboxes
from habilitation.ports.credentials import KeptSession
from habilitation.ports.notices import FirstAuthenticationText, OperatorTexts
from habilitation.ports.notifier import Notifier
from habilitation.ports.passwords import PasswordHasher, PasswordPolicy
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases import people
from habilitation.use_cases.actors import digest
from habilitation.use_cases.own_password import about_whom, require_changed
from habilitation.use_cases.sessions import found, open_session
from habilitation.use_cases.witnessing import Witness
from habilitation.use_cases.work import Work, as_of, proved


@frozen
class FirstAuthentication:
    """What the first person of an organization is shown: the form's texts, and the session that may claim (R5)."""

    session: Session
    organization: str
    """The organization's name."""
    text: FirstAuthenticationText


@frozen
class Proof:
    """A credential that a right password proves; and which one it was, of those that a delivery made up."""

    credential: Credential
    minted: Minted | None


@frozen
class SignIn:
    """A login and a password open a session; an organization's first credentials open the way to the claim (R5, R23).

    An unknown login, a wrong password, and any password while too many have failed, are refused alike and at the same
    cost: one slow hash, and as many statements (R22). What else keeps the right password out is told. ``source`` is
    where it comes from, as the embedder knows it: an address, one line of 100 characters at most. Without one only the
    login's failures are counted, as if all came from one place.
    """

    store: Store
    clock: Clock
    secrets: Secrets
    hasher: PasswordHasher
    texts: OperatorTexts
    limits: Limits
    witness: Witness

    def __call__(self, login: str, password: str, source: str = "") -> Session | FirstAuthentication:
        source = read_source(source)
        proof = self._proved(self._find(login), password, source)
        credential = proof.credential
        with self.store.reading(credential.organization) as rows:
            at = as_of(rows, self.clock.now())
            user = rows.find_user(credential.user)
            name, organization = rows.particulars().name, rows.organization
        try:
            self._require_open(proof, user, organization, at)
        except Refusal as refusal:
            self.witness.note(failure(credential, source, refusal.code))
            raise
        session = self._session(proof, user, at)
        self.witness.note(SecurityFact(LineKind.SIGNED_IN, session.organization, session.actor, source=source))
        if credential.standing is Standing.FIRST:
            return FirstAuthentication(session, name, self.texts.first_authentication())
        return session

    def _proved(self, credential: Credential | None, password: str, source: str) -> Proof:
        """What the password proves. It is counted as failed first, and taken back if it did not fail (R22)."""
        attempts = self.store.attempts
        attempt = Attempt.of(credential.login if credential else None, source, self.clock.now())
        verdict = attempts.count(attempt, self.limits)
        try:
            proof = self._proof(credential if verdict is Verdict.ADMITTED else None, password)
        except Refusal:  # busy: nobody knows whether the password is right
            attempts.take_back(attempt, verdict)
            raise
        if proof is None:
            if verdict is not Verdict.SHUT_OUT:
                self.witness.note(failure(credential, source, REFUSED[verdict]))
            raise SignInRefused()
        attempts.take_back(attempt, verdict, proved=True)
        return proof

    def _proof(self, credential: Credential | None, password: str) -> Proof | None:
        """At the cost of one slow hash, unless the right password is one that was made up."""
        if credential is not None and credential.chosen is not None:
            return Proof(credential, None) if self.hasher.matches(password, credential.chosen) else None
        for minted in credential.minted if credential else ():
            if credential and self.hasher.matches(password, minted.hash):
                return Proof(credential, minted)
        self.hasher.waste(password)
        return None

    def _find(self, login: str) -> Credential | None:
        """The credential that the login opens; what cannot be a login is looked for all the same."""
        try:
            typed = Login.parse(login)
        except LoginMalformed:
            typed = Login("")
        return self.store.credentials.by_login(typed)

    def _require_open(self, proof: Proof, user: User | None, organization: Organization | None, at: datetime) -> None:
        """Refuse the right password of an account that is not open (R15), or a password too old (R4, R19)."""
        if user:
            require_open(user, organization, at)
        if proof.minted:
            opening = user.account.term.start if user else proof.minted.at
            proof.credential.require_alive(proof.minted, opening, self.limits.provisional_password, at)

    def _session(self, proof: Proof, user: User | None, at: datetime) -> Session:
        credential = proof.credential
        if proof.minted and not credential.used:
            credential = credential.using(proof.minted)
            self.store.credentials.save(credential)
        spell = user.spell if user else 0
        return open_session(self.store.credentials, self.secrets, credential, spell, at, self.limits.session)


REFUSED = {Verdict.ADMITTED: SignInRefused.code, Verdict.TURNED_AWAY: "turned-away"}
"""What the security log says of an attempt that failed; whoever made it is told one and the same thing (R22)."""


def failure(credential: Credential | None, source: str, code: str) -> SecurityFact:
    """That signing in failed; a login that does not exist names nobody (R43)."""
    if credential is None:
        return SecurityFact(LineKind.SIGN_IN_FAILED, refusal=code, source=source)
    about = frozenset({credential.user})
    return SecurityFact(LineKind.SIGN_IN_FAILED, credential.organization, None, about, refusal=code, source=source)


@frozen
class ClaimAdministrator:
    """The first person signed in becomes the administrator, once, with a password of their own (R5, R6, I2).

    Where an identity provider signed that person in there is no password, and the identity is bound (R44).
    """

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets
    contact: ContactDetails
    mailboxes: NominativeMailboxes
    policy: PasswordPolicy
    hasher: PasswordHasher
    texts: OperatorTexts
    limits: Limits

    def __call__(self, asked: AdministratorClaim, *, by: Session) -> Session:
        kept = found(self.store.credentials, by, Stage.FIRST, self.clock.now())
        if kept is None:
            raise ActForbidden(Act.CLAIM.value)
        person = people.read_claimant(asked, self.contact)
        self.mailboxes.check(person.email)
        hash = self._hash(asked.password, kept, person)
        with self.store.writing(kept.organization) as rows:
            work = proved(rows, self.clock, kept.organization, kept.user)
            opened = self._claim(work, asked, kept, person, hash)
        lifetime = self.limits.session
        return open_session(self.store.credentials, self.secrets, opened, 1, work.at, lifetime)

    def _hash(self, password: str, kept: KeptSession, person: Person) -> str:
        """Of nothing where an identity provider opened the way: that identity will open the account (R44)."""
        if kept.identity is None:
            self.policy.check(password, about_whom(person))
            return self.hasher.keep(password)
        if password:
            raise PasswordNotAsked()
        return ""

    def _claim(self, work: Work, asked: AdministratorClaim, kept: KeptSession, person: Person, hash: str) -> Credential:
        shown = self.texts.first_authentication().version
        claimed = seat.claim(work.organization, kept.user, asked.acknowledged, shown, work.moment)
        binding = self._opened(work, kept, asked.password, hash)
        accounts.require_email_free(work.rows.with_email(person.email.normal), None, work.at)
        events, people = [*claimed, *binding.events], {kept.user: person}
        work.record(events, self.notifier, people=people, credentials=binding.credentials)
        return binding.credentials[-1]

    def _opened(self, work: Work, kept: KeptSession, password: str, hash: str) -> Binding:
        """By the identity that the session remembers, or else by the password that was chosen."""
        credential = work.rows.find_credential(kept.user)
        if credential is None or credential.generation != kept.generation:
            raise SessionEnded()
        if kept.identity is not None:
            return identities.bind(credential, kept.identity, work.held_by(kept.identity, credential), work.at)
        require_changed(self.hasher, credential, password)
        return Binding((), (credential.choosing(hash),))


@frozen
class ResumeSession:
    """The session of a token, as a cookie brings it back; whether it is still accepted is found at each act (R23)."""

    store: Store
    clock: Clock

    def __call__(self, token: str) -> Session:
        kept = self.store.credentials.session(digest(token))
        if kept is None or kept.expires <= self.clock.now():
            raise SessionEnded()
        opened = (kept.organization, kept.user, kept.generation, kept.spell, kept.stage, kept.expires)
        return Session(token, *opened, kept.identity is not None)


@frozen
class SignOut:
    """The session is over; signing out twice changes nothing (R23)."""

    store: Store

    def __call__(self, *, by: Session) -> None:
        self.store.credentials.end_session(digest(by.token))
