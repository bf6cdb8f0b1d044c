"""Draws a product: its shape in a random pose, on a random background, under a random light."""
from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from attributes import COLOUR_INDEX, COLOURS, KIND_INDEX, KINDS, Product
from shapes import DRAWERS, MATERIALS, Prim

TILE = 512  # pixels of a pattern tile, which spans 256 shape units
PX = TILE / 256.0


@lru_cache(maxsize=None)
def _shape(kind: str) -> tuple[Prim, ...]:
    return tuple(DRAWERS[kind]())


@lru_cache(maxsize=None)
def _tile(pattern: str, scale: float, variant: int) -> Image.Image:
    """The mask of the second colour, TILE x TILE, tile centre at the middle of the shape (0 or 255)."""
    y, x = np.mgrid[0:TILE, 0:TILE] / PX - 128.0
    s = scale * (0.9, 1.0, 1.15)[variant % 3]
    if pattern == "striped":
        p = 17.0 * s
        u = y if variant < 3 else x if variant < 6 else (x + y) * 0.7071
        m = (u / p) % 1.0 < 0.42
    elif pattern == "dotted":
        p, r = 19.0 * s, 6.2 * s
        row = np.floor(y / p)
        dx = (x / p + 0.5 * (row % 2)) % 1.0 - 0.5
        dy = (y / p) % 1.0 - 0.5
        m = dx * dx + dy * dy < (r / p) ** 2
    elif pattern == "checked":
        p = 13.0 * s
        m = (np.floor(x / p) + np.floor(y / p)) % 2 == 0
    elif pattern == "zigzag":
        p, w = 20.0 * s, 22.0 * s
        m = ((y + 2 * 0.42 * w * np.abs((x / w) % 1.0 - 0.5)) / p) % 1.0 < 0.42
    else:  # two-tone: the lower part
        m = y > 0
    return Image.fromarray(np.uint8(m) * 255)


def _grain(rng: np.random.Generator) -> np.ndarray:
    """A window into a fixed field of unit Gaussian noise, 700 x 700 x 3."""
    y, x = rng.integers(0, 150, 2)
    return _noise_bank()[y:y + 700, x:x + 700]


@lru_cache(maxsize=1)
def _noise_bank() -> np.ndarray:
    return np.random.default_rng(7).standard_normal((850, 850, 3)).astype(np.float32)


def _jitter(rgb: tuple[int, int, int], rng: np.random.Generator, amount: float = 7.0) -> tuple[int, int, int]:
    return tuple(int(v) for v in np.clip(np.array(rgb) + rng.normal(0, amount, 3), 0, 255))


def _mul(rgb: tuple[int, int, int], f: float) -> tuple[int, int, int]:
    return tuple(int(min(255, v * f)) for v in rgb)


