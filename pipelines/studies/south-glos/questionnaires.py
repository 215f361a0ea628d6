"""Questionnaires, who returned them and what they ticked: the 34 who enrolled in, baseline and follow-up files out."""

import random
from datetime import timedelta
from pathlib import Path

from casework import COURSES
from files import DATA_CUT, SYNTHETIC, day_month_year, working_day, write_csv
from people import Person

ITEMS = [f"PEG{n}" for n in range(1, 4)] + [f"PHQ{n}" for n in range(1, 10)] + [f"SW{n}" for n in range(1, 8)]
LEVELS = [f"EQ{n}" for n in range(1, 6)]
FOLLOW_UP_WEEKS = 30
NO_BASELINE = {"N05", "N11", "N12"}
NO_FOLLOW_UP = {"P03", "P13", "N05", "N07", "N09", "N11", "N12", "N13"}  # mostly people who came little or left early
BETTER = {  # 1 is a great deal better, -1 worse; the others are drawn around 0.35
    "P01": 0.8, "P04": 0.2, "P05": 0.3, "P06": 0.9, "P10": -0.3, "P11": -0.2, "P14": 0.9, "P15": -0.4, "P17": 0.1,
    "P18": 1.0,
}
BLANK = {  # items left blank: (time point, key) -> items
    ("baseline", "P09"): ["PHQ9"],
    ("follow-up", "P16"): ["PHQ5", "PHQ6", "PHQ7", "PHQ8"],
    ("baseline", "N13"): ["SW4"],
    ("follow-up", "P05"): ["PEG3"],
    ("baseline", "P12"): ["EQ2"],
}


def _ticked(value: float, low: int, high: int, rng: random.Random, spread: float) -> int:
    return min(high, max(low, round(rng.gauss(value, spread))))


def _answers(distress: float, rng: random.Random) -> dict[str, int]:
    """One person's answers. Distress runs from 0 (well) to 1 (very unwell); 0.55 gives PEG 7, PHQ-9 14, SWEMWBS 19."""
    answers = {item: _ticked(4.1 + 5.2 * distress, 0, 10, rng, 0.9) for item in ITEMS[:3]}
    answers |= {item: _ticked(2.85 * distress, 0, 3, rng, 0.6) for item in ITEMS[3:11]}
    answers["PHQ9"] = _ticked(1.9 * distress - 0.6, 0, 3, rng, 0.5)
    answers |= {item: _ticked(4.1 - 2.5 * distress, 1, 5, rng, 0.6) for item in ITEMS[12:]}
    return answers


def _levels(distress: float, rng: random.Random) -> dict[str, int]:
    """One person's EQ-5D-5L: pain worst, self-care least, the others between."""
    weights = {"EQ1": 3.6, "EQ2": 2.4, "EQ3": 3.8, "EQ4": 4.6, "EQ5": 3.9}
    return {item: _ticked(0.9 + weight * distress, 1, 5, rng, 0.5) for item, weight in weights.items()}


def write_questionnaires(people: list[Person], folder: Path) -> None:
    """
    Baseline within three weeks of the start; follow-up 30 weeks after it.

    Follow-up is due from those alive and at the practice whose 30 weeks end by the data cut.
    """
    rng, of_levels = random.Random("south-glos questionnaires"), random.Random("south-glos levels")
    baseline, follow_up = [], []
    for p in (p for p in people if p.started_on):
        distress = min(0.95, max(0.2, rng.gauss(0.56, 0.15)))
        change = BETTER.get(p.key, rng.gauss(0.35, 0.35))
        later = min(1.0, max(0.05, distress - 0.3 * change))
        first, second = _answers(distress, rng), _answers(later, rng)
        first |= _levels(distress, of_levels)
        second |= _levels(later, of_levels)
        early, late = rng.randint(0, 21), rng.randint(-6, 24)
        if p.key not in NO_BASELINE:
            baseline.append((working_day(p.started_on + timedelta(days=early if COURSES[p.key][0] else 0)), p, first))
        due = p.started_on + timedelta(weeks=FOLLOW_UP_WEEKS)
        left = [d for d in (p.died_on, p.deregistered_on) if d and d <= due]
        if p.key not in NO_FOLLOW_UP and due <= DATA_CUT and not left:
            follow_up.append((working_day(min(due + timedelta(days=late), DATA_CUT), -1), p, second))
    for name, returned in {"baseline": baseline, "follow-up": follow_up}.items():
        rows = []
        for day, p, answers in sorted(returned, key=lambda r: (r[0], r[1].client)):
            blank = BLANK.get((name, p.key), [])
            rows.append([p.client, day_month_year(day),
                         *("" if item in blank else answers[item] for item in [*ITEMS, *LEVELS])])
        write_csv(
            folder / f"questionnaire_{name}.csv", ["Client no.", "Date completed", *ITEMS, *LEVELS], rows,
            preamble=[SYNTHETIC, f"Questionnaire, {name}: {len(rows)} returned"],
        )
