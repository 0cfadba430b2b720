"""SVG of drawings."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Drawing,
    Label,
    RoundedBox,
    Shape,
    Stroke,
    TextStyle,
)

FONT = (
    "Inter, 'Segoe UI', 'SF Pro Text', 'Noto Sans CJK SC', 'Microsoft YaHei', "
    "'PingFang SC', Helvetica, Arial, sans-serif"
)
MONO = "'JetBrains Mono', Consolas, 'SF Mono', 'DejaVu Sans Mono', monospace"
# What XML does not allow even escaped.
_CONTROLS = dict.fromkeys(range(32))


def svg_text(drawing: Drawing, scale: float = 1.0) -> str:
    """A drawing as an SVG document, its coordinates rounded to tenths of a pixel.

    Args:
        drawing: What to write.
        scale: Of the displayed size; it changes no coordinates.
    """
    width, height = _number(drawing.width), _number(drawing.height)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{_number(drawing.width * scale)}" '
        f'height="{_number(drawing.height * scale)}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family={quoteattr(FONT)}>'
    )
    lines = [head]
    if drawing.title:
        lines.append(f"<title>{_escaped(drawing.title)}</title>")
    # In numbers: not every viewer knows percentages.
    lines.append(
        f'<rect width="{width}" height="{height}" fill="{drawing.background}"/>'
    )
    lines += map(_element, drawing.shapes)
    return "\n".join((*lines, "</svg>\n"))


def _element(shape: Shape) -> str:
    if isinstance(shape, RoundedBox):
        return _rect(shape)
    return _path(shape) if isinstance(shape, BezierCurve) else _text(shape)


def _rect(box: RoundedBox) -> str:
    place = (
        f'x="{_number(box.left)}" y="{_number(box.top)}" '
        f'width="{_number(box.width)}" height="{_number(box.height)}"'
    )
    corner = f' rx="{_number(box.radius)}"' if box.radius else ""
    fill = f' fill="{box.fill or "none"}"'
    if box.fill and box.opacity < 1:
        fill += f' fill-opacity="{box.opacity:.3g}"'
    return f"<rect {place}{corner}{fill}{_stroke(box.stroke)}/>"


def _path(curve: BezierCurve) -> str:
    (x, y), rest = curve.points[0], curve.points[1:]
    steps = [f"M{_number(x)} {_number(y)}"]
    for at in range(0, len(rest) - 2, 3):
        piece = rest[at : at + 3]
        steps.append("C" + " ".join(f"{_number(a)} {_number(b)}" for a, b in piece))
    closed = "Z" if curve.fill else ""
    fill = curve.fill or "none"
    return f'<path d="{"".join(steps)}{closed}" fill="{fill}"{_stroke(curve.stroke)}/>'


def _stroke(stroke: Stroke | None) -> str:
    if stroke is None:
        return ""
    text = f' stroke="{stroke.color}" stroke-width="{_number(stroke.width)}"'
    if stroke.dash:
        text += f' stroke-dasharray="{" ".join(map(_number, stroke.dash))}"'
    return text + ' stroke-linecap="round"'


def _text(label: Label) -> str:
    place = f'x="{_number(label.x)}" y="{_number(label.y)}"'
    anchor = ' text-anchor="end"' if label.right else ""
    return f"<text {place}{anchor}{_style(label.style)}>{_escaped(label.text)}</text>"


def _style(style: TextStyle) -> str:
    text = f' font-size="{_number(style.size)}" fill="{style.color}"'
    if style.weight != 400:
        text += f' font-weight="{style.weight}"'
    return text + (f" font-family={quoteattr(MONO)}" if style.mono else "")


def _escaped(text: str) -> str:
    return escape(text.translate(_CONTROLS))


def _number(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0")
