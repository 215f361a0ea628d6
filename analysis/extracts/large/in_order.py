"""Parts of something and what is to be made of each in; what was made, in their order, out: by several threads."""

from __future__ import annotations

import collections
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

MOST_THREADS = 8

Part, Made = TypeVar("Part"), TypeVar("Made")


def in_order(made: Callable[[Part], Made], parts: Iterable[Part]) -> Iterator[Made]:
    """
    What is made of each part, in their order, with no more parts in memory than can be worked at.

    For work that Arrow or numpy does: Python's own is done by one thread at a time.
    """
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    with ThreadPoolExecutor(threads) as pool:
        waiting: collections.deque[Future] = collections.deque()
        try:
            for part in parts:
                waiting.append(pool.submit(made, part))
                if len(waiting) > threads + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
