"""A measure small enough to read: 43 people in four groups, one of them too small to show. For protect and present."""

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import Released, release

GROUPS = {"Alpha": 12, "Beta & <co>": 3, "Gamma": 28}


def profiles(name: str) -> Profiles:
    return Profiles({"enrolled": profile(name)})


def summary(groups: dict[str, int] | None = None) -> Summary:
    """People by group with their share, and a median age that rests on the people of the group."""
    groups = groups or GROUPS
    cells = Cells("groups")
    whole = cells.people("enrolled", sum(groups.values()), "enrolled")
    for group, people in groups.items():
        name = group.split()[0].lower()
        n = cells.count(people, population="enrolled", name=name, group=group)
        share = cells.share(n, whole, name=f"{name}_share")
        median = cells.value(40.5 + people, "median", population="enrolled", n=people, unit="years", name=f"{name}_age",
                             group=group)
        cells.row(group, {"People": ("{n} ({share})", {"n": n, "share": share}),
                          "Age": ("{median}", {"median": median})})
    return cells.summary("People by group", About("people enrolled", "people enrolled", "none"), stub="Group",
                         notes=("Counted on one day.",))


def released(rules: str = "opensafely", groups: dict[str, int] | None = None, plan=()) -> Released:
    return release(summary(groups), profiles(rules), plan=plan)


def registered(source: Summary, shown: Released) -> dict[str, dict]:
    """The cells of a registry, as the gate reads them."""
    return {identity: {"text": cell.text} for identity, cell in shown.cells.items()}
