"""What a manager manages: all groups, present and future, or a set of places (R28)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.values import AgreementId, Place


@frozen
class Scope:
    """The places that a manager reaches; none listed means all groups, present and future."""

    places: frozenset[Place] | None = None

    def covers(self, place: Place) -> bool:
        return self.places is None or place in self.places

    def touches(self, agreement: AgreementId) -> bool:
        return self.places is None or any(place.agreement == agreement for place in self.places)


ALL_GROUPS = Scope()
NOTHING = Scope(frozenset())
