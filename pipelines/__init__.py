"""Runs the package: the verbs, the steps of the road, and who runs what when."""
