"""Letters written out as mail, read back as their recipient's program would (R4, R7, R12, R26)."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from html.parser import HTMLParser

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.mail import Composer, ReceivedLetter, received
from habilitation.domain.messages import LINK_KINDS, LOGIN_KINDS, PASSWORD_KINDS, Letter, MessageKind
from habilitation.domain.values import EmailAddress, MessageId, Person, PersonName
from habilitation.ports.transport import DeliveryRefused
from habilitation.testing.fakes import FixedTexts, SettableClock
from tests.adapters.letters import JOSE, LINKS, LOGIN, PASSWORD, TOKEN, a_letter


def link(kind: MessageKind = MessageKind.PASSWORD_LINK) -> str:
    """Where a link of that kind leads."""
    return f"https://portail.example/liens/{LINK_KINDS[kind].value}/{TOKEN}"


LINK = link()
NOTICE = FixedTexts().first_authentication().notice
HEADERS = [
    "From",
    "To",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Habilitation-Kind",
    "Subject",
    "MIME-Version",
    "Content-Type",
]


def composer(language: str = "fr") -> Composer:
    ours = Composer("habilitations@caf.example", SettableClock(), FixedTexts(), language, link=LINKS)
    return evolve(ours, address="https://portail.example/?a=1&b=2")


@pytest.fixture(params=["fr", "en"])
def either(request) -> Composer:
    return composer(request.param)


def sent(letter: Letter, by: Composer) -> EmailMessage:
    """The message after a journey over the wire."""
    return message_from_bytes(by.compose(letter).as_bytes(), policy=default)


def arrived(letter: Letter, by: Composer) -> ReceivedLetter:
    """What its recipient reads."""
    return received(by.compose(letter).as_bytes())


def read(html: str) -> str:
    """The text of a page, as a person sees it; a tag that was not ours fails."""

    class Reader(HTMLParser):
        text = ""

        def handle_starttag(self, tag, attributes):
            assert tag in {"html", "head", "meta", "title", "body", "div", "p", "strong", "a"}

        def handle_data(self, data):
            self.text += data

    reader = Reader()
    reader.feed(html)
    return reader.text


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_a_subject_and_says_the_same_as_text_and_as_html(either, kind):
    message = sent(a_letter(kind), either)
    letter = arrived(a_letter(kind), either)
    assert (letter.kind, letter.to) == (kind, "marie.curie@olivier.example")
    assert 10 < len(letter.subject) < 100
    assert message.get_content_type() == "multipart/alternative"
    assert letter.text.split() == unescape(read(letter.html.partition("<body")[2].partition(">")[2])).split()
    assert "LES OLIVIERS" in letter.text
    assert "https://portail.example/?a=1&b=2" in letter.text


@pytest.mark.parametrize("kind", MessageKind)
def test_the_two_languages_do_not_say_the_same(kind):
    french, english = (arrived(a_letter(kind), composer(language)) for language in ("fr", "en"))
    assert french.subject != english.subject
    assert not set(french.text.split("\n\n")) & set(english.text.split("\n\n")) - {
        f"    {LOGIN}",
        f"    {PASSWORD}",
        *(f"    {link(each)}" for each in LINK_KINDS),
        NOTICE,
    }


@pytest.mark.parametrize("kind", MessageKind)
def test_no_message_holds_both_a_login_and_a_password(either, kind):
    """R12, I10."""
    message = sent(a_letter(kind), either)
    letter = arrived(a_letter(kind), either)
    everything = letter.text + letter.html + str(message.items())
    assert (LOGIN in everything, PASSWORD in everything) == (kind in LOGIN_KINDS, kind in PASSWORD_KINDS)
    assert (TOKEN in everything) == (kind in LINK_KINDS)
    assert letter.login == (LOGIN if kind in LOGIN_KINDS else None)
    assert letter.password == (PASSWORD if kind in PASSWORD_KINDS else None)
    assert letter.link == (link(kind) if kind in LINK_KINDS else None)
    assert not any(secret in repr(letter) for secret in (LOGIN, PASSWORD, TOKEN))


@pytest.mark.parametrize("kind", MessageKind)
def test_no_secret_stands_in_a_header(either, kind):
    """R12: subjects are shown on locked screens and kept in servers' logs."""
    headers = str(sent(a_letter(kind), either).items())
    assert LOGIN not in headers
    assert PASSWORD not in headers
    assert TOKEN not in headers


