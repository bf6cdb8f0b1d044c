"""Draws the sample catalogue and the retrieval set of the Java tests, and notes what this model gives.

    python make_samples.py [--root ../../..]

All products are of the "test" split. Writes
  samples/catalogue/            60 pictures and manifest.json
  src/test/resources/retrieval/ 100 small pictures, 40 of them in a second pose, and retrieval.json
  src/test/resources/mini/      expected.json: token ids, pixel values and embeddings to compare with
"""
from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image

from attributes import COLOUR_INDEX, COLOURS, KIND_INDEX, KINDS, Product, all_products, draw_products
from captions import english, french
from preprocess import pixel_values
from render import render
from runtime import Mini, recall

EXTRA = ("mug", "mug", "sneaker", "sneaker", "handbag", "lamp", "t-shirt", "t-shirt", "dress", "chair")
TEXTS = ("a red mug with white stripes", "Glossy BLUE sneaker, yellow polka dots", "tasse rouge à rayures blanches",
         "une théière verte à pois jaunes, brillante", "a quixotic zyxwv lamp 東京 for my fjord",
         "looking for a very nice large shiny green and white striped teapot with a matching cup and a plate "
         "for the kitchen of my grandmother who likes green things and stripes and also polka dots on all of her dishes")


def query(p: Product) -> str:
    """What a person would type: colour, pattern, kind."""
    noun = KINDS[KIND_INDEX[p.kind]].en[0]
    if p.pattern == "plain":
        return f"{p.colour} {noun}"
    return f"{p.colour} and {p.second} {p.pattern} {noun}"


def title(p: Product) -> str:
    """A shop's name of the product."""
    noun = KINDS[KIND_INDEX[p.kind]].en[0]
    if p.pattern == "plain":
        text = f"plain {p.colour} {noun}"
    elif p.pattern == "two-tone":
        text = f"two-tone {noun} in {p.colour} and {p.second}"
    else:
        nouns = {"striped": "stripes", "dotted": "polka dots", "checked": "checks", "zigzag": "zigzags"}
        text = f"{p.colour} {noun} with {p.second} {nouns[p.pattern]}"
    return f"{text[0].upper()}{text[1:]}, {p.finish}"


