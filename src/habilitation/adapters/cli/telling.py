"""Whose names the command tells: those that whoever asks may know (R7, R36)."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from habilitation.adapters.assembly import Telling, Texts
from habilitation.adapters.cli.speech import Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor
from habilitation.domain.requests import NamesQuestion, OrganizationQuestion
from habilitation.domain.values import AgreementId, OrganizationId, UserId


@define
class Names(Telling):
    """Puts names to the journal's ids, as far as the reader may know them."""

    words: Texts = field(init=False)
    portal: Habilitation
    organization: OrganizationId
    reader: Actor
    speech: Speech

    def __attrs_post_init__(self) -> None:
        self.words = self.speech.words

    def find_names(self, users: frozenset[UserId]) -> Mapping[UserId, str]:
        found = self.portal.name_users(NamesQuestion(self.organization, users), by=self.reader)
        return {id: name or id for id, name in found.items()}

    def find_references(self) -> Mapping[AgreementId, str]:
        listed = self.portal.list_agreements(OrganizationQuestion(self.organization), by=self.reader)
        return {agreement.id: agreement.reference for agreement in listed}
