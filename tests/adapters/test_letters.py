"""Letters and supporting documents on paper: read as text, and looked at as pictures (R4, R12, R20, R26)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.letters import ByAddress, LetterSpool, Typesetter
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.adapters.texts import DefaultOperatorTexts
from habilitation.domain.messages import Letter, MessageKind
from habilitation.domain.requests import DocumentQuestion, NewUser
from habilitation.domain.values import MessageId, PhoneNumber, PostalAddress
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from habilitation.testing.contract.transport import LOGIN, PASSWORD, TOKEN, ZOE, letter
from habilitation.testing.fakes import FixedTexts, SettableClock
from habilitation.testing.world import DECLARE, World
from habilitation.use_cases.documents import SupportingDocument
from tests.adapters.pages import A4, catalog_of, fonts_of, ink, sizes, tags_of, text_in, text_of, title_of, within

LETTERHEAD = ("Caisse d’allocations familiales", "Service des partenaires", "12 rue de l’Œuvre", "92000 NANTERRE")
FRENCH = Typesetter(
    SettableClock(),
    DefaultOperatorTexts.in_language("fr"),
    letterhead=LETTERHEAD,
    link="https://portail.example/liens/{purpose}/{token}",
)
CLAMART = PostalAddress(("MAIRIE DE CLAMART", "Direction générale", "1 PLACE MAURICE GUNSBOURG", "92140 Clamart"))
FULLEST = PostalAddress(("W" * 38, "Œ" * 38, "Ég" * 19, "Mj" * 19, "_" * 38, "Q" * 38))
BY_POST = (
    MessageKind.FIRST_LOGIN,
    MessageKind.FIRST_PASSWORD,
    MessageKind.FIRST_ACTIVATION,
    MessageKind.ADMINISTRATOR_NAMED,
    MessageKind.SEAT_VACATED,
)
ALWAYS_SEEN, EVER_SEEN = (100, 55, 190, 79), (90, 44, 200, 90)
"""What the window of a French DL envelope shows of a sheet folded in three, however it slips."""
MARGINS = (19, 19, 191, 278)
"""Twenty millimeters; a sign may reach out of its line by less than one."""
EVERYWHERE = (0, 0, *A4)


def a_letter(
    kind: MessageKind = MessageKind.FIRST_LOGIN, name: str = "LES OLIVIERS", to: PostalAddress = CLAMART
) -> Letter:
    return letter(kind, name, to)


@pytest.fixture(scope="module")
def asked() -> SupportingDocument:
    """The document of somebody who waits for the role of AFAS-DEC."""
    world = World.administered(MemoryStore())
    new = NewUser(
        world.organization.id,
        world.agreement.id,
        "N’Guyen-Œuvrard",
        "Zoé",
        "zoe.nguyen-oeuvrard@oliviers.example",
        phone="+33199001234",
        groups=(DECLARE,),
    )
    user = world.portal.create_user(new, by=world.admin)
    return world.portal.prepare_document(DocumentQuestion(world.organization.id, user.id, 1), by=world.admin)


# Where things stand


@pytest.mark.parametrize("to", [CLAMART, FULLEST], ids=["usual", "fullest"])
@pytest.mark.parametrize("kind", BY_POST)
def test_the_window_of_the_envelope_shows_the_address_whole_and_nothing_else(kind, to):
    """R4: folded in three, in a DL envelope, even where the sheet slips; no secret is seen through it."""
    pdf = FRENCH.letter(a_letter(kind, to=to))
    seen = within(ink(pdf), EVER_SEEN)
    assert seen
    assert seen == within(seen, ALWAYS_SEEN)
    assert text_in(pdf, EVER_SEEN).splitlines() == [*to.lines[:-1], to.lines[-1].upper()]


def test_the_town_stands_in_capitals():
    """NF Z 10-011: the last line."""
    assert "92140 CLAMART" in text_of(FRENCH.letter(a_letter()))


@pytest.mark.parametrize("name", ["LES OLIVIERS", "W" * 250, "long " * 49])
@pytest.mark.parametrize("kind", BY_POST)
def test_nothing_is_printed_outside_the_margins(kind, name):
    pdf = FRENCH.letter(a_letter(kind, name, FULLEST))
    assert set(sizes(pdf)) == {A4}
    printed = ink(pdf)
    assert len(printed) > 5000
    assert printed == within(printed, MARGINS)


def test_a_long_link_breaks_at_the_margin():
    """R44."""
    far = evolve(FRENCH, link=f"https://portail.example/{'x' * 200}/{{token}}")
    printed = ink(far.letter(a_letter(MessageKind.FIRST_ACTIVATION)))
    assert printed == within(printed, MARGINS)


def test_a_long_notice_goes_on_overleaf():
    """R12."""

    class Talkative(FixedTexts):
        def first_authentication(self):
            return evolve(super().first_authentication(), notice="Vos données. " * 800)

    pdf = evolve(FRENCH, texts=Talkative()).letter(a_letter())
    printed = ink(pdf)
    assert len(sizes(pdf)) > 1
    assert printed == within(printed, MARGINS)


def test_who_sends_stands_above_the_address():
    pdf = FRENCH.letter(a_letter())
    assert text_in(pdf, (20, 20, 90, 44)).splitlines() == list(LETTERHEAD)
    nobody = evolve(FRENCH, letterhead=()).letter(a_letter())
    assert text_in(nobody, (20, 20, 90, 44)) == "Mon Compte Partenaire"


def test_the_widest_letterhead_stays_out_of_the_window_and_above_the_letter():
    """R4: it has the lines of an envelope."""
    wide = evolve(FRENCH, letterhead=("W" * 38,) * 6)
    pdf = wide.letter(a_letter(to=FULLEST))
    seen = within(ink(pdf), EVER_SEEN)
    assert seen == within(seen, ALWAYS_SEEN)
    assert not within(ink(pdf), (0, 90, 210, 97))


# What they say


@pytest.mark.parametrize(("kind", "secret"), [(MessageKind.FIRST_LOGIN, LOGIN), (MessageKind.FIRST_PASSWORD, PASSWORD)])
def test_the_login_is_in_one_letter_and_the_password_in_the_other(kind, secret):
    """R4, R12: each stands alone on its line, to be copied."""
    lines = text_of(FRENCH.letter(a_letter(kind))).splitlines()
    assert secret in lines
    assert sum(LOGIN in line or PASSWORD in line for line in lines) == 1


def test_the_letter_of_the_login_brings_the_information_notice():
    """R12."""
    notice = FRENCH.texts.first_authentication().notice.split()
    said = {kind: text_of(FRENCH.letter(a_letter(kind))).split() for kind in BY_POST}
    assert [kind for kind in BY_POST if set(notice[:9]) <= set(said[kind])] == [MessageKind.FIRST_LOGIN]


def test_a_letter_is_dated_in_words_in_the_portals_zone():
    late = evolve(FRENCH, clock=SettableClock(FRENCH.clock.now().replace(month=12, day=31, hour=23, minute=30)))
    assert "Le 1 janvier 2027" in text_of(late.letter(a_letter()))


def test_the_link_is_good_until_a_day_and_an_hour_in_the_portals_zone():
    """R44."""
    said = text_of(FRENCH.letter(a_letter(MessageKind.FIRST_ACTIVATION)))
    assert f"https://portail.example/liens/activation/{TOKEN}" in said
    assert "23/11/2026 à 10:30" in said


def test_where_to_sign_in_is_said_if_it_is_known():
    told = evolve(FRENCH, address="https://portail.example")
    assert "https://portail.example" in text_of(told.letter(a_letter()))
    assert "portail.example" not in text_of(FRENCH.letter(a_letter()))


def test_letters_can_be_in_english():
    english = evolve(FRENCH, language="en", texts=FixedTexts())
    pdf = english.letter(a_letter())
    assert "22 November 2026" in text_of(pdf)
    assert catalog_of(pdf)["/Lang"] == "en-GB"


@pytest.mark.parametrize("kind", [MessageKind.ADMINISTRATOR_NAMED, MessageKind.SEAT_VACATED])
def test_a_person_who_was_erased_is_told_of_without_a_name(kind):
    """R18."""
    said = text_of(FRENCH.letter(evolve(a_letter(kind), person=None)))
    assert "None" not in said
    assert "Un utilisateur" in said or "La personne désignée" in said


@pytest.mark.parametrize(
    "name", ['#import "x"', "*gras* _i_ $x^2$", "= titre", "@ref <lab> `code`", "\\u{41} // rien", "]"]
)
def test_what_looks_like_markup_is_printed_as_it_is(name):
    """R12: a name is only a name, in the title too, and on the envelope."""
    pdf = FRENCH.letter(a_letter(name=name, to=PostalAddress((name, "92140 CLAMART"))))
    assert text_in(pdf, EVER_SEEN).splitlines()[0] == name
    assert text_of(pdf).count(name) == 3
    assert title_of(pdf) == f"{name}\u00a0: identifiant de première connexion"


@given(
    name=st.text(
        st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_categories=["C", "Z"]), min_size=1, max_size=60
    )
)
def test_any_european_name_is_printed_as_it_is(name):
    """R12: and never breaks the page; ligatures and the like are read back as the letters that they are of."""
    said = text_of(FRENCH.letter(a_letter(name=name)))
    assert name in "".join(said.split())


@pytest.mark.parametrize("sign", "éèàçùêîôëïüÿœŒæÆÉÀÇ’«»–€°")
def test_french_signs_are_printed(sign):
    assert sign in text_in(FRENCH.letter(a_letter(to=PostalAddress((sign, "92140 CLAMART")))), EVER_SEEN)
    assert f"x{sign}x" in text_of(FRENCH.letter(a_letter(name=f"x{sign}x")))


# For whoever does not see them


@pytest.mark.parametrize("kind", BY_POST)
def test_a_letter_can_be_listened_to(kind):
    """PDF/UA-1: tagged, with a title that is shown, a language and a heading."""
    assert_accessible(FRENCH.letter(a_letter(kind)))


def test_the_document_can_be_listened_to(asked):
    assert_accessible(FRENCH.document(asked))


def assert_accessible(pdf: bytes) -> None:
    catalog = catalog_of(pdf)
    assert catalog["/Lang"] == "fr-FR"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert {"/Document", "/H1", "/P"} <= tags_of(pdf)
    assert title_of(pdf)
    assert b"pdfuaid" in catalog["/Metadata"].get_data()


@pytest.mark.parametrize("kind", BY_POST)
def test_every_font_is_in_the_file(kind):
    assert all(fonts_of(FRENCH.letter(a_letter(kind))).values())


@pytest.mark.parametrize("name", ["東京", "🏠"])
def test_a_name_that_no_font_has_still_leaves(name):
    """R4: the letter is tagged, but does not claim to be PDF/UA; its secret is there."""
    pdf = FRENCH.letter(a_letter(name=name))
    assert LOGIN in text_of(pdf)
    assert "/H1" in tags_of(pdf)
    assert b"pdfuaid" not in catalog_of(pdf)["/Metadata"].get_data()


# What is refused


def test_what_has_no_postal_address_is_no_letter():
    with pytest.raises(DeliveryRefused):
        FRENCH.letter(letter(MessageKind.FIRST_LOGIN, to=ZOE))


def test_a_link_leaves_only_where_a_page_was_named():
    """R44."""
    with pytest.raises(DeliveryRefused):
        evolve(FRENCH, link="").letter(a_letter(MessageKind.FIRST_ACTIVATION))


@pytest.mark.parametrize("setting", [{"language": "de"}, {"letterhead": ("line",) * 7}, {"letterhead": ("x" * 39,)}])
def test_a_setting_that_no_letter_can_have_is_refused(setting):
    with pytest.raises(ValueError, match=r"letter"):
        evolve(FRENCH, **setting)


# The folder


@pytest.fixture
def spool(tmp_path: Path) -> LetterSpool:
    return LetterSpool(tmp_path / "post" / "letters", FRENCH)


def test_each_letter_is_a_file_that_its_owner_alone_can_open(spool):
    """R12, I10: passwords stand in them."""
    before = os.umask(0)
    try:
        spool.send(a_letter(MessageKind.FIRST_PASSWORD))
    finally:
        os.umask(before)
    [file] = spool.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700
    assert PASSWORD in text_of(file.read_bytes())


def test_a_file_is_named_after_the_message_and_after_nobody(spool):
    """R41: the login's letters can be told from the password's, and printed on another day."""
    for kind in BY_POST:
        spool.send(evolve(a_letter(kind), id=MessageId("0198f2b4")))
    assert sorted(file.name for file in spool.folder.iterdir()) == sorted(
        f"{kind.value}-0198f2b4.pdf" for kind in BY_POST
    )


def test_a_second_copy_takes_the_place_of_the_first(spool):
    """R20: one letter a message, whose password is the one that was minted last."""
    spool.send(a_letter(MessageKind.FIRST_PASSWORD))
    spool.send(evolve(a_letter(MessageKind.FIRST_PASSWORD), password="2222-3333"))
    [file] = spool.folder.iterdir()
    assert "2222-3333" in text_of(file.read_bytes())
    assert PASSWORD not in text_of(file.read_bytes())


def test_a_full_disk_delays_the_letter_and_leaves_no_part_of_it(spool, monkeypatch):
    """R20: a printer that watches the folder never meets half a letter."""
    spool.send(a_letter(MessageKind.FIRST_LOGIN))
    [whole] = spool.folder.iterdir()

    def full(descriptor):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryDelayed, match="No space left"):
        spool.send(a_letter(MessageKind.FIRST_PASSWORD))
    assert list(spool.folder.iterdir()) == [whole]


def test_what_a_crash_left_halfway_is_written_over(spool):
    """I10: no half a letter with a password in it stays."""
    spool.folder.mkdir(parents=True)
    (spool.folder / ".first-password-message-first-password.pdf.part").write_text("a password, half")
    spool.send(a_letter(MessageKind.FIRST_PASSWORD))
    assert [file.suffix for file in spool.folder.iterdir()] == [".pdf"]


def test_a_letter_goes_as_its_address_says():
    """R4."""
    mail, post = MemoryMailbox(), MemoryMailbox()
    both = ByAddress(mail, post)
    both.send(letter(MessageKind.FIRST_LOGIN, to=ZOE))
    both.send(a_letter())
    assert [one.to for one in mail.letters] == [ZOE]
    assert [one.to for one in post.letters] == [CLAMART]


# The supporting document


def test_the_document_says_whom_it_concerns_for_which_role_and_what_is_left_to_complete(asked):
    """R26: as the guide says it."""
    said = text_of(FRENCH.document(asked))
    assert said.startswith("Pièce justificative n°\u00a03\n")
    assert "à compléter et à retourner rapidement à votre caf pour l’attribution des rôles" in said
    for known in (
        "Dénomination LES OLIVIERS",
        "SIRET 219\u00a0200\u00a0235\u00a000014",
        "Convention CONV-1 – LES OLIVIERS",
        "Administrateur Anne Martin",
        "Nom N’Guyen-Œuvrard",
        "Prénom Zoé",
        f"Identifiant {asked.user.login}",
        "Adresse mail zoe.nguyen-oeuvrard@oliviers.example",
        "Groupe AFAS-DEC – AFAS-Déclarer",
        "Date d’ouverture 22/11/2026",
        "Habilitation n° 1",
        "Signature et cachet",
    ):
        assert known in said.replace("n°\u00a0", "n° "), known
    assert "Date de clôture" not in said


def test_the_documents_telephone_is_written_for_people(asked):
    spoken = evolve(FRENCH, spoken=lambda phone: f"{phone.e164[:3]} 1 99 00 12 34")
    assert "Téléphone +33 1 99 00 12 34" in text_of(spoken.document(asked))
    assert isinstance(asked.user.person.phone, PhoneNumber)


def test_the_document_bears_the_operators_own_names(asked):
    own = evolve(FRENCH, named="formulaire 12", operator="l’agence")
    said = text_of(own.document(asked))
    assert said.startswith("Formulaire 12\n")
    assert "à retourner rapidement à l’agence" in said
    assert said.endswith("\n".join(LETTERHEAD))


def test_the_document_keeps_its_margins_whatever_people_are_called(asked):
    named = evolve(asked, organization=evolve(asked.organization, name="W" * 250), service="É" * 250)
    pdf = FRENCH.document(named)
    printed = ink(pdf)
    assert set(sizes(pdf)) == {A4}
    assert printed == within(printed, MARGINS)
    assert all(fonts_of(pdf).values())


def test_what_looks_like_markup_is_printed_as_it_is_in_a_document_too(asked):
    named = evolve(asked, organization=evolve(asked.organization, name='#import "x" *y*'))
    assert 'Dénomination #import "x" *y*' in text_of(FRENCH.document(named))
