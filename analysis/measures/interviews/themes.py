"""Themes: the tables of codes, codings and interviews in, how many interviews spoke to what out. Counts only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.interviews.passages import (
    EVERYONE,
    RULE,
    Codebook,
    groups_of,
    heading,
    interview_cells,
    of_group,
    people_of,
    slug,
    unknown,
)
from analysis.measures.summary import About, Summary
from analysis.measures.tallies import counted, opened, people_in_words, talk_of, tallied, where_of
from analysis.measures.words import capitalised, plain

STANCES = {"positive": "Positive", "negative": "Negative", "mixed": "Mixed", "none": "No stance coded"}
UNSAID = "a theme that an interview does not mention may not have been asked about"


def theme_counts(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                 themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """
    Interviews that mention each theme, and its coded passages, by group and in all.

    Rows: the themes (`themes`: top code -> label, in its order; others follow) with the codes directly under them, in
    the order of the codebook, never by frequency. Codings of interviews that are not in `interviews` are left out.
    Raises Mistake for a code that the codebook does not have.

    No percentages: with so few interviews, chosen to differ, a share would speak of a population that nobody sampled.
    Whether counts belong to the analysis at all depends on its approach (Braun and Clarke: not in a reflexive one);
    the page says which it is. Two coders on one passage are one passage here and two references in NVivo.
    """
    book, cells = opened(codes, codings, themes), Cells("themes")
    groups = groups_of(interviews, groups)
    columns = {**{g: f"{heading(g)}: interviews (passages)" for g in groups}, EVERYONE: "All: interviews (passages)"}
    base, talk = interview_cells(cells, interviews, groups), talk_of(codings, interviews, groups)
    cells.row("Interviews", {columns[g]: ("{interviews}", {"interviews": base[g]}) for g in columns})
    for theme, label in book.themes.items():
        for code in [theme, *book.under(theme)]:
            ids = tallied(cells, talk, book.family(code), slug(code), where_of(theme, code))
            cells.row(label if code == theme else book.names[code],
                      {columns[g]: ("{interviews} ({passages})", ids[g]) for g in columns}, depth=int(code != theme))
    return cells.summary("Themes: interviews that mention them (coded passages)",
                         About(people_in_words(groups), "interviews in each group, in the first row", UNSAID),
                         notes=(RULE, "Themes and codes stand in the order of the codebook."), stub="Theme and code")


def stance_counts(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                  themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """
    Coded passages of each theme by the stance that they take, by group and in all.

    A merged passage that coders, or codes, read in different ways is mixed; one that nobody gave a stance is 'none',
    so the four add up to the theme's passages. Raises Mistake where no coding says anything about stance.
    """
    book, cells = opened(codes, codings, themes), Cells("themes")
    if codings["stance"].isna().all() and len(codings):
        raise Mistake("no coding says what stance it takes", where="[interviews]",
                      remedy='name the code that stances stand under: stance = "stance"')
    groups = groups_of(interviews, groups)
    talk = talk_of(codings, interviews, groups)
    rows: dict[str, list] = {g: [] for g in [*groups, EVERYONE]}
    for theme, label in book.themes.items():
        family = book.family(theme)
        every = tallied(cells, talk, family, slug(theme), {"theme": theme}, only="passages")
        ids = {"All passages": {g: every[g]["passages"] for g in rows}}
        found = {g: talk[g].stances(family) for g in groups}
        for stance, column in STANCES.items():
            counts = {g: found[g].get(stance, (0, 0)) for g in groups}
            ids[column] = counted(cells, groups, counts.__getitem__, "passages",
                                  f"{slug(theme)}{{group}}_{stance}", theme=theme, stance=stance)
        for group in rows:
            rows[group].append((label, {column: ("{passages}", {"passages": ids[column][group]}) for column in ids}))
    _sections(cells, rows)
    return cells.summary("Stance of coded passages by theme",
                         About(people_in_words(groups), "coded passages of the theme",
                               "passages of no stance are shown"),
                         notes=(RULE, "A passage that is read in more than one way counts as mixed."), stub="Theme",
                         columns=(*STANCES.values(), "All passages"))


def asked_counts(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, asked: pd.DataFrame, *,
                 themes: Mapping[str, str] | None = None, groups: Sequence[str] = ()) -> Summary:
    """
    Interviews that mention each theme, of those where its topic was raised; those where it was not stand apart.

    `asked` has interview_id, topic (a theme) and asked (yes, no). Not asked is not the same as not mentioned: a theme
    that people bring up themselves weighs differently, and silence means something only where the question was put.
    """
    book, cells = opened(codes, codings, themes), Cells("themes asked")
    for topic in asked["topic"].dropna().astype(str).unique():
        if topic not in book.themes:
            raise unknown(topic, book.themes, "the topics asked name the theme")
    groups = groups_of(interviews, groups)
    rows: dict[str, list] = {g: [] for g in [*groups, EVERYONE]}
    for theme, label in book.themes.items():
        topic = asked[asked["topic"] == theme]
        answers = {said: set(topic.loc[topic["asked"] == said, "interview_id"]) for said in ("yes", "no")}
        mentioning = set(codings.loc[codings["code_id"].isin(book.family(theme)), "interview_id"])
        sets = {"asked": answers["yes"], "mentioned, asked": answers["yes"] & mentioning,
                "not asked": answers["no"], "mentioned, not asked": answers["no"] & mentioning,
                "no record of asking": set(interviews["interview_id"]) - answers["yes"] - answers["no"]}
        ids = {what: counted(cells, groups, _interviews_in(interviews, chosen), what,
                             f"{slug(theme)}{{group}}_{slug(what)}", unit="interviews", theme=theme)
               for what, chosen in sets.items()}
        for group in rows:
            here = {what: by_group[group] for what, by_group in ids.items()}
            rows[group].append((label, {
                "Mentioned, of those asked": ("{x} of {n}", {"x": here["mentioned, asked"], "n": here["asked"]}),
                "Mentioned, of those not asked": ("{x} of {n}", {"x": here["mentioned, not asked"],
                                                                 "n": here["not asked"]}),
                "No record of asking": ("{n}", {"n": here["no record of asking"]})}))
    _sections(cells, rows)
    return cells.summary("Themes asked about and mentioned (interviews)",
                         About(people_in_words(groups), "interviews where the topic was raised, or was not",
                               "interviews without a record of what was asked are shown"),
                         notes=("Asked means that the interviewer raised the topic, as the record of the guide says.",
                                "Themes stand in the order of the codebook."), stub="Theme")


def construct_counts(codes: pd.DataFrame, codings: pd.DataFrame, interviews: pd.DataFrame, *,
                     constructs: Mapping[str, str], order: Sequence[str] = (), groups: Sequence[str] = ()) -> Summary:
    """
    Coded passages of each construct of a framework, and the interviews with them, by group and in all: '38 (9)'.

    `constructs` gives a code its construct; a code under it without its own has the same. `order` lists the
    framework's constructs, so that one which nobody spoke to is shown; without it they stand by name. Codes that the
    mapping leaves out have a row too: a mapping made afterwards shows what the framework does not cover.
    """
    book, cells = opened(codes, codings, None), Cells("constructs")
    for code in constructs:
        if code not in book.names:
            raise unknown(code, book.names, "the definition's constructs name")
    of = {code: next((constructs[c] for c in book.line(code) if c in constructs), "") for code in book.names}
    groups = groups_of(interviews, groups)
    columns = {**{g: f"{heading(g)}: passages (interviews)" for g in groups}, EVERYONE: "All: passages (interviews)"}
    base, talk = interview_cells(cells, interviews, groups), talk_of(codings, interviews, groups)
    first = {columns[g]: ("{interviews}", {"interviews": base[g]}) for g in columns}
    cells.row("Interviews", {"Codes": ("", {}), **first})
    named = [*order, *sorted(set(constructs.values()) - set(order))]
    for construct in [*named, *([""] if "" in of.values() else [])]:
        family = [code for code in book.names if of[code] == construct]
        label = construct or "not mapped to a construct"
        ids = tallied(cells, talk, family, slug(label), {"construct": label})
        cells.row(capitalised(label), {
            "Codes": (plain(", ".join(book.names[code] for code in family)), {}),
            **{columns[g]: ("{passages} ({interviews})", ids[g]) for g in columns}})
    return cells.summary("Constructs of the framework: coded passages (interviews)",
                         About(people_in_words(groups), "interviews in each group, in the first row", UNSAID),
                         notes=(RULE,), stub="Construct")


def code_tree(codes: pd.DataFrame, *, themes: Mapping[str, str] | None = None) -> Summary:
    """The codebook as a listing, without a number: the codes under their themes, with what they are for."""
    book, cells = Codebook(codes, themes), Cells("codebook")
    said = codes.assign(code_id=codes["code_id"].astype(str)).set_index("code_id")

    def listed(code: str, label: str, depth: int) -> None:
        texts = {c.capitalize(): said.at[code, c] for c in ("definition", "include", "exclude") if c in said}
        cells.row(label, {c: (plain(text) if isinstance(text, str) else "", {}) for c, text in texts.items()},
                  depth=depth)
        for child in book.under(code):
            listed(child, book.names[child], depth + 1)

    for theme, label in book.themes.items():
        listed(theme, label, 0)
    return cells.summary("Codebook", About("the codes of the codebook", "none: a listing"), stub="Theme and code")


def _interviews_in(interviews, chosen: set[str]) -> Callable[[str], tuple[int, int]]:
    def counts(group: str) -> tuple[int, int]:
        mine = of_group(interviews, group)
        return int(mine["interview_id"].isin(chosen).sum()), people_of(mine, chosen)
    return counts


def _sections(cells: Cells, rows: dict[str, list]) -> None:
    for group, lines in rows.items():
        for label, entries in lines:
            cells.row(label, entries, section="All interviews" if group == EVERYONE else heading(group))
