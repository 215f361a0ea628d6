"""A small report in the shape that the runner hands over: a context, executed notebooks, figures that share ids."""

from pathlib import Path

from nbformat import v4

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present.sentences import sentence
from analysis.present.tables import table
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.report.context import PageLink, ReportContext
from analysis.report.pages import PageRenderer
from analysis.report.provenance import Provenance
from analysis.report.site import write_articles

PAGES = (PageLink("02_participants", "Participants", "02_participants.html"),
         PageLink("04_opioid_dose", "Opioid dose", "04_opioid_dose.html"),
         PageLink("09_methods", "Methods", "09_methods.html"))
BUILT = Provenance((("data_raw/small/EMIS patient list (Practice A).csv", "ab" * 32, 48213),
                    ("data_raw/small/interviews.qdpx", "cd" * 32, 1048576)), "ef" * 32, "f" * 40,
                   (("python", "3.11.9"), ("pandas", "3.1.1")), "12" * 32, "34" * 32)
SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img"
 aria-labelledby="title desc" width="480pt" height="240pt" viewBox="0 0 480 240" version="1.1">
<title id="title">Daily dose at baseline</title><desc id="desc">Three bars.</desc>
<metadata><creator>http://example.org</creator></metadata>
<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>
<clipPath id="p1a2b"><rect x="40" y="10" width="420" height="200"/></clipPath>
<path id="m3c4d" d="M 0 0 L 0 4" style="stroke: #000000"/></defs>
<g id="axes_1" clip-path="url(#p1a2b)">
<rect x="60" y="110" width="100" height="100" style="fill: #0072b2"/>
<rect x="190" y="60" width="100" height="150" style="fill: #e69f00"/>
<rect x="320" y="160" width="100" height="50" style="fill: #009e73"/></g>
<use xlink:href="#m3c4d" x="110" y="210"/><use xlink:href="#m3c4d" x="240" y="210"/>
<text x="110" y="230" style="font: 11px sans-serif; text-anchor: middle">
<tspan data-cell="aaaaaaaaaa">Under 50 mg</tspan></text>
<text x="240" y="230" style="font: 11px sans-serif; text-anchor: middle">50 to 119 mg</text>
</svg>"""


def context(tier: str = "release", **changes) -> ReportContext:
    said = {"study": "small", "title": "Pain review service of Avonbrook & Hallow",
            "period": "1 September 2016 to 31 December 2017",
            "question": "Who did the service reach, what did it deliver, and what did people make of it?",
            "synthetic": "Every record, practice and quotation in this report is invented.",
            "data_cut": (("records", "31 December 2017"), ("interviews", "30 June 2018")), "tier": tier,
            "site": "All practices", "pages": PAGES, "provenance": BUILT,
            "disclosure": (("invited", profile("opensafely").rule), ("enrolled", "no number is hidden or rounded"))}
    return ReportContext(**said | changes)


def released(*columns: str):
    """Characteristics of the people enrolled, with a group too small to show; as many columns as are named."""
    cells = Cells("characteristics")
    everyone = cells.people("enrolled", 148, "enrolled")
    for section, groups in {"Sex": {"Female": 92, "Male": 56},
                            "Age group": {"18 to 39": 3, "40 to 64": 81, "65 and over": 64}}.items():
        for label, people in groups.items():
            count = cells.count(people, population="enrolled", name=label.lower().replace(" ", "_"), group=label)
            share = cells.share(count, everyone)
            cells.row(label, {column: ("{n} ({share})", {"n": count, "share": share})
                              for column in columns or ("Practice A, n (%)", "All")}, section=section)
    about = About("enrolled", "everyone enrolled", "none", prespecified="prespecified")
    summary = cells.summary("Characteristics of the people enrolled", about, stub="Characteristic",
                            notes=("Age at the date of enrolment.",))
    return release(summary, Profiles({"enrolled": profile("opensafely")}))


def shown(value) -> dict:
    data, metadata = value._repr_mimebundle_()
    return v4.new_output("display_data", data, metadata=metadata)


def drawing(svg: str = SVG) -> dict:
    return v4.new_output("display_data", {"image/svg+xml": svg, "text/plain": "Three bars."})


def code(source: str, *outputs, tags=()):
    return v4.new_code_cell(source, outputs=list(outputs), execution_count=1,
                            metadata={"tags": list(tags)} if tags else {})


def text(source: str):
    return v4.new_markdown_cell(source)


def notebook(*cells):
    """An executed notebook, its cells' ids counted: those that nbformat gives are random."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return v4.new_notebook(cells=list(cells),
                           metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})


def participants():
    """The page with everything: hidden cells, sentences, two tables of which one comes twice, two figures."""
    people, wide = released(), released(*(f"Practice {letter}, n (%)" for letter in "ABCDEFGH"))
    return notebook(
        text("# Participants\n\nWho was *invited*, who took part, and how they compare with everyone on the list."),
        code("study: str = 'south-glos'", tags=["parameters"]),
        code("study = 'small'", tags=["injected-parameters"]),
        code("page = Page(study, site, tier)", shown(sentence("Set-up of {enrolled}.", people)), tags=["setup"]),
        text("## Flow\n\nSee [the doses](04_opioid_dose.ipynb#Daily-dose), [further down](#Age-group), "
             "[notes](../notes.md) and [the paper](https://doi.org/10.3399/bjgp19X706097)."),
        code("sentence('Of the {enrolled} people', people)  # from cells",
             shown(sentence("Of {enrolled} people enrolled, {female} were women, {18_to_39} under forty.", people))),
        text("**What it is.** Everyone who agreed to take part, at the data cut. **Why it matters.** A service that "
             "reaches few of those who were invited may help them and leave the others where they were. **Caveats.** "
             "Records were kept by two people; ethnicity was not recorded."),
        code("present.table(people)", shown(table(people))),
        text("### Age group\n\n> It was the first time that anybody sat down with me.\n\n"
             "| Word | Meaning |\n|---|---|\n| OME | oral morphine equivalent |"),
        code("present.figure(ages)", drawing()),
        text("## Flow\n\nThe same heading again, and by practice."),
        code("present.table(by_practice)", shown(table(wide))),
        code("present.table(people)", shown(table(people))),
        code("present.figure(again)", drawing()))


def notebooks() -> dict:
    return {"02_participants": participants(),
            "04_opioid_dose": notebook(text("# Opioid dose\n\nWhat was prescribed, in milligrams a day."),
                                       text("## Daily dose")),
            "09_methods": notebook(text("# Methods\n\nHow each number was made."))}


def write_site(folder: Path, context: ReportContext, made: dict) -> list[Path]:
    """The site of some notebooks, as the runner makes it: first every article, then the files."""
    renderer = PageRenderer(context)
    return write_articles(folder, context, {page.name: renderer.article(made[page.name], page)
                                            for page in context.pages if page.name in made})
