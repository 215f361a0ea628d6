"""What a definition says of an extract's files in; which files those are and how they are to be read, checked, out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Any

from analysis.errors import suggestion
from analysis.extracts.formats.reading import SUFFIXES
from analysis.study import Study


def delivery(study: Study, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """
    The fields of an ExtractPlan that are about files.

    Raises DefinitionMistake for an encoding, a delimiter, a kind of file, a heading that there is not.
    """
    at, mistake = ("extracts", name), study.definition.mistake
    files = _listed(said["file"])
    for file in files or [""]:
        if not file or file.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", file):
            raise mistake(f"the file '{file}' is not in the folder of the extracts" if file else "'file' names no file",
                          *at, "file", remedy=f"put it into data_raw/{study.name}/, and write its name")
    sheets, footer = _listed(said.get("sheet", [])), _listed(said.get("footer", []))
    if said.get("header_row", 1) < 1:
        raise mistake(f"header_row = {said['header_row']}", *at, "header_row", remedy="the first line is line 1")
    if any(not words.strip() for words in footer):
        raise mistake("a footer without words would begin at the first row", *at, "footer",
                      remedy='write how its first cell begins: footer = "End of report"')
    return {
        "file": ", ".join(files), "files": files, "members": _listed(said.get("member", [])),
        "sheet": sheets[0] if len(sheets) == 1 and "*" not in sheets[0] else "", "sheets": sheets,
        "read_as": _read_as(study, at, said.get("read_as", "")), "header_row": said.get("header_row", 1),
        "footer": footer, "encoding": _encoding(study, at, said.get("encoding", "")),
        "delimiter": _delimiter(study, at, said.get("delimiter", "")), "fill_down": _fill_down(study, name, said),
        "keep": _keep(study, at, said.get("keep", {})),
        "labels": said["labels"] if isinstance(said.get("labels"), bool) else tuple(said.get("labels", ())) or True,
    }


def part_of_a_name(study: Study, at: tuple, said: Mapping[str, Any]) -> str:
    """The pattern by which a column takes its value from the name of its file or sheet, as `file:issues_{}.csv`."""
    for key in ("from_file", "from_sheet"):
        if key in said:
            if said[key].count("{}") != 1:
                guess = said[key].replace("*", "{}", 1)
                raise study.definition.mistake(
                    f"{key} = '{said[key]}' does not mark the part of the name that is the value", *at,
                    remedy=f"write {{}} in its place: {key} = \"{guess if '{}' in guess else 'issues_{}.csv'}\"")
            return f"{key.removeprefix('from_')}:{said[key]}"
    return ""


def _listed(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _read_as(study: Study, at: tuple, said: str) -> str:
    suffix = f".{said.lower().lstrip('.')}" if said else ""
    if suffix and suffix not in SUFFIXES:
        known = [known.lstrip(".") for known in SUFFIXES]
        raise study.definition.mistake(f"read_as = '{said}' is no kind of file that is read", *at, "read_as",
                                       remedy=suggestion(said, known))
    return suffix


def _encoding(study: Study, at: tuple, said: str) -> str:
    try:
        known = not said or codecs.lookup(said)._is_text_encoding
    except LookupError:
        known = False
    if not known:
        raise study.definition.mistake(f"there is no encoding '{said}'", *at, "encoding",
                                       remedy='"utf-8-sig", "cp1252" (Excel on Windows) or "utf-16"')
    return said


def _delimiter(study: Study, at: tuple, said: str) -> str:
    if said and (len(said) != 1 or said in '"\r\n'):
        raise study.definition.mistake(f"the delimiter {said!r} is not one character", *at, "delimiter",
                                       remedy='"," or ";" or, for a tab, "\\t"')
    return said


def _keep(study: Study, at: tuple, said: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    for heading, values in said.items():
        if not values:
            raise study.definition.mistake(f"keep says nothing of '{heading}', so that no row would stay", *at, "keep",
                                           remedy=f'keep = {{ "{heading}" = ["what the rows that stay have there"] }}')
    return {heading: tuple(value.strip() for value in values) for heading, values in said.items()}


def _fill_down(study: Study, name: str, said: Mapping[str, Any]) -> tuple[str, ...]:
    headings = [column["from"] for column in said["columns"].values() if "from" in column]
    for heading in said.get("fill_down", []):
        if heading not in headings:
            raise study.definition.mistake(
                f"fill_down names '{heading}', which no column of [extracts.{name}] is read from", "extracts", name,
                "fill_down", remedy=suggestion(heading, headings, f"the headings: {', '.join(headings)}"))
    return tuple(said.get("fill_down", []))
