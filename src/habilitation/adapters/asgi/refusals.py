"""What is refused before it reaches a use case: requests that nothing can be made of."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from habilitation.domain.refusals import Kind, Refusal


@define(slots=False)
class RequestMalformed(Refusal):
    """Something is missing, unknown, or not of its type; where, stands beside it."""

    code: ClassVar[str] = "request-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The request does not have the form that is described."


@define(slots=False)
class BodyNotJson(Refusal):
    """What was sent is no JSON document."""

    code: ClassVar[str] = "body-not-json"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "What was sent is not JSON."


@define(slots=False)
class BodyTooLarge(Refusal):
    """More bytes than any request needs."""

    code: ClassVar[str] = "body-too-large"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "What was sent is larger than {most} bytes."

    most: int


@define(slots=False)
class ContentTypeRefused(Refusal):
    """Another content type than JSON's."""

    code: ClassVar[str] = "content-type-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "Send JSON, as application/json."


@define(slots=False)
class EtagUnknown(Refusal):
    """What If-Match names is no version that was ever told."""

    code: ClassVar[str] = "etag-unknown"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "No version has ever been told by this name: look again before you change it."


@define(slots=False)
class MethodRefused(Refusal):
    """The address is there, but not for that method."""

    code: ClassVar[str] = "method-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This method is not for this address."


@define(slots=False)
class AddressUnknown(Refusal):
    """Nothing is at this address, whoever asks (R37)."""

    code: ClassVar[str] = "address-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is nothing at this address."


@define(slots=False)
class SignInDemanded(Refusal):
    """Nobody is known to be asking (R35)."""

    code: ClassVar[str] = "sign-in-demanded"
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    sentence: ClassVar[str] = "Sign in first."


@define(slots=False)
class SecondFactorDemanded(Refusal):
    """The password was right, and the embedder wants another proof before anything else, at that address."""

    code: ClassVar[str] = "second-factor-demanded"
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    sentence: ClassVar[str] = "Give your second proof first."

    address: str


@define(slots=False)
class SessionDemanded(Refusal):
    """It takes a session of the portal's own: whoever the embedder authenticates has no password here (R23)."""

    code: ClassVar[str] = "session-demanded"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "This takes a session that was opened with a login and a password, or a link."


@define(slots=False)
class RequestForeign(Refusal):
    """A page of another site made the request."""

    code: ClassVar[str] = "request-foreign"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "Another site's page made this request: it is refused."


@define(slots=False)
class Failed(Refusal):
    """Something broke that nobody foresaw; what it was stands in the process's own log."""

    code: ClassVar[str] = "failed"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "Something went wrong: look whether it took effect before you try again."
