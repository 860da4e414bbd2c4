"""A person at a browser without scripts: reads pages, follows links, fills in forms and sends them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from attrs import define, field
from starlette.testclient import TestClient

VOID = frozenset({"input", "meta", "link", "br", "hr", "img", "wbr"})
ADDRESS = "https://portal.example"


@define
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = field(default=None, repr=False)
    children: list[Element | str] = field(factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def words(self) -> str:
        return " ".join(self.text.replace("\u00a0", " ").split())

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        """Every element below of those tags with those attributes."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if (not tags or child.tag in tags) and all(
                    child.attributes.get(name) == value for name, value in attributes.items()
                ):
                    found.append(child)
                found += child.all(*tags, **attributes)
        return found

    def one(self, *tags: str, **attributes: str) -> Element:
        found = self.all(*tags, **attributes)
        assert len(found) == 1, f"{len(found)} of {tags} {attributes}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def parsed(html: str) -> Element:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


@define
class Browser:
    """``client`` keeps the cookies; every address that was asked for is remembered, to see what stood in it."""

    client: TestClient
    page: Element = field(factory=lambda: Element("", {}))
    status: int = 0
    address: str = ""
    asked: list[str] = field(factory=list)

    @classmethod
    def at(cls, app: Any, language: str = "fr") -> Browser:
        headers = {"accept-language": language, "sec-fetch-site": "same-origin"}
        return cls(TestClient(app, base_url=ADDRESS, headers=headers))

    def go(self, address: str) -> Browser:
        return self._read(self.client.get(address))

    def click(self, text: str, within: Element | None = None) -> Browser:
        """Follow the one link of that text, or of that name to whoever cannot see it."""
        links = [link for link in (within or self.page).all("a") if text in (link.words, link.attributes.get("title"))]
        assert len({link.attributes["href"] for link in links}) == 1, [link.words for link in self.page.all("a")]
        return self.go(links[0].attributes["href"])

    def send(self, button: str, /, *, within: Element | None = None, **typed: Any) -> Browser:
        """Fill in the form that has that button, and press it; a field is told by its name."""
        buttons = [each for each in (within or self.page).all("button") if button == each.words]
        assert len(buttons) == 1, [each.words for each in self.page.all("button")]
        form: Element | None = buttons[0]
        while form is not None and form.tag != "form":
            form = form.parent
        assert form is not None, "a button stands in a form"
        values = filled(form)
        for name, value in typed.items():
            assert form.all(name=name), f"no field {name}"
            values[name] = value
        if "name" in buttons[0].attributes:
            values[buttons[0].attributes["name"]] = buttons[0].attributes.get("value", "")
        action = form.attributes.get("action") or self.address
        if form.attributes.get("method") == "post":
            return self._read(self.client.post(action, data=values))
        return self._read(self.client.get(action, params=values))

    def _read(self, response: Any) -> Browser:
        self.asked += [str(each.request.url) for each in (*response.history, response)]
        self.status, self.address = response.status_code, str(response.url).removeprefix(ADDRESS)
        self.page = parsed(response.text)
        return self

    # What is to be seen

    @property
    def title(self) -> str:
        return self.page.one("h1").words

    @property
    def says(self) -> str:
        return self.page.one("main").words

    def refusals(self) -> dict[str, str]:
        """What stands by each field, by the field's name."""
        return {
            each.attributes["id"].removesuffix("-refusal"): each.words
            for each in self.page.all("p")
            if each.attributes.get("class") == "refusal"
        }

    def rows(self) -> list[list[str]]:
        """The cells of the one table, but for its headings."""
        return [[cell.words for cell in row.all("td", "th")] for row in self.page.one("tbody").all("tr")]

    def row(self, text: str) -> Element:
        """The one row in which a cell says that."""
        rows = [row for row in self.page.one("tbody").all("tr") if text in [cell.words for cell in row.all("td", "th")]]
        assert len(rows) == 1
        return rows[0]


def filled(form: Element) -> dict[str, Any]:
    """What a form sends as it stands."""
    values: dict[str, Any] = {}
    for each in form.all("input", "select", "textarea"):
        name, kind = each.attributes.get("name"), each.attributes.get("type")
        if name is None:
            continue
        if kind in ("checkbox", "radio"):
            if "checked" in each.attributes:
                values.setdefault(name, []).append(each.attributes.get("value", "on"))
        elif each.tag == "select":
            options = each.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            values[name] = chosen[0].attributes["value"] if chosen else ""
        else:
            values[name] = each.text if each.tag == "textarea" else each.attributes.get("value", "")
    return values
