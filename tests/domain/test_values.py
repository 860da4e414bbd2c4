"""Names, logins, codes and references as they are typed (R5, R10, R11)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain import values
from habilitation.domain.refusals import (
    LoginMalformed,
    NameMalformed,
    NameMissing,
    NameTooLong,
    PostalAddressMalformed,
    ReferenceMalformed,
    Refusal,
)
from habilitation.domain.values import EmailAddress, Login, Paper, Person, PersonName, PhoneNumber, PostalAddress


@pytest.mark.parametrize(
    "typed", ["D'Arc", "N'Guyen", "N’Guyen", "Œuvrard", "José María", "Nuñez-Ibáñez", "Ō", "李", "de"]
)
def test_a_real_name_is_kept_as_it_is(typed):
    """R10."""
    assert str(PersonName.parse(typed, "last_name")) == typed


def test_a_name_is_kept_in_nfc_however_it_was_typed():
    """R10."""
    assert PersonName.parse(unicodedata.normalize("NFD", "José María"), "first_name").text == "José María"


def test_spaces_around_a_name_are_dropped_and_those_in_it_stay():
    """R10."""
    assert PersonName.parse("  de la  Tour ", "last_name").text == "de la  Tour"


def test_a_name_of_250_characters_is_kept_whole():
    """R10."""
    assert PersonName.parse("É" * 250, "last_name").text == "É" * 250


def test_a_name_of_250_characters_may_be_typed_in_pieces():
    """R10: characters are counted once they are composed, spaces around them apart."""
    assert PersonName.parse(" " * 750 + "a" * 250, "last_name").text == "a" * 250
    assert PersonName.parse("e\u0301" * 250, "last_name").text == "é" * 250


def test_a_name_of_251_characters_is_refused_by_its_field():
    """R10."""
    with pytest.raises(NameTooLong) as caught:
        PersonName.parse("a" * 251, "last_name")
    assert caught.value.data == {"field": "last_name", "most": 250}


@pytest.mark.parametrize("typed", ["", " ", "\u00a0"])
def test_an_empty_name_is_missing(typed):
    """R10."""
    with pytest.raises(NameMissing):
        PersonName.parse(typed, "first_name")


@pytest.mark.parametrize(
    "character",
    [
        "\0",
        "\n",
        "\r",
        "\t",
        "\x1b",
        "\x85",
        "\u200b",
        "\u200d",
        "\u202e",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\ud800",
        "\ue000",
        "\uffff",
    ],
)
@pytest.mark.parametrize("shape", ["An{}ne", "{}Anne", "Anne{}"])
def test_control_and_format_characters_are_refused_wherever_they_stand(shape, character):
    """R10."""
    with pytest.raises(NameMalformed):
        PersonName.parse(shape.format(character), "first_name")


@pytest.mark.parametrize("typed", ["-", "'", "42", "...", "🙂", "\u0301"])
def test_a_name_has_a_letter(typed):
    """R10."""
    with pytest.raises(NameMalformed):
        PersonName.parse(typed, "first_name")


@given(st.text(max_size=300))
def test_whatever_is_typed_a_name_is_read_stable_or_refused(typed):
    """R10: reading a name again changes nothing."""
    try:
        name = PersonName.parse(typed, "last_name")
    except Refusal:
        return
    assert PersonName.parse(name.text, "last_name") == name
    assert unicodedata.is_normalized("NFC", name.text)
    assert 0 < len(name.text) <= 250


def test_a_label_may_be_all_digits_but_not_empty_nor_too_long_nor_unprintable():
    """R1, R3."""
    assert values.label_text(" 36 ", "name") == "36"
    assert len(values.label_text("a" * 250, "name")) == 250
    with pytest.raises(NameMissing):
        values.label_text("  ", "name")
    with pytest.raises(NameTooLong):
        values.label_text("a" * 251, "name")
    with pytest.raises(NameMalformed):
        values.label_text("a\u202eb", "name")


def test_a_note_may_have_lines_and_tabs_and_no_other_control_character():
    """R41."""
    assert values.free_text(" one\r\n\ttwo\n", "reason") == "one\ntwo"
    assert values.free_text("", "reason") == ""
    assert values.free_text("one\n\ntwo", "reason") == "one\n\ntwo"
    for character in ("\0", "\x1b", "\u202e", "\ud800"):
        with pytest.raises(NameMalformed):
            values.free_text(f"a{character}b", "reason")


def test_a_note_of_2000_characters_is_kept_and_a_longer_one_refused():
    """R41."""
    assert len(values.free_text("x" * 2000, "reason")) == 2000
    with pytest.raises(NameTooLong):
        values.free_text("x" * 2001, "reason")


@pytest.fixture
def hasty(monkeypatch):
    """Normalizing takes a time that grows with the square of the text: nothing that is too long may get there."""
    normalize = unicodedata.normalize

    def normalize_short(form, text):
        assert len(text) <= 4 * values.LONGEST_NOTE, "time is spent on a text that is too long anyway"
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", normalize_short)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("read", [PersonName.parse, values.label_text, values.free_text])
def test_a_long_text_is_refused_before_any_time_is_spent_on_it(read):
    """R1, R10, R41."""
    with pytest.raises(NameTooLong):
        read("\N{COMBINING ACUTE ACCENT}\N{COMBINING GRAVE ACCENT BELOW}" * 100_000 + "a", "field")


@pytest.mark.parametrize("typed", ["7K3MQ0XZ", "7k3mq0xz", " 7K3M QOXZ ", "7k3m-qoxz", "7K3MQoxz"])
def test_a_login_is_read_as_crockford_meant_it(typed):
    """R11: any case, O for 0, spaces and dashes dropped."""
    assert Login.parse(typed) == Login("7K3MQ0XZ")


def test_a_login_reads_as_its_eight_characters():
    """R11."""
    assert str(Login("7K3MQ0XZ")) == "7K3MQ0XZ"


def test_i_and_l_are_read_as_one_in_a_login():
    """R11."""
    assert Login.parse("iIlL0000") == Login("11110000")


@pytest.mark.parametrize("typed", ["", "7K3MQ0X", "7K3MQ0XZZ", "7K3MQ0XU", "7K3MQ0X!", "７K3MQ0XZ", "7K3MQ0Xé"])
def test_anything_else_is_no_login(typed):
    """R11."""
    with pytest.raises(LoginMalformed):
        Login.parse(typed)


def test_a_dead_login_is_known_by_a_hash_that_does_not_show_it():
    """R11, R41."""
    assert Login("7K3MQ0XZ").digest != Login("7K3MQ0X0").digest
    assert "7K3MQ0XZ" not in Login("7K3MQ0XZ").digest.upper()


def test_contact_details_read_as_they_are_written():
    person = Person(
        PersonName("Martin"),
        PersonName("Anne"),
        EmailAddress("Anne@Ex.example", "anne@ex.example"),
        PhoneNumber("+331"),
    )
    assert (person.full_name, str(person.email), str(person.phone)) == ("Anne Martin", "Anne@Ex.example", "+331")


@pytest.mark.parametrize("typed", ["CONV-1", "2026/17 bis", "a", "9_9.1"])
def test_a_reference_is_kept(typed):
    """R2, R26."""
    assert values.reference(typed, "reference") == typed


@pytest.mark.parametrize("typed", ["", " a", "-1", "a\n", "é", "a;b", "a" * 65, "１"])
def test_a_reference_of_another_shape_is_refused(typed):
    """R2, R26."""
    with pytest.raises(ReferenceMalformed):
        values.reference(typed, "reference")


@pytest.mark.parametrize("typed", ["", "a b", "a/b", "a@b", "a\n", "é", "a" * 65, ".a"])
def test_a_code_of_another_shape_is_refused(typed):
    """R3, R40."""
    with pytest.raises(ReferenceMalformed):
        values.code(typed, "code")


def test_a_code_may_have_a_colon_and_dots():
    """R3."""
    assert values.code("afas:declare.v2", "code") == "afas:declare.v2"


def test_the_seal_of_a_paper_depends_on_its_salt_and_its_text():
    """R41: equal texts cannot be told from their seals, nor a text guessed without its salt."""
    assert len({Paper(text, salt).seal for text in ("a", "b") for salt in (b"1", b"2")}) == 4


def test_the_salt_of_a_paper_is_not_shown():
    """R41."""
    assert "salt" not in repr(Paper("text", b"salt"))


# Where a letter goes (R4)


def test_a_postal_address_is_the_lines_of_its_envelope():
    typed = [" LES OLIVIERS ", "", "Service d’accueil\n12 RUE DE L’ÉGLISE", "  ", "92140 CLAMART"]
    read = PostalAddress.parse(typed, "postal")
    assert read.lines == ("LES OLIVIERS", "Service d’accueil", "12 RUE DE L’ÉGLISE", "92140 CLAMART")
    assert str(read).count("\n") == 3


@pytest.mark.parametrize("typed", [(), ("",), (" ", "\n\n")])
def test_blank_lines_are_no_postal_address(typed):
    assert PostalAddress.parse(typed, "postal") is None


@pytest.mark.parametrize("count", [2, 6])
def test_an_envelope_has_up_to_six_lines_of_thirty_eight_characters(count):
    """NF Z 10-011."""
    lines = ("É" * 38,) * count
    assert PostalAddress.parse(lines, "postal").lines == lines


@pytest.mark.parametrize(
    "typed",
    [
        ("92140 CLAMART",),
        ("x",) * 7,
        ("LES OLIVIERS", "x" * 39),
        ("x" * 39, "92140 CLAMART"),
        ("LES\tOLIVIERS", "92140 CLAMART"),
        ("LES\u202eOLIVIERS", "92140 CLAMART"),
        ("LES OLIVIERS", "\x00"),
        ("LES OLIVIERS", "e\u0301" * 100_000),
    ],
)
def test_lines_that_no_envelope_has_are_refused_by_their_field(typed):
    """R4: too few, too many, too long, or not to be printed."""
    with pytest.raises(PostalAddressMalformed) as caught:
        PostalAddress.parse(typed, "postal")
    assert (caught.value.field, caught.value.lines, caught.value.characters) == ("postal", 6, 38)
