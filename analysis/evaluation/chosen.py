"""A study's definition in; its questionnaires with the value set, setting and threshold chosen for each, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from analysis.errors import Mistake, suggestion
from analysis.measures.questionnaires.outcome_tests import ASSUMED, ZEROS, Asked
from analysis.reference.instruments import Instrument
from analysis.study import Study

CHOICES = ("value_sets", "settings", "thresholds")


def chosen_instruments(study: Study) -> list[Instrument]:
    """
    The instruments of `[outcomes]`, in its order.

    A choice that changes the numbers is never made for the study: DefinitionMistake, with what there is to choose
    from, where an index has no value set or an instrument whose cut-points differ between settings has no setting; and
    where a choice is named that there is not. Which size of change counts may be left: it is the file's first.
    """
    said = study["outcomes"]
    for choice in CHOICES:
        for name in said.get(choice, {}):
            if name not in said["instruments"]:
                raise study.definition.mistake(
                    f"[outcomes.{choice}] speaks of '{name}', which is not one of the instruments", "outcomes", choice,
                    name, remedy=suggestion(name, said["instruments"], "add it to instruments, or take the line out"))
    return [_chosen(study, name, {choice: said.get(choice, {}).get(name) for choice in CHOICES})
            for name in said["instruments"]]


def _chosen(study: Study, name: str, choice: Mapping[str, str | None]) -> Instrument:
    try:
        one = study.instruments[name]
    except Mistake as mistake:
        raise study.definition.mistake(mistake.found, "outcomes", "instruments", remedy=mistake.remedy) from None
    if picked := _picked(study, one, "value_sets", choice["value_sets"],
                         study.instruments.value_sets(name) if one.score == "index" else [], one.score == "index"):
        one = replace(one, value_set=study.instruments.value_set(picked))
    if picked := _picked(study, one, "settings", choice["settings"], one.settings, bool(one.settings)):
        one = one.with_setting(picked)
    by_words = {change.words: change for change in one.changes}
    if picked := _picked(study, one, "thresholds", choice["thresholds"], by_words, False):
        one = replace(one, changes=(by_words[picked], *(c for c in one.changes if c is not by_words[picked])))
    return one


def _picked(study: Study, one: Instrument, choice: str, said: str | None, known: Iterable[str],
            needed: bool) -> str | None:
    """What the definition says, held against what there is to choose from."""
    known = list(known)
    word = choice.removesuffix("s").replace("_", " ")
    if said is None and needed:
        raise study.definition.mistake(
            f"{one.title} needs a {word}, and this package chooses none by itself", "outcomes",
            remedy=f"add under [outcomes.{choice}]: {one.name} = \"{known[0] if known else '…'}\"; "
                   f"there are: {', '.join(known) or 'none yet: write one in the study folder'}")
    if said is not None and said not in known:
        raise study.definition.mistake(
            f"{one.title} has no {word} '{said}'", "outcomes", choice, one.name,
            remedy=suggestion(said, known, f"one of: {', '.join(known) or 'it has none'}"))
    return said


def asked_tests(study: Study) -> list[Asked]:
    """The tests of `[[outcomes.tests]]`; DefinitionMistake for one that cannot be made, or leaves a choice open."""
    made = []
    for at, said in enumerate(study["outcomes"].get("tests", ())):
        def mistake(found: str, remedy: str, at: int = at):
            return study.definition.mistake(found, "outcomes", "tests", str(at), remedy=remedy)

        for key, known in (("instrument", study["outcomes"]["instruments"]), ("test", ASSUMED), ("zeros", ZEROS)):
            if said.get(key) is not None and said[key] not in known:
                raise mistake(f"there is no {key} '{said[key]}' to test with",
                              suggestion(said[key], known))
        for test, key, why in (("wilcoxon", "zeros", f"what becomes of people without a change: {', '.join(ZEROS)}"),
                               ("mcnemar exact", "cut", "the score from which somebody counts as a case")):
            if (said["test"] == test) != (key in said):
                needed = said["test"] == test
                found = f"the test '{test}' needs '{key}'" if needed else f"'{key}' is of the test '{test}' alone"
                raise mistake(found, f"say {why}" if needed else f"take '{key}' out")
        made.append(Asked(said["instrument"], said["test"], said.get("zeros", ""), said.get("cut")))
    return made
