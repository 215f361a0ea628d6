"""A sheet of coded passages out, to be signed off by a person; the sheet as it comes back in, quotes.toml out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import DefinitionMistake, Mistake, nearest
from analysis.evaluation import Evaluation
from analysis.evaluation.quotations import HOW as SECTION
from analysis.evaluation.quotations import Candidates
from analysis.interviews.quotations import FILE, Signed, fingerprint
from analysis.interviews.quoting import place
from analysis.interviews.sheets import SEARCHED, sheet, sheets
from analysis.protect.quotes import quoted
from analysis.study import Study
from pipelines.cache import write_text

COLUMNS = ("Interview", "Participant", "Group", "Theme", "Code", "Start", "End", "Passage", "Words to show",
           "Recognisable", "Signed by", "Signed on")
NEEDED = ("Interview", "Code", "Words to show", "Recognisable", "Signed by", "Signed on")
SHEET = "quotations.xlsx"
MOST = 12  # rows that cannot be taken are named one by one up to here
HOW = ("Sign off a quotation by filling in the last three columns: would a colleague or a GP know the speaker by what "
       "is said (yes or no), who signs (a role or initials), when. Shorten 'Words to show' as you like and put "
       "[square brackets] in place of what must not be read, such as [GP] or […]; all else must stay to the letter.")
TITLE = ("# The quotations that a person signed off: where they stand, and a fingerprint of the words, which are in\n"
         "# the transcripts and nowhere else. Written by `python -m pipelines quotes`; redactions are edited there.\n")


class _Tables(dict):
    """The tidy tables of a study, read as they are asked for."""

    def __init__(self, study: Study):
        super().__init__()
        self._folder = study.build / "tidy"

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = pd.read_parquet(self._folder / f"{name}.parquet")
        return self[name]


def candidates_of(study: Study) -> Candidates:
    """What may be considered for quotation, over all sites. The tidy tables must be there."""
    if not study.fits("interviews"):
        raise Mistake(f"{study.name} has no coded interviews", remedy="say under [interviews] where they are")
    if not study.fits("quotations"):
        raise study.definition.mistake("the definition does not say how it quotes", remedy=SECTION)
    return Evaluation(study, _Tables(study)).quotations()


def write_sheet(study: Study) -> list[str]:
    """Every coded passage that may be quoted as a workbook under .build/, those that are signed with their sign-off."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    rows = _rows(candidates_of(study), _Tables(study)["codings"])
    book = Workbook()
    page = book.active
    page.title = "Quotations"
    page.append([HOW])
    page.append(COLUMNS)
    for row in rows:
        page.append(row)
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(COLUMNS))
    page.row_dimensions[1].height, page.freeze_panes = 48, "A3"
    for letter, width in zip("ABCDEFGHIJKL", (10, 11, 16, 24, 22, 8, 8, 60, 60, 13, 14, 12), strict=True):
        page.column_dimensions[letter].width = width
    for line in page.iter_rows(min_row=1, max_row=page.max_row):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 2)
            if cell.data_type == "f":  # what somebody said is never a formula
                cell.data_type = "s"
    path = study.build / SHEET
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return [f"{study.name}: {len(rows)} passages to choose from in .build/{study.name}/{SHEET}",
            *_told(study, candidates_of(study))]


def read_sheet(study: Study, path: Path) -> list[str]:
    """
    The rows of a filled sheet that somebody signed, put into quotes.toml; those whose sign-off was emptied, taken out.

    All rows or none: raises DefinitionMistake that names each row that cannot be taken, and why.
    """
    candidates = candidates_of(study)
    before = {_key(one): one for one in candidates.signed}
    after, mistakes = dict(before), []
    for number, row in _filled(path):
        try:
            start, end = _whole(row.get("Start", "")), _whole(row.get("End", ""))
            if not row["Signed by"]:
                after.pop((row["Interview"], start, end, row["Code"]), None)
                continue
            one = _signed(row, start, end, candidates)
            after[_key(one)] = one
        except ValueError as error:
            mistakes.append(DefinitionMistake(str(error), where=f"{path.name}, row {number}"))
    if mistakes:
        more = [f"and {len(mistakes) - MOST} more rows"] if len(mistakes) > MOST else []
        raise DefinitionMistake("\n".join([*map(str, mistakes[:MOST]), *more]))
    write_text(study.folder / FILE, as_toml(sorted(after.values(), key=_key)))
    new, gone = len(set(after) - set(before)), len(set(before) - set(after))
    return [f"{study.name}: {len(after)} quotations signed off in pipelines/studies/{study.name}/{FILE}: {new} new, "
            f"{gone} taken out", *_told(study, candidates_of(study))]


