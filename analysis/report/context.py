"""What is the same on every page of a report: the study in words, its pages and what it was built from."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.report.provenance import Provenance

WORKING_COPY = "WORKING COPY: not for release"
TIERS = {"release": "Release", "working": WORKING_COPY}
INDEX = "index.html"


@dataclass(frozen=True)
class PageLink:
    """A page as the others know it: 02_participants, Participants, 02_participants.html."""

    name: str
    title: str
    href: str


@dataclass(frozen=True)
class ReportContext:
    """
    The study in words. Everything here is plain text, and is escaped where it is put into a page.

    A tier that is not known is refused, since a typing error must not cost the watermark.
    """

    study: str
    title: str
    question: str
    synthetic: str  # the sentence that everything is invented, "" where the records are real
    period: str
    data_cut: tuple[tuple[str, str], ...]  # (component, date)
    tier: str
    site: str
    disclosure: tuple[tuple[str, str], ...]  # (population, rule in words)
    pages: tuple[PageLink, ...]
    provenance: Provenance
    about: tuple[PageLink, ...] = ()  # pages on the report itself: last in the navigation, in nobody's line
    left_out: tuple[tuple[str, str], ...] = ()  # (title of a page that this report does not have, why)

    def __post_init__(self):
        if self.tier not in TIERS:
            raise ValueError(f"tier is 'release' or 'working', not '{self.tier}'")
        hrefs = [INDEX, *(page.href for page in (*self.pages, *self.about))]
        if doubled := sorted({href for href in hrefs if hrefs.count(href) > 1}):
            raise ValueError(f"two pages of the report would be one file: {', '.join(doubled)}")

    @property
    def working(self) -> bool:
        return self.tier == "working"

    @property
    def tier_words(self) -> str:
        """The tier as the banner says it."""
        return TIERS[self.tier]

    def around(self, page: PageLink) -> tuple[PageLink, PageLink | None]:
        """The pages before and after this one; before the first comes the overview."""
        line = [overview(), *self.pages]
        here = line.index(page)
        return line[here - 1], line[here + 1] if here + 1 < len(line) else None


def overview() -> PageLink:
    """The front page of the site."""
    return PageLink("index", "Overview", INDEX)
