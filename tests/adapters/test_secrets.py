"""What nobody may guess is drawn from the operating system, bit by bit (R4, R11, R21, R23)."""

from __future__ import annotations

import base64

import pytest

from habilitation.adapters.system import SystemSecrets
from habilitation.domain.values import Login

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN = SystemSecrets()


def number(symbols: str) -> int:
    """The bits of a text in Crockford's letters, five each."""
    bits = 0
    for symbol in symbols:
        bits = bits << 5 | CROCKFORD.index(symbol)
    return bits


@pytest.mark.parametrize(
    ("drawing", "bits"),
    [
        (lambda: int.from_bytes(base64.urlsafe_b64decode(DRAWN.token() + "=")), 256),
        (lambda: int.from_bytes(DRAWN.salt()), 128),
        (lambda: number(DRAWN.password().replace("-", "")), 120),
        (lambda: number(Login.parse(DRAWN.login().text).text), 40),
    ],
    ids=["token", "salt", "password", "login"],
)
def test_every_bit_of_what_is_drawn_is_free(drawing, bits):
    """Of 500 that are drawn all differ, none has more bits than is said, and each bit is 1 in about half of them."""
    drawn = [drawing() for _ in range(500)]
    assert len(set(drawn)) == 500
    assert all(each.bit_length() <= bits for each in drawn)
    for place in range(bits):
        assert 150 < sum(each >> place & 1 for each in drawn) < 350
