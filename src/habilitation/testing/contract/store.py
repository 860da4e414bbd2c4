"""What every store must do: its chapters together, to be inherited by one class of tests."""

from __future__ import annotations

from habilitation.testing.contract.acts import AnActIsWhole
from habilitation.testing.contract.attempts import CountsAttempts
from habilitation.testing.contract.chain import KeepsACatalog, KeepsAChain
from habilitation.testing.contract.concurrency import OneWriter, Snapshots
from habilitation.testing.contract.credentials import KeepsCredentials, KeepsLinks, KeepsSessions
from habilitation.testing.contract.erasing import Erases
from habilitation.testing.contract.feed import IsFollowed
from habilitation.testing.contract.isolation import HandsOutCopies
from habilitation.testing.contract.listing import ListsUsers
from habilitation.testing.contract.organizations import Apart, Registries
from habilitation.testing.contract.outbox import EmptiesItsOutbox
from habilitation.testing.contract.security_log import KeepsASecurityLog
from habilitation.testing.contract.terms import KeepsKeys, KnowsVersions


class StoreContract(
    AnActIsWhole,
    Apart,
    CountsAttempts,
    EmptiesItsOutbox,
    Erases,
    HandsOutCopies,
    IsFollowed,
    KeepsACatalog,
    KeepsAChain,
    KeepsASecurityLog,
    KeepsCredentials,
    KeepsKeys,
    KeepsLinks,
    KeepsSessions,
    KnowsVersions,
    ListsUsers,
    OneWriter,
    Registries,
    Snapshots,
):
    """Give the fixture ``store``; override those of ``StoreBench`` to declare what else the store can do."""