def catalogue(folder: Path) -> list[tuple[Path, str]]:
    """Write the sample catalogue; returns (picture, query) pairs."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    rng, nrng = random.Random(60), np.random.default_rng(60)
    pool = [p for p in all_products() if p.split() == "test"]
    products: list[Product] = []
    for kind in [k.name for k in KINDS] + list(EXTRA):
        plain = rng.random() < 0.3
        same = [p for p in pool if p.kind == kind and p not in products]
        fit = [p for p in same if (p.pattern == "plain") == plain and query(p) not in map(query, products)]
        products.append(rng.choice(fit or same))
    manifest, out, seen = [], [], {}
    for i, p in enumerate(products):
        stem = f"{p.kind}-{p.colour}-{p.pattern}"
        seen[stem] = seen.get(stem, 0) + 1
        product_id = f"{stem}-{seen[stem]:02d}"
        w, h = ((560, 560), (640, 480), (480, 600), (512, 512))[int(nrng.integers(0, 4))]
        ext = "png" if i % 10 == 3 else "webp" if i % 10 == 7 else "jpg"
        img = render(p, nrng, w, h, 2, grain=ext != "png" and i % 2 == 0)
        path = folder / f"{product_id}.{ext}"
        if ext == "png":
            img.quantize(96).save(path, optimize=True)
        elif ext == "webp":
            img.save(path, quality=82)
        else:
            img.save(path, quality=84)
        meta = {"kind": p.kind, "colour": p.colour, "pattern": p.pattern, "finish": p.finish}
        if p.second:
            meta["second_colour"] = p.second
        manifest.append({"product_id": product_id, "file": path.name, "name": title(p), "metadata": meta, "query": query(p)})
        out.append((path, query(p)))
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return out


def retrieval(folder: Path, mini: Mini) -> list[Path]:
    """Write the retrieval set and the recall that Python measures on it; returns the first pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    products = draw_products(100, "test", random.Random(100), distinct=True)
    rng, items, first, second = random.Random(101), [], [], []
    for i, p in enumerate(products):
        for pose in (0, 1) if i % 5 < 2 else (0,):
            nrng = np.random.default_rng((100, i, pose))
            w, h = ((240, 240), (288, 232), (232, 280))[int(nrng.integers(0, 3))]
            path = folder / f"{i:03d}-{p.kind}{'-b' if pose else ''}.jpg"
            render(p, nrng, w, h, 3, grain=i % 4 == 0).save(path, quality=78, optimize=True)
            (second if pose else first).append(path)
        item = {"file": first[-1].name, "text": english(p, True, rng).text, "text_fr": french(p, True, rng).text}
        if i % 5 < 2:
            item["second_file"] = second[-1].name
        items.append(item)
    z, z2 = (mini.pictures([Image.open(f) for f in fs]) for fs in (first, second))
    paired = z[[i for i in range(100) if i % 5 < 2]]
    rest = z[[i for i in range(100) if i % 5 >= 2]]
    en, fr = mini.texts([x["text"] for x in items]), mini.texts([x["text_fr"] for x in items])
    measured = {
        "text_to_image_en": {f"recall@{k}": round(recall(en, z, k), 4) for k in (1, 5)},
        "text_to_image_fr": {f"recall@{k}": round(recall(fr, z, k), 4) for k in (1, 5)},
        "second_file_to_file": {f"recall@{k}": round(recall(z2, np.concatenate([paired, rest]), k), 4) for k in (1, 5)},
    }
    (folder / "retrieval.json").write_text(json.dumps({"model": "vitrine-mini", "measured": measured, "items": items},
                                                      indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(measured))
    return first


def expected(path: Path, mini: Mini, pictures: list[Path]) -> None:
    """Write what Python gets for six texts and four pictures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ids, z = mini.ids(list(TEXTS)), mini.texts(list(TEXTS))
    zp = mini.pictures([Image.open(f) for f in pictures])
    spots = [(c, y, x) for c in (0, 1, 2) for y, x in ((0, 0), (112, 112), (60, 150))]
    shots = []
    for f, e in zip(pictures, zp):
        v = pixel_values(Image.open(f))
        shots.append({"file": f.name, "pixel_values_mean": [round(float(m), 5) for m in v.mean((1, 2))],
                      "pixel_values": [{"channel": c, "y": y, "x": x, "value": round(float(v[c, y, x]), 5)} for c, y, x in spots],
                      "embedding": [round(float(a), 6) for a in e[:8]]})
    out = {"model": "vitrine-mini", "context_length": mini.context, "pad_token_id": 0,
           "texts": [{"text": t, "input_ids": i.tolist(), "embedding": [round(float(a), 6) for a in e[:8]]}
                     for t, i, e in zip(TEXTS, ids, z)],
           "text_picture_cosine": [[round(float(a), 5) for a in row] for row in z @ zp.T], "pictures": shots}
    path.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[3])
    args = ap.parse_args()
    mini = Mini(args.root / "models" / "vitrine-mini")
    pairs = catalogue(args.root / "samples" / "catalogue")
    z = mini.pictures([Image.open(f) for f, _ in pairs])
    t = mini.texts([q for _, q in pairs])
    print(f"catalogue: query recall@1 {recall(t, z, 1):.3f} @5 {recall(t, z, 5):.3f}")
    resources = args.root / "src" / "test" / "resources"
    first = retrieval(resources / "retrieval", mini)
    expected(resources / "mini" / "expected.json", mini, [first[i] for i in (0, 25, 50, 75)])
    for folder in (args.root / "samples" / "catalogue", resources / "retrieval", resources / "mini"):
        print(f"{sum(f.stat().st_size for f in folder.iterdir()):>9} bytes in {len(list(folder.iterdir()))} files of {folder.name}")


if __name__ == "__main__":
    main()
