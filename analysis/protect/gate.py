"""The last look: an executed page and its registry in, everything that may not be published out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from analysis.protect.registry import digest

# The only media types that present makes.
TYPES = {"text/html", "text/plain", "image/svg+xml"}
SVG = "{http://www.w3.org/2000/svg}"
# Where words stand that are no cells: headings, captions and notes, which measures write without a computed number,
# and entries that hold words only (a definition, a source).
WORDS = ("caption", "th", "figcaption")
WORD_CLASSES = ("gt_heading", "gt_sourcenote", "words")
# A figure that stands alone, signed (-3) or one end of a range (12-14). A name that holds one (PHQ-9, 26-week) is none.
NUMBER = re.compile(r"(?<!\w)(?<![^\W\d]-)\d[\d.,]*%?(?!\w|-[^\W\d])")


def refused(cells: Iterable[Mapping], registry: Mapping) -> list[str]:
    """
    What stands on an executed page and did not come from `present`: cell number, what it is, what to do.

    A positive list: each output must be one that the page's registry remembers, and each number in it must be bound
    to a registered cell and read exactly as that cell was released. `print`, warnings, shell escapes and
    publish_display_data pass by any formatter, so it is the executed page that is looked at.
    """
    shown = set(registry["shown"])
    problems = []
    for number, cell in enumerate((c for c in cells if c["cell_type"] == "code"), 1):
        for output in cell.get("outputs", []):
            problems += [f"code cell {number}: {what}" for what in _output(output, shown, registry)]
    return problems


def _output(output: Mapping, shown: set[str], registry: Mapping) -> list[str]:
    if output["output_type"] == "stream":
        return [f"printed text on {output['name']}: a released page holds no printed text"]
    if output["output_type"] == "error":
        return [f"an error: {output['ename']}"]
    data = output["data"]
    if extra := sorted(set(data) - TYPES):
        return [f"shows {', '.join(extra)}, which present does not make"]
    rich = [data[kind] for kind in ("text/html", "image/svg+xml") if kind in data]  # present makes one or the other
    content = "".join(rich[0]) if len(rich) == 1 else ""
    if digest(content) not in shown:
        return ["shows something that did not come from present"]
    if "text/html" in data:
        return unbound(content, registry["cells"], registry.get("quotes", {}))
    return unbound_in_figure(content, registry["cells"])


def unbound(html: str, cells: Mapping, quotes: Mapping = MappingProxyType({})) -> list[str]:
    """
    Numbers in present's HTML that are bound to no registered cell, or read otherwise than they were released; and
    quotations that nobody cleared, or that read otherwise than they were cleared.
    """
    from lxml.html import fragments_fromstring

    problems = []
    for fragment in fragments_fromstring(f"<div>{html}</div>"):
        for element in list(fragment.iter()):
            if element.tag == "blockquote" or element.get("data-attribution"):
                problems += _misquotes(element, quotes)
                tail = element.tail
                element.clear()
                element.tail = tail
            elif identity := element.get("data-cell"):
                problems += _differs(identity, element.text_content(), cells)
                element.text = ""
            elif element.tag in WORDS or any(c in (element.get("class") or "") for c in WORD_CLASSES):
                tail = element.tail
                element.clear()
                element.tail = tail
        problems += _loose(fragment.text_content())
    return list(dict.fromkeys(problems))


def unbound_in_figure(svg: str, cells: Mapping) -> list[str]:
    """
    Numbers written in a figure that are no cell's. A scale may have numbers, and a number in the description must be
    one that stands in the figure or on its scale.
    """
    from lxml import etree

    root = etree.fromstring(svg.encode())
    problems, known = [], set()
    for text in root.iter(f"{SVG}text"):
        words = "".join(text.itertext())
        around = [ancestor.get("id") or "" for ancestor in text.iterancestors()]
        bound = next((i for i in around if i.startswith("cell-")), "")
        if bound:
            problems += _differs(bound.split("-")[1], words, cells)
            known.update(NUMBER.findall(words))
        elif any(i.startswith(("matplotlib.axis", "label-")) for i in around) or text.get("class") == "label":
            known.update(NUMBER.findall(words))
        else:
            problems += _loose(words)
    described = "".join("".join(d.itertext()) for d in root.iter(f"{SVG}desc"))
    title = "".join("".join(t.itertext()) for t in root.iter(f"{SVG}title"))
    known.update(NUMBER.findall(title))
    problems += [f"describes a figure with the number {n}, which does not stand in it"
                 for n in NUMBER.findall(described) if n.strip(".,") not in {k.strip(".,") for k in known}]
    return list(dict.fromkeys(problems))


def _misquotes(element, quotes: Mapping) -> list[str]:
    """Whether a quotation, or what stands under it, is to the letter what was cleared; white space aside."""
    key, part = ("data-quote", "words") if element.tag == "blockquote" else ("data-attribution", "attribution")
    identity = element.get(key) or ""
    if identity not in quotes:
        return ["quotes words that nobody cleared"]
    said = " ".join(" ".join(element.itertext()).split())
    if said != " ".join(quotes[identity][part].split()):
        return [f"shows quotation {identity} otherwise than it was cleared"]
    return []


def _differs(identity: str, text: str, cells: Mapping) -> list[str]:
    if identity not in cells:
        return [f"shows a number of cell {identity}, which no measure released"]
    if cells[identity]["text"] != text.strip():
        return [f"shows cell {identity} otherwise than it was released"]
    return []


def _loose(words: str) -> list[str]:
    return [f"shows the number {number} bound to no cell" for number in NUMBER.findall(words)]
