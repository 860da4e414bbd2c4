"""Where a person was before signing in, to be back there afterwards: an address of this portal, or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from habilitation.adapters.asgi.portal.visit import Visit

NEXT = "next"
LONGEST = 500


def wanted(visit: Visit) -> str:
    """The address to return to, from a form or an address; empty if it is none of this portal's."""
    asked = visit.form.get(NEXT) or visit.request.query_params.get(NEXT) or ""
    return asked if isinstance(asked, str) and is_own(asked) else ""


def is_own(address: str) -> bool:
    """Whether it is a path of this very site: another site's could look like it, and ask for the password again."""
    plain = address.isascii() and address.isprintable() and len(address) <= LONGEST
    return plain and address.startswith("/") and not address.startswith("//") and "\\" not in address


def passing(address: str, after: str = "?") -> str:
    """What carries the address on to the next page, behind its own."""
    return f"{after}{urlencode({NEXT: address})}" if address else ""
