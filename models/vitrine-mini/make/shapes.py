"""Outlines of the product kinds.

Each function returns primitives, back to front, in a box of 0..100 units with y
downwards. A primitive is (role, points, width): a filled polygon when width is 0,
else an open stroke of that width in units. The role says the paint: "main" carries
the product's colours and pattern, "shade" is a darker and "tint" a lighter main
colour, all others are fixed materials (see MATERIALS).
"""
from __future__ import annotations

import math
from typing import Callable

import numpy as np

Point = tuple[float, float]
Prim = tuple[str, np.ndarray, float]

MATERIALS: dict[str, tuple[int, int, int]] = {
    "wood": (176, 128, 78), "metal": (176, 182, 190), "dark": (48, 46, 50), "pale": (236, 232, 222),
    "skin": (222, 196, 160), "leaf": (70, 132, 64), "gold": (206, 166, 66), "glass": (70, 78, 92),
    "soil": (92, 68, 50), "flame": (250, 180, 50),
}


def P(role: str, *pts: Point) -> Prim:
    """A polygon of straight sides."""
    return role, np.array(pts, float), 0.0


def S(role: str, *pts: Point, n: int = 6) -> Prim:
    """A closed smooth outline (Catmull-Rom) through the points."""
    p = np.array(pts, float)
    t = np.linspace(0, 1, n, endpoint=False)[:, None]
    out = []
    for i in range(len(p)):
        a, b, c, d = p[i - 1], p[i], p[(i + 1) % len(p)], p[(i + 2) % len(p)]
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3))
    return role, np.concatenate(out), 0.0


def E(role: str, cx: float, cy: float, rx: float, ry: float, a0: float = 0, a1: float = 360, w: float = 0) -> Prim:
    """An ellipse, a filled segment of one, or with ``w`` its arc; angles in degrees, clockwise from the right."""
    a = np.radians(np.linspace(a0, a1, 40))
    return role, np.stack([cx + rx * np.cos(a), cy + ry * np.sin(a)], 1), w


def R(role: str, x0: float, y0: float, x1: float, y1: float, r: float = 3) -> Prim:
    """A rectangle with rounded corners of radius r."""
    pts = []
    for cx, cy, a in ((x1 - r, y0 + r, -90), (x1 - r, y1 - r, 0), (x0 + r, y1 - r, 90), (x0 + r, y0 + r, 180)):
        for t in np.radians(np.linspace(a, a + 90, 6)):
            pts.append((cx + r * math.cos(t), cy + r * math.sin(t)))
    return role, np.array(pts), 0.0


def L(role: str, w: float, *pts: Point) -> Prim:
    """A stroke of width w through the points."""
    return role, np.array(pts, float), w


def mug() -> list[Prim]:
    return [E("shade", 72, 54, 18, 20, -100, 100, 8), S("main", (18, 22), (22, 24), (72, 22), (74, 30), (72, 82), (64, 88), (26, 88), (18, 82), (16, 30)),
            E("shade", 45, 23, 28, 7), E("dark", 45, 24, 23, 5)]


def t_shirt() -> list[Prim]:
    return [P("main", (36, 12), (64, 12), (76, 17), (97, 40), (83, 54), (73, 44), (73, 92), (27, 92), (27, 44), (17, 54), (3, 40), (24, 17)),
            E("shade", 50, 12, 14, 9, 0, 180), L("shade", 1.5, (27, 44), (28, 32)), L("shade", 1.5, (73, 44), (72, 32))]


def sneaker() -> list[Prim]:
    return [P("main", (8, 36), (12, 30), (30, 28), (38, 34), (52, 46), (74, 55), (90, 60), (95, 70), (95, 74), (6, 74)),
            R("pale", 4, 72, 97, 82, 4), S("shade", (10, 33), (18, 27), (32, 27), (34, 33), (20, 38)),
            L("pale", 3, (42, 46), (50, 38)), L("pale", 3, (50, 51), (58, 43)), L("pale", 3, (58, 55), (66, 47)),
            S("pale", (80, 60), (91, 62), (95, 72), (82, 72))]


def handbag() -> list[Prim]:
    return [E("shade", 50, 40, 24, 32, 180, 360, 6), P("main", (16, 40), (84, 40), (94, 90), (6, 90)),
            P("shade", (15, 40), (85, 40), (86, 46), (14, 46)), R("gold", 44, 42, 56, 54, 3)]


