"""Words of items, which never ship: a file of the study's own in, words by instrument and item out."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.errors import Mistake, nearest
from analysis.reference.instruments import Instrument


def read_wording(path: Path, instruments: Sequence[Instrument]) -> Mapping[tuple[str, str], str]:
    """
    (instrument, item) -> its words, from a TOML file with a table an instrument: `[peg]`, then `1 = "…"`.

    Raises Mistake for a file that is not there, an instrument that the study does not use, or an item that it does not
    have: the words would stand beside another item's numbers.
    """
    if not path.is_file():
        raise Mistake(f"there is no file '{path.name}' beside study.toml", where="[outcomes] wording",
                      remedy="write it, as [peg] and 1 = \"…\"; or take the line out: items are then called by number")
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"this is not TOML: {error}", where=path.name, remedy="mend the line it names") from error
    items = {one.name: one.items for one in instruments}
    for name, words in said.items():
        if name not in items:
            near = nearest(name, items)
            raise Mistake(f"[{name}] is no instrument of this study", where=path.name,
                          remedy=f"did you mean [{near}]?" if near else f"it has: {', '.join(items)}")
        for item in words:
            if item not in items[name]:
                raise Mistake(f"{name} has no item '{item}'", where=path.name,
                              remedy=f"its items are: {', '.join(items[name])}")
    return {(name, item): str(text) for name, words in said.items() for item, text in words.items()}
