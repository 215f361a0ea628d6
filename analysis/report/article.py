"""A notebook's HTML as nbconvert made it in; an Article out: title, lead, body, and headings to link to."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import Leak, Mistake
from analysis.report.csv_tables import FOLDER, csv_of
from analysis.report.page_tables import captioned, indented, notes_once, with_links
from analysis.report.table_rows import rows_of
from analysis.report.word_tables import rtf_of

ID_LISTS = ("headers", "aria-labelledby", "aria-describedby", "for")
LOADS = ("src", "srcset", "poster", "data", "background", "action", "formaction", "ping")
REFUSED = ("script", "iframe", "object", "embed", "link", "meta", "base", "form", "style", "video", "audio")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Heading:
    """A heading that can be linked to."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Article:
    """
    What one notebook says: its title, its first paragraph in plain words, its body, its h2 and h3 in order, each of its
    tables twice as the name and the text of a file (CSV, and for Word), and its sentences (HTML, each number bound to
    its cell) under the anchor of the heading that they stand under.
    """

    title: str
    lead: str
    body: str
    headings: tuple[Heading, ...]
    tables: tuple[tuple[str, str], ...] = ()
    said: tuple[tuple[str, str], ...] = ()

    @property
    def contents(self) -> list[tuple[Heading, list[Heading]]]:
        """The table of contents: each h2 with its h3."""
        parts: list[tuple[Heading, list[Heading]]] = []
        for heading in self.headings:
            if heading.level == 2 or not parts:
                parts.append((heading, []))
            else:
                parts[-1][1].append(heading)
        return parts


def article(html: str, *, pages: Mapping[str, str], taken: Collection[str] = (), where: str = "",
            marks: Sequence[str] = ()) -> Article:
    """
    The notebook's HTML made fit for a page of the report.

    `pages` maps a notebook's name to its page, so that links between notebooks become links between pages; `taken`
    are ids of the page around; `marks` is what a table says below it once it is taken out of the report. Whatever would
    load or run something is refused with the name of the page.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    _refuse(soup, where)
    title, lead = _title(soup, where), _lead(soup)
    tables, names = [], []
    for table in soup.select("table.gt_table"):
        name = f"{FOLDER}/{where or 'page'}-{len(names) + 1}"
        rows = rows_of(table)
        tables += [(f"{name}.csv", csv_of(rows)), (f"{name}.rtf", rtf_of(rows, marks))]
        names.append(name)
        captioned(soup, table)
        indented(table)
    for table in soup.select("table:not(.gt_table)"):
        if not table.find_parent(class_="table"):
            table.wrap(soup.new_tag("div", attrs={"class": "table plain", "role": "region", "tabindex": "0",
                                                  "aria-label": "Table"}))
    used = _unique_ids(soup, taken)
    if heading := soup.find("h1"):
        heading.decompose()  # the page around sets the title
    headings = _anchored(soup, used)
    _relinked(soup, pages)
    for table, name in zip(soup.select("table.gt_table"), names, strict=True):
        with_links(soup, table, name)
    notes_once(soup)
    return Article(title, lead, str(soup).strip(), headings, tuple(tables), _said(soup))


def slug(words: str) -> str:
    """Words as an anchor: 'Opioid dose' and JupyterLab's own 'Opioid-dose' are both opioid-dose."""
    return re.sub(r"[^\w]+", "-", words.lower()).strip("-") or "section"


def _title(soup, where: str) -> str:
    heading = soup.find("h1")
    if not heading or not (title := " ".join(heading.get_text().split())):
        raise Mistake("the notebook has no title", where=where, remedy="begin it with a text cell: # Its title")
    return title


def _lead(soup) -> str:
    """The first paragraph of prose after the title, in plain words: the page's line in the list of pages."""
    for node in soup.find("h1").find_next_siblings():
        if node.name in HEADINGS:
            break
        if node.name == "p":
            return " ".join(node.get_text().split())
    return ""


