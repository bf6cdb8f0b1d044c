"""Measures the exported model on 1,000 held-out products.

    python evaluate.py [--model ..] [--work DIR]

No attribute tuple of these products occurs in training, and no two products share a
description. Each is drawn twice, in two poses on two backgrounds, at 480 to 640
pixels, and stored as JPEG; the files are then read and prepared like any user's.
Prints the figures and writes figures.json beside the model.
"""
from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from attributes import Product, draw_products
from captions import english, french
from preprocess import pixel_values
from render import render
from runtime import Mini, recall

COUNT, SEED = 1000, 2024


def test_products() -> list[Product]:
    """The 1,000 products, all tuples distinct, none of them in training."""
    return draw_products(COUNT, "test", random.Random(SEED), distinct=True)


def picture(product: Product, seed: tuple[int, ...], path: Path) -> None:
    """Draw a product at full size, smooth-edged, and save it as JPEG."""
    rng = np.random.default_rng(seed)
    w, h = ((480, 480), (640, 480), (512, 640), (600, 600))[int(rng.integers(0, 4))]
    render(product, rng, w, h, 2).save(path, "JPEG", quality=int(rng.integers(75, 96)))


def partial_precision(mini: Mini, z: np.ndarray, products: list[Product]) -> float:
    """Mean R-precision of "a COLOUR KIND" queries, one for each pair that occurs.

    Of a query's r nearest pictures, r = min(5, number of pictures that fit), the share that fits.
    """
    pairs = sorted({(p.kind, p.colour) for p in products})
    texts = [f"a {c} {k.replace('-', ' ')}" for k, c in pairs]
    order = np.argsort(-(mini.texts(texts) @ z.T), 1)
    score = []
    for (k, c), row in zip(pairs, order):
        fits = np.array([p.kind == k and p.colour == c for p in products])
        r = min(5, int(fits.sum()))
        score.append(fits[row[:r]].mean())
    return float(np.mean(score))


def speed(mini: Mini, path: Path) -> tuple[float, float, float]:
    """Median milliseconds at one thread: vision network, picture preparation, text network."""
    img = Image.open(path)
    x, ids = pixel_values(img)[None], mini.ids(["a red mug with white stripes"])

    def median(f) -> float:
        times = []
        for _ in range(60):
            t = time.perf_counter()
            f()
            times.append((time.perf_counter() - t) * 1e3)
        return float(np.median(times))

    return (median(lambda: mini.vision.run(None, {"pixel_values": x})), median(lambda: pixel_values(Image.open(path))),
            median(lambda: mini.text.run(None, {"input_ids": ids})))


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", type=Path, default=Path(__file__).parent.parent)
    ap.add_argument("--work", type=Path, help="keep the pictures here and use them again")
    args = ap.parse_args()
    work = args.work or Path(tempfile.mkdtemp(prefix="vitrine-mini-"))
    work.mkdir(parents=True, exist_ok=True)
    products = test_products()
    rng = random.Random(SEED)
    en = [english(p, True, rng).text for p in products]
    fr = [french(p, True, rng).text for p in products]
    assert len(set(products)) == len(set(en)) == COUNT, "descriptions must be distinct"
    assert all(p.split() == "test" for p in products)
    files = [[work / f"{i:04d}-{pose}.jpg" for i in range(COUNT)] for pose in (0, 1)]
    for pose in (0, 1):
        for i, p in enumerate(products):
            if not files[pose][i].exists():
                picture(p, (SEED, pose, i), files[pose][i])
    mini = Mini(args.model)
    z = [mini.pictures([Image.open(f) for f in row]) for row in files]
    te, tf = mini.texts(en), mini.texts(fr)
    one, eight = mini.pictures([Image.open(f) for f in files[0][:8]], 1), z[0][:8]
    ms = speed(mini, files[0][0])
    figures = {
        "products": COUNT, "kinds": len({p.kind for p in products}), "distinct_english": len(set(en)),
        "distinct_french": len(set(fr)),
        "text_to_image_en": {f"recall@{k}": round(recall(te, z[0], k), 4) for k in (1, 5, 10)},
        "text_to_image_fr": {f"recall@{k}": round(recall(tf, z[0], k), 4) for k in (1, 5, 10)},
        "image_to_text_en": {f"recall@{k}": round(recall(z[0], te, k), 4) for k in (1, 5)},
        "image_to_image": {f"recall@{k}": round(recall(z[1], z[0], k), 4) for k in (1, 5)},
        "colour_kind_query_precision": round(partial_precision(mini, z[0], products), 4),
        "batch_8_vs_1_max_difference": float(np.abs(one - eight).max()),
        "ms_one_thread": {"vision": round(ms[0], 2), "preparation": round(ms[1], 2), "text": round(ms[2], 2)},
        "bytes": {f.name: f.stat().st_size for f in sorted(args.model.glob("onnx/*.onnx")) + [args.model / "tokenizer.json"]},
    }
    (args.model / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    for name in ("text_to_image_en", "image_to_image"):
        wrong = [i for i in range(COUNT) if (q := (te if "text" in name else z[1])[i] @ z[0].T).argmax() != i]
        pairs = [(products[i], products[((te if "text" in name else z[1])[i] @ z[0].T).argmax()]) for i in wrong]
        parts = {a: sum(getattr(x, a) != getattr(y, a) for x, y in pairs) for a in ("kind", "colour", "pattern", "second", "finish")}
        print(f"{name}: {len(wrong)} wrong; attribute that differs: {parts}")


if __name__ == "__main__":
    main()
