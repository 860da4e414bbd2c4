"""Signed OpenID Connect tokens: what is believed, and what a stranger may try (R44)."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, RSAKey

from habilitation.adapters.assembly import SetupRefused, open_database
from habilitation.adapters.oidc import OpenIdTokens
from habilitation.adapters.settings import IdentityProvider, Settings
from habilitation.domain.refusals import IdentitiesNotUsed, IdentityKeysMissing, IdentityTokenExpired, Refusal
from habilitation.domain.requests import IdentityProof
from habilitation.domain.values import Identity
from habilitation.testing.fakes import SettableClock
from tests.provider import CLIENT, ISSUER, KEY, NONCE, Provider

RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
ANOTHER = ECKey.generate_key("P-256", {"kid": "ec-1"})
KEYS = {"keys": [key.as_dict(private=False) for key in (KEY, RSA)]}


@pytest.fixture
def clock():
    return SettableClock()


@pytest.fixture
def provider(clock):
    return Provider(clock)


@pytest.fixture
def tokens(clock):
    return OpenIdTokens(ISSUER, CLIENT, lambda: KEYS, clock)


def problem(tokens, token, nonce=NONCE):
    """What is said to be wrong with the token."""
    with pytest.raises(Refusal) as caught:
        tokens.verify(token, nonce)
    assert caught.value.code == "identity-token-refused"
    return caught.value.data["problem"]


def _in_base64(written):
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


# What is believed


@pytest.mark.parametrize(("key", "algorithm"), [(KEY, "ES256"), (RSA, "RS256")])
def test_what_the_provider_signed_is_believed(clock, tokens, key, algorithm):
    token = Provider(clock, key, algorithm).token("luc")
    assert tokens.verify(token, NONCE) == Identity(ISSUER, "luc")


def test_a_key_that_came_with_a_later_set_is_known_at_once(clock, provider):
    published = {"keys": [RSA.as_dict(private=False)]}
    tokens = OpenIdTokens(ISSUER, CLIENT, lambda: published, clock)
    assert problem(tokens, provider.token("luc")) == "signature"
    published["keys"].append(KEY.as_dict(private=False))
    assert tokens.verify(provider.token("luc"), NONCE).subject == "luc"


def test_a_token_for_several_is_believed_where_it_was_given_to_us(provider, tokens):
    token = provider.token("luc", aud=["other", CLIENT], azp=CLIENT)
    assert tokens.verify(token, NONCE).subject == "luc"


# What is not


@pytest.mark.parametrize(
    ("claims", "wrong"),
    [
        ({"iss": "https://other.example"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": ["other"]}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["other", CLIENT]}, "audience"),
        ({"aud": CLIENT, "azp": "other"}, "audience"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": 7}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": "l\0uc"}, "subject"),
        ({"exp": None}, "time"),
        ({"exp": "soon"}, "time"),
        ({"iat": None}, "time"),
    ],
)
def test_a_claim_that_is_not_as_it_should_be_proves_nothing(provider, tokens, claims, wrong):
    assert problem(tokens, provider.token("luc", **claims)) == wrong


@pytest.mark.parametrize("nonce", ["", "n-0s6_wza2mj", NONCE + " "])
def test_a_token_that_was_asked_for_with_another_nonce_proves_nothing(provider, tokens, nonce):
    """A token that somebody overheard is good for no other attempt."""
    assert problem(tokens, provider.token("luc"), nonce) == "nonce"


def test_an_empty_nonce_is_no_nonce(provider, tokens):
    assert problem(tokens, provider.token("luc", nonce=""), "") == "nonce"


@pytest.mark.parametrize("seconds", [0, 359, 360, 86_400])
def test_a_token_lives_as_long_as_it_says_and_a_minute(clock, provider, tokens, seconds):
    token = provider.token("luc")
    clock.move(seconds=seconds)
    if seconds < 360:
        assert tokens.verify(token, NONCE).subject == "luc"
    else:
        with pytest.raises(IdentityTokenExpired):
            tokens.verify(token, NONCE)


@pytest.mark.parametrize("claim", ["nbf", "iat"])
@pytest.mark.parametrize("ahead", [60, 61])
def test_a_token_from_the_future_is_not_believed_yet(clock, provider, tokens, claim, ahead):
    token = provider.token("luc", **{claim: int((clock.now() + timedelta(seconds=ahead)).timestamp())})
    if ahead == 60:
        assert tokens.verify(token, NONCE).subject == "luc"
    else:
        assert problem(tokens, token) == "time"


def test_another_key_under_the_same_name_signs_nothing(clock, tokens):
    assert problem(tokens, Provider(clock, ANOTHER).token("luc")) == "signature"


def test_a_changed_letter_breaks_the_signature(provider, tokens):
    head, body, signature = provider.token("luc").split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = _in_base64(json.dumps(claims | {"sub": "eve"}).encode())
    assert problem(tokens, f"{head}.{forged}.{signature}") == "signature"


def test_a_token_without_a_signature_is_refused(provider, tokens):
    _, body, _ = provider.token("luc").split(".")
    head = _in_base64(b'{"alg":"none","typ":"JWT"}')
    for token in (f"{head}.{body}.", f"{head}.{body}"):
        assert problem(tokens, token) == "signature"


@pytest.mark.parametrize("secret", [RSA.as_pem(private=False), json.dumps(RSA.as_dict(private=False)).encode()])
def test_a_public_key_is_no_secret_to_sign_with(provider, tokens, secret):
    """HMAC by what everybody knows."""
    _, body, _ = provider.token("luc").split(".")
    head = _in_base64(b'{"alg":"HS256","kid":"rsa-1"}')
    signed = f"{head}.{body}"
    signature = _in_base64(hmac.digest(secret, signed.encode(), "sha256"))
    assert problem(tokens, f"{signed}.{signature}") == "signature"


def test_a_secret_among_the_published_keys_is_left_out(clock, provider):
    """However it got there."""
    secret = OctKey.import_key("a secret of thirty-two characters", {"kid": "oct-1"})
    tokens = OpenIdTokens(ISSUER, CLIENT, lambda: {"keys": [secret.as_dict(), *KEYS["keys"]]}, clock)
    token = Provider(clock, secret, "HS256").token("luc")
    assert problem(tokens, token) == "signature"
    assert tokens.verify(provider.token("luc"), NONCE).subject == "luc"


def test_an_algorithm_of_another_strength_is_not_read(clock, tokens):
    assert problem(tokens, Provider(clock, RSA, "PS256").token("luc")) == "signature"


def test_a_key_that_the_token_brings_is_not_listened_to(clock, tokens):
    own = Provider(clock, ANOTHER, header={"jwk": ANOTHER.as_dict(private=False)})
    assert problem(tokens, own.token("luc")) == "signature"


@given(text=st.text())
def test_whatever_is_no_token_is_refused(text):
    tokens = OpenIdTokens(ISSUER, CLIENT, lambda: KEYS, SettableClock())
    assert problem(tokens, text) == "signature"


@given(head=st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.lists(inner)))
def test_whatever_stands_in_its_head_is_refused(head):
    tokens = OpenIdTokens(ISSUER, CLIENT, lambda: KEYS, SettableClock())
    for written in (head, {"alg": head}, {"alg": "ES256", "kid": head}, {"alg": "ES256", "crit": head}):
        text = _in_base64(json.dumps(written).encode())
        assert problem(tokens, f"{text}.e30.c2ln") == "signature"


def test_what_nests_too_deep_or_is_too_long_is_refused(tokens):
    deep = _in_base64(b"[" * 11_000)
    assert problem(tokens, f"{deep}.e30.c2ln") == "signature"
    assert problem(tokens, "x" * 16_001) == "form"


def test_no_refusal_quotes_the_token(provider, tokens):
    """R41: nor does what it was caused by."""
    token = provider.token("luc", aud="other")
    with pytest.raises(Refusal) as caught:
        tokens.verify(token, NONCE)
    assert "luc" not in str(caught.value) + repr(caught.value.__cause__)
    assert "luc" not in repr(Identity(ISSUER, "luc"))
    assert token not in repr(IdentityProof(token, NONCE))


# The provider's keys, and the portal's settings


@pytest.mark.parametrize(
    "published", [{}, {"keys": []}, {"keys": [{}]}, {"keys": [{"kty": "oct", "k": "AA"}]}, {"keys": 1}, []]
)
def test_nobody_is_signed_in_without_keys(clock, provider, published):
    with pytest.raises(IdentityKeysMissing):
        OpenIdTokens(ISSUER, CLIENT, lambda: published, clock).verify(provider.token("luc"), NONCE)


def settings(file):
    return Settings(identity_provider=IdentityProvider(ISSUER, CLIENT, file))


def test_a_portal_is_opened_with_a_provider_by_its_settings(tmp_path, clock):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(KEYS))
    portal = open_database("memory:", settings=settings(file))
    assert isinstance(portal.ports.tokens, OpenIdTokens)
    verifier = evolve(portal.ports.tokens, clock=clock)
    assert verifier.verify(Provider(clock).token("luc"), NONCE) == Identity(ISSUER, "luc")
    file.write_text("")
    with pytest.raises(IdentityKeysMissing):
        verifier.verify(Provider(clock).token("luc"), NONCE)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"keys": []}', '{"keys": [{"kty": "RSA"}]}'])
def test_a_portal_is_not_opened_without_the_providers_keys(tmp_path, text):
    file = tmp_path / "keys.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SetupRefused) as caught:
        open_database("memory:", settings=settings(file))
    assert caught.value.what == str(file)


def test_a_portal_without_a_provider_signs_nobody_in_by_one(provider):
    with pytest.raises(IdentitiesNotUsed):
        open_database("memory:").sign_in_externally(provider.proof("luc"))
