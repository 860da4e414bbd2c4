"""Whether what people wait for grows with what is stored: a database on each engine, measured as it fills.

python3 dev.py benchmark growth                           up to 100,000 users
.venv/bin/python -m benchmarks.growth 1000000 PICTURE     up to that many; and a picture of it, in a PNG file

A tenth of the users are in one organization, the others in organizations of ten. At each size a user is created in a
small organization and in the large one; a page of 50 of the large one is read, the first and one at 90 % of its users,
as the store gives it; a user's history is read, and whether a user may do something. Medians of what each took by the
clock. SQLite has a file in memory (``/dev/shm``); PostgreSQL is the one in the wheel, on a socket, and flushes nothing
(``tests/postgres.py``): what is compared is the same engine at two sizes, not one engine with the other.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import psycopg
from attrs import define, evolve, field

from habilitation import AccessQuestion, AdministratorClaim, Habilitation, HistoryQuestion, NewUser
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import TimeOrderedIds
from habilitation.domain.actors import Asking, Member
from habilitation.domain.values import AgreementId, UserId
from habilitation.ports.queries import UserFilter
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.world import AFAS, CONSULT, PASSWORD, TO_CONSULT, World
from habilitation.use_cases.first_access import FirstAuthentication
from tests.postgres import server
from tests.stores import prepare

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SMALL, SHARE = 10, 10
"""How many users a small organization has; and which part of all is in the large one."""
PAGE, ROUNDS = 50, 200
MEMORY = Path("/dev/shm")
SEED = 7

Costs = dict[str, float]
"""Microseconds, by what was done."""


@define
class House:
    """An organization, its agreement and its administrator."""

    admin: Member
    agreement: AgreementId
    users: list[UserId] = field(factory=list)


@define
class City:
    """One database, with a large organization and many small ones."""

    store: SqlStore
    world: World
    large: House = field(init=False)
    small: list[House] = field(factory=list)
    _names: Iterator[int] = field(factory=lambda: count(1))
    _random: Random = field(factory=lambda: Random(SEED))

    @classmethod
    def over(cls, store: SqlStore) -> City:
        world, ids = World.over(store), TimeOrderedIds()
        ports = evolve(world.portal.ports, identifiers=ids, notifier=OutboxNotifier(ids), delivery=None)
        world.portal = Habilitation(ports)
        city = cls(store, world)
        city.large = city._house()
        return city

    def grow(self, size: int) -> None:
        """Until there are that many users."""
        large = size // SHARE
        new = [self._house() for _ in range((size - large) // SMALL - len(self.small))]
        self.small += new
        for house in [*new * SMALL, *[self.large] * (large - len(self.large.users))]:
            self.create(house)

    def create(self, house: House) -> None:
        number = next(self._names)
        name = f"Durand{self._random.randrange(10**9):09}"
        asked = NewUser(
            house.admin.organization, house.agreement, name, "Zoé", f"zoe{number}@oliviers.example", groups=(CONSULT,)
        )
        house.users.append(self.world.portal.create_user(asked, by=house.admin).id)

    def _house(self) -> House:
        portal, siret = self.world.portal, siret_number(next(self._names))
        organization = self.world.open_organization(siret)
        agreement = self.world.open_agreement(organization)
        portal.deliver_notifications(organization.id)  # and leave alone what waits elsewhere
        first = portal.sign_in(*self.world.letters_to(f"contact-{siret}@oliviers.example"))
        assert isinstance(first, FirstAuthentication)
        asked = AdministratorClaim("Martin", "Anne", "anne.martin@oliviers.example", PASSWORD, first.text.version)
        return House(portal.claim_administrator(asked, by=first.session).actor, agreement.id)

    def costs(self) -> Costs:
        """What each thing costs now."""
        deep = self._at(0.9)
        doing: dict[str, Callable[[], object]] = {
            "create a user, of 10": lambda: self.create(self._random.choice(self.small)),
            "create a user, of many": lambda: self.create(self.large),
            "first page of 50": lambda: self._page(None),
            "page at 90 %": lambda: self._page(deep),
            "a user's history": lambda: self._history(self._random.choice(self.small)),
            "may a user": lambda: self._may(self._random.choice(self.small)),
        }
        gc.collect()
        gc.freeze()
        return {name: _median(do) for name, do in doing.items()}

    def _at(self, part: float) -> UserId:
        """Whoever stands at that part of the large organization's list."""
        with self.store.reading(self.large.admin.organization) as rows:
            wanted, after, left = UserFilter(self.world.clock.now()), None, int(part * len(self.large.users))
            while left > 0:
                page = rows.users(wanted, after, min(left, 500))
                after, left = page[-1].user.id, left - len(page)
        assert after is not None
        return after

    def _page(self, after: UserId | None) -> None:
        with self.store.reading(self.large.admin.organization) as rows:
            assert len(rows.users(UserFilter(self.world.clock.now()), after, PAGE)) == PAGE

    def _history(self, house: House) -> None:
        asked = HistoryQuestion(house.admin.organization, self._random.choice(house.users))
        assert self.world.portal.history(asked, by=house.admin).items

    def _may(self, house: House) -> None:
        asked = AccessQuestion(house.admin.organization, self._random.choice(house.users), TO_CONSULT)
        assert self.world.portal.check_access(asked, by=Asking(AFAS)).allowed


def _median(do: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


def shown(engine: str, found: dict[int, Costs]) -> None:
    """A line for each thing, a column for each size."""
    sizes = list(found)
    print(f"{f'{engine}, µs':24}" + "".join(f"{size:>12,}" for size in sizes) + "   last / first")
    for name in found[sizes[0]]:
        costs = [found[size][name] for size in sizes]
        print(f"{name:24}" + "".join(f"{cost:>12,.0f}" for cost in costs) + f"   {costs[-1] / costs[0]:.2f}")


def drawn(found: dict[str, dict[int, Costs]], picture: Path) -> None:
    """Costs against size, both as powers of ten, an engine beside the other."""
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, len(found), figsize=(9, 4), dpi=100, sharey=True, squeeze=False)
    for axes, (engine, costs) in zip(panels[0], found.items(), strict=True):
        for name in next(iter(costs.values())):
            axes.plot(list(costs), [each[name] for each in costs.values()], marker="o", label=name)
        axes.set(title=engine, xscale="log", yscale="log", xlabel="users stored", ylim=(40, 20_000))
        axes.grid(visible=True, which="major", alpha=0.3)
    panels[0][0].set_ylabel("µs")
    panels[0][0].legend(fontsize="small", ncols=2, frameon=False, loc="upper left")
    figure.tight_layout()
    figure.savefig(picture)


def grown(url: str, most: int) -> dict[int, Costs]:
    """What each thing costs at each size."""
    store = SqlStore.open(url)
    city, found = City.over(store), {}
    for size in (size for size in SIZES if size <= most):
        city.grow(size)
        gather_statistics(url)
        found[size] = city.costs()
    store.close()
    return found


def gather_statistics(url: str) -> None:
    """As a server does by itself that runs for longer than a test."""
    if url.startswith("postgresql:"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")


@contextmanager
def on_sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield f"sqlite:///{folder}/growth.db"


@contextmanager
def on_postgresql() -> Iterator[str]:
    with server().database() as url:
        prepare(url)
        yield url


def main(most: int, picture: str = "") -> None:
    """Grow, measure, print, draw."""
    found = {}
    for engine, address in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        with address() as url:
            found[engine] = grown(url, most)
        shown(engine, found[engine])
    if picture:
        drawn(found, Path(picture))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, *sys.argv[2:3])
