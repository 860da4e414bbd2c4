"""Whose names the command tells: those that whoever asks may know (R7, R36)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from attrs import define, field

from habilitation.adapters.assembly import Telling, Texts
from habilitation.adapters.cli.speech import Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor
from habilitation.domain.requests import NamesQuestion, OrganizationQuestion
from habilitation.domain.values import AgreementId, OrganizationId, UserId
from habilitation.use_cases.directory import LARGEST_PAGE


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
        left, found = iter(sorted(users)), dict[UserId, str]()
        while some := frozenset(islice(left, LARGEST_PAGE)):
            named = self.portal.name_users(NamesQuestion(self.organization, some), by=self.reader)
            found |= {id: name or id for id, name in named.items()}
        return found

    def find_references(self) -> Mapping[AgreementId, str]:
        listed = self.portal.list_agreements(OrganizationQuestion(self.organization), by=self.reader)
        return {agreement.id: agreement.reference for agreement in listed}
