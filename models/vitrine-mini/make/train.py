"""Trains both towers from nothing on the pictures of dataset.py.

    python train.py --data DIR --out model.pt [--steps 2300] [--stop 500] [--hard 8] [--init FILE]

The loss is CLIP's symmetric InfoNCE between texts and pictures. A partial text
("red shoes") fits several pictures of the batch; its target is spread evenly over
them. A second InfoNCE draws pictures of the same product together, and linear heads
that name the attributes from either embedding speed up the start; the heads are not
exported. Part of a batch is groups of one kind, half of each group in one colour, so
that many negatives differ in one or two attributes; the rest is products of any kind.
"""
from __future__ import annotations

import argparse
import copy
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from attributes import COLOURS, FINISHES, KINDS, PATTERNS, Product
from captions import Caption, english, french, roughen
from dataset import products_of
from model import CONTEXT, DIM, PAD, Text, Vision, unit
from preprocess import MEAN, STD

SIZES = (len(KINDS), len(COLOURS), len(PATTERNS), len(COLOURS) + 1, len(FINISHES))
BATCH, PER_GROUP = 96, 12  # products of a batch, products of a group
MEAN_T, STD_T = (torch.tensor(v * 255).view(1, 3, 1, 1) for v in (MEAN, STD))


class Heads(nn.Module):
    """Names the five attributes from unit embeddings: [N, 512] -> one [N, classes] each."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(DIM, n) for n in SIZES)

    def forward(self, z: Tensor) -> list[Tensor]:
        return [h(z * 16) for h in self.heads]


def to_input(pictures: np.ndarray) -> Tensor:
    """uint8 [N, 112, 112, 3] -> CLIP-normalised float32 [N, 3, 112, 112]."""
    x = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2)
    return ((x.float() - MEAN_T) / STD_T).contiguous(memory_format=torch.channels_last)


def augment(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Shift by up to 5 pixels, flip, change the brightness a little, block by block of 32."""
    out = []
    for part in x.split(32):
        dx, dy = rng.integers(0, 11, 2)
        part = F.pad(part, (5, 5, 5, 5), mode="replicate")[:, :, dy:dy + 112, dx:dx + 112]
        if rng.random() < 0.5:
            part = part.flip(3)
        out.append(part)
    x = torch.cat(out)
    gain = torch.from_numpy(rng.uniform(0.94, 1.06, (len(x), 1, 1, 1)).astype(np.float32))
    return (x * gain).contiguous(memory_format=torch.channels_last)


def tokenize(tok: Tokenizer, texts: list[str]) -> Tensor:
    """Token ids [N, L], padded to the longest and cut to the context length."""
    ids = [e.ids for e in tok.encode_batch(texts)]
    length = min(CONTEXT, max(map(len, ids)))
    out = torch.full((len(ids), length), PAD)
    for row, t in zip(out, ids):
        t = t if len(t) <= length else t[:length - 1] + t[-1:]
        row[:len(t)] = torch.tensor(t)
    return out


def matches(captions: list[Caption], attrs: Tensor) -> Tensor:
    """Whether each caption fits each picture, by attributes [N, 5]: float [captions, N]."""
    kinds = torch.zeros(len(captions), len(KINDS), dtype=torch.bool)
    for row, c in zip(kinds, captions):
        row[list(c.kinds)] = True
    m = kinds[:, attrs[:, 0]]
    for i, name in enumerate(("colour", "pattern", "second", "finish"), 1):
        said = torch.tensor([getattr(c, name) for c in captions])[:, None]
        m &= (said < 0) | (said == attrs[:, i][None])
    return m.float()


