"""A person's mailbox, or a role's (R6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.mailboxes import RoleMailboxes
from habilitation.domain.refusals import EmailNotNominative
from habilitation.domain.values import EmailAddress

MAILBOXES = RoleMailboxes.french_and_english()

ROLES = """
contact accueil mairie secretariat direction info admin noreply rh compta gestion logement bureau president maire it dg
Secrétariat RÉCEPTION mairie92 rh75 contact2 92mairie 0612345678
mairie-clamart mairie.clamart mairie_clamart mairiedeclamart la-mairie lamairie contact.fr service-logement
servicelogement service.paie no-reply ne-pas-repondre donotreply rh.clamart info+afas contact+marie dgs-adjointe
ressources.humaines human-resources ccas ccas.clamart office support le-maire sales.team bureau.accueil
secretariat.general habilitations administrateur gestionlocative gestion.locative comptabilite urbanisme syndic
"""

PERSONS = """
marie.curie m.curie mcurie curie marie jean.contact marie.mairie d.admin j.direction paul.bureau bureau.paul
sales.maria maria.sales president.nguyen le.nguyen n'guyen jeanne.d'arc josé œuvrard marie+contact marie75 martin.rh
olivier.maire lemaire le-maire.bruno maire.paul dev.patel loyer.emmanuelle emmanuelle.loyer paul.poste
it.nguyen bonjour.anne jean-service marie.accueil dupontel administa infante rhodes comte adminson
"""


def email(local: str) -> EmailAddress:
    address = f"{local}@clamart.example"
    return EmailAddress(address, address.lower())


@pytest.mark.parametrize("local", ROLES.split())
def test_a_role_s_mailbox_is_refused(local):
    """R6."""
    with pytest.raises(EmailNotNominative):
        MAILBOXES.check(email(local))


@pytest.mark.parametrize("local", PERSONS.split())
def test_a_person_s_mailbox_passes_even_where_a_role_s_word_is_in_it(local):
    """R6: nobody is kept out of the seat by a surname."""
    MAILBOXES.check(email(local))


def test_the_domain_does_not_count():
    """R6."""
    MAILBOXES.check(EmailAddress("marie@contact.mairie.example", "marie@contact.mairie.example"))


@given(st.text(st.characters(categories=["Nd", "Pd", "Pc"]), min_size=1, max_size=10))
def test_a_mailbox_without_a_letter_names_nobody(local):
    """R6."""
    with pytest.raises(EmailNotNominative):
        MAILBOXES.check(email(local))


@given(st.sampled_from(sorted(MAILBOXES.roles)), st.sampled_from("._-+"), st.text("abcxyz", min_size=3, max_size=8))
def test_a_role_followed_by_anything_stays_one_and_after_a_name_makes_none(role, separator, name):
    """R6."""
    with pytest.raises(EmailNotNominative):
        MAILBOXES.check(email(f"{role}{separator}{name}"))
    MAILBOXES.check(email(f"marie{name}{separator}{role}"))


def test_an_operator_can_bring_words_of_their_own(tmp_path):
    """R6: the policy is data."""
    words = tmp_path / "roles.toml"
    words.write_text('roles = ["Bürgermeister"]\nbeginnings = ["gemeinde"]\nnames_too = []\n', "utf-8")
    own = RoleMailboxes.from_file(words)
    for local in ("buergermeister", "contact"):
        own.check(email(local))
    for local in ("bürgermeister", "Bürgermeister.berlin", "gemeindeamt"):
        with pytest.raises(EmailNotNominative):
            own.check(email(local))


@pytest.mark.parametrize("text", ["", "roles = 3", 'roles = ["a b"]', "roles = [3]"])
def test_a_file_of_words_that_is_not_one_is_refused_at_once(tmp_path, text):
    words = tmp_path / "roles.toml"
    words.write_text(f"{text}\nbeginnings = []\nnames_too = []", "utf-8")
    with pytest.raises(ValueError, match="role mailboxes"):
        RoleMailboxes.from_file(words)


def test_the_words_are_letters_and_stand_in_one_list_only():
    lists = (MAILBOXES.roles, frozenset(MAILBOXES.beginnings), MAILBOXES.names_too)
    assert all(word.isalpha() and word.isascii() for words in lists for word in words)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
