"""Draws grey pictures of hanging saline bottles with a known fill level.

The drawing needs numpy only; the command line at the end saves pictures with Pillow.

The level is the height of the liquid above the neck as a fraction of the height of the bottle's body.
A picture's class follows from its level; levels between two ranges are never drawn, since a person
could not tell on which side of a boundary they lie either:

    empty  0.00 .. 0.03     low  0.11 .. 0.28     half  0.39 .. 0.61     full  0.73 .. 0.97

Picture I of a seed depends on that seed and on I alone, so a longer set begins with the shorter one.
"""
import argparse
import math
import pathlib
from dataclasses import dataclass

import numpy as np

HEIGHT, WIDTH = 64, 48
LEVELS = {"empty": (0.00, 0.03), "low": (0.11, 0.28), "half": (0.39, 0.61), "full": (0.73, 0.97)}
CLASSES = list(LEVELS)

OVERSAMPLING = 2  # each picture is drawn twice as large and averaged, so that edges are smooth

# Where the bottle's parts end, along its axis, in body heights below the top of the body.
SHOULDER, NECK, CAP, CAP_END = 0.84, 1.00, 1.06, 1.17

_ROWS, _COLUMNS = np.meshgrid((np.arange(HEIGHT * OVERSAMPLING, dtype=np.float32) + 0.5) / OVERSAMPLING,
                              (np.arange(WIDTH * OVERSAMPLING, dtype=np.float32) + 0.5) / OVERSAMPLING,
                              indexing="ij")


@dataclass
class Bottle:
    """Where the bottle hangs. Lengths in pixels of the finished picture unless a comment says otherwise."""
    x: float
    y: float            # (x, y) is the middle of the body
    body: float         # height of the body
    tilt: float         # radians
    radius: float       # half the body's width, in body heights
    neck_radius: float  # the same unit
    corner: float       # rounding at the top of the body, the same unit

    def axes(self):
        """For every pixel: distance from the axis and position along it, in body heights."""
        dx, dy = _COLUMNS - self.x, _ROWS - self.y
        across = (dx * math.cos(self.tilt) + dy * math.sin(self.tilt)) / self.body
        along = (dy * math.cos(self.tilt) - dx * math.sin(self.tilt)) / self.body + 0.5
        return across, along

    def point(self, along):
        """Pixel position of a point on the axis."""
        return (self.x - (along - 0.5) * self.body * math.sin(self.tilt),
                self.y + (along - 0.5) * self.body * math.cos(self.tilt))

    def half_width(self, along):
        """Half the width of body, shoulder and neck at each position; negative above the body."""
        rounding = np.clip(self.corner - along, 0, self.corner)
        body = self.radius - self.corner + np.sqrt(np.maximum(self.corner ** 2 - rounding ** 2, 0))
        taper = np.clip((along - SHOULDER) / (NECK - SHOULDER), 0, 1)
        outline = body + (self.neck_radius - body) * (1 - np.cos(math.pi * taper)) / 2
        return np.where((along < 0) | (along > CAP), -1, outline)


def _coverage(distance):
    """Share of a pixel inside an edge, from the signed distance in pixels to that edge."""
    return np.clip(distance + 0.5, 0, 1)


def _band(value, low, high, softness):
    """1 between low and high, 0 outside, with borders of the given softness."""
    return np.clip((value - low) / softness + 0.5, 0, 1) * np.clip((high - value) / softness + 0.5, 0, 1)


def _blend(picture, mask, value):
    return picture + mask * (value - picture)


def _place_bottle(rng):
    body = rng.uniform(33, 43)
    radius = rng.uniform(0.23, 0.32)
    # Above the body there is a hanger, below it neck and cap; both may just touch the border.
    top = rng.uniform(4, max(5, HEIGHT - 2 - CAP_END * body))
    return Bottle(x=WIDTH / 2 + rng.uniform(-6, 6), y=top + body / 2, body=body,
                  tilt=math.radians(rng.uniform(-8, 8)), radius=radius,
                  neck_radius=radius * rng.uniform(0.28, 0.42), corner=radius * rng.uniform(0.2, 0.5))


def _smooth_field(rng, amplitude):
    """Random shading that varies slowly over the picture."""
    grid = rng.normal(0, amplitude, (6, 5))
    y = _ROWS / HEIGHT * 4.999
    x = _COLUMNS / WIDTH * 3.999
    row, column = y.astype(int), x.astype(int)
    fy, fx = y - row, x - column
    above = grid[row, column] * (1 - fx) + grid[row, column + 1] * fx
    below = grid[row + 1, column] * (1 - fx) + grid[row + 1, column + 1] * fx
    return above * (1 - fy) + below * fy


