"""Theoretical frameworks: a name in, its constructs in their order out."""

# Sekhon, Cartwright, Francis 2017, BMC Health Serv Res 17:88: seven component constructs.
FRAMEWORKS = {
    "Theoretical Framework of Acceptability": (
        "affective attitude", "burden", "ethicality", "intervention coherence", "opportunity costs",
        "perceived effectiveness", "self-efficacy"),
}


def constructs(framework: str) -> tuple[str, ...]:
    """The constructs of a framework that ships; empty for another: then they stand by name."""
    return FRAMEWORKS.get(framework, ())