def as_toml(signed: list[Signed]) -> str:
    """The sign-offs as quotes.toml."""
    parts = [TITLE]
    for one in signed:
        lines = ["[[quote]]", f"interview = {_text(one.interview)}", f"code = {_text(one.code)}",
                 f"start = {one.start}", f"end = {one.end}"]
        if one.redactions:
            lines += ["redactions = [", *(f"    {{ start = {part.start}, end = {part.end}, becomes = "
                                          f"{_text(part.becomes)} }}," for part in one.redactions), "]"]
        lines += [f"text_sha256 = {_text(one.text_sha256)}", f"recognisable = {_text(one.recognisable)}",
                  f"signed_by = {_text(one.signed_by)}", f"signed_on = {one.signed_on}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _told(study: Study, candidates: Candidates) -> list[str]:
    """What would be shown now, and every signed quotation that would not, with the reason."""
    now = quoted(candidates)
    return [f"{study.name}: {len(now.shown)} quotations may be shown, {len(now.withheld)} are withheld",
            *(f"  {one.where}: {one.why}" for one in now.withheld)]


def _rows(candidates: Candidates, codings: pd.DataFrame) -> list[list]:
    who = candidates.interviews.set_index("interview_id")
    order = list(candidates.labels)
    signed = {_key(one): one for one in candidates.signed}
    placed = codings.dropna(subset=["start", "end"])
    places = zip(placed["interview_id"], map(int, placed["start"]), map(int, placed["end"]), placed["code_id"],
                 strict=True)
    rows = []
    for interview, start, end, code in dict.fromkeys([*places, *signed]):
        text = candidates.transcripts.get(interview)
        if interview not in who.index or text is None or code not in order:
            continue
        if who.at[interview, "quotable"] != "yes":
            continue
        one = signed.get((interview, start, end, code))
        last = [one.recognisable, one.signed_by, str(one.signed_on)] if one else ["", "", ""]
        rows.append([interview, who.at[interview, "participant_id"], who.at[interview, "group"],
                     candidates.labels[candidates.themes[code]], code, start, end, text[start:end],
                     one.words(text) if one else text[start:end], *last])
    return sorted(rows, key=lambda row: (order.index(row[4]), row[0], row[5], row[6]))


def _filled(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of the first sheet that has the headings."""
    for cells in sheets(path):
        for at in range(min(SEARCHED, len(cells))):
            if set(NEEDED) <= set(cells[at][1]):
                return list(sheet(path.name, cells, at).rows)
    raise DefinitionMistake("no sheet has the headings of a sheet of quotations", where=path.name,
                            remedy=f"fill in .build/STUDY/{SHEET}; it needs: {', '.join(NEEDED)}")


def _signed(row: Mapping[str, str], start: int | None, end: int | None, candidates: Candidates) -> Signed:
    """One row as a sign-off; ValueError in words for what it cannot be."""
    if row["Interview"] not in candidates.transcripts:
        raise ValueError(f"there is no transcript of the interview '{row['Interview']}'")
    if row["Code"] not in candidates.labels:
        guess = nearest(row["Code"], candidates.labels)
        raise ValueError(f"the codebook has no code '{row['Code']}'" + (f"; did you mean '{guess}'?" if guess else ""))
    if row["Recognisable"].casefold() not in ("yes", "no"):
        raise ValueError(f"'Recognisable' is '{row['Recognisable']}'; write yes or no")
    transcript, words = candidates.transcripts[row["Interview"]], row["Words to show"] or row.get("Passage", "")
    found = place(transcript, words, start, end) if words.strip() else None
    if found is None:
        raise ValueError("the transcript does not have these words at one place; what is not in [square brackets] "
                         "must stay to the letter")
    start, end, redactions = found
    one = Signed(row["Interview"], row["Code"], start, end, "", row["Signed by"], _day(row["Signed on"]),
                 row["Recognisable"].casefold(), redactions)
    return Signed(**{**vars(one), "text_sha256": fingerprint(one.words(transcript))})


def _key(one: Signed) -> tuple[str, int, int, str]:
    return (one.interview, one.start, one.end, one.code)


def _whole(written: str) -> int | None:
    return int(written) if written.isdigit() else None


def _day(written: str) -> datetime.date:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.datetime.strptime(written, form).date()
        except ValueError:
            continue
    raise ValueError(f"'Signed on' is '{written}'; write a date, as in 2018-07-02")


def _text(words: str) -> str:
    """Words as a TOML string."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found.group()):04x}", escaped) + '"'