def _background(rng):
    """A ward's wall: a shaded plane with window frames, shelves and posts out of focus."""
    picture = np.full_like(_ROWS, rng.uniform(0.3, 0.8))
    picture += (_COLUMNS / WIDTH - 0.5) * rng.uniform(-0.25, 0.25) + (_ROWS / HEIGHT - 0.5) * rng.uniform(-0.25, 0.25)
    picture += _smooth_field(rng, rng.uniform(0.01, 0.08))
    for _ in range(rng.integers(0, 4)):
        x, y = rng.uniform(-8, WIDTH), rng.uniform(-8, HEIGHT)
        wide, high = rng.uniform(3, 30), rng.uniform(3, 30)
        softness = rng.uniform(0.8, 4)
        block = _band(_COLUMNS, x, x + wide, softness) * _band(_ROWS, y, y + high, softness)
        picture = picture + block * rng.uniform(-0.25, 0.25)
    return np.clip(picture, 0.05, 1)


def _seen_through(background, bottle, magnification):
    """The background as the bottle shows it. A full cylinder is a lens that turns left and right around,
    an empty one hardly bends the light."""
    x = bottle.x + (_COLUMNS - bottle.x) * magnification
    column = np.clip(x * OVERSAMPLING, 0, background.shape[1] - 1).astype(int)
    return np.take_along_axis(background, column, axis=1)


def _hang(picture, bottle, rng):
    """Hook above and tube below, both behind the bottle."""
    shade = rng.uniform(0.1, 0.9)
    x, y = bottle.point(0.0)
    cord = _coverage(rng.uniform(0.5, 1.0) - np.abs(_COLUMNS - x)) * (_ROWS < y - 2)
    loop = _coverage(0.8 - np.abs(np.hypot((_COLUMNS - x) / 1.4, _ROWS - y) - 3.0))
    picture = _blend(picture, np.maximum(cord, loop), shade)
    x, y = bottle.point(CAP_END)
    bend = rng.uniform(-0.25, 0.25)
    tube = _coverage(rng.uniform(0.5, 0.9) - np.abs(_COLUMNS - x - bend * (_ROWS - y))) * (_ROWS > y)
    return _blend(picture, tube * rng.uniform(0.4, 1), rng.uniform(0.2, 0.9))


def _contents(background, bottle, level, rng):
    """Body and neck with air above the surface and liquid below it."""
    across, along = bottle.axes()
    width = np.maximum(bottle.half_width(along), 1e-3)
    relative = np.clip(np.abs(across) / width, 0, 1)

    plastic = rng.uniform(0.55, 0.95)  # the milky wall's own brightness
    haze = rng.uniform(0.15, 0.5)
    air = _blend(_seen_through(background, bottle, rng.uniform(0.85, 1.1)), haze, plastic)
    air = air * (1 - rng.uniform(0.05, 0.3) * relative ** 4)
    liquid = _blend(_seen_through(background, bottle, -rng.uniform(1.2, 2.2)), haze * rng.uniform(0.6, 1.0), plastic)
    liquid = liquid * rng.uniform(0.66, 0.92) * (1 - rng.uniform(0.2, 0.6) * relative ** 4)

    # The surface stays level when the bottle is tilted; seen from above or below it is a flat ellipse.
    _, surface = bottle.point(NECK - level)
    surface = surface + rng.uniform(-1.6, 1.6) * np.sqrt(1 - relative ** 2)
    below = _coverage(_ROWS - surface)
    if level < 0.01:
        below = np.zeros_like(below)
    inside = air + below * (liquid - air)
    if level >= 0.01:
        line = np.exp(-((_ROWS - surface) / rng.uniform(0.5, 0.9)) ** 2)
        inside = inside + line * rng.uniform(0.08, 0.35) * rng.choice([-1, -1, 1])
    return inside


def _print_on(picture, bottle, rng):
    """Scale and label, both printed on the body."""
    across, along = bottle.axes()
    edge = 1 / bottle.body
    if rng.random() < 0.6:
        side = rng.choice([-1, 1])
        reach = _band(side * across / bottle.radius, 0.45, 0.8, 4 * edge)
        step = rng.uniform(0.07, 0.12)
        phase = np.abs((along / step + 0.5) % 1 - 0.5) * step * bottle.body
        ticks = reach * _coverage(0.35 - phase) * _band(along, 0.1, 0.85, edge)
        picture = _blend(picture, ticks * rng.uniform(0.2, 0.7), rng.uniform(0.1, 0.3))
    if rng.random() < 0.5:
        half = bottle.radius * rng.uniform(0.35, 0.72)
        shift = bottle.radius * rng.uniform(-0.15, 0.15)
        top = rng.uniform(0.08, 0.45)
        bottom = top + rng.uniform(0.18, 0.42)
        paper = _band(across, shift - half, shift + half, edge) * _band(along, top, bottom, edge)
        spacing = rng.uniform(0.06, 0.1)
        lines = ((along - top) / spacing % 1 > 0.55) & (np.abs(across - shift) < half * 0.8)
        print_shade = rng.uniform(0.65, 0.95) * (1 - rng.uniform(0.1, 0.5) * lines)
        picture = _blend(picture, paper * rng.uniform(0.35, 0.9), print_shade)
    return picture