def lamp() -> list[Prim]:
    return [L("metal", 5, (50, 50), (50, 88)), E("metal", 50, 90, 22, 6), P("main", (34, 8), (66, 8), (86, 56), (14, 56)),
            E("shade", 50, 8, 16, 3)]


def chair() -> list[Prim]:
    return [L("wood", 5, (28, 60), (24, 96)), L("wood", 5, (72, 60), (77, 96)), L("wood", 5, (36, 58), (36, 86)), L("wood", 5, (66, 58), (66, 86)),
            L("wood", 5, (30, 62), (30, 40)), L("wood", 5, (70, 62), (70, 40)), R("main", 24, 4, 76, 44, 7), P("main", (26, 54), (74, 54), (82, 68), (18, 68)),
            P("shade", (18, 68), (82, 68), (82, 72), (18, 72))]


def vase() -> list[Prim]:
    return [L("leaf", 2, (46, 12), (40, 0)), L("leaf", 2, (54, 12), (62, 1)), E("flame", 39, 1, 5, 5), E("pale", 63, 2, 5, 5),
            S("main", (40, 12), (60, 12), (58, 28), (76, 52), (72, 78), (60, 94), (40, 94), (28, 78), (24, 52), (42, 28)), E("shade", 50, 12, 11, 3)]


def backpack() -> list[Prim]:
    return [E("shade", 50, 14, 10, 10, 180, 360, 4), L("shade", 7, (22, 34), (12, 50), (14, 84)), L("shade", 7, (78, 34), (88, 50), (86, 84)),
            R("main", 20, 12, 80, 92, 18), R("shade", 28, 54, 72, 58, 1), R("main", 28, 57, 72, 86, 5), L("shade", 1.6, (28, 57), (28, 84), (72, 84), (72, 57)),
            L("shade", 2, (26, 36), (74, 36)), R("gold", 47, 55, 53, 64, 1)]


def hat() -> list[Prim]:
    return [E("main", 50, 70, 47, 15), S("main", (26, 70), (28, 40), (38, 24), (62, 24), (72, 40), (74, 70)),
            S("dark", (26, 58), (50, 64), (74, 58), (74, 68), (50, 75), (26, 68))]


def sofa() -> list[Prim]:
    return [R("wood", 12, 80, 18, 90, 1), R("wood", 82, 80, 88, 90, 1), R("main", 12, 26, 88, 66, 9), R("main", 16, 54, 84, 72, 5), R("shade", 16, 70, 84, 82, 2),
            L("shade", 1.8, (50, 30), (50, 70)), L("shade", 1.8, (16, 55), (84, 55)), R("main", 3, 44, 18, 83, 7), R("main", 82, 44, 97, 83, 7),
            L("shade", 1.8, (18, 50), (18, 82)), L("shade", 1.8, (82, 50), (82, 82))]


def bottle() -> list[Prim]:
    return [R("metal", 42, 3, 58, 14, 3), R("dark", 43, 13, 57, 18, 1),
            S("main", (42, 18), (58, 18), (60, 26), (70, 36), (71, 60), (71, 88), (66, 96), (34, 96), (29, 88), (29, 60), (30, 36), (40, 26))]


def watch() -> list[Prim]:
    return [P("main", (36, 2), (64, 2), (68, 34), (32, 34)), P("main", (32, 66), (68, 66), (64, 98), (36, 98)), E("metal", 50, 50, 28, 28), R("metal", 77, 46, 83, 54, 2),
            E("pale", 50, 50, 22, 22), L("dark", 3, (50, 50), (50, 34)), L("dark", 3, (50, 50), (62, 56)), E("dark", 50, 50, 2.5, 2.5)]


def sunglasses() -> list[Prim]:
    return [L("shade", 5, (6, 36), (2, 26)), L("shade", 5, (94, 36), (98, 26)), P("main", (2, 32), (98, 32), (98, 44), (2, 44)),
            S("main", (3, 33), (30, 31), (46, 35), (46, 54), (36, 70), (16, 70), (4, 56)), S("main", (97, 33), (70, 31), (54, 35), (54, 54), (64, 70), (84, 70), (96, 56)),
            S("glass", (14, 43), (28, 41), (37, 44), (36, 53), (31, 60), (20, 60), (14, 53)), S("glass", (86, 43), (72, 41), (63, 44), (64, 53), (69, 60), (80, 60), (86, 53))]


