"""
What each person who enrolled was prescribed: the table behind the opioid issues.

Doses in mg of oral morphine equivalent a day (factors of the Faculty of Pain Medicine, 2020), at the start and at week
26: 12 people lower, 3 stopped, 2 higher, 17 unchanged; medians 90 and 72, quartiles 60 to 240 and 30 to 160, with the
neighbouring people at the same dose so that every rule for quartiles finds these figures. P07, P08, P13 and P14 came
down after week 26. Invented: the published figures do not say who took what.
"""

from dataclasses import dataclass
from fractions import Fraction

EVERY_72_H, EVERY_4_DAYS, EVERY_7_DAYS = Fraction(1, 3), Fraction(1, 4), Fraction(1, 7)


@dataclass(frozen=True)
class Step:
    """One product at one dose, issued until its supply reaches day `until` after the start (none: to the data cut)."""

    product: str
    directions: str
    per_day: Fraction | int  # tablets, capsules, patches or millilitres a day; a range counts as its maximum
    quantity: int
    until: int | None = None


@dataclass(frozen=True)
class Line:
    """Steps, one after another, begun in March 2016, on a day after the start, or when line `follows` ends a step."""

    steps: list[Step]
    from_day: int | None = None
    follows: int | None = None


def line(*steps: tuple, from_day: int | None = None, follows: int | None = None) -> Line:
    """A line of what each step says, in the order of Step."""
    return Line([Step(*step) for step in steps], from_day, follows)


def morphine(strength: int) -> str:
    """Slow morphine of so many milligrams, by its generic name."""
    return f"Morphine sulfate {strength}mg modified-release tablets"


def mst(strength: int) -> str:
    """Slow morphine by the name of its first brand."""
    return f"MST Continus {strength}mg tablets"


def zomorph(strength: int) -> str:
    """Slow morphine in capsules, by brand."""
    return f"Zomorph {strength}mg modified-release capsules"


def oxycontin(strength: int) -> str:
    """Slow oxycodone of so many milligrams, by brand."""
    return f"OxyContin {strength}mg modified-release tablets"


def fentanyl(strength: int) -> str:
    """Patches of so many micrograms an hour, worn for 72 hours."""
    return f"Fentanyl {strength}micrograms/hour transdermal patches"


def buprenorphine(strength: str) -> str:
    """Patches of so many micrograms an hour, worn for four or seven days by their strength."""
    return f"Buprenorphine {strength}micrograms/hour transdermal patches"


ORAMORPH = "Oramorph 10mg/5ml oral solution"
COCODAMOL = "Co-codamol 30mg/500mg tablets"
CODEINE = "Codeine 30mg tablets"
DIHYDROCODEINE = "Dihydrocodeine 30mg tablets"
TRAMADOL = "Tramadol 50mg capsules"
PATCH_72 = "Apply one patch every 72 hours"

