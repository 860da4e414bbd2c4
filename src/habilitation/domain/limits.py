"""The numbers that the rules chose; an operator may choose others."""

from __future__ import annotations

from datetime import timedelta

from attrs import frozen


@frozen
class Limits:
    """How long things live, and how often they may be asked for."""

    first_credentials: timedelta = timedelta(days=60)
    """After issue (R4)."""
    provisional_password: timedelta = timedelta(days=30)
    """After delivery or opening, whichever is later (R19)."""
    password_link: timedelta = timedelta(hours=24)
    """After the delivery of a link to choose a password (R21)."""
    forgotten_a_day: int = 3
    """How many messages may be had for one account, in any 24 hours, by whoever forgot something (R21)."""
    session: timedelta = timedelta(hours=12)
    """After signing in (R23)."""
    security_log: timedelta = timedelta(days=365)
    """How long the security log keeps a line (R43)."""