def umbrella() -> list[Prim]:
    top = E("main", 50, 52, 46, 44, 180, 360)[1]
    scallops = [E("main", 50 + s * 30.6, 52, 15.4, 7, 0, -180)[1] for s in (1, 0, -1)]
    return [L("metal", 2.5, (50, 10), (50, 88)), L("wood", 5, (50, 72), (50, 90), (54, 95), (60, 94), (62, 88)), L("metal", 3, (50, 2), (50, 12)),
            ("main", np.concatenate([top] + scallops), 0.0), L("shade", 1.5, (50, 9), (34, 46)), L("shade", 1.5, (50, 9), (66, 46))]


def teapot() -> list[Prim]:
    return [P("shade", (66, 62), (80, 50), (86, 32), (96, 32), (90, 58), (72, 78)), E("shade", 25, 56, 17, 18, 80, 290, 7),
            S("main", (34, 34), (50, 30), (66, 34), (78, 54), (72, 76), (58, 84), (42, 84), (28, 76), (22, 54)),
            S("tint", (34, 34), (42, 25), (58, 25), (66, 34), (50, 38)), E("dark", 50, 22, 5, 5), R("shade", 36, 82, 64, 88, 2)]


def clock() -> list[Prim]:
    return [L("metal", 5, (28, 84), (20, 95)), L("metal", 5, (72, 84), (80, 95)), E("metal", 24, 16, 13, 11), E("metal", 76, 16, 13, 11), E("main", 50, 54, 42, 42),
            E("pale", 50, 54, 25, 25), L("dark", 3.5, (50, 54), (50, 36)), L("dark", 3.5, (50, 54), (64, 60)), E("dark", 50, 54, 3, 3)]


def guitar() -> list[Prim]:
    return [L("wood", 6, (50, 50), (50, 10)), R("dark", 44, 0, 56, 14, 2),
            S("main", (50, 40), (62, 40), (68, 50), (64, 60), (74, 72), (74, 88), (60, 98), (40, 98), (26, 88), (26, 72), (36, 60), (32, 50), (38, 40)),
            L("wood", 6, (50, 56), (50, 10)), E("dark", 50, 64, 8, 8), R("dark", 40, 83, 60, 87, 1), L("pale", 1, (50, 4), (50, 84))]


def scarf() -> list[Prim]:
    fringe = [L("shade", 1.8, (x, 94), (x, 100)) for x in range(54, 78, 5)] + [L("shade", 1.8, (x, 78), (x, 84)) for x in range(30, 50, 5)]
    return fringe + [P("main", (30, 30), (52, 34), (50, 80), (27, 78)), P("main", (48, 36), (72, 30), (78, 94), (52, 95)),
                     S("main", (18, 16), (34, 6), (66, 6), (82, 16), (82, 32), (66, 44), (34, 44), (18, 32)), S("shade", (32, 16), (50, 13), (68, 16), (66, 24), (50, 27), (34, 24))]


def dress() -> list[Prim]:
    return [L("shade", 4, (38, 20), (38, 4)), L("shade", 4, (62, 20), (62, 4)),
            P("main", (34, 16), (42, 22), (50, 24), (58, 22), (66, 16), (68, 34), (62, 46), (90, 94), (70, 97), (50, 98), (30, 97), (10, 94), (38, 46), (32, 34)),
            P("shade", (37, 44), (63, 44), (64, 49), (36, 49))]


def boot() -> list[Prim]:
    return [P("main", (26, 6), (60, 6), (60, 54), (78, 62), (92, 72), (94, 86), (24, 86)), R("dark", 22, 85, 96, 91, 2), R("dark", 22, 86, 44, 98, 1), P("shade", (25, 5), (61, 5), (61, 14), (25, 14))]


def cap() -> list[Prim]:
    return [S("main", (12, 62), (14, 40), (30, 22), (52, 20), (68, 36), (70, 62), (40, 64)), S("shade", (40, 62), (68, 54), (90, 60), (99, 70), (78, 72), (56, 70)),
            E("shade", 44, 20, 5, 3), L("shade", 1.6, (44, 20), (34, 62)), L("shade", 1.6, (44, 20), (60, 60))]


