"""A database's address as it may be printed."""

from __future__ import annotations

import re

_SECRET = re.compile(r"(?<=://)(?P<user>[^:/@?]*):[^/?]*@|(?P<name>password=)[^&]*")
"""A password before the host, or among what the driver is told."""


def printable(url: str) -> str:
    """Without its password."""
    return _SECRET.sub(lambda found: f"{found['name']}***" if found["name"] else f"{found['user']}:***@", url)
