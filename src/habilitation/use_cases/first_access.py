"""First access: signing in, claiming the seat, choosing a password, signing out (R5, R19, R20, R23)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Member, Session, Stage
from habilitation.domain.authority import Act, Acting, Role
from habilitation.domain.credential import Credential, Minted, Standing
from habilitation.domain.decisions import accounts, seat
from habilitation.domain.limits import Limits
from habilitation.domain.moment import Moment
from habilitation.domain.refusals import (
    ActForbidden,
    ClaimDemanded,
    LoginMalformed,
    OrganizationUnknown,
    PasswordChosenAlready,
    PasswordUnchanged,
    SessionEnded,
    SignInRefused,
)
from habilitation.domain.requests import AdministratorClaim, PasswordChoice
from habilitation.domain.user import require_open
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
from habilitation.use_cases.identity import digest, require_live
from habilitation.use_cases.sessions import found, open_session
from habilitation.use_cases.work import Work, as_of


@frozen
class FirstAuthentication:
    """What the first person of an organization is shown: the form's texts, and the session that may claim (R5)."""

    session: Session
    organization: str
    """The organization's name."""
    text: FirstAuthenticationText


@frozen
class SignIn:
    """A login and a password open a session; an organization's first credentials open the way to the claim (R5, R23).

    An unknown login and a wrong password are refused alike; what keeps the right password out is told (R22).
    """

    store: Store
    clock: Clock
    secrets: Secrets
    hasher: PasswordHasher
    texts: OperatorTexts
    limits: Limits

    def __call__(self, login: str, password: str) -> Session | FirstAuthentication:
        credential, minted = self._proved(login, password)
        with self.store.reading(credential.organization) as rows:
            at = as_of(rows, self.clock.now())
            user = rows.find_user(credential.user)
            name = rows.particulars().name
        if user:
            require_open(user, at)
        if minted:
            opening = user.account.term.start if user else minted.at
            credential.require_alive(minted, opening, self.limits.provisional_password, at)
        if minted and not credential.used:
            credential = credential.using(minted)
            self.store.credentials.save(credential)
        account = len(user.accounts) if user else 0
        session = open_session(self.store.credentials, self.secrets, credential, account, at, self.limits.session)
        if credential.standing is Standing.FIRST:
            return FirstAuthentication(session, name, self.texts.first_authentication())
        return session

    def _proved(self, login: str, password: str) -> tuple[Credential, Minted | None]:
        """The credential that the password proves; and which one it was, of those that a delivery made up."""
        credential = self._find(login)
        if credential is None:
            self.hasher.waste(password)
            raise SignInRefused()
        if credential.chosen and self.hasher.matches(password, credential.chosen):
            return credential, None
        for minted in credential.minted:
            if self.hasher.matches(password, minted.hash):
                return credential, minted
        if credential.chosen is None:
            self.hasher.waste(password)
        raise SignInRefused()

    def _find(self, login: str) -> Credential | None:
        try:
            return self.store.credentials.by_login(Login.parse(login))
        except LoginMalformed:
            return None


@frozen
class ClaimAdministrator:
    """The first person signed in becomes the administrator, once, with a password of their own (R5, R6, I2)."""

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
        self.policy.check(asked.password, about_whom(person))
        hash = self.hasher.keep(asked.password)
        return self._claim(asked, kept, person, hash)

    def _claim(self, asked: AdministratorClaim, kept: KeptSession, person: Person, hash: str) -> Session:
        with self.store.writing(kept.organization) as rows:
            if rows.organization is None:
                raise OrganizationUnknown()
            now = self.clock.now()
            moment = Moment.following(now, rows.head.at, self.clock.zone, self.clock.tolerance)
            work = Work(rows, rows.organization, moment, Acting(Member(kept.organization, kept.user), Role.USER), now)
            shown = self.texts.first_authentication().version
            events = seat.claim(work.organization, kept.user, asked.acknowledged, shown, moment)
            credential = self._proved(work, kept, asked.password)
            accounts.require_email_free(rows.with_email(person.email.normal), None, work.at)
            chosen = credential.choosing(hash)
            work.record(events, self.notifier, people={kept.user: person}, credentials=[chosen])
        lifetime = self.limits.session
        return open_session(self.store.credentials, self.secrets, chosen, 1, moment.instant, lifetime)

    def _proved(self, work: Work, kept: KeptSession, password: str) -> Credential:
        credential = work.rows.find_credential(kept.user)
        if credential is None or credential.generation != kept.generation:
            raise SessionEnded()
        require_changed(self.hasher, credential, password)
        return credential


def about_whom(person: Person) -> list[str]:
    """The words that somebody guessing the person's password would try first."""
    return [person.last_name.text, person.first_name.text, person.email.text]


def require_changed(hasher: PasswordHasher, credential: Credential, password: str) -> None:
    """Refuse the password that is to be replaced, provisional or one's own (R19, R21)."""
    present = [minted.hash for minted in credential.minted] + ([credential.chosen] if credential.chosen else [])
    if any(hasher.matches(password, hash) for hash in present):
        raise PasswordUnchanged()


@frozen
class ChoosePassword:
    """A password of one's own replaces the provisional one, which is dead from then on (R19)."""

    store: Store
    clock: Clock
    secrets: Secrets
    policy: PasswordPolicy
    hasher: PasswordHasher
    limits: Limits

    def __call__(self, asked: PasswordChoice, *, by: Session) -> Session:
        kept = self._provisional(by)
        with self.store.reading(kept.organization) as rows:
            at = as_of(rows, self.clock.now())
            row, credential = rows.find_row(kept.user), rows.find_credential(kept.user)
        if row is None or credential is None:
            raise SessionEnded()
        require_live(kept, credential.generation, row.user, at)
        self.policy.check(asked.password, about_whom(row.person) if row.person else [])
        require_changed(self.hasher, credential, asked.password)
        chosen = credential.choosing(self.hasher.keep(asked.password))
        self.store.credentials.save(chosen)
        self.store.credentials.end_session(digest(by.token))
        account = len(row.user.accounts)
        return open_session(self.store.credentials, self.secrets, chosen, account, at, self.limits.session)

    def _provisional(self, by: Session) -> KeptSession:
        kept = found(self.store.credentials, by, Stage.PROVISIONAL, self.clock.now())
        if kept is None:
            raise ClaimDemanded() if by.stage is Stage.FIRST else PasswordChosenAlready()
        return kept


@frozen
class ResumeSession:
    """The session of a token, as a cookie brings it back; whether it is still accepted is found at each act (R23)."""

    store: Store
    clock: Clock

    def __call__(self, token: str) -> Session:
        kept = self.store.credentials.session(digest(token))
        if kept is None or kept.expires <= self.clock.now():
            raise SessionEnded()
        return Session(token, kept.organization, kept.user, kept.generation, kept.account, kept.stage, kept.expires)


@frozen
class SignOut:
    """The session is over; signing out twice changes nothing (R23)."""

    store: Store

    def __call__(self, *, by: Session) -> None:
        self.store.credentials.end_session(digest(by.token))