def trousers() -> list[Prim]:
    return [P("main", (26, 6), (74, 6), (84, 97), (60, 97), (51, 40), (49, 40), (40, 97), (16, 97)), P("shade", (26, 4), (74, 4), (75, 11), (25, 11)),
            L("shade", 1.8, (50, 10), (50, 40)), R("gold", 47, 5, 53, 10, 1)]


def skirt() -> list[Prim]:
    return [P("main", (32, 16), (68, 16), (94, 82), (80, 86), (65, 88), (50, 89), (35, 88), (20, 86), (6, 82)), P("shade", (31, 12), (69, 12), (70, 20), (30, 20)),
            L("shade", 1.6, (40, 20), (30, 86)), L("shade", 1.6, (50, 20), (50, 88)), L("shade", 1.6, (60, 20), (70, 86))]


def sock() -> list[Prim]:
    return [S("main", (34, 8), (50, 6), (64, 8), (64, 30), (64, 50), (72, 62), (90, 76), (90, 90), (76, 94), (54, 84), (36, 68), (33, 50), (34, 28)),
            P("shade", (31, 4), (66, 4), (66, 15), (31, 15)), S("tint", (78, 66), (92, 77), (91, 91), (78, 94), (70, 88))]


def mitten() -> list[Prim]:
    return [S("main", (28, 80), (24, 50), (26, 22), (44, 6), (62, 12), (68, 32), (68, 46), (80, 38), (91, 42), (86, 56), (70, 72), (66, 82)),
            R("tint", 24, 78, 70, 96, 4), L("shade", 1.6, (34, 80), (34, 95)), L("shade", 1.6, (42, 80), (42, 95)), L("shade", 1.6, (51, 80), (51, 95)), L("shade", 1.6, (60, 80), (60, 95))]


def tie() -> list[Prim]:
    return [P("main", (40, 16), (60, 16), (70, 80), (50, 99), (30, 80)), P("shade", (36, 2), (64, 2), (60, 18), (40, 18))]


def suitcase() -> list[Prim]:
    return [L("metal", 3, (38, 22), (38, 3), (62, 3), (62, 22)), E("dark", 26, 94, 5, 5), E("dark", 74, 94, 5, 5), R("main", 18, 20, 82, 92, 7),
            L("shade", 2.4, (30, 22), (30, 90)), L("shade", 2.4, (70, 22), (70, 90)), R("dark", 40, 26, 60, 31, 2), R("metal", 15, 30, 21, 38, 1), R("metal", 15, 74, 21, 82, 1)]


def cushion() -> list[Prim]:
    return [S("main", (8, 8), (50, 15), (92, 8), (86, 50), (92, 92), (50, 86), (8, 92), (14, 50)), E("shade", 50, 50, 3, 3), L("shade", 1.4, (8, 8), (20, 20)), L("shade", 1.4, (92, 8), (80, 20)),
            L("shade", 1.4, (8, 92), (20, 80)), L("shade", 1.4, (92, 92), (80, 80))]


def plate() -> list[Prim]:
    return [E("main", 50, 50, 46, 46), E("shade", 50, 50, 46, 46, w=1.8), E("shade", 50, 50, 29, 29, w=2), E("tint", 50, 50, 46, 46, w=1),
            L("metal", 3, (-4, 14), (-4, 90)), L("metal", 7, (-4, 8), (-4, 28)), L("metal", 3, (104, 40), (104, 90)), L("metal", 6, (104, 10), (104, 46))]


def bowl() -> list[Prim]:
    return [R("shade", 36, 80, 64, 88, 2), S("main", (5, 36), (50, 34), (95, 36), (88, 60), (68, 82), (50, 84), (32, 82), (12, 60)), E("tint", 50, 36, 45, 11), E("shade", 50, 37, 40, 8)]


def candle() -> list[Prim]:
    return [R("metal", 16, 84, 84, 92, 4), R("main", 28, 32, 72, 87, 4), E("tint", 50, 33, 22, 6), L("dark", 2, (50, 33), (50, 24)),
            S("flame", (50, 2), (57, 16), (56, 24), (50, 28), (44, 24), (43, 16)), S("pale", (50, 14), (53, 21), (50, 26), (47, 21))]


