"""The custom front end of ``examples``, built as its README says, in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from habilitation.domain.requests import UserSearch
from tests.adapters.mailserver import free_port
from tests.asgi.portal.conftest import AGENT, Inside
from tests.lacking import do_without

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom-front-end"
LOCK = "package-lock.json"
ZOE = {
    "Nom *": "N'Guyen",
    "Prénom *": "Zoé",
    "Adresse mail *": "zoe@oliviers.example",
    "Confirmer l'adresse mail *": "zoe@oliviers.example",
}
MADE = shutil.ignore_patterns("node_modules", "dist", "generated.ts")
PATIENCE = 300
"""Seconds: packages come from far away."""


def npm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it there; `habilitation` is this environment's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["npm", *arguments, "--no-update-notifier"]
    where = os.environ | {"PATH": path}
    return subprocess.run(command, cwd=folder, env=where, capture_output=True, text=True, timeout=PATIENCE, check=False)


def fresh(folder: Path) -> Path:
    """A copy of the example there, with its packages: those of the same lock file are kept from run to run."""
    if shutil.which("npm") is None:
        do_without("NO NPM, so the example front end is not built nor tested (on Debian: apt-get install nodejs npm)")
    had = folder / "node_modules" / LOCK
    shutil.rmtree(folder / "src", ignore_errors=True)
    shutil.copytree(EXAMPLE, folder, ignore=MADE, dirs_exist_ok=True)
    lock = (folder / LOCK).read_bytes()
    if not (had.exists() and had.read_bytes() == lock):
        done = npm(folder, "ci")
        if done.returncode:
            do_without(f"NPM BRINGS NOTHING, so the example front end is not tested: {done.stderr.strip()[-300:]}")
        had.write_bytes(lock)
    return folder


# At its windows


def sign_in(page: Page, login: str, password: str) -> None:
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def fill_in(page: Page, **typed: str) -> None:
    """The form of a new user, with Zoé in it but for what is given."""
    page.get_by_role("button", name="Créer un utilisateur").click()
    for label, text in (ZOE | typed).items():
        page.get_by_label(label, exact=True).fill(text)


def title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def refusal(page: Page, label: str) -> str:
    """What is said to be wrong with that field, as whoever does not see the page is told."""
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    ids = (field.get_attribute("aria-describedby") or "").split()
    return page.locator(f"[id='{ids[-1]}']").inner_text()


def created(inside: Inside) -> list[str]:
    """The last names of all users but the administrator."""
    found = inside.portal.list_users(UserSearch(inside.organization), by=AGENT).items
    return [str(each.person.last_name) for each in found if each.person and not each.administrator]


def seen(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def press(page: Page, key: str, until: str) -> None:
    for _ in range(20):
        page.keyboard.press(key)
        if page.locator(":focus").inner_text() == until:
            return
    raise AssertionError(f"{until} is not reached")


# As its README has it


def block(language: str) -> str:
    """The one block of that language in the README."""
    text = (EXAMPLE / "README.md").read_text("utf-8")
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(found)


@contextmanager
def starting(folder: Path, api: str) -> Iterator[str]:
    port = str(free_port())
    command = ["node", "serve.mjs", api]  # what `npm start` runs: npm would leave it running
    with subprocess.Popen(command, cwd=folder, env=os.environ | {"PORT": port}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert port in process.stdout.readline().decode()
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
