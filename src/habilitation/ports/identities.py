"""Whom an identity provider says that somebody is."""

from __future__ import annotations

from typing import Protocol

from habilitation.domain.values import Identity


class TokenVerifier(Protocol):
    """Believes one identity provider, whose signed tokens the embedder's callback brings (R44)."""

    def verify(self, token: str, nonce: str) -> Identity:
        """Whom the token is about, once its signature, issuer, audience, times and nonce are found right.

        Raises ``IdentityTokenRefused`` or ``IdentityTokenExpired``, and asks nobody over the network.
        """
        ...