def balloon() -> list[Prim]:
    return [L("dark", 1.6, (50, 74), (46, 82), (54, 90), (48, 99)), P("shade", (50, 68), (56, 77), (44, 77)), S("main", (50, 2), (72, 8), (84, 30), (76, 52), (50, 71), (24, 52), (16, 30), (28, 8))]


def kite() -> list[Prim]:
    return [L("dark", 1.6, (50, 76), (40, 84), (52, 90), (44, 99)), P("main", (50, 2), (84, 32), (50, 78), (16, 32)), L("wood", 2, (50, 2), (50, 78)), L("wood", 2, (16, 32), (84, 32)),
            P("shade", (34, 80), (46, 88), (36, 90), (44, 79)), P("shade", (42, 92), (54, 98), (44, 99), (52, 90))]


def notebook() -> list[Prim]:
    rings = [L("metal", 3, (14, y), (25, y)) for y in range(14, 92, 9)]
    return [R("pale", 24, 8, 86, 96, 2), R("main", 18, 4, 82, 93, 3), R("pale", 40, 18, 72, 34, 2), L("dark", 1.6, (44, 24), (68, 24)), L("dark", 1.6, (44, 29), (60, 29))] + rings


def headphones() -> list[Prim]:
    return [E("main", 50, 50, 38, 42, 180, 360, 12), R("main", 3, 46, 27, 92, 10), R("main", 73, 46, 97, 92, 10), R("dark", 24, 50, 32, 88, 4), R("dark", 68, 50, 76, 88, 4)]


def skateboard() -> list[Prim]:
    return [R("main", 3, 34, 97, 60, 12), E("dark", 22, 67, 8, 8), E("dark", 78, 67, 8, 8), R("metal", 16, 58, 28, 63, 1), R("metal", 72, 58, 84, 63, 1), E("pale", 22, 67, 3.5, 3.5), E("pale", 78, 67, 3.5, 3.5)]


def surfboard() -> list[Prim]:
    return [P("dark", (44, 88), (50, 100), (56, 88)), S("main", (50, 0), (60, 14), (66, 40), (64, 72), (56, 94), (44, 94), (36, 72), (34, 40), (40, 14)), L("shade", 1.8, (50, 2), (50, 94))]


def stool() -> list[Prim]:
    return [L("wood", 5, (32, 36), (20, 96)), L("wood", 5, (68, 36), (80, 96)), L("wood", 4, (44, 36), (42, 84)), L("wood", 4, (56, 36), (58, 84)), L("wood", 4, (25, 72), (75, 72)),
            R("main", 16, 14, 84, 40, 9), E("tint", 50, 16, 33, 7)]


def rug() -> list[Prim]:
    fringe = [L("pale", 2, (x, y), (x + d, y)) for y in range(26, 78, 6) for x, d in ((0, 8), (92, 8))]
    return fringe + [R("main", 6, 22, 94, 80, 1), L("shade", 2.4, (13, 29), (87, 29), (87, 73), (13, 73), (13, 29))]


def gift_box() -> list[Prim]:
    return [R("main", 14, 44, 86, 94, 2), R("main", 9, 30, 91, 46, 2), L("shade", 2, (14, 47), (86, 47)), R("gold", 44, 30, 56, 94, 1),
            S("gold", (50, 30), (34, 28), (24, 14), (36, 8), (48, 20)), S("gold", (50, 30), (66, 28), (76, 14), (64, 8), (52, 20)), E("gold", 50, 27, 6, 5), E("dark", 37, 18, 4, 3), E("dark", 63, 18, 4, 3)]


def bow_tie() -> list[Prim]:
    return [S("main", (48, 50), (28, 34), (8, 24), (3, 50), (8, 76), (28, 66)), S("main", (52, 50), (72, 34), (92, 24), (97, 50), (92, 76), (72, 66)), R("shade", 42, 38, 58, 62, 5),
            L("shade", 1.6, (40, 46), (20, 40)), L("shade", 1.6, (40, 54), (20, 60)), L("shade", 1.6, (60, 46), (80, 40)), L("shade", 1.6, (60, 54), (80, 60))]