@pytest.mark.parametrize("kind", MessageKind)
def test_the_operator_s_notice_goes_with_each_login(either, kind):
    """R12."""
    letter = arrived(a_letter(kind), either)
    assert (NOTICE in letter.text, NOTICE in letter.html) == (kind in LOGIN_KINDS, kind in LOGIN_KINDS)


def test_a_link_leads_to_the_page_that_the_portal_has_for_it_until_it_dies():
    """R21."""
    letter = arrived(a_letter(MessageKind.PASSWORD_LINK), composer())
    assert f'<a href="{LINK}">{LINK}</a>' in letter.html
    assert "jusqu'au 23/11/2026 à 10:30" in letter.text


def test_a_link_that_leads_nowhere_is_refused_and_no_other_message_is():
    """R21: in sight of all, as a dead letter."""
    ours = evolve(composer(), link="")
    with pytest.raises(DeliveryRefused, match="links lead to is not set"):
        ours.compose(a_letter(MessageKind.PASSWORD_LINK))
    assert ours.compose(a_letter(MessageKind.PASSWORD))


@pytest.mark.parametrize(
    "page", ["https://portail.example/", "https://p.example/{token} x", "https://é.example/{token}"]
)
def test_an_address_that_cannot_be_a_link_s_is_refused_at_once(page):
    with pytest.raises(ValueError, match="links"):
        evolve(composer(), link=page)


def test_who_must_return_the_document_is_told_in_the_guide_s_words_for_whom_and_for_which_group():
    """R26."""
    text = arrived(a_letter(MessageKind.DOCUMENT_NEEDED), composer()).text
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf" in text
    assert "votre caf pour l'attribution des rôles" in text
    assert "Jeanne D'Arc" in text
    assert "AFAS-DEC - AFAS-Déclarer" in text


def test_another_operator_says_what_to_return_and_to_whom_in_its_own_words():
    """R26."""
    ours = evolve(composer(), operator="la préfecture", document="fiche d'habilitation")
    text = arrived(a_letter(MessageKind.DOCUMENT_NEEDED), ours).text
    assert "La fiche d'habilitation est à compléter et à retourner rapidement à la préfecture" in text
    assert "caf" not in text.lower().replace("afas", "")


@pytest.mark.parametrize("kind", [MessageKind.ADMINISTRATOR_NAMED, MessageKind.SEAT_VACATED])
def test_who_the_administrator_is_or_was_is_named(either, kind):
    """R7, R8."""
    assert "Jeanne D'Arc" in arrived(a_letter(kind), either).text


@pytest.mark.parametrize("kind", MessageKind)
def test_a_person_who_was_erased_leaves_a_readable_message(either, kind):
    letter = arrived(evolve(a_letter(kind), person=None, group=None, agreement=None), either)
    assert "  " not in letter.text.replace("\n    ", "")
    if kind not in (MessageKind.DOCUMENT_NEEDED, MessageKind.ROLE_ASSIGNED, MessageKind.ROLE_REFUSED):
        assert "None" not in letter.text


def test_a_second_copy_can_be_known_by_its_id():
    """R20."""
    first = sent(a_letter(), composer())
    second = sent(a_letter(), composer())
    other = sent(evolve(a_letter(), id=MessageId("0198f2b4-0000")), composer())
    assert first["Message-ID"] == second["Message-ID"] == "<0198f2b4-7c3d-7abc-8def-0123456789ab@caf.example>"
    assert other["Message-ID"] != first["Message-ID"]


def test_the_headers_say_when_by_whom_and_that_nobody_need_answer():
    message = sent(a_letter(), composer())
    assert message["Date"] == "Sun, 22 Nov 2026 10:30:00 +0100"
    assert message["From"] == "habilitations@caf.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.keys() == HEADERS


