"""A number, its decimals and the rounding rule in; its text out."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

ROUNDINGS = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN}


def printed(value: float, digits: int, rule: str = "half up") -> str:
    """
    The number with that many decimals, thousands set off by a comma.

    Rounded in Decimal on the shortest text of the float, so that 2.675 to two places is 2.68 half up, as a person
    who reads 2.675 expects; 'half even' is what Python's and pandas' own rounding does.
    """
    exact = Decimal(repr(round(float(value), 12))).quantize(Decimal(1).scaleb(-digits), rounding=ROUNDINGS[rule])
    text = f"{exact:,}"
    return text.lstrip("-") if set(text) <= set("-0.,") else text
