"""Trains tokenizer.json, a byte-level BPE, on generated descriptions.

    python make_tokenizer.py --out ../tokenizer.json

Text is decomposed, lower-cased and stripped of accents first ("Théière" = "theiere").
Unknown words fall apart into smaller pieces, down to bytes, so no text is refused.
"""
from __future__ import annotations

import argparse
import random
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from attributes import draw_products
from captions import english, french, roughen
from model import BOS, EOS, PAD


def build() -> Tokenizer:
    """Train the tokenizer; pad, start and end marks get the ids that model.py names."""
    rng = random.Random(5)
    texts = []
    for p in draw_products(40000, "train", rng, distinct=False):
        texts.append(english(p, rng.random() < 0.6, rng, 0.2).text)
        texts.append(french(p, rng.random() < 0.6, rng, 0.2).text)
    texts += [roughen(t, lang, rng) for lang, t in zip(("en", "fr") * 4000, texts)]
    tok = Tokenizer(models.BPE())
    tok.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Punctuation(), pre_tokenizers.ByteLevel(add_prefix_space=True)])
    tok.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=1024, min_frequency=8, special_tokens=["<pad>", "<s>", "</s>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tok.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", BOS), ("</s>", EOS)])
    assert [tok.token_to_id(t) for t in ("<pad>", "<s>", "</s>")] == [PAD, BOS, EOS]
    return tok


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "tokenizer.json")
    args = ap.parse_args()
    tok = build()
    tok.save(str(args.out))
    print(tok.get_vocab_size(), tok.encode("A red-striped théière, xylophone").tokens)


if __name__ == "__main__":
    main()
