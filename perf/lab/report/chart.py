"""Draws a line over a logarithmic scale as SVG, with the range of each point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lab.harness.statistics import Spread

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 90, 40, 48, 56
GRID_LINES = 5


def chart(title: str, x_label: str, y_label: str, points: Sequence[tuple[int, Spread]]) -> str:
    """The picture. Points are ordered by their first value, which is on the logarithmic scale."""
    logs = [math.log10(value) for value, _ in points]
    highest = max(spread.max for _, spread in points)
    step = round_step(highest / GRID_LINES)
    top = step * math.ceil(highest / step)

    def x(value: int) -> float:
        share = (math.log10(value) - logs[0]) / max(1e-9, logs[-1] - logs[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    parts = [text(WIDTH / 2, 24, title, "middle", 15)]
    for number in range(round(top / step) + 1):
        height = y(number * step)
        parts.append(f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(text(LEFT - 8, height + 4, f"{number * step:,.0f}", "end"))
    for value, spread in points:
        parts.append(text(x(value), HEIGHT - BOTTOM + 20, f"{value:,}", "middle"))
        parts.append(
            f'<path d="M{x(value):.1f} {y(spread.min):.1f}V{y(spread.max):.1f}" stroke="#2a6f97" opacity=".5"/>'
        )
        parts.append(f'<circle cx="{x(value):.1f}" cy="{y(spread.median):.1f}" r="4" fill="#2a6f97"/>')
    line = " ".join(f"{x(value):.1f},{y(spread.median):.1f}" for value, spread in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#2a6f97" stroke-width="2"/>')
    parts.append(text(WIDTH / 2, HEIGHT - 12, f"{x_label}; median, minimum and maximum", "middle"))
    parts.append(f'<g transform="rotate(-90 18 {HEIGHT / 2})">{text(18, HEIGHT / 2, y_label, "middle")}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def round_step(value: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not less than the value."""
    unit: float = 10 ** math.floor(math.log10(value))
    return next(each * unit for each in (1, 2, 5, 10) if each * unit >= value)


def text(x: float, y: float, words: str, anchor: str, size: int = 12) -> str:
    """A line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-family="sans-serif" font-size="{size}" '
        f'fill="#333">{words}</text>'
    )
