"""An instrument's TOML file in; the Instrument out, held against itself."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import Mistake
from analysis.reference.instruments import DIRECTIONS, KINDS, SCORES, Band, Change, Example, Instrument
from analysis.reference.keys import check_keys

REQUIRED = ("name", "title", "measures", "items", "answers", "score", "direction", "missing", "source", "licence",
            "examples")
OPTIONAL = {"reversed": [], "digits": 1, "conversion": [], "changes": [], "bands": {}}
PARTS = {"answers": ("lowest", "highest"), "missing": ("rule", "answered_at_least", "chosen_by", "source")}
CHANGE = ("points", "percent", "another_band", "kind", "source")
EXAMPLE = ("answers", "score", "band", "setting", "source")


def read(path: Path) -> Instrument:
    """The instrument that a file defines. Mistake where a part is missing, unknown, or contradicts another."""
    try:
        with path.open("rb") as file:
            made = defined(tomllib.load(file), where=path.name)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"this is not TOML: {error}", where=path.name, remedy="mend the line it names") from error
    if made.name != path.stem:
        raise Mistake(f"the file calls its instrument '{made.name}'", where=path.name,
                      remedy=f"write name = \"{path.stem}\", or rename the file")
    return made


def defined(data: Mapping, *, where: str = "") -> Instrument:
    """The instrument that these keys define, checked: see `read`."""
    check_keys(data, REQUIRED, (*REQUIRED, *OPTIONAL), where)
    data = OPTIONAL | dict(data)
    for part, keys in PARTS.items():
        check_keys(data[part], keys, keys, f"{where} [{part}]")
    missing, (bands, bands_source), settings = data["missing"], *_bands(data["bands"], where)
    made = Instrument(
        name=data["name"], title=data["title"], measures=data["measures"], items=tuple(map(str, data["items"])),
        lowest=data["answers"]["lowest"], highest=data["answers"]["highest"],
        reversed=frozenset(map(str, data["reversed"])),
        score=data["score"], conversion=tuple(float(s) for s in data["conversion"]), digits=data["digits"],
        direction=data["direction"], missing_rule=missing["rule"], answered_at_least=missing["answered_at_least"],
        missing_chosen_by=missing["chosen_by"], missing_source=missing["source"],
        changes=tuple(_change(c, where) for c in data["changes"]), bands=bands, bands_source=bands_source,
        settings=settings, source=data["source"], licence=data["licence"],
        examples=tuple(_example(e, where) for e in data["examples"]))
    for wrong, remedy in _contradictions(made):
        raise Mistake(wrong, where=where, remedy=remedy)
    return made


def _bands(data: Mapping, where: str) -> tuple[tuple[tuple[Band, ...], str], dict[str, tuple[tuple[Band, ...], str]]]:
    """The bands of every setting alike; or, by setting, those of each."""
    def of(part: Mapping, place: str) -> tuple[tuple[Band, ...], str]:
        check_keys(part, ("source", "starts"), ("source", "starts"), place)
        return tuple(Band(float(b["from"]), b["label"]) for b in part["starts"]), part["source"]

    if not data or "starts" in data:
        return (of(data, f"{where} [bands]") if data else ((), "")), {}
    return ((), ""), {setting: of(part, f"{where} [bands.\"{setting}\"]") for setting, part in data.items()}


def _change(data: Mapping, where: str) -> Change:
    place = f"{where} [[changes]]"
    check_keys(data, ("kind", "source"), CHANGE, place)
    if ("points" in data) == ("percent" in data):
        raise Mistake("a change is either in points or in percent of the first score", where=place,
                      remedy="write points = …, or percent = …")
    return Change(float(data["points"]) if "points" in data else None,
                  float(data["percent"]) if "percent" in data else None,
                  bool(data.get("another_band", False)), data["kind"], data["source"])


def _example(data: Mapping, where: str) -> Example:
    check_keys(data, ("answers", "source"), EXAMPLE, f"{where} [[examples]]")
    # TOML has no null: a blank answer is written "".
    answers = tuple(None if a == "" else a for a in data["answers"])
    return Example(answers, data.get("score"), data.get("band", ""), data.get("setting", ""), data["source"])


def _contradictions(made: Instrument):
    """What cannot be true of an instrument, with the remedy, the plainest first."""
    for value, known, key in ((made.score, SCORES, "score"), (made.direction, DIRECTIONS, "direction"),
                              *((change.kind, KINDS, "changes.kind") for change in made.changes)):
        if value not in known:
            yield f"{key} is '{value}'", f"write one of: {', '.join(known)}"
    if len(set(made.items)) != len(made.items) or not made.items:
        yield "the items are not a list of different ids", "name each item once"
    if stray := made.reversed - set(made.items):
        yield f"reversed items that are no items: {', '.join(sorted(stray))}", f"items are {', '.join(made.items)}"
    if not made.lowest < made.highest:
        yield "the lowest answer is not below the highest", "swap them"
    if not 1 <= made.answered_at_least <= len(made.items):
        yield "answered_at_least is not between one and the number of items", f"at most {len(made.items)}"
    yield from _of_the_score(made)
    for bands in (made.bands, *(bands for bands, _ in made.settings.values())):
        yield from _of_bands(made, bands)
    for change in made.changes:
        if (change.points or change.percent or 0) <= 0:
            yield "a change is not above zero", "give the size of the change, without a sign"
        if change.percent and (made.score_range[0] != 0 or made.direction != "higher is worse"):
            yield "a change in percent needs a scale that is best at 0", "give the change in points"
        if change.another_band and not (made.bands or made.settings):
            yield "a change asks for another band, and there are none", "give [bands], or take another_band out"
    if not made.examples:
        yield "there is no worked example", "give one with its source"
    if any(len(example.answers) != len(made.items) for example in made.examples):
        yield "a worked example does not have one answer an item", 'write "" for a blank answer'
    if stray := {example.setting for example in made.examples} - {"", *made.settings}:
        yield f"a worked example is of the setting '{min(stray)}'", f"settings: {', '.join(made.settings) or 'none'}"


def _of_the_score(made: Instrument):
    sums = len(made.items) * (made.highest - made.lowest) + 1
    if (made.score == "conversion") != bool(made.conversion):
        yield "a conversion table and score = 'conversion' go together", "give both or neither"
    if made.conversion and len(made.conversion) != sums:
        yield f"the conversion has {len(made.conversion)} scores", f"give one for each of the {sums} possible sums"
    if made.score in ("conversion", "index") and made.answered_at_least != len(made.items):
        whole = "a conversion is from the sum of all items" if made.conversion else "an index is of all dimensions"
        yield whole, f"write answered_at_least = {len(made.items)}"
    if made.score == "index" and (made.bands or made.settings or made.changes or made.reversed or made.lowest != 1):
        yield ("the scale of an index depends on its value set",
               "leave bands, changes and reversed out, and begin the levels at 1")


def _of_bands(made: Instrument, bands: tuple[Band, ...]):
    starts = [band.starts for band in bands]
    if not starts:
        return
    low, high = made.score_range
    if starts[0] != low or starts != sorted(set(starts)) or starts[-1] > high:
        yield "the bands do not cover the scores", "start at the lowest score and go up, one number a band"
    if len({band.label for band in bands}) != len(bands):
        yield "two bands have one label", "give each a label of its own"