def soft_nce(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of the rows of logits against the rows of target scaled to sum 1."""
    target = target / target.sum(1, keepdim=True).clamp(min=1)
    return -(target * logits.log_softmax(1)).sum(1).mean()


class Batches:
    """Draws batches: ``hard`` groups of 12 of one kind, 6 of them in one colour, then any products."""

    def __init__(self, products: list[Product], rng: random.Random, hard: int) -> None:
        self.rng, self.hard, self.count = rng, hard, len(products)
        self.by_kind: dict[int, list[int]] = {}
        self.by_colour: dict[tuple[int, int], list[int]] = {}
        for i, p in enumerate(products):
            k, c = p.indices()[:2]
            self.by_kind.setdefault(k, []).append(i)
            self.by_colour.setdefault((k, c), []).append(i)

    def next(self) -> list[int]:
        """96 product numbers."""
        out: list[int] = []
        for k in self.rng.sample(sorted(self.by_kind), self.hard):
            same = self.by_colour[k, self.rng.choice([c for kk, c in self.by_colour if kk == k])]
            half = self.rng.sample(same, min(PER_GROUP // 2, len(same)))
            out += half + self.rng.sample(self.by_kind[k], PER_GROUP - len(half))
        return out + [self.rng.randrange(self.count) for _ in range(BATCH - len(out))]


@torch.no_grad()
def validate(vision: Vision, text: Text, tok: Tokenizer, pictures: np.ndarray, products: list[Product]) -> str:
    """Recall@1 over the validation products: English, French, picture to picture."""
    vision.eval(), text.eval()
    z = [torch.cat([unit(vision(to_input(p))) for p in np.array_split(np.asarray(pictures[:, i]), 8)]) for i in (0, 1)]
    rng, out = random.Random(0), []
    want = torch.arange(len(products))
    for name, f in (("en", english), ("fr", french)):
        t = unit(text(tokenize(tok, [f(p, True, rng).text for p in products])))
        rank = (t @ z[0].T).topk(5).indices == want[:, None]
        out.append(f"{name} {rank[:, 0].float().mean():.3f}/{rank.any(1).float().mean():.3f}")
    out.append(f"image {((z[1] @ z[0].T).argmax(1) == want).float().mean():.3f}")
    vision.train(), text.train()
    return " ".join(out)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--tokenizer", type=Path, default=Path(__file__).parent.parent / "tokenizer.json")
    ap.add_argument("--steps", type=int, default=2300, help="length of the learning-rate schedule")
    ap.add_argument("--stop", type=int, help="stop before its end, at this step")
    ap.add_argument("--schedule", choices=("cosine", "constant", "linear"), default="cosine")
    ap.add_argument("--warmup", type=int, default=150)
    ap.add_argument("--hard", type=int, default=8, help="groups of one kind in a batch")
    ap.add_argument("--full", type=float, default=0.65, help="share of the texts that say every attribute")
    ap.add_argument("--aux", type=float, default=0.15, help="weight of the attribute heads on pictures")
    ap.add_argument("--head-lr", type=float, default=1.0, help="learning rate of the heads, times --lr")
    ap.add_argument("--every", type=int, default=250, help="steps between checkpoints")
    ap.add_argument("--lr", type=float, default=1.5e-3)
    ap.add_argument("--init", type=Path, help="go on from this file's weights")
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(2)
    pictures, val = (np.load(args.data / f"{s}.npy", mmap_mode="r") for s in ("train", "val"))
    products, val_products = products_of("train", len(pictures)), products_of("val", len(val))
    attrs_all = torch.tensor([p.indices() for p in products])
    tok = Tokenizer.from_file(str(args.tokenizer))
    vision = Vision().to(memory_format=torch.channels_last)
    text, heads = Text(tok.get_vocab_size()), Heads()
    scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
    both = nn.ModuleDict({"vision": vision, "text": text})
    if args.init:
        state = torch.load(args.init)
        both.load_state_dict(state["towers"])
        if "heads" in state:
            heads.load_state_dict(state["heads"])
        if "scale" in state:
            scale.data.copy_(state["scale"])
    ema = copy.deepcopy(both)
    params = [p for m in (both, heads) for p in m.parameters()]
    tower = list(both.parameters())
    opt = torch.optim.AdamW([{"params": [p for p in tower if p.ndim > 1], "weight_decay": 0.05},
                             {"params": [p for p in tower if p.ndim <= 1] + [scale], "weight_decay": 0.0},
                             {"params": list(heads.parameters()), "weight_decay": 0.0, "lr": args.lr * args.head_lr}],
                            lr=args.lr, betas=(0.9, 0.98))
    shape = {"cosine": lambda f: 0.5 + 0.5 * math.cos(math.pi * f), "constant": lambda f: 1.0, "linear": lambda f: 1 - f}
    sched = torch.optim.lr_scheduler.LambdaLR(
        opt, lambda s: min(1, s / args.warmup) * shape[args.schedule](min(1, s / args.steps)) + 0.005)
    rng, nrng = random.Random(args.seed), np.random.default_rng(args.seed)
    batches = Batches(products, rng, args.hard)
    start = time.time()
    last = args.stop or args.steps
    for step in range(1, last + 1):
        index = batches.next()
        order = np.argsort(index)
        index = [index[i] for i in order]
        a = attrs_all[index]
        attrs = torch.cat([a, a])
        block = pictures[index]
        x = augment(to_input(np.concatenate([block[:, 0], block[:, 1]])), nrng)
        captions = []
        for i in index + index:
            full = rng.random() < args.full
            lang, f = ("en", english) if rng.random() < 0.55 else ("fr", french)
            c = f(products[i], full, rng, 0.0 if full else 0.2)
            c.text = roughen(c.text, lang, rng)
            captions.append(c)
        ids = tokenize(tok, [c.text for c in captions])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            z, t = vision(x), text(ids)
        z, t = unit(z.float()), unit(t.float())
        s = scale.clamp(max=math.log(60)).exp()
        m = matches(captions, attrs)
        logits = s * t @ z.T
        loss = 0.5 * (soft_nce(logits, m) + soft_nce(logits.T, m.T))
        same = (attrs[:, None] == attrs[None]).all(2).float().fill_diagonal_(0)
        own = torch.eye(len(z), dtype=torch.bool)
        image = soft_nce((s * z @ z.T).masked_fill(own, -1e4), same)
        aux = sum(F.cross_entropy(h, attrs[:, i]) for i, h in enumerate(heads(z)))
        said = torch.tensor([(c.kinds[0] if len(c.kinds) == 1 else -1, c.colour, c.pattern, c.second, c.finish) for c in captions])
        aux_t = sum(F.cross_entropy(h, said[:, i], ignore_index=-1) for i, h in enumerate(heads(t)))
        total = loss + 0.4 * image + args.aux * aux + 0.1 * aux_t
        opt.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(params, 2.0)
        opt.step()
        sched.step()
        with torch.no_grad():
            decay = min(0.995, step / (step + 20))
            for e, p in zip(ema.state_dict().values(), both.state_dict().values()):
                e.copy_(p) if not e.is_floating_point() else e.lerp_(p, 1 - decay)
        if step % 25 == 0:
            print(f"step {step} loss {loss:.3f} image {image:.3f} aux {aux:.3f} text {aux_t:.3f} scale {s:.1f} "
                  f"{time.time() - start:.0f} s", flush=True)
        if step % args.every == 0 or step == last:
            print(f"step {step} val recall@1/5 {validate(ema['vision'], ema['text'], tok, val, val_products)}", flush=True)
            torch.save({"towers": ema.state_dict(), "heads": heads.state_dict(), "scale": scale.data}, args.out)


if __name__ == "__main__":
    main()
