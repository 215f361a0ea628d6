"""Following a thread: the definition's threads in; each question traced from where it arose through the others, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from analysis.errors import DefinitionMistake
from analysis.measures.cells import Cells
from analysis.measures.joint.claims import MEANING
from analysis.measures.joint.named import Place, mistake
from analysis.measures.joint.rows import CHECKED, COUNTED, MEANS, MENTIONED, THEME, WORDS, Halves, bound
from analysis.measures.summary import About, Summary
from analysis.measures.words import plain

COMPONENTS = ("records", "questionnaires", "interviews")
COLUMNS = (THEME, MENTIONED, WORDS, COUNTED, MEANS, CHECKED)
CONCLUSION = "What the thread comes to"
FOLLOWED = ("Following a thread: a question that arose in one component is taken to the others (O'Cathain, Murphy, "
            "Nicholl, BMJ 2010;341:c4587). What it comes to is the researchers' judgement.")


def threads(said: Sequence[Mapping], halves: Halves, *, place: Place) -> Summary:
    """
    Each thread as its steps in order, the first where the question arose, and what it comes to.

    `said` are the study's `[[thread]]`: `question`, `why` it arose, `says` (what it comes to), and two `steps` or more,
    of more than one component. A step has its `component` (one of COMPONENTS), `says`, and what it cites: `cells`,
    `theme`, `quotes`, with `expects` and `mentioned` to be checked, as in a row of `[[joint]]`. Raises
    DefinitionMistake for a thread that leads nowhere, and for whatever it names that is not there.
    """
    cells = Cells("following a thread")
    for at, thread in enumerate(said):
        here = partial(place, str(at))
        steps = thread.get("steps", [])
        _checked(steps, here)
        question = plain(thread["question"])
        for number, step in enumerate(steps):
            made = bound(cells, step, halves, partial(here, "steps", str(number)),
                         about={"question": thread["question"], "step": f"step {number + 1}"})
            made[THEME] = made[THEME] if step.get("theme") else ("", {})
            label = f"{number + 1}. {step['component']}" + (": where the question arose" if number == 0 else "")
            says = " ".join(filter(None, [thread.get("why", "") if number == 0 else "", step.get("says", "")]))
            made[MEANS] = (plain(says), {})
            cells.row(label, {column: made[column] for column in COLUMNS}, section=question)
        cells.row(CONCLUSION, {column: ((plain(thread.get("says", "")), {}) if column == MEANS else ("", {}))
                               for column in COLUMNS}, section=question)
    return cells.summary(
        "A question followed through the components",
        About("for each number the people of its own table", "see each number's own table",
              "see each number's own table"),
        notes=(FOLLOWED, MEANING), stub="Step", columns=COLUMNS)


def _checked(steps: Sequence[Mapping], place: Place) -> None:
    for number, step in enumerate(steps):
        component = step.get("component", "")
        if component not in COMPONENTS:
            raise mistake(f"the component is '{component}'", place("steps", str(number), "component"), component,
                          COMPONENTS)
        if not (step.get("cells") or step.get("theme")):
            raise DefinitionMistake("the step cites nothing", where=place("steps", str(number)),
                                    remedy="name its cells or its theme")
    if len({step["component"] for step in steps}) < 2:
        raise DefinitionMistake("the thread stays in one component", where=place(),
                                remedy="follow it into another: add a [[thread.steps]] of " + " or ".join(
                                    one for one in COMPONENTS if one not in {step["component"] for step in steps}))
