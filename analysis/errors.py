"""Mistakes that a person can mend: what was found, where, and what to write instead. Shown without a traceback."""

import errno


class Mistake(Exception):
    """
    A mistake in what the person gave us, not in this package.

    `str()` of it is the whole message: the place, what was found, and the remedy on a line of its own.
    `exit_code` is what `python -m pipelines` ends with: 2 a mistake, 3 a blocking fault, 4 a leak, 1 a failed page.
    """

    exit_code = 2

    def __init__(self, found: str, *, where: str = "", remedy: str = ""):
        self.found, self.where, self.remedy = found, where, remedy
        message = f"{where}: {found}" if where else found
        super().__init__(f"{message}\n  -> {remedy}" if remedy else message)

    def __reduce__(self):  # so that a mistake made in a page's own process reaches the run whole
        return _again, (type(self), self.found, self.where, self.remedy)


def _again(kind: type[Mistake], found: str, where: str, remedy: str) -> Mistake:
    return kind(found, where=where, remedy=remedy)


class DefinitionMistake(Mistake):
    """Something in a study's definition file that cannot be right."""


class ExtractMistake(Mistake):
    """A delivered file that is missing, unreadable, or not what the definition says."""


class BlockingFaults(Mistake):
    """Rows that break a blocking rule: the run stops and nothing is published."""

    exit_code = 3


class PageFailed(Mistake):
    """A notebook that did not run to its end."""

    exit_code = 1


class Leak(Mistake):
    """Something that was about to be shown or published, and may not be."""

    exit_code = 4


FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
SHUT = {errno.EACCES, errno.EPERM, errno.EROFS}


def refused(error: OSError) -> Mistake | None:
    """What a person can do about a disk that is full or a file that they may not use; None for any other error."""
    if error.errno in FULL:
        return Mistake("the disk is full", where=str(error.filename or ""),
                       remedy="make room, then start it again; the last report is as it was")
    if error.errno in SHUT:
        return Mistake(f"the system does not let you use it: {(error.strerror or '').lower()}",
                       where=str(error.filename or ""),
                       remedy="take the right to read it, or to write there; the last report is as it was")
    return None


def nearest(word: str, known) -> str:
    """The known word most like this one, or an empty string: for 'did you mean …?'."""
    import difflib

    match = difflib.get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return match[0] if match else ""


def suggestion(word, known, otherwise: str = "", *, always: str = "") -> str:
    """
    What to write instead of a word that is not known: the one most like it, else `otherwise`, else all of them.

    `always` is said in any case, behind the likely one.
    """
    guess = nearest(word, known)
    meant = f"did you mean '{guess}'?" if guess else ""
    if always:
        return f"{meant} {always}".strip()
    return meant or otherwise or f"one of: {', '.join(map(str, known)) or 'none'}"
