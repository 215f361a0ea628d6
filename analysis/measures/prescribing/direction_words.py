"""Directions of a UK prescription in, tokens out: amounts, frequencies, limits, and what is said besides."""

from __future__ import annotations

import re
from functools import lru_cache

# ------------------------------------------------------------------------------------------------ words to numbers

_WORDS = {
    "half": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty four": 24,
    "forty eight": 48, "seventy two": 72, "ninety six": 96,
}
_SPELT = (
    "twice", "times", "three", "daily", "every", "morning", "evening", "night", "bedtime", "hourly", "hours", "weekly",
    "fortnightly", "alternate", "patch", "tablet", "tablets", "capsule", "capsules", "required", "maximum", "directed",
)
# Words of directions that are one slip of the pen from one of these, and are not meant for it.
_NOT_MISSPELT = frozenset({
    "there", "time", "ever", "very", "might", "right", "light", "nights", "mornings", "evenings", "patches", "hour",
    "these", "require", "requires", "dairy",
})
_NUMBER_WORD = re.compile(rf"\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})\b")
_COUNTED = (r"(?:tablets?|tabs?|caplets?|capsules?|caps?|sachets?|lozenges?|suppositor(?:y|ies)|ampoules?|sprays?"
            r"|puffs?)")


def plain(text: object) -> str:
    """Lower case, digits for number words, spaces between digits and letters, no dots in abbreviations."""
    t = "" if text is None or text != text else str(text).casefold()
    t = re.sub(r"[‐‑‒–—]", "-", t).replace("(s)", "s").replace("/s ", "s ").replace("*", " ").replace("×", " x ")
    t = re.sub(r"\b(?:[a-z]\.){2,}[a-z]?|\b[a-z]\.[a-z]\b", lambda m: m.group().replace(".", ""), t)
    t = re.sub(r"(?<![\w.])\.(?=\d)", "0.", t)  # ".5 ml" is half a millilitre
    t = re.sub(r"(?<=\d)(?=(?:once|twice|one|two|three|four|five|six)\b)", " ", t)
    t = re.sub(r"[a-z]{4,}", lambda m: _spelt(m.group()), t).replace("upto", "up to").replace("aday", "a day")
    t = re.sub(r"(\d+)\s*([½¼¾])", lambda m: str(int(m[1]) + _FRACTION[m[2]]), t)
    t = re.sub(r"[½¼¾]", lambda m: str(_FRACTION[m.group()]), t)
    t = re.sub(r"\bhalf an hour\b", "30 minutes", t)
    t = re.sub(r"\b(twenty|forty|seventy|ninety)-(four|eight|two|six)\b", r"\1 \2", t)
    t = re.sub(r"\bonce\b", "1 times", re.sub(r"\btwice\b", "2 times", re.sub(r"\bthrice\b", "3 times", t)))
    t = re.sub(r"\b(one|a)[ -]half\b", "half", t)
    t = re.sub(r"\b(third|fourth|fifth|sixth|seventh)(?= (?:day|night|morning)s?\b)", lambda m: _ORDINALS[m[1]], t)
    t = _NUMBER_WORD.sub(lambda m: f"{_WORDS[m[1]]:g}", t)
    t = re.sub(r"\b(\d+(?:\.\d+)?) ?\( ?(\d+(?:\.\d+)?) ?\)", lambda m: m[1] if float(m[1]) == float(m[2]) else m[0], t)
    t = re.sub(r"\b\d+, ?\d+,? or \d+\b(?! ?(?:times|x)\b)", _alternatives, t)  # "1, 2 or 3 times": one, so often
    t = re.sub(r"\b(\d+) times or (\d+) times\b", r"\1 or \2 times", t)
    t = re.sub(r"\b3 quarters?(?: of)?(?: an?\b)?", "0.75", t)
    t = re.sub(r"\b(?:an? |1 )?quarter(?: of)?(?: an?\b)?", "0.25", t)
    t = re.sub(r"\b(\d+) and (?:a )?(?:0\.5|1/2)\b", r"\1.5", t)
    t = re.sub(r"\b(\d+) 1/2\b", r"\1.5", t)
    t = re.sub(r"\b1/2(?= (?:a )?(?:tablet|tab)\b| ?(?:-|to|or) ?\d)", "0.5", t)
    t = re.sub(r"(?<![\w'])(i{1,3})(?= ?(?:-|to|or) ?i{1,3}\b"
               r"|(?: (?:tab|cap)\w*)? (?:od|bd|tds|qds|tid|qid|om|on|mane|nocte)\b)", lambda m: str(len(m[1])), t)
    t = re.sub(r"(\d ?(?:-|to|or) ?)(i{1,3})\b", lambda m: m[1] + str(len(m[2])), t)
    t = re.sub(rf"\b0\.5 an? (?={_COUNTED}\b)", "0.5 ", t)
    t = re.sub(rf"\ban? (?=(?:{_COUNTED}|patch|spoonful|5 ?ml spoonful)\b)", "1 ", t)
    t = re.sub(r"\bfor an? (?=(?:day|week|fortnight|month)\b)", "for 1 ", t)
    t = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", t)
    t = re.sub(r"(\d)(?=[a-z])", r"\1 ", re.sub(rf"\bx(?=\d|(?:{_CODE})\b)", "x ", t))
    t = re.sub(r"(\d) ?(mg|mcg|micrograms?|ml)s? ?(-|to|or) ?(\d+(?:\.\d+)?) ?(?=\2s?\b)", r"\1 \3 \4 ", t)
    t = re.sub(r"\b(every|each) (\d+)/7\b", r"\1 \2 days", t)
    t = re.sub(r"\.(?!\d)|(?<!\d)\.", " . ", t)
    return re.sub(r"\s+", " ", t).strip(" .;,")


