"""The keys of a reference file in; a Mistake that names the one that is unknown or missing, out."""

from collections.abc import Collection, Mapping

from analysis.errors import Mistake, suggestion


def check_keys(data: Mapping, required: Collection[str], known: Collection[str], where: str) -> None:
    """Raises Mistake for the first key that is none of `known`, with the nearest; then for one that is not there."""
    for key in data:
        if key not in known:
            raise Mistake(f"unknown key '{key}'", where=where,
                          remedy=suggestion(key, known, f"known: {', '.join(known)}"))
    for key in required:
        if key not in data:
            raise Mistake(f"'{key}' is missing", where=where, remedy=f"write {key} = …")