def test_only_an_address_with_accents_needs_smtputf8():
    assert composer().compose(a_letter()).as_bytes().isascii()
    message = composer().compose(a_letter(to=JOSE))
    assert "To: josé@olivier.example".encode() in message.as_bytes()
    assert received(message.as_bytes()).to == "josé@olivier.example"


def test_an_international_domain_goes_in_ascii_over_any_server():
    """R11: by IDNA 2008, as the normal form has it."""
    message = composer().compose(a_letter(to=EmailAddress("Marie@faß.de", "marie@xn--fa-hia.de")))
    assert message["To"] == "Marie@xn--fa-hia.de"


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: eve@olivier.example",
        "a@b.example, eve@olivier.example",
        "<eve@olivier.example>",
        "a b@c.example",
        "\ud800@b.example",
        "a",
        "",
        "a@",
    ],
)
def test_an_address_that_no_header_can_hold_is_refused(address):
    """What was stored may be older than today's checks."""
    with pytest.raises(DeliveryRefused, match="the recipient's address cannot be written"):
        composer().compose(a_letter(to=EmailAddress(address, address)))


NASTY = st.text(max_size=30) | st.sampled_from(
    [
        "x\r\nBcc: eve@olivier.example",
        "x\n\n    EVIL",
        '"><script>alert(1)</script>',
        "{{ password }}{% raw %}",
        'L\'Étoile & Cie "Nord"',
        "\u2028x\u0085y\x00z",
        "\ud800",
        "=?utf-8?q?Bcc?=",
        "É" * 250,
    ]
)


@given(organization=NASTY, last=NASTY, first=NASTY, group=NASTY, agreement=NASTY, kind=st.sampled_from(MessageKind))
def test_nothing_that_people_wrote_adds_a_header_a_paragraph_or_a_tag(
    organization, last, first, group, agreement, kind
):
    letter = a_letter(kind, organization=organization)
    person = Person(PersonName(last), PersonName(first), JOSE)
    nasty = evolve(letter, person=person, group=group, agreement=agreement)
    message = sent(nasty, composer())
    assert message.keys() == HEADERS
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain, found = arrived(letter, composer()), arrived(nasty, composer())
    assert (found.login, found.password, found.to) == (plain.login, plain.password, plain.to)
    assert found.text.count("\n\n") == plain.text.count("\n\n")
    assert found.html.count("<p") == plain.html.count("<p")
    read(found.html)


def test_what_people_wrote_is_shown_as_they_wrote_it():
    letter = arrived(a_letter(organization="L'Étoile & <Cie> {{ x }}"), composer())
    assert "L'Étoile & <Cie> {{ x }}" in letter.text
    assert "L'Étoile & <Cie> {{ x }}" in read(letter.html)


def test_a_notice_of_several_paragraphs_stays_so_in_the_html():
    texts = FixedTexts()

    class Long:
        def first_authentication(self):
            return evolve(texts.first_authentication(), notice="One <b>.\nStill one.\n\n    Two.")

    letter = arrived(a_letter(), evolve(composer(), texts=Long()))
    assert "One &lt;b&gt;.\nStill one.</p>" in letter.html
    assert letter.login == LOGIN


@pytest.mark.parametrize(
    "sender", ["", "caf", "é@caf.example", "Caf <a@caf.example>", "a@caf.example\nBcc: x@y.example"]
)
def test_a_sender_that_is_no_address_is_refused_at_once(sender):
    with pytest.raises(ValueError, match="sender"):
        Composer(sender, SettableClock(), FixedTexts())


def test_a_language_without_messages_is_refused_at_once():
    with pytest.raises(ValueError, match="'de'"):
        composer("de")


def test_french_typography_is_the_same_in_every_message():
    for kind in MessageKind:
        letter = arrived(a_letter(kind), composer())
        for text in (letter.subject, re.sub(r"https://\S+", "", letter.text)):
            assert not re.search(r"[^\u00a0][:;?!»](?!\w)|[’“”\t]", text), text
