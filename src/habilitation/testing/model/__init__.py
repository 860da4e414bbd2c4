"""A naive model of the rules: plain sets and dicts, written apart from the library so as not to share its mistakes.

Each act is a method, given what was asked, by whom and when. It checks in the documented order (what was typed, what is
missing, who acts, whether that role may, then the state, then the days) and raises ``No`` with the expected code, or
returns what remains to be done to the facts, once the library has drawn its ids.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from habilitation.testing.model.facts import No
from habilitation.testing.model.identities import Identities
from habilitation.testing.model.overseeing import Overseeing
from habilitation.testing.model.people import People
from habilitation.testing.model.retention import Retention

__all__ = ["Model", "No"]

Then = Callable[[Any], None]


class Model(Overseeing, Retention, People, Identities):
    """Everything that can be asked of the library, by the name that it has there."""

    def verdict(self, act: str, asked: Any, by: Any, now: datetime) -> str:
        """``accepted``, or the code of the refusal; nothing is changed."""
        try:
            self.predict(act, asked, by, now)
        except No as no:
            return no.code
        return "accepted"

    def predict(self, act: str, asked: Any, by: Any, now: datetime) -> Then:
        """What accepting will change, given what the library returned; or ``No``."""
        then: Then = getattr(self, act)(asked, by, now)
        return then
