"""Runs the package: the verbs, the steps of the road, and who runs what when."""

# The study whose extracts ship: what a verb without a study means, and what the committed notebooks show.
DEFAULT_STUDY = "south-glos"
