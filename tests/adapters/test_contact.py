"""E-mail addresses and telephone numbers, read by the real libraries (R10, R11)."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from habilitation.adapters.contact import Contact, for_people
from habilitation.domain.refusals import EmailMalformed, PhoneMalformed, Refusal
from habilitation.domain.values import PhoneNumber

CONTACT = Contact()


def test_an_address_is_kept_as_typed_and_compared_in_lower_case():
    """R11."""
    address = CONTACT.email(" Marie.Curie@Olivier.Example ")
    assert (address.text, address.normal) == ("Marie.Curie@olivier.example", "marie.curie@olivier.example")


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("marie+afas@olivier.example", "marie+afas@olivier.example"),
        ("JOSÉ@olivier.example", "josé@olivier.example"),
        ("jose\u0301@olivier.example", "josé@olivier.example"),
        ("d'arc@olivier.example", "d'arc@olivier.example"),
        ("marie@Exämple.fr", "marie@xn--exmple-cua.fr"),
        ("marie@xn--exmple-cua.fr", "marie@xn--exmple-cua.fr"),
        ("marie@faß.de", "marie@xn--fa-hia.de"),  # IDNA 2003 would have made it fass.de, which is somebody else's
    ],
)
def test_the_normal_form_folds_case_composition_and_the_domain_and_keeps_the_tag(typed, normal):
    """R11."""
    assert CONTACT.email(typed).normal == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "marie",
        "marie@",
        "@olivier.example",
        "marie@olivier",
        "marie@localhost",
        "marie@olivier.test",
        "marie curie@olivier.example",
        '"marie curie"@olivier.example',
        "Marie <marie@olivier.example>",
        "marie@olivier.example, eve@olivier.example",
        "marie@olivier.example\nBcc: eve@olivier.example",
        "marie@[127.0.0.1]",
        "marie@-olivier.example",
        "ma\x00rie@olivier.example",
        "ma\u200brie@olivier.example",
        "ma\u202erie@olivier.example",
        "\ud800@olivier.example",
        "m" * 1_000_000 + "@olivier.example",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(typed):
    """R6 and R10: the form nom@domaine.extension is required."""
    with pytest.raises(EmailMalformed):
        CONTACT.email(typed)


@given(st.emails())
def test_normal_forms_are_their_own_normal_form(typed):
    """R11."""
    try:
        address = CONTACT.email(typed)
    except EmailMalformed:
        assume(False)
    assert CONTACT.email(address.normal).normal == address.normal
    assert CONTACT.email(address.text).normal == address.normal
    assert unicodedata.is_normalized("NFC", address.normal)


@given(st.text(st.characters(), max_size=40))
def test_any_text_is_read_or_refused(typed):
    """Bad input gets a refusal, never a traceback."""
    for read in (CONTACT.email, CONTACT.phone):
        with suppress(Refusal):
            read(typed)


@pytest.mark.parametrize(
    ("typed", "international"),
    [
        ("01 23 45 67 89", "+33123456789"),
        ("06.12.34.56.78", "+33612345678"),
        ("06-12-34-56-78", "+33612345678"),
        ("06\u00a012\u00a034\u00a056\u00a078", "+33612345678"),
        ("+33 (0)1 23 45 67 89", "+33123456789"),
        ("0033 1 23 45 67 89", "+33123456789"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_a_number_is_read_however_it_is_set(typed, international):
    """R10."""
    assert CONTACT.phone(typed).e164 == international


@pytest.mark.parametrize(
    ("typed", "international"),
    [
        ("0590 27 12 34", "+590590271234"),
        ("0690 12 34 56", "+590690123456"),
        ("0262 12 34 56", "+262262123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0594 12 34 56", "+594594123456"),
        ("0694 12 34 56", "+594694123456"),
        ("0596 60 12 34", "+596596601234"),
        ("0697 12 34 56", "+596697123456"),
        ("0269 61 23 45", "+262269612345"),
        ("+508 41 12 34", "+508411234"),
        ("+590 590 27 12 34", "+590590271234"),
        ("+687 26 12 34", "+687261234"),
    ],
)
def test_an_overseas_number_gets_its_own_region(typed, international):
    """R10."""
    assert CONTACT.phone(typed).e164 == international


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "112",
        "0000000000",
        "012345678",
        "０１２３４５６７８９",
        "٠١٢٣٤٥٦٧٨٩",
        "0123456789 poste 12",
        "01 CARTES 89",
        "01 23 45 67 89 ext 5",
        "tel:0123456789",
        "0123456789\n0612345678",
        "+",
        "+999 12345678",
        "1" * 1_000_000,
        "\ud800\x00",
    ],
)
def test_what_cannot_be_called_is_refused(typed):
    """R10; full-width digits are no clean-up of ours."""
    with pytest.raises(PhoneMalformed):
        CONTACT.phone(typed)


def test_a_number_is_shown_in_groups():
    assert for_people(PhoneNumber("+33123456789")) == "+33 1 23 45 67 89"
    assert for_people(PhoneNumber("+262262123456")) == "+262 262 12 34 56"


@given(st.integers(0, 9_999_999).map("01{:08}".format))
def test_a_number_shown_is_the_same_number_read_again(typed):
    try:
        phone = CONTACT.phone(typed)
    except PhoneMalformed:
        assume(False)
    assert CONTACT.phone(for_people(phone)) == phone
    assert CONTACT.phone(phone.e164) == phone
