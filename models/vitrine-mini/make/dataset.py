"""Renders the training and validation pictures into uint8 arrays.

    python dataset.py --out DIR [--products 30000] [--poses 2] [--workers 2]

Each picture goes through JPEG and the real preparation to 224 pixels and is then
averaged over 2x2 pixels, which is the first thing the vision network does anyway.
Files: train.npy and val.npy, uint8 [products, poses, 112, 112, 3]; the products
follow from the seed.
"""
from __future__ import annotations

import argparse
import random
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from attributes import Product, draw_products
from preprocess import resize_crop
from render import jpeg, render

SEEDS = {"train": 11, "val": 12}


def products_of(split: str, count: int) -> list[Product]:
    """The products of a split, in the order of its array."""
    return draw_products(count, split, random.Random(SEEDS[split]), distinct=split != "train")


def one(product: Product, rng: np.random.Generator) -> np.ndarray:
    """One training picture, uint8 [112, 112, 3]."""
    side = int(rng.integers(300, 380))
    w, h = side, side
    if rng.random() < 0.3:
        w, h = (int(side * 1.3), side) if rng.random() < 0.5 else (side, int(side * 1.3))
    a = resize_crop(jpeg(render(product, rng, w, h), int(rng.integers(60, 96))))
    return np.uint8(a.reshape(112, 2, 112, 2, 3).mean((1, 3)) + 0.5)


def _job(args: tuple[str, int, Product, int]) -> tuple[int, np.ndarray]:
    split, index, product, poses = args
    rng = np.random.default_rng((SEEDS[split], index))
    return index, np.stack([one(product, rng) for _ in range(poses)])


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--products", type=int, default=30000)
    ap.add_argument("--poses", type=int, default=2)
    ap.add_argument("--workers", type=int, default=2)
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for split, count in (("val", 1000), ("train", args.products)):
        products = products_of(split, count)
        out = np.lib.format.open_memmap(args.out / f"{split}.npy", "w+", np.uint8, (count, args.poses, 112, 112, 3))
        start = time.time()
        with Pool(args.workers) as pool:
            jobs = ((split, i, p, args.poses) for i, p in enumerate(products))
            for n, (i, pictures) in enumerate(pool.imap_unordered(_job, jobs, chunksize=32)):
                out[i] = pictures
                if n % 2000 == 0:
                    print(f"{split} {n}/{count} {time.time() - start:.0f} s", flush=True)
        out.flush()


if __name__ == "__main__":
    main()