def _unique_ids(soup, taken: Collection[str]) -> set[str]:
    """
    Each id once on a page: a table shown twice keeps its ids where it stands first, and has them numbered after that.

    Where one table claims an id twice (a column and a group of one name), its `headers` no longer say which: they go,
    and `scope` on the headings says the same.
    """
    used = set(taken)
    for block in soup.find_all(True, recursive=False):
        named = [node for node in (block, *block.find_all(True)) if node.get("id")]
        own: set[str] = set()
        renamed: dict[str, str] = {}
        for node in named:
            identity = node["id"]
            if identity in own:
                table = node.find_parent("table")
                for cell in table.select("[headers]") if table else ():
                    del cell["headers"]
                node["id"] = _free(identity, used | own)
            elif identity in used:
                node["id"] = renamed[identity] = _free(identity, used | own)
            own |= {identity, node["id"]}
        used |= own
        for node in (block, *block.find_all(True)) if renamed else ():
            for key in ID_LISTS:
                if node.get(key):
                    words = node[key] if isinstance(node[key], list) else node[key].split()
                    node[key] = " ".join(renamed.get(word, word) for word in words)
    return used


def _free(wanted: str, used: Collection[str]) -> str:
    number = 2
    while f"{wanted}-{number}" in used:
        number += 1
    return f"{wanted}-{number}"


def _anchored(soup, used: set[str]) -> tuple[Heading, ...]:
    """Ids on the headings, and the list of them. A second h1 becomes an h2: a page has one."""
    found = []
    for node in soup.find_all(HEADINGS):
        node.name = "h2" if node.name == "h1" else node.name
        text = " ".join(node.get_text().split())
        if node.get("id"):
            anchor = node["id"]
        else:
            anchor = slug(text) if slug(text) not in used else _free(slug(text), used)
            node["id"] = anchor
        used.add(anchor)
        if node.name in ("h2", "h3") and text:
            found.append(Heading(int(node.name[1]), text, anchor))
    return tuple(found)


def _relinked(soup, pages: Mapping[str, str]) -> None:
    """
    Links between notebooks lead from page to page. What the report does not hold keeps its words, not its link.

    An item of a list that leads to a page which the report does not have goes: such lists say where to read on.
    """
    from urllib.parse import unquote

    ids = {node["id"] for node in soup.find_all(id=True)}
    for link in soup.find_all("a", href=True):
        if link.decomposed:  # with an item of a list
            continue
        address, _, fragment = link["href"].partition("#")
        fragment = unquote(fragment)
        if not address:
            here = fragment if fragment in ids else slug(fragment)
            if here in ids:
                link["href"] = f"#{here}"
            else:
                link.unwrap()
        elif not SCHEME.match(address):
            name = unquote(address).rpartition("/")[2].removesuffix(".ipynb")
            if name in pages:
                link["href"] = pages[name] + (f"#{slug(fragment)}" if fragment else "")
            elif address.endswith(".ipynb") and (item := link.find_parent("li")):
                _taken_out(item)
            else:
                link.unwrap()


def _taken_out(item) -> None:
    """An item of a list, and the list with its last one."""
    around = item.parent
    item.decompose()
    if not around.find("li"):
        around.decompose()


def _said(soup) -> tuple[tuple[str, str], ...]:
    """Each sentence of the page, with the anchor of the last h2 before it."""
    found, anchor = [], ""
    for node in soup.select("h2, p.sentence"):
        if node.name == "h2":
            anchor = node["id"]
        elif anchor and node.select_one("[data-cell]"):
            found.append((anchor, str(node)))
    return tuple(found)


def _refuse(soup, where: str) -> None:
    """Nothing of a page may be fetched or run. A link is neither: it waits for a person."""
    def refused(what: str) -> Leak:
        return Leak(f"the page would load or run something: {what}", where=where,
                    remedy="a report is read offline: put the picture into the notebook, or make it a link")

    for node in soup.find_all(True):
        if node.name in REFUSED:
            raise refused(f"<{node.name}>")
        for key, value in node.attrs.items():
            value = value if isinstance(value, str) else " ".join(value)
            if key.startswith("on"):
                raise refused(f"{key}={value}")
            if key in LOADS and not value.startswith("data:image/"):
                raise refused(value)
            if key == "style" and re.search(r"url\(|image-set|@import|expression", value, re.I):
                raise refused(value)
            if key.endswith("href") and (found := SCHEME.match(value.strip())) \
                    and (node.name != "a" or found.group().lower() not in ("http:", "https:", "mailto:")):
                raise refused(value)
