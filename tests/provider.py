"""An OpenID Connect provider for tests: it signs real tokens with a key of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from attrs import evolve, field, frozen
from joserfc import jwt
from joserfc.jwk import ECKey, Key

from habilitation import Habilitation
from habilitation.adapters.oidc import OpenIdTokens
from habilitation.domain.actors import Session
from habilitation.domain.requests import Activation, AdministratorClaim, IdentityLink, IdentityProof, IdentityUnlink
from habilitation.ports.clock import Clock
from habilitation.testing.world import World
from habilitation.use_cases.first_access import FirstAuthentication

ISSUER, CLIENT, NONCE = "https://provider.example", "portal", "n-0S6_WzA2Mj"
KEY = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})


@frozen
class Provider:
    """Whoever it says somebody is, ``CLIENT`` asked for it with ``NONCE`` and it holds for five minutes."""

    clock: Clock
    key: Key = KEY
    algorithm: str = "ES256"
    header: dict[str, Any] = field(factory=dict)

    def token(self, subject: str, **claims: Any) -> str:
        """The token, with claims put over the usual ones; those that are None are left out."""
        now = self.clock.now()
        usual = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": subject,
            "nonce": NONCE,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
        }
        told = {name: value for name, value in (usual | claims).items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid} | self.header
        return jwt.encode(header, told, self.key, [self.algorithm])

    def proof(self, subject: str, **claims: Any) -> IdentityProof:
        return IdentityProof(self.token(subject, **claims), NONCE)

    def verifier(self) -> OpenIdTokens:
        return OpenIdTokens(ISSUER, CLIENT, lambda: {"keys": [KEY.as_dict(private=False)]}, self.clock)


def proof(world: World, subject: str, **claims: Any) -> IdentityProof:
    return Provider(world.clock).proof(subject, **claims)


def signed_in_by_a_provider(world: World) -> World:
    """The same portal over the same store, from now on with an identity provider."""
    ports = evolve(world.portal.ports, tokens=Provider(world.clock).verifier())
    world.portal = Habilitation(ports)
    return world


def sent(world: World, email: str) -> str:
    """What the link in the message that arrives there last brings."""
    world.portal.deliver_notifications()
    return world.mailbox.token_for(email)


def activate(world: World, link: str, subject: str) -> Session | FirstAuthentication:
    return world.portal.activate(Activation(link, proof(world, subject)))


def claimed(world: World, subject: str, contact: str, email: str = "anne.martin@oliviers.example") -> Session:
    """The first person follows the link that the contact received, and takes the seat."""
    first = activate(world, sent(world, contact), subject)
    assert isinstance(first, FirstAuthentication)
    asked = AdministratorClaim("Martin", "Anne", email, "", first.text.version)
    return world.portal.claim_administrator(asked, by=first.session)


def enter(world: World, subject: str, organization: Any = None) -> Any:
    return world.portal.sign_in_externally(proof(world, subject), organization)


def link_identity(world: World, session: Session, subject: str) -> Session:
    return world.portal.link_identity(IdentityLink(session.organization, proof(world, subject)), by=session)


def unlink_identity(world: World, user: Any, by: Any) -> Any:
    return world.portal.unlink_identity(
        IdentityUnlink(world.organization.id, getattr(user, "id", None) or user.user), by=by
    )
