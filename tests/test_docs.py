"""The docs say what the code does: what can be generated is, links lead somewhere, every rule has its tests."""

from __future__ import annotations

import re
import runpy
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest

from habilitation import Habilitation
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.access import Why
from habilitation.domain.acts import Act
from habilitation.domain.refusals import Refusal
from habilitation.domain.user import Status
from habilitation.testing.contract import StoreContract
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.promises import promise
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import portal_over

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("examples/*/README.md")])
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="(?P<id>[^"]+)"></a>')
IN_REACH = [
    *(f"R{number}" for number in range(1, 45)),
    *(f"I{number}" for number in range(1, 11)),
]

reference = SimpleNamespace(**runpy.run_path(str(DOCS / "reference.py")))


def read(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def section_of(rule: str) -> str:
    """What ``rules.md`` says of the rule, up to the next one."""
    return read("rules.md").partition(f'<a id="{rule.lower()}"></a>')[2].partition('<a id="')[0].partition("\n## ")[0]


def anchors(page: Path) -> set[str]:
    """What a link to the page may end in: its explicit anchors, and those that its headings make."""
    text = page.read_text("utf-8")
    headings = (
        re.sub(r"[^\w\- ]", "", heading["text"].lower()).replace(" ", "-") for heading in HEADING.finditer(text)
    )
    return {*headings, *(anchor["id"] for anchor in ANCHOR.finditer(text))}


def test_what_is_generated_is_up_to_date() -> None:
    """Run ``python3 docs/reference.py`` after a change of what it reads."""
    assert [page.name for page in reference.stale()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.finditer(re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)):
        path, _, anchor = link["target"].partition("#")
        if ":" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link["target"]
        assert not anchor or anchor in anchors(target), link["target"]


def test_what_a_page_quotes_of_an_example_stands_in_it() -> None:
    example = "\n".join(file.read_text("utf-8") for file in (ROOT / "examples" / "lmdb_store").glob("*.py"))
    quoted = re.findall(r"^```py\n(.*?)^```$", read("writing-a-store.md"), re.MULTILINE | re.DOTALL)
    assert len(quoted) >= 5
    assert [quotation for quotation in quoted if quotation not in example] == []


def test_the_failure_that_a_page_shows_is_one_of_the_contract() -> None:
    tests = {name: getattr(StoreContract, name).__doc__ for name in dir(StoreContract) if name.startswith("test_")}
    promises = {promise(name, doc) for name, doc in tests.items()}
    shown = re.findall(r"The contract: .*", read("writing-a-store.md"))
    assert len(shown) == 1
    assert set(shown) <= promises


def test_a_page_on_writing_a_store_names_every_chapter_and_every_capability() -> None:
    page = read("writing-a-store.md")
    capabilities = [name for name in vars(StoreBench) if not name.startswith("_")]
    chapters = [chapter.__name__ for chapter in StoreContract.__bases__]
    assert [name for name in (*chapters, *capabilities) if f"`{name}`" not in page] == ["store", "seeds"]


def test_the_rules_are_all_there() -> None:
    assert reference.built() == IN_REACH


@pytest.mark.parametrize("rule", IN_REACH)
def test_each_rule_has_a_test_that_cites_it(rule: str) -> None:
    assert [test.name for test in reference.TESTS if rule in test.rules] != []
    assert f"generated: tests {rule} " in section_of(rule)


@pytest.mark.parametrize("rule", IN_REACH)
def test_the_code_that_a_rule_names_cites_it(rule: str) -> None:
    code = section_of(rule).partition("Code: ")[2].partition("\n\n")[0]
    for link in LINK.finditer(code):
        assert rule in set(reference.rules_in((DOCS / link["target"]).read_text("utf-8"))), link["target"]


def test_every_refusal_is_there() -> None:
    page = read("reference/refusals.md")
    codes = [kind.code for kind in Refusal.__subclasses__() if kind.__module__.startswith("habilitation.domain")]
    assert len(codes) > 50
    assert [code for code in codes if f"| `{code}` |" not in page] == []


@pytest.mark.parametrize(("page", "codes"), [("reasons", Why), ("authority", Act)])
def test_every_reason_and_every_act_is_there(page: str, codes: type[Enum]) -> None:
    text = read(f"reference/{page}.md")
    assert [code.value for code in codes if f"| `{code.value}` |" not in text] == []


@pytest.mark.parametrize("codes", [Why, Act, Status])
def test_the_glossary_has_every_reason_act_and_status(codes: type[Enum]) -> None:
    text = read("glossary.md")
    assert [code.value for code in codes if f"| `{code.value}` |" not in text] == []


def test_every_use_case_is_there() -> None:
    portal: Habilitation = portal_over(MemoryStore(), SettableClock(), MemoryMailbox())
    text = read("reference/use-cases.md")
    assert [name for name in vars(portal) if name != "ports" and f"### `{name}(" not in text] == []


def test_decisions_are_numbered_without_a_gap_and_stay_short() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert len(text.splitlines()) <= 25, page.name


def test_a_citation_is_found_in_names_docstrings_ranges_and_classes(tmp_path: Path) -> None:
    spoiled = tmp_path / "test_citations.py"
    spoiled.write_text(
        '"""R1: what begins a docstring is inherited."""\n'
        "def test_nothing_said(): ...\n"
        "def test_r2_in_a_name(): ...\n"
        'def test_said(): "R27–R29, and I4."\n'
        "class TestClass:\n"
        '    """R5."""\n'
        "    def test_inside(self): ...\n"
        "def helper(): 'R9'\n",
        "utf-8",
    )
    found = {test.name: sorted(test.rules) for test in reference._tests_in(spoiled)}
    assert found == {
        "test_nothing_said": ["R1"],
        "test_r2_in_a_name": ["R2"],
        "test_said": ["I4", "R27", "R28", "R29"],
        "test_inside": ["R5"],
    }
