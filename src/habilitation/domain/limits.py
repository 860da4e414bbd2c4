"""The numbers that the rules chose; an operator may choose others."""

from __future__ import annotations

from datetime import timedelta

from attrs import frozen


@frozen
class Limits:
    """How long things live, how often they may be asked for, and how often one may fail."""

    first_credentials: timedelta = timedelta(days=60)
    """After issue (R4)."""
    provisional_password: timedelta = timedelta(days=30)
    """After delivery or opening, whichever is later (R19)."""
    activation_link: timedelta = timedelta(days=30)
    """The same of the link that takes its place where an identity provider signs people in (R44)."""
    password_link: timedelta = timedelta(hours=24)
    """After the delivery of a link to choose a password (R21)."""
    email_link: timedelta = timedelta(days=7)
    """After the delivery of a link to confirm a new address (R13)."""
    email_objection: timedelta = timedelta(hours=48)
    """After the old address was told: until then it can object to a change that somebody else asked for (R13)."""
    email_changes_a_day: int = 3
    """How many times another address may be asked for, for one account, in any 24 hours, by whomever (R13)."""
    forgotten_a_day: int = 3
    """How many messages may be had for one account, in any 24 hours, by whoever forgot something (R21)."""
    session: timedelta = timedelta(hours=12)
    """After signing in (R23)."""
    security_log: timedelta = timedelta(days=365)
    """How long the security log keeps a line (R43)."""
    failures_per_login_and_source: int = 5
    """How many sign-ins may fail with one login from one source, within ``failures_window``, before a lock (R22)."""
    failures_per_login: int = 50
    """The same, with one login from anywhere."""
    failures_per_source: int = 200
    """The same, from one source with any login."""
    failures_window: timedelta = timedelta(minutes=15)
    lock: timedelta = timedelta(minutes=15)
    """How long every sign-in is refused once as many failed (R22)."""
    delay: timedelta = timedelta(seconds=2)
    """How long it is refused after a login's second failure from one source; doubled by each further one (R22)."""
    settled_message: timedelta = timedelta(days=30)
    """How long is kept that a message was delivered, or that there was nothing left to say (R20)."""
    key: timedelta = timedelta(hours=24)
    """After an act was done under a key: until then, whoever asks again with it is told that it was done already."""
    closed_person: timedelta = timedelta(days=365)
    """After closing: then nothing tells any more who that was (R18)."""
    closed_journal: timedelta = timedelta(days=1826)
    """After an organization's closing: then its journal is dropped whole, but for its head (R41)."""