REGIMENS = {
    # 120 -> 30
    "P01": [line((fentanyl(50), PATCH_72, EVERY_72_H, 10, 14), (fentanyl(25), PATCH_72, EVERY_72_H, 5, 62),
                 (fentanyl(12), PATCH_72, EVERY_72_H, 10))],
    # 240 -> 120: the slow ones and the liquid, then no liquid
    "P02": [line((morphine(100), "Take ONE twice a day", 2, 56, 50), (morphine(60), "Take ONE twice a day", 2, 56)),
            line((ORAMORPH, "5ml qds prn", 20, 300, 30))],
    # 40 -> 30
    "P03": [line((TRAMADOL, "Take TWO four times a day", 8, 224, 56),
                 (TRAMADOL, "Take TWO three times a day", 6, 168))],
    # 64 -> 40: off the co-codamol, still on the tramadol
    "P04": [line((TRAMADOL, "TAKE TWO CAPSULES FOUR TIMES A DAY", 8, 224)),
            line((COCODAMOL, "2 qds", 8, 224, 28), (COCODAMOL, "1 qds", 4, 112, 60))],
    # 24 -> 24
    "P05": [line((CODEINE, "Take TWO tablets four times a day", 8, 224))],
    # 40 -> 0
    "P06": [line((TRAMADOL, "2 QDS", 8, 224, 12), (TRAMADOL, "2 tds", 6, 84, 40), (TRAMADOL, "1 qds", 4, 56, 58),
                 (TRAMADOL, "1 bd", 2, 28, 80))],
    # 24 -> 24, lower after week 26
    "P07": [line((CODEINE, "2 qds", 8, 224, 188), (CODEINE, "2 tds", 6, 168, 250), (CODEINE, "one tds", 3, 84))],
    # 24 -> 24, lower after week 26
    "P08": [line((CODEINE, "1-2 qds prn", 8, 224, 188), (CODEINE, "1 QDS", 4, 112, 240), (CODEINE, "2 nocte", 2, 56))],
    # 60 -> 48: twenty to fifteen
    "P09": [line((buprenorphine("20"), "One patch every 7 days", EVERY_7_DAYS, 4, 40),
                 (buprenorphine("10"), "One patch every 7 days", EVERY_7_DAYS, 4)),
            line((buprenorphine("5"), "One patch every 7 days", EVERY_7_DAYS, 4), follows=0),
            line((COCODAMOL, "1 QDS PRN", 4, 112))],
    # 240 -> 240
    "P10": [line((mst(60), "TWO twice daily", 4, 112))],
    # 64 -> 72: less before the operation, more after it
    "P11": [line((TRAMADOL, "2 qds", 8, 224, 58)),
            line((COCODAMOL, "1-2 qds prn", 8, 224, 12), (COCODAMOL, "2 tds prn", 6, 168, 60),
                 (COCODAMOL, "1 qds prn", 4, 112)),
            line((ORAMORPH, "10ml three times a day", 30, 600), from_day=80)],
    # 84 -> 54
    "P12": [line((mst(30), "one bd", 2, 56, 45), (mst(15), "one bd", 2, 56)),
            line((CODEINE, "Take one or two four times a day when required", 8, 224))],
    # 64 -> 64, half of it after week 26
    "P13": [line((TRAMADOL, "2 QDS", 8, 224, 186), (TRAMADOL, "1 QDS", 4, 112)),
            line((COCODAMOL, "1-2 qds prn", 8, 224, 200), (COCODAMOL, "1 qds prn", 4, 112))],
    # 24 -> 24, lower after week 26
    "P14": [line((CODEINE, "Take TWO four times a day", 8, 224, 190), (CODEINE, "Take TWO twice a day", 4, 112, 260),
                 (CODEINE, "Take TWO at night", 2, 56))],
    # 126 -> 84: down one size
    "P15": [line((buprenorphine("52.5"), "Apply ONE patch every 96 hours", EVERY_4_DAYS, 8, 50),
                 (buprenorphine("35"), "Apply ONE patch every 96 hours", EVERY_4_DAYS, 8))],
    # 84 -> 72: one of two lots of codeine stopped
    "P16": [line((buprenorphine("20"), "Apply one patch every 7 days", EVERY_7_DAYS, 4)),
            line((COCODAMOL, "2 qds", 8, 224)), line((CODEINE, "1 qds", 4, 112, 30), (CODEINE, "1 bd", 2, 28, 68))],
    # 90 -> 60
    "P17": [line(("Longtec 20mg modified-release tablets", "1 BD", 2, 56)),
            line(("Longtec 10mg modified-release tablets", "1 BD", 2, 56, 56))],
    # 24 -> 0
    "P18": [line((CODEINE, "1-2 QDS prn", 8, 224, 12), (CODEINE, "one qds", 4, 56, 52),
                 (CODEINE, "two at night", 2, 28, 78))],
    # 60 -> 0
    "N01": [line((mst(30), "One every 12 hours", 2, 56, 12), (mst(15), "One every 12 hours", 2, 28, 46),
                 (mst(10), "One every 12 hours", 2, 28, 72))],
    # 72 -> 72; left the practice later
    "N02": [line((buprenorphine("20"), "One patch every 7 days", EVERY_7_DAYS, 8)),
            line((DIHYDROCODEINE, "2 qds", 8, 224))],
    # 60 -> 30
    "N03": [line(("Oxycodone 20mg modified-release tablets", "1 tab every 12 hours", 2, 56, 45),
                 ("Oxycodone 10mg modified-release tablets", "1 tab every 12 hours", 2, 56))],
    # 240 -> 160
    "N04": [line((zomorph(60), "2 bd", 4, 112, 50), (zomorph(60), "1 bd", 2, 56)),
            line((zomorph(10), "2 bd", 4, 112), follows=0)],
    # 120 -> 120
    "N05": [line((fentanyl(50), "Apply ONE patch every THREE days", EVERY_72_H, 10))],
    # 300 -> 300; died in week 28
    "N06": [line((oxycontin(40), "TWO every 12 hours", 4, 112)), line((oxycontin(20), "ONE every 12 hours", 2, 56))],
    # 150 -> 160
    "N07": [line((oxycontin(40), "Take ONE tablet twice a day", 2, 56)),
            line((oxycontin(10), "Take ONE tablet twice a day", 2, 56)),
            line((TRAMADOL, "1 bd prn", 2, 56), from_day=50)],
    # 240 -> 150
    "N08": [line((oxycontin(40), "2 bd", 4, 112, 40), (oxycontin(40), "1 bd", 2, 56)),
            line((oxycontin(10), "1 bd", 2, 56), follows=0)],
    # 90 -> 90
    "N09": [line((morphine(30), "1 bd", 2, 112)), line((morphine(15), "1 bd", 2, 112))],
    # 240 -> 240
    "N10": [line((fentanyl(100), PATCH_72, EVERY_72_H, 10))],
    # 160 -> 160
    "N11": [line(("Tapentadol 200mg modified-release tablets", "ONE twice a day", 2, 112))],
    # 120 -> 120
    "N12": [line((fentanyl(25), PATCH_72, EVERY_72_H, 10)),
            line((morphine(30), "Take ONE tablet every 12 hours", 2, 56))],
    # 280 -> 280
    "N13": [line((fentanyl(100), PATCH_72, EVERY_72_H, 10)),
            line(("Tramadol 200mg modified-release tablets", "Take ONE twice daily", 2, 56))],
    # 360 -> 360
    "N14": [line((fentanyl(100), "1 patch every 72 hours", EVERY_72_H, 10)),
            line((fentanyl(50), "1 patch every 72 hours", EVERY_72_H, 10))],
    # 480 -> 480
    "N15": [line((morphine(100), "TWO tablets bd", 4, 112)), line((ORAMORPH, "10ml four times a day", 40, 600))],
    # 264 -> 264
    "N16": [line((fentanyl(100), "One patch every 72 hours", EVERY_72_H, 10)),
            line((COCODAMOL, "Two 4 times a day as needed", 8, 224))],
}

# Single issues outside the weeks in which a dose is read, and a plaster that is no opioid but that the report caught.
# Some are what every record has: nothing that says a dose, no strength, a reducing course, an opioid without a factor.
ONE_OFF = {
    "N03": [("Lidocaine 700mg medicated plasters", "Apply one plaster for 12 hours in every 24 hours", 30, 33),
            (ORAMORPH, "when required", 100, 195), ("Methadone 5mg tablets", "1 bd", 14, 209)],
    "N05": [(CODEINE, "1-2 qds prn", 56, 196), ("MST Continus tablets", "1 bd", 56, 203)],
    "N10": [(COCODAMOL, "2 qds prn", 112, -132),
            (CODEINE, "4 a day for 7 days then 3 a day for 7 days then 2 a day for 7 days then stop", 63, 190)],
    "P10": [(ORAMORPH, "5ml qds prn", 100, 191), (CODEINE, "as directed", 28, 205)],
}
