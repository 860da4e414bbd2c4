"""What a machine lacks is said loudly, and tests that need it are skipped; never in continuous integration."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def do_without(sentence: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
