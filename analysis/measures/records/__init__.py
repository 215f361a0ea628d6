"""The records themselves: their quality, what was approved and planned, what was published before."""
