#!/usr/bin/env python3
"""Write what the docs take from the code and its tests, so that neither can say otherwise.

python3 docs/reference.py            bring every marked part up to date, and name the pages that changed
python3 docs/reference.py --check    change nothing: name the pages that are stale, and fail

A marked part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; what is around it is written by hand.
Needs what the library itself needs.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import click
from attrs import NOTHING, Attribute, fields, frozen

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SOURCE = ROOT / "src" / "habilitation"
sys.path.insert(0, str(SOURCE.parent))  # these docs are of the code beside them, whatever is installed

from habilitation.adapters import assembly, settings  # noqa: E402
from habilitation.adapters.cli import refusals as cli_refusals  # noqa: E402
from habilitation.adapters.cli.operator_acts import ACTS, OperatorAct  # noqa: E402
from habilitation.adapters.cli.options import parameters  # noqa: E402
from habilitation.adapters.memory import MemoryStore  # noqa: E402
from habilitation.adapters.memory_transport import MemoryMailbox  # noqa: E402
from habilitation.domain import (  # noqa: E402
    access,
    acts,
    credential,
    email_change,
    events,
    organization,
    refusals,
    requests,
    user,
)
from habilitation.domain.refusals import Refusal  # noqa: E402
from habilitation.testing.fakes import SettableClock  # noqa: E402
from habilitation.testing.world import portal_over  # noqa: E402
from habilitation.use_cases.undertaking import Undertaken  # noqa: E402

PART = re.compile(r"(<!-- generated: (?P<name>[^\n]+?) -->\n).*?(<!-- end -->)", re.DOTALL)
ANCHOR = re.compile(r'<a id="([ri]\d+)"></a>')
RULE = re.compile(r"\b[RI]\d+\b")
CITED = re.compile(r"\b([RI])(\d+)(?:[–-][RI]?(\d+))?\b")
CITED_IN_NAME = re.compile(r"(?<![a-z0-9])([ri]\d+)(?![a-z0-9])")
SECTION = re.compile(r"^# (?P<title>\S.*)$|^class (?P<name>\w+)", re.MULTILINE)
YES, NO = "✓", "–"


# ── Rules and the tests that cite them ───────────────────────────────────────────────────────────────────────────────


@frozen
class Test:
    """A test, and the rules that it says it tests."""

    file: Path
    name: str
    rules: frozenset[str]


def rules_in(text: str) -> Iterator[str]:
    """The rules that the text cites, ranges spelled out: ``R27–R29`` is R27, R28, R29."""
    for kind, first, last in CITED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{kind}{number}"


def tests() -> list[Test]:
    """Every test, ours and those of the contracts that are shipped, and every check of the machine."""
    files = [*(ROOT / "tests").rglob("*.py"), *(SOURCE / "testing").rglob("*.py")]
    return [test for file in sorted(files) for test in _tests_in(file)]


def _tests_in(file: Path) -> Iterator[Test]:
    module = ast.parse(file.read_text("utf-8"))
    holders: list[ast.Module | ast.ClassDef] = [module]
    holders += [node for node in module.body if isinstance(node, ast.ClassDef)]
    for holder in holders:
        inherited = _inherited(holder) or _inherited(module)
        for node in holder.body:
            if isinstance(node, ast.FunctionDef) and _is_test(node):
                yield Test(file, node.name, frozenset(_cited(node) or inherited))


def _is_test(node: ast.FunctionDef) -> bool:
    return node.name.startswith(("test_", "check_")) or any("invariant" in ast.unparse(d) for d in node.decorator_list)


def _cited(node: ast.FunctionDef) -> set[str]:
    decorators = " ".join(map(ast.unparse, node.decorator_list))
    named = (rule.upper() for rule in CITED_IN_NAME.findall(node.name.replace("_", " ")))
    return {*named, *rules_in(f"{ast.get_docstring(node) or ''} {decorators}")}


def _inherited(holder: ast.Module | ast.ClassDef) -> set[str]:
    """The rules that a docstring begins with are those of every test under it that cites none."""
    said = ast.get_docstring(holder) or ""
    return set(rules_in(said.partition(":")[0])) if CITED.match(said) else set()


TESTS = tests()


def built() -> list[str]:
    """The rules that ``rules.md`` has a place for, in its order."""
    return [anchor.upper() for anchor in ANCHOR.findall((DOCS / "rules.md").read_text("utf-8"))]


def tests_of(rule: str) -> str:
    """The files whose tests cite the rule; the names of the tests are on a page of their own."""
    files = dict.fromkeys(test.file for test in TESTS if rule in test.rules)
    if not files:
        return "Tests: none yet.\n"
    return f"Tests: {' · '.join(link(file, DOCS) for file in files)} ([by name](reference/tests.md#{rule.lower()})).\n"


def tests_by_name() -> str:
    """Which tests cite each rule, by name."""
    return "".join(f'\n<a id="{rule.lower()}"></a>\n\n## {rule}\n\n{_by_file(rule)}' for rule in built()) + "\n"


def _by_file(rule: str) -> str:
    citing = [test for test in TESTS if rule in test.rules]
    lines = (
        f"- {link(file, DOCS / 'reference')}\n" + "".join(f"  - {_spoken(test.name)}\n" for test in group)
        for file, group in groupby(citing, lambda test: test.file)
    )
    return "".join(lines) or "None yet.\n"


def _spoken(name: str) -> str:
    return name.removeprefix("test_").removeprefix("check_").replace("_", " ")


def link(file: Path, folder: Path) -> str:
    """A link to a file of the project, from a page in that folder."""
    up = "../" * len(folder.relative_to(ROOT).parts)
    path = file.relative_to(ROOT).as_posix()
    return f"[{path.removeprefix('src/habilitation/')}]({up}{path})"


# ── Small helpers ────────────────────────────────────────────────────────────────────────────────────────────────────


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(header)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return (
        "\n" + "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines) + "\n"
    )


def said(documented: object) -> str:
    """A docstring's first paragraph, on one line, its code in Markdown."""
    own = getattr(documented, "__doc__", None) or ""
    text = "" if own.startswith("Method generated by attrs") else inspect.cleandoc(own)
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "`")