def _shade(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """A darker tone for trim; black gets a lighter one, so that the trim shows."""
    return _mul(rgb, 0.66) if max(rgb) > 60 else tuple(v + 38 for v in rgb)


def _tint(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    return tuple(int(v + (255 - v) * 0.3) for v in rgb)


def _background(w: int, h: int, rng: np.random.Generator) -> Image.Image:
    """A muted wall, often with a floor or table under it."""
    def muted() -> np.ndarray:
        base = rng.uniform(150, 245) if rng.random() < 0.8 else rng.uniform(60, 150)
        return np.clip(base + rng.normal(0, 11, 3), 0, 255)

    wall, floor = muted(), muted()
    g = np.empty((4, 4, 3))
    side = rng.uniform(-14, 14, 2)
    for i in range(4):
        for j in range(4):
            g[i, j] = wall + side[0] * (i - 1.5) / 1.5 + side[1] * (j - 1.5) / 1.5
    img = Image.fromarray(np.uint8(np.clip(g, 0, 255))).resize((w, h), Image.BILINEAR)
    kind = rng.random()
    if kind < 0.4:  # floor
        d = ImageDraw.Draw(img)
        y = int(h * rng.uniform(0.6, 0.85))
        d.rectangle((0, y, w, h), fill=tuple(int(v) for v in floor))
    elif kind < 0.5:  # soft spots of light
        spot = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(spot).ellipse(tuple(float(v) for v in (*rng.uniform(0, 24, 2), *rng.uniform(36, 64, 2))), fill=90)
        img.paste((255, 252, 244), (0, 0), spot.filter(ImageFilter.GaussianBlur(8)).resize((w, h), Image.BICUBIC))
    return img


def render(product: Product, rng: np.random.Generator, width: int, height: int, supersample: int = 1,
           grain: bool = True) -> Image.Image:
    """Draw ``product`` in a pose of ``rng`` as an RGB picture of width x height pixels.

    The product lies within the central square, so a centre crop keeps it whole.
    ``supersample`` draws on a canvas that many times larger, for smooth edges; without
    ``grain`` the picture has no sensor noise and makes a smaller file.
    """
    w, h = width * supersample, height * supersample
    side = min(w, h)
    prims = _shape(product.kind)
    kind = KINDS[KIND_INDEX[product.kind]]
    img = _background(w, h, rng)

    # pose: shape units -> pixels, as a 2x2 matrix and a shift
    unit = side / 100.0 * rng.uniform(0.62, 0.86)
    turn = np.radians(np.clip(rng.normal(0, 13), -32, 32))
    squeeze = np.exp(rng.normal(0, 0.06))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    c, s = np.cos(turn), np.sin(turn)
    shear = rng.normal(0, 0.06)
    m = unit * np.array([[c, -s], [s, c]]) @ np.array([[1.0, shear], [0.0, 1.0]]) @ np.diag([flip * squeeze, 1 / squeeze])
    centre = np.array([w / 2, h / 2]) + rng.uniform(-0.06, 0.06, 2) * side
    shift = centre - m @ np.array([50.0, 50.0])

    def place(p: np.ndarray) -> list[tuple[float, float]]:
        return [tuple(v) for v in (p @ m.T + shift)]

    main = _jitter(COLOURS[COLOUR_INDEX[product.colour]].rgb, rng)
    paint = {name: _jitter(rgb, rng, 5) for name, rgb in MATERIALS.items()}
    paint["shade"], paint["tint"] = _shade(main), _tint(main)

    # shadow, made small and blurred
    sw, sh = max(1, w // 8), max(1, h // 8)
    sil = Image.new("L", (sw, sh), 0)
    d = ImageDraw.Draw(sil)
    off = np.array([rng.uniform(-0.05, 0.05), rng.uniform(0.01, 0.06)]) * side
    for _, pts, width_u in prims:
        q = [(float(x), float(y)) for x, y in (pts @ m.T + shift + off) / 8]
        if width_u:
            d.line(q, fill=255, width=max(1, int(width_u * unit / 8)))
        else:
            d.polygon(q, fill=255)
    sil = sil.filter(ImageFilter.GaussianBlur(rng.uniform(0.006, 0.025) * side / 8 + 0.5))
    img.paste((20, 18, 24), (0, 0), sil.resize((w, h), Image.BILINEAR).point(lambda v, k=rng.uniform(0.15, 0.5): int(v * k)))

    # the paint of the main surface: flat, or two colours by a pattern that turns with the product
    if product.pattern == "plain":
        surface: Image.Image | tuple[int, int, int] = main
    else:
        second = _jitter(COLOURS[COLOUR_INDEX[product.second]].rgb, rng)
        inv = np.linalg.inv(m)
        main_pts = np.concatenate([p for r, p, _ in prims if r == "main"])
        mid_y = (main_pts[:, 1].min() + main_pts[:, 1].max()) / 2
        mid = np.array([50.0, mid_y])
        if product.pattern != "two-tone":
            mid = mid + rng.uniform(-8, 8, 2)
        o = -inv @ shift - mid + 128.0
        coef = (inv[0, 0] * PX, inv[0, 1] * PX, o[0] * PX, inv[1, 0] * PX, inv[1, 1] * PX, o[1] * PX)
        variant = int(rng.integers(0, 9))
        tile = _tile(product.pattern, kind.scale, variant)
        mask2 = tile.transform((w, h), Image.AFFINE, coef, Image.BILINEAR)
        surface = Image.new("RGB", (w, h), main)
        surface.paste(second, (0, 0), mask2)
    draw = ImageDraw.Draw(img)
    edge = _mul(main, 0.55) if max(main) > 60 else (70, 70, 76)
    edge_w = max(1, int(unit * 0.9))
    whole = Image.new("L", (w, h), 0)
    whole_draw = ImageDraw.Draw(whole)
    for role, pts, width_u in prims:
        q = place(pts)
        if role == "main":
            if isinstance(surface, tuple):
                if width_u:
                    draw.line(q, fill=surface, width=int(width_u * unit), joint="curve")
                else:
                    draw.polygon(q, fill=surface)
            else:
                mask = Image.new("L", (w, h), 0)
                md = ImageDraw.Draw(mask)
                if width_u:
                    md.line(q, fill=255, width=int(width_u * unit), joint="curve")
                else:
                    md.polygon(q, fill=255)
                img.paste(surface, (0, 0), mask)
            if width_u:
                whole_draw.line(q, fill=255, width=int(width_u * unit), joint="curve")
            else:
                whole_draw.polygon(q, fill=255)
                draw.line(q + q[:2], fill=edge, width=edge_w)
        else:
            for dr, fill in ((draw, paint[role]), (whole_draw, 0)):
                if width_u:
                    dr.line(q, fill=fill, width=max(1, int(width_u * unit)), joint="curve")
                else:
                    dr.polygon(q, fill=fill)

    # light: a glossy product shows hard white streaks, every picture a soft gradient
    if product.finish == "glossy":
        x = rng.uniform(16, 34)
        gloss = Image.new("L", (w, h), 0)
        gd = ImageDraw.Draw(gloss)
        lean = rng.uniform(8, 16)
        for x0, width_u in ((x, 9.0), (x + 14, 3.5), (x + 46, 6.0)):
            gd.polygon(place(np.array([(x0 + lean, -10), (x0 + lean + width_u, -10), (x0 - lean + width_u, 110), (x0 - lean, 110)])), fill=185)
        # white paint cannot show a whiter streak: it mirrors a cool grey instead
        streak = (255, 255, 255) if product.colour != "white" else (196, 204, 220)
        img.paste(streak, (0, 0), ImageChops.multiply(gloss, whole))
    if supersample > 1:
        img = img.reduce(supersample)
    if rng.random() < 0.3:
        img = img.filter(ImageFilter.GaussianBlur(rng.uniform(0.001, 0.004) * side / supersample))
    a = np.asarray(img, np.float32)
    tilt = rng.uniform(-0.12, 0.12, 2)
    light = (rng.uniform(0.86, 1.1) + tilt[0] * np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
             + tilt[1] * np.linspace(-1, 1, width, dtype=np.float32)[None, :, None])
    cast = 1 + rng.normal(0, 0.018, 3).astype(np.float32)
    noise = _grain(rng)[:height, :width] * np.float32(rng.uniform(0, 7))
    a = a * light.astype(np.float32) * cast + (noise if grain else 0)
    return Image.fromarray(np.uint8(np.clip(a, 0, 255)))


def jpeg(img: Image.Image, quality: int) -> Image.Image:
    """The picture after one JPEG round trip."""
    buf = io.BytesIO()
    img.save(buf, "JPEG", quality=quality)
    buf.seek(0)
    return Image.open(buf).convert("RGB")
