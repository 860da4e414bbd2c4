"""Which HTTP status each kind of refusal has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from habilitation.domain.refusals import Kind

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.EXPIRED: 410,
    Kind.BUSY: 503,
    Kind.UNAVAILABLE: 503,
    Kind.OUTCOME_UNKNOWN: 500,
}
RETRY_AFTER = timedelta(seconds=2)
"""When to try again what was refused as busy: a slow hash takes a tenth of that."""
