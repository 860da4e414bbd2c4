"""The numbers that the rules chose; an operator may choose others."""

from __future__ import annotations

from datetime import timedelta

from attrs import frozen


@frozen
class Limits:
    """How long things live."""

    first_credentials: timedelta = timedelta(days=60)
    """After issue (R4)."""
    provisional_password: timedelta = timedelta(days=30)
    """After delivery or opening, whichever is later (R19)."""
    session: timedelta = timedelta(hours=12)
    """After signing in (R23)."""
    security_log: timedelta = timedelta(days=365)
    """How long the security log keeps a line (R43)."""
