"""A figure's SVG in; a <figure> that can stand beside others on one page out, its ids its own and nothing loaded."""

from __future__ import annotations

import re

from analysis.errors import Leak

SVG = "{http://www.w3.org/2000/svg}"
WIDE = 440  # points; a drawing that is wider is not made smaller than it is, but scrolls in its card
ID_LISTS = ("aria-labelledby", "aria-describedby", "aria-details")
RUNS = {f"{SVG}script", f"{SVG}foreignObject", f"{SVG}set", f"{SVG}animate"}
POINTER = re.compile(r"url\(\s*(['\"]?)([^)'\"]*)\1\s*\)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def figure(svg: str, number: int, *, where: str = "") -> str:
    """
    The drawing as an HTML figure with its title for a caption.

    Matplotlib names clip paths and markers by their content, so two figures of one page share ids, and its style rule
    is for `*`: each is bound to this figure. A drawing that would load or run something is refused.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True,
                             remove_pis=True)
    root = etree.fromstring(svg.encode(), parser)
    for metadata in root.findall(f".//{SVG}metadata"):
        metadata.getparent().remove(metadata)
    name, prefix = f"figure-{number}", f"f{number}-"
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    for node in root.iter(etree.Element):
        _bind(node, ids, prefix, where)
        if node.tag == f"{SVG}style":
            node.text = _scoped(node.text or "", name, ids, prefix, where)
    title = root.findtext(f"{SVG}title", "").strip()
    drawing = etree.tostring(root, encoding="unicode", with_tail=False)
    from html import escape

    label = escape(title or f"Figure {number}", quote=True)
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    wide = ' class="wide"' if _points(root.get("width", "")) > WIDE else ""
    return (f'<figure id="{name}"{wide}><div class="card" role="group" aria-label="{label}" tabindex="0">'
            f"{drawing}</div>{caption}</figure>")


def _points(width: str) -> float:
    """The width of a drawing as matplotlib states it, 403.2pt; 0 where it is stated in another way."""
    found = re.fullmatch(r"([\d.]+)pt", width)
    return float(found[1]) if found else 0


def _bind(node, ids: set[str], prefix: str, where: str) -> None:
    """One element's ids, and what points at them, in the name of the figure."""
    if node.tag in RUNS:
        raise Leak(f"a figure holds <{node.tag.removeprefix(SVG)}>", where=where,
                   remedy="draw it with analysis.present.figures, which makes still pictures")
    for key, value in node.attrib.items():
        plain = key.rpartition("}")[2]
        if plain.lower().startswith("on"):
            raise Leak(f"a figure holds code in its attribute '{plain}'", where=where)
        if plain == "id" and key == "id":
            node.set(key, prefix + value)
        elif plain in ID_LISTS:
            node.set(key, " ".join(prefix + word if word in ids else word for word in value.split()))
        elif plain in ("href", "src"):
            if not value.startswith(("#", "data:image/")):
                raise Leak(f"a figure loads '{value}'", where=where, remedy="put what it shows into the figure")
            node.set(key, f"#{prefix}{value[1:]}" if value[0] == "#" and value[1:] in ids else value)
        elif "url(" in value:
            node.set(key, _pointed(value, ids, prefix, where))


def _pointed(value: str, ids: set[str], prefix: str, where: str) -> str:
    """`url(#clip)` in the figure's name; any other address is refused."""
    def renamed(found: re.Match) -> str:
        target = found.group(2).strip()
        if not target.startswith("#"):
            raise Leak(f"a figure loads '{target}'", where=where, remedy="put what it shows into the figure")
        return f"url(#{prefix}{target[1:]})" if target[1:] in ids else found.group()

    return POINTER.sub(renamed, value)


def _scoped(css: str, name: str, ids: set[str], prefix: str, where: str) -> str:
    """The figure's style rules for this figure only: inlined, they would hold for the whole page."""
    if "@" in css:
        raise Leak("a figure's style has an at-rule, which may load a font or another sheet", where=where,
                   remedy="draw it with the fonts that the reader has")

    def ours(found: re.Match) -> str:
        selectors = re.sub(r"#([\w-]+)", lambda m: f"#{prefix}{m[1]}" if m[1] in ids else m[0], found.group(1))
        scoped = ", ".join(f"#{name} svg {selector.strip()}" for selector in selectors.split(","))
        return f"{scoped} {{{found.group(2)}}}"

    return RULE.sub(ours, _pointed(css, ids, prefix, where))
