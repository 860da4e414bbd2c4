"""Organizations do not see each other; what they share is unique (R11, I7, R37)."""

from __future__ import annotations

import pytest
from attrs import evolve

from habilitation.domain.credential import Standing
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    ContactChanged,
    DelegationEnded,
    FirstCredentialsIssued,
    ManagerDelegated,
    OrganizationClosed,
    SiretChanged,
    UserModified,
    UserRemoved,
)
from habilitation.domain.folding import folded
from habilitation.domain.journal import NOTHING_YET
from habilitation.domain.refusals import Conflict, CursorMalformed
from habilitation.domain.scope import Scope
from habilitation.domain.values import OrganizationId, PostalAddress, Seal, UserId
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.portrait import changed, portrait, users_of
from habilitation.testing.contract.seeds import (
    ANNE,
    AT,
    DAY,
    NAME,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    SIRET,
    ZOE,
    Seeds,
    added,
    address,
    credential,
    message,
    only,
    particulars,
    person,
    term,
)

CLOSED = AccountClosed(ANNE, AT, AT.date())


class Apart(StoreBench):
    """What is in one organization is not in another."""

    def test_nothing_is_known_of_an_organization_that_is_not_there(self, store: Store) -> None:
        """R37"""
        with store.reading(ORGANIZATION) as rows:
            assert rows.organization is None
            assert rows.head == NOTHING_YET
            assert rows.find_user(ANNE) is None
            assert list(rows.records(0, 10)) == []
        assert list(store.entries(ORGANIZATION)) == []

    def test_organizations_are_listed_in_the_order_of_their_opening(self, store: Store, seeds: Seeds) -> None:
        """R1: not of their ids, nor of their latest acts."""
        for id, siret in ((OTHER, SIRET), (ORGANIZATION, OTHER_SIRET)):
            seeds.organization(id, siret)
        seeds.user(ANNE, on=OTHER)
        assert list(store.organizations()) == [OTHER, ORGANIZATION]

    def test_organizations_are_listed_some_at_a_time(self, store: Store, seeds: Seeds) -> None:
        """R1: after one of them, as many as were asked; a cursor that is none is refused."""
        for id, siret in ((OTHER, SIRET), (ORGANIZATION, OTHER_SIRET)):
            seeds.organization(id, siret)
        assert list(store.organizations(most=1)) == [OTHER]
        assert list(store.organizations(OTHER)) == [ORGANIZATION]
        assert list(store.organizations(ORGANIZATION, 1)) == []
        with pytest.raises(CursorMalformed):
            store.organizations(OrganizationId("none"))

    def test_organizations_are_found_by_a_part_of_their_names(self, store: Store, seeds: Seeds) -> None:
        """R36: whatever its accents and capitals; no character of it stands for others."""
        names = {OTHER: "Commune de Saint-Rémy", ORGANIZATION: "100 % Saint-Malo"}
        for (id, name), siret in zip(names.items(), (SIRET, OTHER_SIRET), strict=True):
            seeds.organization(id, siret)
            seeds.act(ContactChanged(), on=id, particulars=evolve(particulars(siret), name=name))
        assert list(store.organizations(text=folded("saint-RÉMY"))) == [OTHER]
        assert list(store.organizations(text="saint")) == [OTHER, ORGANIZATION]
        assert list(store.organizations(OTHER, 1, "saint")) == [ORGANIZATION]
        assert list(store.organizations(text="%")) == [ORGANIZATION]
        assert list(store.organizations(text="saint_r")) == []

    def test_a_siret_leads_to_its_organization(self, store: Store, seeds: Seeds) -> None:
        """R1"""
        seeds.organization(OTHER, OTHER_SIRET)
        assert (store.siret_holder(OTHER_SIRET), store.siret_holder(SIRET)) == (OTHER, None)

    def test_the_same_user_id_in_two_organizations_is_two_users(self, store: Store, seeds: Seeds) -> None:
        """R41: every row is its organization's."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE, person(), login="00000001")
        before = portrait(store)[ORGANIZATION]
        seeds.user(ANNE, person("Durand", "Zoé", "zoe@sapins.example"), login="00000002", on=OTHER)
        seeds.act(added(), on=OTHER)
        assert changed(before, portrait(store)[ORGANIZATION]) == []
        seen = portrait(store)[OTHER]
        assert seen["rows"][ANNE].person.last_name.text == "Durand"
        assert seen["credentials"][ANNE] == credential(ANNE, "00000002", OTHER)

    def test_users_are_not_found_from_another_organization(self, store: Store, seeds: Seeds) -> None:
        """R37"""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE)
        seeds.act(ManagerDelegated(ANNE, Scope(), term()))
        with store.writing(OTHER) as rows:
            assert rows.find_user(ANNE) is None
            assert rows.find_row(ANNE) is None
            assert rows.find_credential(ANNE) is None
            assert list(rows.with_email(person().email.normal)) == []
            assert list(rows.managers()) == []
        assert users_of(store, OTHER) == []

    def test_papers_are_not_found_from_another_organization(self, store: Store, seeds: Seeds) -> None:
        """R41"""
        seeds.organization(ORGANIZATION, SIRET)
        with store.reading(OTHER) as rows:
            assert rows.papers([NAME.seal]) == {}


class Registries(StoreBench):
    """SIRETs, logins, e-mails, managers: what a writer looks up before it decides."""

    def test_a_siret_is_found_with_its_holder(self, store: Store, seeds: Seeds) -> None:
        """R1"""
        seeds.organization(ORGANIZATION, SIRET)
        with store.writing(OTHER) as rows:
            assert rows.siret_holder(SIRET) == ORGANIZATION
            assert rows.siret_holder(OTHER_SIRET) is None

    def test_a_siret_that_was_changed_is_another_ones_to_have(self, store: Store, seeds: Seeds) -> None:
        """R1"""
        seeds.organization(ORGANIZATION, SIRET)
        changed = SiretChanged(NAME.seal, NAME.seal, "move", None)
        seeds.act(changed, particulars=particulars(OTHER_SIRET))
        assert (store.siret_holder(SIRET), store.siret_holder(OTHER_SIRET)) == (None, ORGANIZATION)
        seeds.organization(OTHER, SIRET)
        assert store.siret_holder(SIRET) == OTHER

    def test_the_siret_of_a_closed_organization_is_another_ones_to_have(self, store: Store, seeds: Seeds) -> None:
        """R1: closing frees it; its particulars stay."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.act(OrganizationClosed("merger", None))
        assert store.siret_holder(SIRET) is None
        seeds.organization(OTHER, SIRET)
        assert store.siret_holder(SIRET) == OTHER
        with store.reading(ORGANIZATION) as rows:
            assert rows.particulars() == particulars(SIRET)

    def test_particulars_are_loaded_as_they_were_saved(self, store: Store, seeds: Seeds) -> None:
        """R1"""
        seeds.organization()
        seeds.user(ANNE)  # an act that says nothing about them
        with store.reading(ORGANIZATION) as rows:
            assert rows.particulars() == particulars()

    @pytest.mark.parametrize("by_mail", [True, False])
    def test_a_contact_that_is_reached_by_post_is_loaded_as_it_was_saved(
        self, store: Store, seeds: Seeds, by_mail: bool
    ) -> None:
        """R4: line by line, whether or not there is an e-mail address beside."""
        seeds.organization()
        postal = PostalAddress(("LES OLIVIERS", "Service d’accueil", "92140 CLAMART"))
        reached = evolve(particulars(), contact=particulars().contact if by_mail else None, postal=postal)
        seeds.act(ContactChanged(), particulars=reached)
        with store.reading(ORGANIZATION) as rows:
            assert rows.particulars() == reached
        seeds.act(ContactChanged(), particulars=particulars())
        with store.reading(ORGANIZATION) as rows:
            assert rows.particulars() == particulars()

    def test_a_dead_login_is_never_given_again(self, store: Store, seeds: Seeds) -> None:
        """R11, I7: the registry outlives the credential."""
        seeds.organization()
        first = evolve(credential(ANNE, "00000001"), standing=Standing.FIRST)
        seeds.act(FirstCredentialsIssued(ANNE, AT + 60 * DAY), credentials=(first,))
        store.credentials.save(first.killing())
        with pytest.raises(Conflict):
            seeds.user(ZOE, login="00000001")
        assert users_of(store, ORGANIZATION) == []

    def test_a_login_is_unique_over_the_whole_portal(self, store: Store, seeds: Seeds) -> None:
        """R11, I7"""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE, login="00000001")
        with pytest.raises(Conflict):
            seeds.user(ZOE, login="00000001", on=OTHER)

    def test_an_email_is_found_by_its_normal_form_only(self, store: Store, seeds: Seeds) -> None:
        """R11"""
        seeds.organization()
        seeds.user(ANNE, person(email="Anne.MARTIN@Oliviers.example"))
        with store.writing(ORGANIZATION) as rows:
            found = only(rows.with_email("anne.martin@oliviers.example"))
            assert found.id == ANNE
            assert list(rows.with_email("Anne.MARTIN@Oliviers.example")) == []
            assert list(rows.with_email("anne.martin@oliviers.exampl_")) == []

    def test_the_email_of_a_closed_user_is_found_too(self, store: Store, seeds: Seeds) -> None:
        """R11: who is not closed is decided at the instant of the act, not by the store."""
        seeds.organization()
        seeds.user(ANNE)
        seeds.act(CLOSED)
        seeds.user(ZOE, login="00000002")
        with store.writing(ORGANIZATION) as rows:
            found = {user.id: user for user in rows.with_email(person().email.normal)}
            assert set(found) == {ANNE, ZOE}
            assert found[ANNE] == rows.find_user(ANNE)

    def test_a_changed_email_is_found_and_the_former_is_not(self, store: Store, seeds: Seeds) -> None:
        """R11"""
        seeds.organization()
        seeds.user(ANNE)
        seeds.act(UserModified(ANNE, ("email",)), people={ANNE: person(email="anne@martin.example")})
        with store.writing(ORGANIZATION) as rows:
            assert list(rows.with_email(person().email.normal)) == []
            assert [user.id for user in rows.with_email("anne@martin.example")] == [ANNE]
            row = rows.find_row(ANNE)
        assert row is not None
        assert row.person is not None
        assert row.person.email == address("anne@martin.example")

    def test_managers_are_those_whose_latest_account_has_a_delegation(self, store: Store, seeds: Seeds) -> None:
        """R28: what became of it since is not the store's to say; a new account period has none (R14)."""
        seeds.organization()
        delegated = {name: UserId(name) for name in ("current", "ended", "reopened", "removed")}
        for number, user in enumerate(delegated.values()):
            seeds.user(user, login=f"0000000{number}")
            seeds.act(ManagerDelegated(user, Scope(), term()))
        seeds.user(ANNE, login="00000009")
        seeds.act(DelegationEnded(delegated["ended"], AT, AT.date()))
        seeds.act(AccountClosed(delegated["reopened"], AT, AT.date()))
        seeds.act(AccountReopened(delegated["reopened"], term(AT + DAY)))
        seeds.act(AccountClosed(delegated["removed"], AT, AT.date()), UserRemoved(delegated["removed"]))
        with store.writing(ORGANIZATION) as rows:
            managers = {user.id: user for user in rows.managers()}
            assert set(managers) == {delegated[name] for name in ("current", "ended", "removed")}
            assert all(rows.find_user(id) == user for id, user in managers.items())

    def test_papers_are_found_by_their_seals(self, store: Store, seeds: Seeds) -> None:
        """R41: a seal whose text is not there, erased or never written, is left out."""
        seeds.organization()
        with store.reading(ORGANIZATION) as rows:
            assert rows.papers([NAME.seal, Seal("0" * 64)]) == {NAME.seal: NAME.text}
            assert rows.papers([]) == {}

    def test_messages_of_one_organization_are_taken_alone(self, store: Store, seeds: Seeds) -> None:
        """R20"""
        seeds.organization(ORGANIZATION, SIRET, messages=(message("m-1"),))
        seeds.organization(OTHER, OTHER_SIRET, messages=(message("m-2", on=OTHER),))
        taken = store.outbox.take(AT, AT + DAY, 10, OTHER)
        assert [delivery.message for delivery in taken] == [message("m-2", on=OTHER)]