def sections(module: ModuleType) -> dict[str, list[str]]:
    """The names of a module's classes, by the comment that stands over them."""
    found: dict[str, list[str]] = {}
    title = ""
    for match in SECTION.finditer(inspect.getsource(module)):
        title = match["title"] or title
        if match["name"] and title:
            found.setdefault(title, []).append(match["name"])
    return found


def words(section: str, language: str = "en") -> Mapping[str, str]:
    """What people read for the codes of that section."""
    catalog = tomllib.loads((SOURCE / "adapters" / "texts" / f"{language}.toml").read_text("utf-8"))
    return dict(catalog[section])


def code(text: object) -> str:
    """Set as code."""
    return f"`{text}`"


# ── What is generated ────────────────────────────────────────────────────────────────────────────────────────────────


def refusals_tables() -> str:
    """Every refusal, by what it is about: those of the domain, then those of the adapters."""
    domain = {title: [getattr(refusals, name) for name in names] for title, names in sections(refusals).items()}
    others = [
        kind
        for module in (settings, assembly, cli_refusals)
        for kind in vars(module).values()
        if _is_refused_by(module, kind)
    ]
    return "".join(f"\n## {title}\n{_refusals(kinds)}" for title, kinds in {**domain, "At the edges": others}.items())


def _is_refused_by(module: ModuleType, kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Refusal) and kind.__module__ == module.__name__


def _refusals(kinds: Iterable[type[Refusal]]) -> str:
    header = ("Code", "Kind", "It says", "Meaning", "Class and data")
    return table(header, ([code(k.code), k.kind.value, k.sentence, said(k), _with_data(k)] for k in kinds))


def _with_data(kind: type[Refusal]) -> str:
    names = [field.name for field in getattr(kind, "__attrs_attrs__", ())]
    return code(f"{kind.__name__}({', '.join(names)})")


def reasons_table() -> str:
    """Every answer to the question of access, in the order of a path."""
    rows = (
        [str(access._LINK.get(why, NO)), code(why.value), words("why")[why.value], _repairers(why)]
        for why in access.Why
    )
    return table(("Link", "Code", "It says", "Who can repair it"), rows)


def _repairers(why: access.Why) -> str:
    return ", ".join(role.value for role in acts.Role if role in access.REPAIR[why]) or NO


def lifecycle(which: str) -> str:
    """A lifecycle, drawn from the table that decides it."""
    return _diagram(*LIFECYCLES[which])


