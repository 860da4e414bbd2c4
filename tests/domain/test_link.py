"""R13, R21, R44: a one-time link is good for one thing, until its end, and while its generation counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.link import Link, LinkPurpose, known, require_usable
from habilitation.domain.refusals import LinkExpired, LinkUnknown, LinkUsed
from habilitation.domain.values import OrganizationId, UserId

AT = datetime(2026, 1, 1, tzinfo=UTC)
LINK = Link(OrganizationId("o"), UserId("u"), LinkPurpose.PASSWORD, 3, AT)


class Another(Enum):
    """Something else that a link may be good for."""

    PURPOSE = "another"


def test_a_link_for_another_purpose_says_no_more_than_one_that_nobody_sent():
    """R37."""
    assert known(LINK, LinkPurpose.PASSWORD) is LINK
    with pytest.raises(LinkUnknown):
        known(LINK, Another.PURPOSE)
    with pytest.raises(LinkUnknown):
        known(None, LinkPurpose.PASSWORD)


@given(late=st.timedeltas(timedelta(days=-9), timedelta(days=9)), generation=st.none() | st.integers(1, 5))
def test_it_works_before_its_end_and_in_its_generation_and_never_else(late, generation):
    try:
        require_usable(LINK, generation, AT + late)
    except LinkExpired:
        assert late >= timedelta(0)
    except LinkUsed:
        assert late < timedelta(0)
        assert generation != 3
    else:
        assert late < timedelta(0)
        assert generation == 3