def flower_pot() -> list[Prim]:
    return [S("leaf", (50, 48), (30, 40), (18, 20), (38, 26)), S("leaf", (50, 48), (70, 40), (82, 20), (62, 26)), S("leaf", (50, 48), (40, 24), (50, 2), (60, 24)),
            P("main", (22, 56), (78, 56), (70, 96), (30, 96)), R("main", 17, 46, 83, 60, 2), L("shade", 2, (19, 60), (81, 60))]


def saucepan() -> list[Prim]:
    return [L("dark", 8, (62, 44), (104, 38)), S("main", (4, 36), (40, 34), (72, 36), (72, 72), (64, 80), (12, 80), (4, 72)), E("metal", 38, 36, 35, 8), E("dark", 38, 37, 30, 5.5)]


def phone_case() -> list[Prim]:
    return [R("main", 26, 2, 74, 98, 9), R("shade", 30, 6, 52, 30, 6), E("dark", 37, 13, 5, 5), E("dark", 37, 24, 5, 5), E("pale", 47, 18, 3, 3), R("dark", 73, 30, 76, 44, 1)]


def shorts() -> list[Prim]:
    return [P("main", (22, 18), (78, 18), (94, 80), (58, 84), (50, 52), (42, 84), (6, 80)), P("shade", (22, 14), (78, 14), (79, 23), (21, 23)), L("pale", 2, (47, 22), (44, 40)), L("pale", 2, (53, 22), (56, 38)), L("shade", 1.8, (50, 24), (50, 52))]


def high_heel() -> list[Prim]:
    return [P("dark", (8, 44), (22, 52), (16, 94), (10, 94)), S("main", (6, 26), (14, 24), (24, 42), (44, 58), (66, 64), (82, 68), (97, 84), (94, 90), (64, 90), (42, 80), (26, 62), (8, 50)),
            S("shade", (12, 28), (24, 42), (44, 58), (64, 65), (46, 66), (24, 54)), L("dark", 3, (96, 91), (62, 91), (40, 82))]


def toy_car() -> list[Prim]:
    return [P("main", (22, 48), (34, 26), (66, 26), (80, 48)), R("main", 3, 46, 97, 72, 8), P("glass", (29, 47), (37, 31), (49, 31), (49, 47)), P("glass", (53, 47), (53, 31), (64, 31), (73, 47)),
            E("dark", 24, 72, 12, 12), E("dark", 76, 72, 12, 12), E("metal", 24, 72, 5, 5), E("metal", 76, 72, 5, 5), E("flame", 94, 55, 3, 4)]


def teddy_bear() -> list[Prim]:
    return [E("main", 30, 14, 11, 11), E("main", 70, 14, 11, 11), E("main", 18, 60, 12, 9), E("main", 82, 60, 12, 9), E("main", 32, 88, 13, 11), E("main", 68, 88, 13, 11), E("main", 50, 70, 27, 25),
            E("shade", 50, 53, 20, 4), E("main", 50, 30, 27, 24), E("pale", 50, 39, 11, 8), E("dark", 50, 35, 4, 3), E("dark", 40, 25, 3, 3), E("dark", 60, 25, 3, 3), E("pale", 30, 14, 5, 5), E("pale", 70, 14, 5, 5)]


def flip_flop() -> list[Prim]:
    return [S("main", (50, 2), (70, 10), (74, 32), (66, 54), (66, 82), (56, 97), (44, 97), (34, 82), (34, 54), (26, 32), (30, 10)), L("dark", 6, (28, 52), (36, 34), (50, 20), (64, 34), (72, 52)), E("dark", 50, 20, 4, 4)]


def tent() -> list[Prim]:
    return [P("shade", (50, 14), (76, 22), (99, 84), (94, 86)), P("main", (50, 12), (94, 88), (6, 88)), P("dark", (50, 36), (66, 88), (34, 88)), P("tint", (50, 36), (34, 88), (26, 88)), L("wood", 2.5, (50, 14), (46, 4)), L("wood", 2.5, (50, 14), (54, 4)),
            L("metal", 1.5, (6, 88), (0, 95)), L("metal", 1.5, (94, 88), (100, 95))]


DRAWERS: dict[str, Callable[[], list[Prim]]] = {
    name.replace("_", "-"): f for name, f in list(globals().items())
    if callable(f) and name.islower() and not name.startswith("_") and f.__module__ == __name__}
