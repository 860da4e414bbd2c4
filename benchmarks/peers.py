"""What creating a user costs beside django-organizations, on SQLite.

python3 dev.py benchmark peers

Each side creates a user of one organization, in one transaction, on a file of its own in memory (``/dev/shm``), as its
documentation says. The peer writes two rows: the user and the membership of the organization. The library writes the
user, the membership of a group, the credential, the login's registration, two messages and two entries of a chained
journal, having checked who asks. They run in turn, a batch each (A B A B …); the median of the pairs' ratios counts.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.create_user import BATCH, MEMORY, PAIRS, Library, prepared, report, timed
from habilitation.adapters.sql import SqlStore


def django_organizations(folder: Path) -> Callable[[], None]:
    """How django-organizations puts a new user into an organization of ten."""
    import django
    from django.conf import settings

    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "peer.db"), "OPTIONS": {}}
    apps = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites", "organizations"]
    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=apps, SITE_ID=1, USE_TZ=True)
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection, transaction
    from organizations.utils import create_organization

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
    numbers = count(1)

    def user() -> Any:
        number = next(numbers)
        return User.objects.create(
            username=f"zoe{number}", first_name="Zoé", last_name="Durand", email=f"zoe.durand{number}@oliviers.example"
        )

    organization = create_organization(user(), "LES OLIVIERS")

    def create() -> None:
        with transaction.atomic():
            organization.add_user(user())

    for _ in range(9):
        create()
    return create


def main() -> None:
    """Print both medians, and the ratio's."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name)
        world = prepared(folder)
        store = SqlStore.open(f"sqlite:///{folder}/base.db")
        ours, theirs = Library.over(world, store).create, django_organizations(folder)
        pairs = [(timed(BATCH, ours), timed(BATCH, theirs)) for _ in range(PAIRS)]
        store.close()
    print(f"{PAIRS} pairs of {BATCH} creations:")
    report([one for one, _ in pairs], "library")
    report([other for _, other in pairs], "django-organizations")
    ratios = [other / one for one, other in pairs]
    print(f"  {statistics.median(ratios):.1f} × its rate (from {min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
