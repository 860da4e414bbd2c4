"""ID tokens of an OpenID Connect provider, such as ProConnect, believed only as far as they prove (R44).

Nothing is asked over the network: the embedder fetches the provider's public keys, and says where they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from attrs import frozen
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from habilitation.domain.refusals import IdentityKeysMissing, IdentityTokenExpired, IdentityTokenRefused
from habilitation.domain.values import Identity
from habilitation.ports.clock import Clock

ALGORITHMS = ("RS256", "ES256")
"""Signatures by a key that only the provider has: neither ``none``, nor a secret that public keys could pass for."""
KEY_TYPES = frozenset({"RSA", "EC"})
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
LONGEST = 16_000
PROBLEMS = {
    "iss": "issuer",
    "aud": "audience",
    "azp": "audience",
    "sub": "subject",
    "nonce": "nonce",
    "exp": "time",
    "nbf": "time",
    "iat": "time",
}
"""What the refusal says of each claim."""


@frozen
class OpenIdTokens:
    """A ``TokenVerifier`` for one provider and one client of it.

    ``keys`` gives the provider's JSON Web Key Set as it is now, at each verification: caching and renewing it is the
    embedder's. RS256 and ES256 are read, 60 s of difference between clocks allowed.
    """

    issuer: str
    """As the provider's configuration has it, to the letter."""
    client: str
    """The id that the provider gave the portal, which tokens must be for."""
    keys: Callable[[], Mapping[str, Any]]
    clock: Clock

    @classmethod
    def reading(cls, file: Path, issuer: str, client: str, clock: Clock) -> OpenIdTokens:
        """With the keys that the file has at each verification; refused now if it has none."""
        tokens = cls(issuer, client, lambda: json.loads(file.read_text("utf-8")), clock)
        tokens.require_keys()
        return tokens

    def require_keys(self) -> KeySet:
        """The keys that signatures are checked against; ``ValueError`` or ``OSError`` where there are none."""
        try:
            found = [key for key in self.keys()["keys"] if key["kty"] in KEY_TYPES]
            return KeySet.import_key_set(cast(KeySetSerialization, {"keys": found}))
        except (JoseError, KeyError, TypeError) as error:
            raise ValueError("it holds no JSON Web Key Set with an RSA or EC key") from error

    def verify(self, token: str, nonce: str) -> Identity:
        """Whom the token is about, as in ``TokenVerifier``."""
        claims = self._claims(token)
        try:
            self._expected(nonce).validate(claims)
        except ExpiredTokenError:
            raise IdentityTokenExpired() from None
        except ClaimError as error:
            raise IdentityTokenRefused(PROBLEMS[error.claim.partition(",")[0]]) from None
        self._require_party(claims)
        return Identity(self.issuer, _subject(claims["sub"]))

    def _claims(self, token: str) -> dict[str, Any]:
        """What the token says, once it is found to be the provider's own."""
        keys = self._known()
        if len(token) > LONGEST:
            raise IdentityTokenRefused("form")
        try:
            return jwt.decode(token, keys, list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError, RecursionError):  # whatever a stranger may have written into it
            raise IdentityTokenRefused("signature") from None

    def _known(self) -> KeySet:
        try:
            return self.require_keys()
        except (OSError, ValueError):
            raise IdentityKeysMissing() from None

    def _expected(self, nonce: str) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self.clock.now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
        )

    def _require_party(self, claims: Mapping[str, Any]) -> None:
        """Where a token is for several, it says to whom it was given; that must be us."""
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.client:
            raise IdentityTokenRefused("audience")


def _subject(text: str) -> str:
    if len(text) > 255 or not (text.isascii() and text.isprintable()):
        raise IdentityTokenRefused("subject")
    return text
