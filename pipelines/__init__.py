"""Runs the package: the verbs, the steps of the road, and who runs what when."""

import sys

# The study whose extracts ship: what a verb without a study means, and what the committed notebooks show.
DEFAULT_STUDY = "south-glos"


def without_grammar() -> None:
    """
    Spares this process a grammar that jsonschema builds when it is imported, of a package that JupyterLab brings.

    It takes longer than everything else that a run imports, and tells only whether a text is an internationalised
    address, which no schema of a notebook asks. jsonschema does without where the package is not there.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
