"""Draws several lines in one picture as SVG, over a linear or a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lab.harness.statistics import Spread
from lab.report.chart import BOTTOM, GRID_LINES, HEIGHT, LEFT, TOP, WIDTH, round_step, text

# Room for the names of the lines.
RIGHT = 170
COLOURS = ("#2a6f97", "#c1440e", "#5a8f29", "#7b4fa3", "#8a6d1d", "#555555")
LEGEND_STEP = 20


@dataclass(frozen=True)
class Line:
    """A named line; its points are ordered by their first value."""

    name: str
    points: Sequence[tuple[float, Spread]]
    dashed: bool = False


def lines_chart(title: str, x_label: str, y_label: str, lines: Sequence[Line], *, log_x: bool) -> str:
    """The picture. At least one line has a point above zero."""
    xs = sorted({value for line in lines for value, _ in line.points})
    places = [math.log10(value) if log_x else value for value in (xs[0], xs[-1])]
    highest = max(spread.max for line in lines for _, spread in line.points)
    step = round_step(max(highest, 1) / GRID_LINES)
    top = step * math.ceil(max(highest, 1) / step)

    def x(value: float) -> float:
        place = math.log10(value) if log_x else value
        share = (place - places[0]) / max(1e-9, places[1] - places[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    parts = [text(WIDTH / 2, 24, title, "middle", 15)]
    for number in range(round(top / step) + 1):
        parts.append(f'<path d="M{LEFT} {y(number * step):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(text(LEFT - 8, y(number * step) + 4, f"{number * step:,.0f}", "end"))
    for value in xs if log_x else ticks(xs[0], xs[-1]):
        parts.append(text(x(value), HEIGHT - BOTTOM + 20, f"{value:,.0f}", "middle"))
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        parts += drawn(line, colour, [(x(value), y(s.median), y(s.min), y(s.max)) for value, s in line.points])
        legend = TOP + 10 + number * LEGEND_STEP
        left = WIDTH - RIGHT + 16
        parts.append(f'<path d="M{left} {legend - 4}h20" stroke="{colour}" stroke-width="2"{dashes(line)}/>')
        parts.append(text(left + 26, legend, line.name, "start"))
    parts.append(text(WIDTH / 2, HEIGHT - 12, x_label, "middle"))
    parts.append(f'<g transform="rotate(-90 18 {HEIGHT / 2})">{text(18, HEIGHT / 2, y_label, "middle")}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def drawn(line: Line, colour: str, points: Sequence[tuple[float, float, float, float]]) -> list[str]:
    """A line through the medians, with the range of each point."""
    parts = [
        f'<path d="M{at:.1f} {low:.1f}V{high:.1f}" stroke="{colour}" opacity=".5"/>' for at, _, low, high in points
    ]
    if not line.dashed:
        parts += [f'<circle cx="{at:.1f}" cy="{middle:.1f}" r="3" fill="{colour}"/>' for at, middle, _, _ in points]
    path = " ".join(f"{at:.1f},{middle:.1f}" for at, middle, _, _ in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes(line)}/>')
    return parts


def dashes(line: Line) -> str:
    """The attribute of a dashed line."""
    return ' stroke-dasharray="6 4"' if line.dashed else ""


def ticks(first: float, last: float) -> list[float]:
    """Round values within a range."""
    step = round_step(max(1.0, last - first) / GRID_LINES)
    return [number * step for number in range(math.ceil(first / step), math.floor(last / step) + 1)]