def _draw_bottle(picture, background, bottle, level, rng):
    across, along = bottle.axes()
    width = bottle.half_width(along)
    distance = (width - np.abs(across)) * bottle.body
    shape = np.minimum(_coverage(distance), _coverage(along * bottle.body))

    inside = _contents(background, bottle, level, rng)
    inside = _print_on(inside, bottle, rng)
    wall = np.clip(1 - np.minimum(distance, along * bottle.body) / 1.4, 0, 1)
    inside = inside * (1 - wall * rng.uniform(0.15, 0.5))
    glare = np.exp(-((across / bottle.radius - rng.uniform(-0.7, 0.7)) / rng.uniform(0.05, 0.15)) ** 2)
    inside = inside + glare * _band(along, rng.uniform(0.05, 0.3), rng.uniform(0.5, 0.9), 0.1) * rng.uniform(0, 0.45)
    picture = _blend(picture, shape, inside)

    cap = _band(along, CAP, CAP_END, 1 / bottle.body) * _coverage((bottle.neck_radius * 1.35 - np.abs(across)) * bottle.body)
    rounding = 1 - 0.4 * np.clip(np.abs(across) / (bottle.neck_radius * 1.35), 0, 1) ** 2
    return _blend(picture, cap, rng.uniform(0.15, 0.9) * rounding)


def _blur(picture, times):
    for _ in range(times):
        padded = np.pad(picture, 1, mode="edge")
        picture = (padded[:-2, 1:-1] + padded[2:, 1:-1] + 2 * padded[1:-1, 1:-1]) / 4
        padded = np.pad(picture, 1, mode="edge")
        picture = (padded[1:-1, :-2] + padded[1:-1, 2:] + 2 * padded[1:-1, 1:-1]) / 4
    return picture


def _photograph(picture, rng):
    """Light, focus and sensor: what the camera makes of the scene."""
    falloff = 1 + (_COLUMNS / WIDTH - 0.5) * rng.uniform(-0.3, 0.3)
    picture = np.clip(picture * falloff * rng.uniform(0.75, 1.2), 0, 1) ** rng.uniform(0.8, 1.3)
    picture = picture.reshape(HEIGHT, OVERSAMPLING, WIDTH, OVERSAMPLING).mean(axis=(1, 3))
    picture = _blur(picture, rng.integers(0, 2))
    picture = picture + rng.normal(0, rng.uniform(0.004, 0.02), picture.shape)
    return np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)


def draw(level, rng):
    """One picture, uint8 HEIGHT x WIDTH, of a bottle filled to `level` (0 to 1)."""
    bottle = _place_bottle(rng)
    background = _background(rng)
    picture = _hang(background, bottle, rng)
    picture = _draw_bottle(picture, background, bottle, level, rng)
    return _photograph(picture, rng)


def render(count, seed):
    """`count` pictures (uint8, count x HEIGHT x WIDTH) and labels (int32). Classes take turns."""
    pictures = np.empty((count, HEIGHT, WIDTH), np.uint8)
    labels = np.arange(count, dtype=np.int32) % len(CLASSES)
    for i, label in enumerate(labels):
        rng = np.random.default_rng([seed, i])
        pictures[i] = draw(rng.uniform(*LEVELS[CLASSES[label]]), rng)
    return pictures, labels


def _contact_sheet(columns, seed, zoom=3, gap=4, margin=68):
    """One row per class, its name at the left."""
    from PIL import Image, ImageDraw
    pictures, labels = render(columns * len(CLASSES), seed)
    cell_w, cell_h = WIDTH * zoom + gap, HEIGHT * zoom + gap
    sheet = Image.new("L", (margin + columns * cell_w, gap + len(CLASSES) * cell_h), 255)
    text = ImageDraw.Draw(sheet)
    for row, name in enumerate(CLASSES):
        text.text((8, gap + row * cell_h + cell_h // 2), name, fill=0, font_size=18)
        for column, picture in enumerate(pictures[labels == row]):
            tile = Image.fromarray(picture).resize((WIDTH * zoom, HEIGHT * zoom), Image.NEAREST)
            sheet.paste(tile, (margin + column * cell_w, gap + row * cell_h))
    return sheet


def main():
    parser = argparse.ArgumentParser(description="Draw pictures of saline bottles.")
    parser.add_argument("--seed", type=int, default=2, help="default 2, the held-out set of train.py")
    parser.add_argument("--sheet", type=pathlib.Path, metavar="FILE.png", help="save an overview, one row per class")
    parser.add_argument("--columns", type=int, default=8, help="pictures per row of the overview")
    parser.add_argument("--folder", type=pathlib.Path, help="save single pictures, one folder per class")
    parser.add_argument("--count", type=int, default=40, help="how many single pictures")
    options = parser.parse_args()
    if options.sheet is None and options.folder is None:
        parser.error("nothing to do; give --sheet FILE.png or --folder DIR")
    if options.sheet is not None:
        _contact_sheet(options.columns, options.seed).save(options.sheet, optimize=True)
    if options.folder is not None:
        from PIL import Image
        pictures, labels = render(options.count, options.seed)
        for i, (picture, label) in enumerate(zip(pictures, labels)):
            folder = options.folder / CLASSES[label]
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(folder / f"{i:05d}.png")


if __name__ == "__main__":
    main()
