"""Whose names the command tells: those that whoever asks may know (R7, R36)."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from habilitation.adapters.assembly import Telling, Texts
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import full_name
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor
from habilitation.domain.refusals import UserUnknown
from habilitation.domain.requests import OrganizationQuestion, UserQuestion
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

    def find_name(self, user: UserId) -> str | None:
        try:
            return full_name(self.portal.show_user(UserQuestion(self.organization, user), by=self.reader))
        except UserUnknown:
            seen = self.portal.who_is_administrator(OrganizationQuestion(self.organization), by=self.reader)
            return seen.name if seen.user == user else None  # the one name that everybody may know (R7)

    def find_references(self) -> Mapping[AgreementId, str]:
        listed = self.portal.list_agreements(OrganizationQuestion(self.organization), by=self.reader)
        return {agreement.id: agreement.reference for agreement in listed}
