"""Tables of a page as great_tables made them in; captioned, with hanging labels, ways to take them along, out."""

from __future__ import annotations

from collections.abc import Sequence

AGAIN = 140  # characters; a note that is longer stands once on a page, and a shorter one under each table
LONG = 40  # characters; a table cell with more is words, which wrap, and not a number, which does not


def captioned(soup, table) -> None:
    """great_tables sets the title as a row of cells; a caption is what a screen reader announces."""
    for group in table.select("th.gt_group_heading"):
        words = soup.new_tag("span")  # what stays in view while the table scrolls
        words.extend(list(group.contents))
        group.append(words)
    for cell in table.select("tbody td"):
        if len(cell.get_text()) > LONG:
            cell["class"] = [*cell.get("class", []), "words"]
    rows = table.select("thead > tr.gt_heading")
    if not rows or table.caption:
        return
    caption = soup.new_tag("caption", attrs={"class": "gt_caption"})
    for i, cell in enumerate(row.find(["td", "th"]) for row in rows):
        part = soup.new_tag("span", attrs={"class": "gt_subtitle" if i else "gt_title"})
        part.extend(list(cell.contents))
        caption.append(part)
        if cell.get("id"):
            (part if i else caption)["id"] = cell["id"]
    for row in rows:
        row.decompose()
    table.insert(0, caption)


def indented(table) -> None:
    """Depth as a class instead of leading spaces: wrapped lines then hang under the first."""
    for label in table.select("th.gt_stub"):
        words = label.get_text()
        if depth := len(words) - len(words.lstrip("\u2003")):
            label.string = words.lstrip("\u2003")
            label["class"] = [*label.get("class", []), f"depth-{depth}"]


def with_links(soup, table, name: str) -> None:
    """The ways to the same table for a spreadsheet and for Word, below it."""
    title = table.caption.get_text(" ", strip=True) if table.caption else "This table"
    paragraph = soup.new_tag("p", attrs={"class": "taken"})
    for words, end in (("Table as CSV", "csv"), ("Table for Word", "rtf")):
        link = soup.new_tag("a", attrs={"href": f"{name}.{end}", "download": "", "aria-label": f"{words}: {title}"})
        link.string = words
        paragraph.append(link)
    (table.find_parent("div", class_="table") or table).insert_after(paragraph)


def notes_once(soup) -> None:
    """
    A long note stands under the first table of the page that has it; the others lead there.

    A table that is taken along as a file has all of its notes.
    """
    first: dict[str, tuple[str, str]] = {}
    for table in soup.select("table.gt_table"):
        around = table.find_parent("div", class_="table")
        here = (around or table).get("id", "")
        title = table.caption.get_text(" ", strip=True) if table.caption else ""
        elsewhere: dict[tuple[str, str], None] = {}
        for note in table.select("tfoot .gt_sourcenote"):
            words = " ".join(note.get_text().split())
            if len(words) > AGAIN and words in first:
                elsewhere[first[words]] = None
                note.clear()
            elif here and title and len(words) > AGAIN:
                first[words] = (here, title)
        if elsewhere:
            _pointing(soup, table, list(elsewhere))


def _pointing(soup, table, places: Sequence[tuple[str, str]]) -> None:
    """One note in the place of those that stand under other tables, and no empty row."""
    emptied = [row for row in table.select("tfoot tr") if not row.get_text(strip=True)]
    span = soup.new_tag("span", attrs={"class": "gt_from_md"})
    span.append("More notes: as under ")
    for place, (anchor, title) in enumerate(places):
        link = soup.new_tag("a", attrs={"href": f"#{anchor}"})
        link.string = title
        span.extend([", and under " if place else "", link])
    span.append(".")
    emptied[0].select_one(".gt_sourcenote").append(span)
    for row in emptied[1:]:
        row.decompose()
