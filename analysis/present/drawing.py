"""What every figure shares: an empty canvas, a number beside its mark, and the SVG with its text and description."""

from __future__ import annotations

import hashlib
import html
import io
import re

from analysis.present.shown import Shown
from analysis.protect.released import Released, ReleasedCell

# Okabe and Ito (2008), Color Universal Design: distinct to the common kinds of colour blindness, and in grey by order.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9")
INK, FAINT = "#222222", "#6b6b6b"  # both may be read on white: 15.9 and 5.3 to one


class Figure(Shown):
    """A picture on a page."""


def canvas_of(height: float, width: float = 5.6):
    """An empty figure of the report's width, without the inline backend, which would show it a second time."""
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    matplotlib.rcParams.update({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10,
                                "axes.edgecolor": FAINT, "text.color": INK, "axes.labelcolor": INK,
                                "xtick.color": INK, "ytick.color": INK,
                                "text.parse_math": False})  # '$5 to $10' is money, not a formula
    canvas = Canvas(figsize=(width, max(1.4, height)), layout="constrained")
    axes = canvas.add_subplot()
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#dddddd", linewidth=0.7, zorder=0)
    return canvas, axes


def number_beside(axes, cell: ReleasedCell, x: float, y: float, align: str = "left") -> None:
    """The number beside its mark, as text that carries its cell's id."""
    offset = {"left": 5, "right": -5, "center": 0}[align]
    text = axes.annotate(cell.text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center", ha=align,
                         color=INK if cell.status == "shown" else FAINT, zorder=4)
    text.set_gid(f"cell-{cell.id}")


def ink_on(colour: str, alpha: float = 1) -> str:
    """Black or white, whichever is easier to read on the colour as it stands on white: never under 4.5 to one."""
    linear = []
    for place in (1, 3, 5):
        part = 1 - alpha + alpha * int(colour[place:place + 2], 16) / 255
        linear.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"


def said_of(cell: ReleasedCell) -> str:
    """A number as the text of a figure says it."""
    return cell.text if cell.status == "shown" else "hidden" if cell.status == "hidden" else "not known"


def drawn(canvas, released: Released, title: str, kind: str, said: list[str], cells: list[ReleasedCell]) -> Figure:
    """The drawing as SVG: same input, same bytes; with its title and a text that says the same numbers."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    salt = hashlib.sha256("|".join([released.measure, title, *(c.id for c in cells)]).encode()).hexdigest()[:10]
    for part in (canvas, *canvas.axes):
        part.patch.set_facecolor("none")
    written = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": salt}):
        FigureCanvasSVG(canvas).print_svg(  # not savefig, which draws everything twice
            written, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = written.getvalue()
    svg = steady(svg[svg.index("<svg"):].replace("'DejaVu Sans', ", "").replace("DejaVu Sans, ", ""), salt)
    alternative = f"{kind}. {title}. " + "; ".join(said) + "."
    return Figure("figure", (("image/svg+xml", accessible(svg, title, alternative, salt)), ("text/plain", alternative)),
                  tuple(dict.fromkeys(c.id for c in cells)))


def steady(svg: str, salt: str) -> str:
    """
    The SVG with matplotlib's own ids numbered as they come.

    It makes them from a clip's corners to the last bit, which the layout's solver does not give alike in two runs: the
    drawing is the same and its bytes were not.
    """
    made: dict[str, str] = {}
    return re.sub(r"(?<=[\"#])[mp][0-9a-f]{10}(?=[\")])",
                  lambda found: made.setdefault(found[0], f"{found[0][0]}{len(made) + 1}-{salt[:6]}"), svg)


def nothing_to_draw(title: str, cells: list[ReleasedCell],
                    why: str = "all of these numbers are hidden, so there is nothing to draw") -> Figure:
    """A sentence in the place of a figure, bound to the numbers that it would have shown."""
    words = f"{title}: {why}."
    return Figure("figure", (("text/html", f'<p class="sentence"><span class="words">{html.escape(words)}</span></p>'),
                             ("text/plain", words)), tuple(dict.fromkeys(cell.id for cell in cells)))


def accessible(svg: str, title: str, description: str, salt: str) -> str:
    """An SVG with role, title and description, and unique ids for cells that stand on it twice."""
    head, rest = svg.split(">", 1)
    seen: dict[str, int] = {}

    def unique(match: re.Match) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f'id="{match[1]}-{salt[:4]}{seen[match[1]]}"'

    rest = re.sub(r'id="(cell-\w+)"', unique, re.sub(r"<metadata>.*?</metadata>", "", rest, flags=re.S))
    return (f'{head} role="img" aria-labelledby="title-{salt} desc-{salt}">'
            f'<title id="title-{salt}">{html.escape(title)}</title>'
            f'<desc id="desc-{salt}">{html.escape(description)}</desc>{rest}')