_FRACTION = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_ORDINALS = {"third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7"}


def _alternatives(said: re.Match) -> str:
    """"1, 2 or 3" is from 1 to 3; numbers that do not rise by one are left as they are."""
    first, middle, last = (int(n) for n in re.findall(r"\d+", said.group()))
    return f"{first} or {last}" if (middle, last) == (first + 1, first + 2) else said.group()


@lru_cache(maxsize=4096)
def _spelt(word: str) -> str:
    """A word of directions for one with a slip in it (a letter lost, added, wrong, or two exchanged), else the word."""
    if word in _SPELT or word in _NOT_MISSPELT:
        return word
    meant = [known for known in _SPELT if _one_slip(word, known)]
    return meant[0] if len(meant) == 1 else word


def _one_slip(word: str, known: str) -> bool:
    if abs(len(word) - len(known)) > 1 or word[0] != known[0]:
        return False
    at = next((k for k, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    return (word[at + 1:] == known[at:] or word[at:] == known[at + 1:] or word[at + 1:] == known[at + 1:]
            or (word[at:at + 2] == known[at:at + 2][::-1] and word[at + 2:] == known[at + 2:]))

# ------------------------------------------------------------------------------------------------ patterns

_N = r"\d+(?:\.\d+)?"
_R = rf"{_N}(?:\s*(?:-|to|or)\s*{_N})?"
_UNIT = (rf"(?:{_COUNTED}|patch(?:es)?|plasters?|doses?|drops?|mls?|millilitres?"
         r"|mgs?|milligram(?:me)?s?|mcgs?|micrograms?|µg|ug)\b")
_HOURS = r"(?:hours?|hrs?|h)\b"
_DAY = rf"(?:day|daily|24 ?{_HOURS})"
_SLOT = (r"mornings?|evenings?|nights?|nightly|nocte|noct|mane|om|bed ?time|bed|noon|midday|lunch ?time|lunch"
         r"|tea ?time|tea|breakfast|dinner|supper|afternoon|q?hs")
_CODES = {
    "od": 1, "bd": 2, "bds": 2, "bid": 2, "tds": 3, "tid": 3, "qds": 4, "qid": 4,
    "bis die": 2, "bis in die": 2, "ter die": 3, "ter in die": 3, "quater die": 4, "quater in die": 4,
}
_CODE = "|".join(sorted(_CODES, key=len, reverse=True))
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_RHYTHM = rf"(?:(?:every |each )?(?:week|fortnight|month)(?:ly)?|daily|(?:every|for) {_R} ?(?:days?|weeks?))"
_GAP = r" (?:gap|apart|(?:in )?between)(?: (?:(?:each|any|the) )?(?:doses?|tablets?|capsules?))?"
_MAX = (r"(?:max(?:imum)?|(?:no|not|never)(?: to)?(?: take| use| have)?(?: any)? more than"
        r"|(?:do )?not (?:to )?exceed(?:ing)?|up to (?:a )?max(?:imum)?)"
        r"(?: (?:of|dose|daily|is|total|dosage))*")

# In order: what is ignored and what bounds the dose come before what states it.
_PATTERNS = {
    "at_a_time": rf"(?:(?:no|not|never)[^,;.\d]*more than|max(?:imum)?(?: of)?) {_R} ?(?:{_UNIT})? ?"
                 r"(?:at|in) (?:any )?(?:1|a) (?:time|go|dose)\b|(?:in|with) (?:0\.5 |1 |an? |full |of )*glass\w*",
    "before_now": r"\b(?:reduced|increased|changed|down|up) from [^,;.()]*"
                  r"|\b(?:was|were|previously|formerly|instead of)\b [^,;.()]*",
    "cap_times": rf"{_MAX}[ :]*(?P<cap_times_n>{_R}) ?(?:times|x) ?(?:(?:a|per|in|each|/) ?)?{_DAY}",
    "cap": rf"{_MAX}[ :]*(?P<cap_n>{_R}) ?(?P<cap_unit>{_UNIT})?"
           rf"(?: ?(?:(?:in|per|a|any|each|every|over|/) ?)+{_DAY}| daily)?",
    "cap_after": rf"(?P<cap_after_n>{_R}) ?(?P<cap_after_unit>{_UNIT})?"
                 rf"(?: ?(?:in|per|a|/) ?{_DAY}| daily) max(?:imum)?\b",
    "apart": rf"(?:at least|min(?:imum)?(?: of)?|leave|allow|with)(?: at least)? {_R} ?{_HOURS}(?:{_GAP})*"
             rf"|{_R} ?{_HOURS}(?:{_GAP})+",
    "total": rf"\( ?{_R} ?(?:mgs?|mcgs?|micrograms?) ?(?:(?:in|per|a|each|every|/) ?)*{_DAY} ?\)"
             rf"|(?:=|total(?: daily)?(?: dose)?(?: of)?[ :=]*) ?{_R} ?{_UNIT}"
             rf"(?: ?(?:(?:in|per|a|each|every|/) ?)*{_DAY})?",
    "dispensed": rf"\b(?:dispens\w*|suppl(?:y|ied)|issued?|collect\w*) (?:{_R} ?(?:{_COUNTED}|mls?|patch(?:es)?)? ?)?"
                 rf"{_RHYTHM}|{_RHYTHM} (?:dispens\w*|scripts?|prescriptions?|suppl(?:y|ies)|issues?|collect\w*)\b",
    "duration": rf"for (?:up to )?{_R} ?(?:days?|weeks?|fortnights?|months?)|(?:for )?{_R}/(?:7|52|12)\b"
                rf"|\bx ?{_N} ?(?:days|weeks|months)\b"
                rf"|\( ?{_R} ?(?:days?|weeks?|{_HOURS}) ?\)"
                r"|(?<=(?:od|bd|om|id|hs|ds|ly|ay|ht|ng|te|ne) )(?:x )?(?:[5-9]|\d\d) days\b(?! (?:a|per|in|each))"
                rf"|\b(?:dispens\w*|suppl(?:y|ied)|issued?) {_R} (?:days?|weeks?|months?)\b"
                rf"|{_R} ?(?:days?|weeks?|months?)'? (?:supply|course)"
                rf"|(?:start\w*|from|until|till|review\w*|due)(?: (?:on|by))? {_WEEKDAY}\b",
    "before": rf"{_R} ?(?:minutes?|mins?|{_HOURS}) (?:before|after|prior(?: to)?)"
              r"(?: (?:food|eating|exercise|activity|dressing|an? \w+))?",
    "rate": rf"{_N} ?(?:mcg|micrograms?|µg) ?(?:/|per) ?(?:h|hr|hour)\b",
    "week_times": rf"(?P<week_n>{_R}) ?(?:times|x) ?(?:(?:a|per|each|every|/) ?)?(?:week|weekly)\b",
    "every": rf"(?:1 times )?(?:every|each|q) ?(?P<every_n>{_R}) ?(?P<every_unit>{_HOURS}|hourly|hrly|days?|weeks?)"
             rf"|(?:per|/) ?(?P<per_n>48|72|96|168) ?{_HOURS}|(?P<hourly_n>{_R})[ -]?(?:hourly|hrly)\b"
             r"|(?P<each_hour>\bhourly\b|\b(?:every|each) hour\b)",
    "other_day": r"(?:on )?\balt(?:ernate)? (?:die|days?|nights?|mornings?)"
                 r"|every (?:other|second) (?:day|night|morning)",
    "days_a_week": rf"(?P<week_days>{_N}) days? ?(?:a|per|each|every|/|in) ?(?:the )?week"
                   r"|(?P<working>\bmon(?:day)? ?(?:-|to) ?fri(?:day)?\b)",
    "except": r"\b(?:except|but not|not on)\b",
    "weekday": rf"(?:(?:every|each|on) )?\b{_WEEKDAY}\b"
               r"|(?:every|each|on|and|[&,/]) ?(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b",
    "weekly": r"(?:1 times )?(?:every week|each week|a week|per week|/ ?(?:wk|week)|weekly)\b",
    "fortnightly": r"fortnightly|(?:1 times )?(?:every|each|a|per) fortnight",
    "monthly": r"\bmonthly\b|(?:1 times )?(?:every|each|a|per) month\b",
    "times": rf"(?P<times_n>{_R}) ?(?:times|x) ?(?:(?:a|per|each|every|in|/) ?)?{_DAY}"
             rf"|\bx ?(?P<x_n>{_N}) ?(?:a|per|/)? ?{_DAY}",
    "codes": rf"\b(?P<code>{_CODE})(?: ?(?:-|to|or|/) ?(?P<code_to>{_CODE}))?\b",
    "meals": r"(?:with|after|before|at)(?: (?:each|every|main))? meal(?:s|(?<=(?:each|very) meal))\b(?: ?times?)?",
    "bare_clock": r"(?<!at )(?<!to )(?<![\d:.-])(?P<bare_clock_n>[1-4]) ?(?:am|pm)\b",
    "clock": r"(?:at )?\b\d{1,2}(?::\d\d)? ?(?:am|pm)\b|(?:at )?\b\d{1,2}:\d\d\b"
             r"|(?:at|and|&) (?:[01]\d|2[0-3])[0-5]\d ?(?:hrs?|h|hours)?\b",
    "slot": rf"(?:1 times )?(?:(?:every|each|in|at|with|before)(?: the)? )?\b(?:{_SLOT})\b"
            r"|(?:(?:every|each|in the) )?\b(?:am|pm)\b|(?<=[\d a-z)]) ?\bon\b(?= ?(?:$|[,;.+&]|prn|and\b|\d))",
    "daily": rf"(?:every|each|per|a|/) ?day\b|\bdaily\b|(?:in|per|every|each|over|/) ?24 ?{_HOURS}|/ ?24\b",
    "prn": r"\bprn\b|\b(?:when|if|as|where|whenever)(?: and when)? (?:required|needed|necessary)|\bsos\b"
           r"|for breakthrough(?: pain)?|\bas reqd?\b|when req(?:uire)?d?\b",
    "directed": r"\b(?:as|when) (?:directed|dir|advised|instructed|discussed)\b|\b(?:mdu|asd|as before|as per)\b",
    "single": r"\b(?:stat|immediately|straight ?away)\b|\b1[- ]off\b|\b1 times only\b",
    "other_unit": rf"{_N} ?(?:packs?|packets?|box(?:es)?|bottles?|op|m|g|gms?|grams?|iu|%)(?![a-z])",
    "changing": r"\bincreas\w+|\breduc(?:ing|tion)\b"
                r"|\breduce(?:d|s)?(?= (?:by|to|the dose|dose|slowly|as|over|when|if)\b)"
                r"|\b(?:week|day|month) 1\b|\bslowly reduce\b|\bdecreas\w+|\btitrat\w+|\btaper\w*|\bwean\w*",
    "then": r"\bthen\b",
    "up_to": r"\bup to\b",
    "spoon": rf"(?P<spoon_n>{_R}) ?x? ?5 ?mls? ?(?:spoon|tea)\w*"
             rf"|(?P<bare_spoon_n>{_R}) ?(?:spoonfuls?|tea ?spoons?\w*|tsp)\b",
    "dose_in_ml": rf"{_N} ?mg ?(?:\(|/|=|in) ?(?P<dose_ml>{_R}) ?(?:mls?|millilitres?)\b ?\)?",
    "each_of": rf"(?P<each_n>{_R}) ?x? (?:of )?(?:the )?{_N} ?(?:mg|mcg|micrograms?)(?: ?/ ?(?:h|hr|hour)\b)? ?"
               rf"(?P<each_unit>{_COUNTED}|patch(?:es)?)"
               rf"|(?P<x_each_n>{_N}) ?x ?{_N} ?mg\b"
               rf"|(?P<bare_patch>{_N} ?(?:mcg|micrograms?)(?: ?(?:/|per) ?(?:h|hr|hour)\b)? ?patch\b)",
    "amount": rf"(?P<n>{_R}) ?(?P<unit>{_UNIT})?",
}
_SCAN = re.compile("|".join(f"(?P<t_{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
IGNORED = {"at_a_time", "before_now", "apart", "dispensed", "duration", "before", "rate", "total"}
_EVERY = {"other_day": 2, "weekly": 7, "fortnightly": 14, "monthly": 365.25 / 12}  # days


_UNITS = {"patch": "patch", "plaster": "patch", "ml": "ml", "millilit": "ml", "mg": "mg", "milligram": "mg",
          "mcg": "mcg", "microgram": "mcg", "µg": "mcg", "ug": "mcg", "drop": "drop"}


def _bounds(text: str) -> tuple[float, float]:
    numbers = [float(n) for n in re.findall(_N, text)]
    return numbers[0], numbers[-1]


def _unit(word: str | None) -> str:
    word = word or ""
    if re.fullmatch(_COUNTED, word) or word.startswith("dose"):
        return "unit"
    return next((unit for start, unit in _UNITS.items() if word.startswith(start)), "")


def tokens(said: str) -> tuple[list[tuple[str, object]], bool]:
    """(kind, content) in the order of the text, and whether a number is left over that no pattern took."""
    found, left_over, at = [], False, 0
    for match in _SCAN.finditer(said):
        left_over |= bool(re.search(r"\d", said[at:match.start()]))
        at = match.end()
        kind, g = match.lastgroup or "", match.groupdict()
        kind = next(k for k in _PATTERNS if g[f"t_{k}"] is not None)
        if kind in ("times", "codes"):
            codes = [float(_CODES[g[c]]) for c in ("code", "code_to") if g[c]]
            found.append(("often", (codes[0], codes[-1]) if codes else _bounds(g["times_n"] or g["x_n"])))
        elif kind == "week_times":
            found.append(("often", tuple(n / 7 for n in _bounds(g["week_n"]))))
        elif kind == "every":
            low, high = _bounds(g["every_n"] or g["per_n"] or g["hourly_n"] or "1")
            days = {"d": 1.0, "w": 7.0}.get((g["every_unit"] or "h")[0], 1 / 24)
            found.append(("often", (1 / (high * days), 1 / (low * days)) if low else (0.0, 0.0)))
        elif kind in _EVERY:
            found.append(("often", (1 / _EVERY[kind], 1 / _EVERY[kind])))
        elif kind == "days_a_week":
            found.append(("weekday", float(g["week_days"] or 5)))
        elif kind in ("cap", "cap_after"):
            often_follows = re.match(rf" ?(?:{_CODE})\b| ?{_R} ?(?:times|x)\b", said[at:])  # "max 100 mg qds"
            most = _bounds(g[f"{kind}_n"])[1]
            if (g[f"{kind}_unit"] or "").startswith("dose"):  # "maximum 4 doses": so many times
                found.append(("cap_times", most))
                continue
            found.append(("cap_at_once" if often_follows else "cap", (most, _unit(g[f"{kind}_unit"]))))
        elif kind == "cap_times":
            found.append((kind, _bounds(g["cap_times_n"])[1]))
        elif kind == "bare_clock":
            found.append((kind, float(g["bare_clock_n"])))
        elif kind == "other_unit":
            left_over = True
        elif kind == "amount":
            found.append(("amount", (*_bounds(g["n"]), _unit(g["unit"]))))
        elif kind == "each_of":
            unit = "patch" if g["bare_patch"] else _unit(g["each_unit"]) or "unit"
            found.append(("amount", (*_bounds(g["each_n"] or g["x_each_n"] or "1"), unit)))
        elif kind == "spoon":  # a medicine spoon holds 5 ml
            found.append(("amount", (*(5 * n for n in _bounds(g["spoon_n"] or g["bare_spoon_n"])), "ml")))
        elif kind == "dose_in_ml":
            found.append(("amount", (*_bounds(g["dose_ml"]), "ml")))
        else:
            found.append((kind, None))
    left_over |= bool(re.search(r"\d", said[at:]))
    left_over |= any(kind in ("amount", "often") and said[0] > said[1] for kind, said in found)  # "1-0" is no range
    return found, left_over
