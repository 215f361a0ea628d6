"""Numbers as a reader sees them in; whether what is claimed of them holds, does not, or cannot be checked, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

HIDDEN = "hidden"
CANNOT = "cannot be checked"
CHECK = "whether its numbers agree"  # of all that a definition claims in one place: a run tells where they do not
Span = tuple[float, float]  # the least and the most that a number may be: of a rounded one they are not the same
Seen = Span | str | None  # HIDDEN; or None where there is no number
Verdict = bool | None  # None: it cannot be checked
FEW = 0.25  # of all interviews, at most


def _less(a: Span, b: Span) -> Verdict:
    return True if a[1] < b[0] else False if a[0] >= b[1] else None


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


def _and(*verdicts: Verdict) -> Verdict:
    """One no is enough for a no."""
    return False if False in verdicts else None if None in verdicts else True


def _part(whole: Span, factor: float) -> Span:
    return whole[0] * factor, whole[1] * factor


NOUGHT: Span = (0.0, 0.0)
COMPARED: Mapping[str, Callable[[Span, Span], Verdict]] = {
    "<": _less, ">": lambda a, b: _less(b, a), ">=": lambda a, b: _not(_less(a, b)),
    "<=": lambda a, b: _not(_less(b, a)), "=": lambda a, b: _and(_not(_less(a, b)), _not(_less(b, a)))}
# Of how many interviews, and of how many in all; of none in all nothing can be said.
MENTIONED: Mapping[str, Callable[[Span, Span], Verdict]] = {
    "none": lambda count, whole: _not(_less(NOUGHT, count)), "some": lambda count, whole: _less(NOUGHT, count),
    "few": lambda count, whole: _and(_less(NOUGHT, count), _not(_less(_part(whole, FEW), count))),
    "most": lambda count, whole: _less(_part(whole, 0.5), count),
    "all": lambda count, whole: _not(_less(count, whole))}


def _numbers(decide: Callable[[Span, Span], Verdict]) -> Callable[[Sequence[Seen]], Verdict]:
    """A claim about two numbers, which both have to be there."""
    def verdict(seen: Sequence[Seen]) -> Verdict:
        return None if any(not isinstance(one, tuple) for one in seen) else decide(*seen)

    return verdict


def _of_whole(decide: Callable[[Span, Span], Verdict]) -> Callable[[Span, Span], Verdict]:
    return lambda count, whole: None if whole == NOUGHT else decide(count, whole)


def _any(seen: Sequence[Seen]) -> Verdict:
    """Whether one of the counts is more than nought: one that is shown is enough, and a no needs all of them."""
    each = [_less(NOUGHT, one) if isinstance(one, tuple) else None for one in seen if one is not None]
    return True if True in each else None if None in each else False


def _anybody(seen: Sequence[Seen]) -> Verdict:
    """The same of counts that are each followed by how many there are in all: groups of nobody say nothing."""
    there = [count for count, whole in zip(seen[::2], seen[1::2], strict=True) if whole not in (NOUGHT, None)]
    return _any(there) if there else None


def _known(seen: Sequence[Seen]) -> Verdict:
    """Whether there is a number at all."""
    return True if any(isinstance(one, tuple) for one in seen) else None if HIDDEN in seen else False


def _every(seen: Sequence[Seen]) -> Verdict:
    """Whether all of these verdicts are yes."""
    return _and(*(bool(one[0]) if isinstance(one, tuple) else None for one in seen))


VERDICTS: Mapping[str, Callable[[Sequence[Seen]], Verdict]] = {
    **{name: _numbers(decide) for name, decide in COMPARED.items()},
    **{name: _numbers(_of_whole(decide)) for name, decide in MENTIONED.items()},
    "any": _any, "anybody": _anybody, "nobody": lambda seen: _not(_anybody(seen)), "known": _known, "every": _every}