LIFECYCLES: Mapping[str, tuple[Mapping[Any, Any], tuple[Enum, ...]]] = {
    "seat": (organization.SEAT_LIFECYCLE, (organization.SeatState.UNCLAIMED,)),
    "organization": (organization.ORGANIZATION_LIFECYCLE, (organization.OrganizationState.OPEN,)),
    "control": (organization.CONTROL_LIFECYCLE, (organization.Control.OWN,)),
    "agreement": (organization.AGREEMENT_LIFECYCLE, (organization.AgreementState.DRAFT,)),
    "group": (organization.GROUP_LIFECYCLE, (organization.GroupState.OPEN,)),
    "email": (email_change.EMAIL_LIFECYCLE, (email_change.EmailState.ASKED,)),
    "account": (user.ACCOUNT_LIFECYCLE, (user.Status.PENDING, user.Status.OPEN)),
    "credential": (
        credential.CREDENTIAL_LIFECYCLE,
        (credential.Standing.FIRST, credential.Standing.PROVISIONAL),
    ),
}


def _diagram(table: Mapping[tuple[Enum, Any], Enum], starts: tuple[Enum, ...]) -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for (before, what), after in table.items():
        label = what.value if isinstance(what, Enum) else what.__name__
        arrows.setdefault((before.name, after.name), []).append(label)
    lines = [
        "stateDiagram-v2",
        *(f'    state "{state.value}" as {state.name}' for state in type(starts[0])),
        *(f"    [*] --> {start.name}" for start in starts),
        *(f"    {before} --> {after}: {', '.join(labels)}" for (before, after), labels in arrows.items()),
    ]
    return "\n```mermaid\n" + "\n".join(lines) + "\n```\n\n"


def authority_table() -> str:
    """Which act belongs to whom."""
    roles = [role.value for role in acts.Role]
    rows = ([code(act.value), words("act")[act.value], *_allowed(act), _limits(act)] for act in acts.Act)
    return table(("Act", "It is", *roles, "Limits"), rows)


def _allowed(act: acts.Act) -> Iterator[str]:
    return (YES if role in acts.ALLOWED[act] else NO for role in acts.Role)


def _limits(act: acts.Act) -> str:
    limits = {
        "ordinary": acts.ORDINARY,
        "protected": acts.PROTECTED,
        "all memberships": acts.OVER_ALL_MEMBERSHIPS,
    }
    return ", ".join(name for name, limited in limits.items() if act in limited) or NO


def possible_table() -> str:
    """In which states each act is possible."""
    header = ("Act", "Organization", "Control (own people)", "Agreement", "Group", "Account")
    return table(header, ([code(act.value), *_states(act)] for act in acts.Act))


def _states(act: acts.Act) -> Iterator[str]:
    possible = acts.POSSIBLE[act]
    yield from map(
        _listed,
        (possible.organization, acts.CONTROLLED[act], possible.agreement, possible.group, possible.account),
    )


def _listed(states: frozenset[Any]) -> str:
    every: type[Enum] = type(next(iter(states)))
    return "any" if len(states) == len(every) else ", ".join(state.value for state in every if state in states)


def events_tables() -> str:
    """Every fact that the journals hold."""
    kinds = get_args(events.CatalogEvent) + get_args(events.Event)
    return "".join(
        f"\n## {title}\n{_events(kind for kind in kinds if kind.__name__ in names)}"
        for title, names in sections(events).items()
    )


def _events(kinds: Iterable[type]) -> str:
    rows = ([code(kind.__name__), _fact(kind), "<br>".join(_typed(kind))] for kind in kinds)
    return table(("Event", "The fact", "Fields"), rows)


def _fact(kind: type) -> str:
    return said(kind) or f"{words('event')[kind.__name__]}."


def _typed(kind: type) -> Iterator[str]:
    return (f"{code(name)}: {annotation}" for name, annotation in inspect.get_annotations(kind).items())


def commands_table(group: str = "") -> str:
    """The operator's acts on the command line, of one group."""
    rows = (
        [code(_typed_out(group, name, act)), act.help, YES if act.final else ""] for name, act in ACTS[group].items()
    )
    return table(("Command", "What it does", "Asks first"), rows)


def _typed_out(group: str, name: str, act: OperatorAct) -> str:
    parts = (
        parameter.make_metavar(click.Context(click.Command(name)))
        if isinstance(parameter, click.Argument)
        else parameter.opts[0]
        for parameter in parameters(act)
    )
    return " ".join(filter(None, ("habilitation", group, name, *parts)))


def use_cases() -> str:
    """Every attribute of ``Habilitation``, by the module that it comes from."""
    portal = portal_over(MemoryStore(), SettableClock(), MemoryMailbox())
    found = {name: inspect.unwrap(made) for name, made in vars(portal).items() if name != "ports"}
    modules = dict.fromkeys(type(made).__module__ for made in found.values())
    return "".join(
        f"\n## {said(sys.modules[module]).rstrip('.')}\n"
        + "".join(
            _use_case(name, made, "terms" if _takes_terms(getattr(portal, name)) else "")
            for name, made in found.items()
            if type(made).__module__ == module
        )
        for module in modules
    )


def _takes_terms(act: Callable[..., object]) -> bool:
    last = inspect.unwrap(act, stop=lambda made: isinstance(made, Undertaken))
    return isinstance(last, Undertaken)


def _use_case(name: str, made: Callable[..., object], *besides: str) -> str:
    called = inspect.signature(type(made).__call__)
    given = [each for each in called.parameters.values() if each.name != "self"]
    request = next((each.annotation for each in given if hasattr(requests, each.annotation)), None)
    asked = f"Asked: {code(request)} ({_fields(request)}).  \n" if request else ""
    names = ", ".join(filter(None, (*(each.name for each in given), *besides)))
    return f"\n### `{name}({names})`\n\n{said(made)}  \n{asked}Answered: {code(called.return_annotation)}.\n"


def _fields(request: str) -> str:
    return ", ".join(_field(field) for field in fields(getattr(requests, request)))


def _field(field: Attribute[Any]) -> str:
    return code(field.name) if field.default is NOTHING else f"[{code(field.name)}]"


def words_table(section: str) -> str:
    """What people read for each code, in both languages."""
    french, english = words(section, "fr"), words(section)
    return table(("French", "English", "Code"), ([french[key], english[key], code(key)] for key in english))


def kinds_of_refusal() -> str:
    """What sorts of *no* there are."""
    return ", ".join(code(kind.value) for kind in refusals.Kind) + ".\n"


PARTS: Mapping[str, Callable[..., str]] = {
    "authority": authority_table,
    "commands": commands_table,
    "possible": possible_table,
    "events": events_tables,
    "kinds": kinds_of_refusal,
    "lifecycle": lifecycle,
    "reasons": reasons_table,
    "refusals": refusals_tables,
    "tests": tests_of,
    "tests-by-name": tests_by_name,
    "use-cases": use_cases,
    "words": words_table,
}
"""What can be asked for by a mark: a name, and a word more where one is needed."""


# ── Filling the pages ────────────────────────────────────────────────────────────────────────────────────────────────


def filled(text: str, folder: Path) -> str:
    """The text of a page in that folder, with its marked parts as they should be."""

    def part(marked: re.Match[str]) -> str:
        name, *arguments = marked["name"].split()
        return f"{marked[1]}{with_rules_linked(PARTS[name](*arguments), folder)}{marked[3]}"

    return PART.sub(part, text)


def with_rules_linked(text: str, folder: Path) -> str:
    """The text, for a page in that folder: in the reference each rule that ``rules.md`` explains is linked to it."""
    if folder == DOCS or text.startswith("\n<a id="):
        return text
    known = set(built())
    return RULE.sub(
        lambda cited: f"[{cited[0]}](../rules.md#{cited[0].lower()})" if cited[0] in known else cited[0], text
    )


def stale() -> dict[Path, str]:
    """The pages that are not as they should be, with what they should be."""
    pages = {page: page.read_text("utf-8") for page in sorted(DOCS.rglob("*.md"))}
    wanted = {page: filled(text, page.parent) for page, text in pages.items()}
    return {page: text for page, text in wanted.items() if text != pages[page]}


def main(*arguments: str) -> int:
    """Write what is stale, or only name it; the exit code."""
    check = arguments == ("--check",)
    if arguments and not check:
        sys.exit(str(__doc__))
    found = stale()
    for page, text in found.items():
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
        if not check:
            page.write_text(text, "utf-8")
    return 1 if found and check else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
