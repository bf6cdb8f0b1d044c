#!/usr/bin/env python3
"""Writes the tiny CLIP-like model that the tests use: a complete model folder, and variants that misbehave.

    python3 -m venv venv && venv/bin/pip install numpy onnx==1.23.1 tokenizers==0.23.2
    venv/bin/python src/test/python/make_tiny_clip.py src/test/resources/tiny-clip

The image tower averages the picture over a grid of 4 by 4 cells and projects the 48 numbers to 512. The text tower
sums one vector of 48 numbers a token and uses the same projection. The vector of a colour's name is what a picture
painted in that colour gives, so searching for "red" finds red pictures: enough meaning for a test to check.
Weights are stored as int8 and widened in the graph, which keeps each file near 30 KB.
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SIDE, CELL, DIM, CONTEXT = 224, 56, 512, 77
POOLED = 3 * (SIDE // CELL) ** 2
MEAN = np.array([0.48145466, 0.4578275, 0.40821073])
STD = np.array([0.26862954, 0.26130258, 0.27577711])
START, END = "<|startoftext|>", "<|endoftext|>"
COLOURS = {
    "red": (220, 20, 20), "green": (20, 160, 40), "blue": (20, 40, 220), "yellow": (240, 220, 20),
    "orange": (240, 140, 20), "purple": (140, 30, 160), "pink": (250, 160, 200), "brown": (120, 70, 30),
    "black": (10, 10, 10), "white": (250, 250, 250), "grey": (128, 128, 128),
}
WORDS = "a an the of in on and with picture photo shoe shirt mug bag lamp chair table watch bottle hat dress".split()


class Graph:
    """Collects the nodes and constants of one ONNX graph."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def const(self, value, dtype):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def op(self, kind, *inputs, out=None, **attributes):
        out = out or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def widened(self, weights):
        """A float constant that is stored as int8 with one scale."""
        scale = np.abs(weights).max() / 127
        small = self.op("Cast", self.const(np.round(weights / scale), np.int8), to=TensorProto.FLOAT)
        return self.op("Mul", small, self.const(scale, np.float32))

    def save(self, path, inputs, outputs):
        graph = helper.make_graph(self.nodes, path.stem, inputs, outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(model.SerializeToString())


def floats(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def integers(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.INT64, list(shape))


def pooled(g):
    x = g.op("AveragePool", "pixel_values", kernel_shape=[CELL, CELL], strides=[CELL, CELL])
    return g.op("Flatten", x, axis=1)


def vision(path, projection, batch="N"):
    g = Graph()
    g.op("MatMul", pooled(g), g.widened(projection), out="image_embeds")
    g.save(path, [floats("pixel_values", batch, 3, SIDE, SIDE)], [floats("image_embeds", batch, DIM)])


def touchy_vision(path, projection):
    """All zeros give NaN, all ones give the zero vector, and a mean of 3 or more makes the whole batch throw."""
    g = Graph()
    x = pooled(g)
    mean = g.op("ReduceMean", x, axes=[1], keepdims=1)
    index = g.op("Cast", g.op("Abs", mean), to=TensorProto.INT64)
    one = g.op("Reshape", g.op("Gather", g.const([1, 1, 1], np.float32), index), g.const([-1, 1], np.int64))
    x = g.op("Div", g.op("Mul", x, g.op("Sub", x, one)), mean)
    g.op("MatMul", x, g.widened(projection), out="image_embeds")
    g.save(path, [floats("pixel_values", "N", 3, SIDE, SIDE)], [floats("image_embeds", "N", DIM)])


def poisoned_vision(path, projection):
    """A white picture (mean above 1.5 after normalisation) makes the whole batch loop for ever, a black one (below
    -1.5) makes it throw."""
    g = Graph()
    x = pooled(g)
    mean = g.op("ReduceMean", x, axes=[1], keepdims=1)
    black = g.op("Cast", g.op("Less", mean, g.const(-1.5, np.float32)), to=TensorProto.INT64)
    x = g.op("Mul", x, g.op("Reshape", g.op("Gather", g.const([1], np.float32), black), g.const([-1, 1], np.int64)))
    white = g.op("Cast", g.op("Greater", g.op("ReduceMax", mean, keepdims=0), g.const(1.5, np.float32)),
                 to=TensorProto.INT64)
    turns = g.op("Mul", white, g.const(2 ** 60, np.int64))
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["goes_on"]), helper.make_node("Neg", ["before"], ["after"])],
        "body",
        [helper.make_tensor_value_info("turn", TensorProto.INT64, []),
         helper.make_tensor_value_info("going", TensorProto.BOOL, []), floats("before", "N", POOLED)],
        [helper.make_tensor_value_info("goes_on", TensorProto.BOOL, []), floats("after", "N", POOLED)])
    x = g.op("Loop", turns, g.const(True, np.bool_), x, body=body)
    g.op("MatMul", x, g.widened(projection), out="image_embeds")
    g.save(path, [floats("pixel_values", "N", 3, SIDE, SIDE)], [floats("image_embeds", "N", DIM)])


def int8_vision(path, projection):
    """Quantises activations with one scale a batch, as dynamically quantised models do: neighbours change a vector."""
    g = Graph()
    scale = np.abs(projection).max() / 127
    g.nodes.append(helper.make_node("DynamicQuantizeLinear", [pooled(g)], ["q", "q_scale", "q_zero"]))
    product = g.op("MatMulInteger", "q", g.const(np.round(projection / scale), np.int8), "q_zero")
    product = g.op("Mul", g.op("Cast", product, to=TensorProto.FLOAT), "q_scale")
    g.op("Mul", product, g.const(scale, np.float32), out="image_embeds")
    g.save(path, [floats("pixel_values", "N", 3, SIDE, SIDE)], [floats("image_embeds", "N", DIM)])


def text(path, table, projection, length="S", masked=False):
    g = Graph()
    x = g.op("Gather", g.widened(table), "input_ids", axis=0)
    inputs = [integers("input_ids", "N", length)]
    if masked:
        mask = g.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        x = g.op("Mul", x, g.op("Unsqueeze", mask, g.const([2], np.int64)))
        inputs.append(integers("attention_mask", "N", length))
    x = g.op("ReduceSum", x, g.const([1], np.int64), keepdims=0)
    x = g.op("Add", x, g.const(0.001, np.float32))  # a text without a known word still has a direction
    g.op("MatMul", x, g.widened(projection), out="text_embeds")
    g.save(path, inputs, [floats("text_embeds", "N", DIM)])


def tokenizer():
    """Byte pairs with CLIP's conventions: lower case, words end in </w>, start and end of text are the last ids."""
    t = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    words = list(COLOURS) + WORDS
    letters = [c for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, end_of_word_suffix="</w>", show_progress=False, initial_alphabet=letters)
    t.train_from_iterator(words * 50 + letters * 2, trainer)
    t.add_special_tokens([START, END])
    ids = {token: t.token_to_id(token) for token in (START, END)}
    t.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", special_tokens=[(token, i) for token, i in ids.items()])
    return t


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def main(folder):
    random = np.random.default_rng(20)
    projection = random.normal(0, POOLED ** -0.5, (POOLED, DIM))
    t = tokenizer()
    table = random.normal(0, 0.02, (t.get_vocab_size(), POOLED))
    table[[t.token_to_id(START), t.token_to_id(END)]] = 0
    for name, rgb in COLOURS.items():
        ids = t.encode(name, add_special_tokens=False).ids
        assert len(ids) == 1, f"{name} is not one token"
        channels = (np.array(rgb) / 255 - MEAN) / STD
        table[ids[0]] = np.repeat(channels, POOLED // 3)

    vision(folder / "onnx/vision_model.onnx", projection)
    text(folder / "onnx/text_model.onnx", table, projection)
    t.save(str(folder / "tokenizer.json"), pretty=False)
    write_json(folder / "config.json", {
        "model_type": "clip", "projection_dim": DIM,
        "text_config": {"max_position_embeddings": CONTEXT, "vocab_size": t.get_vocab_size()},
        "vision_config": {"image_size": SIDE},
    })
    write_json(folder / "preprocessor_config.json", {
        "do_center_crop": True, "do_normalize": True, "do_resize": True,
        "crop_size": SIDE, "size": SIDE, "resample": 3, "image_mean": list(MEAN), "image_std": list(STD),
    })

    variants = folder / "variants"
    vision(variants / "vision_fixed_batch.onnx", projection, batch=1)
    touchy_vision(variants / "vision_touchy.onnx", projection)
    poisoned_vision(variants / "vision_poisoned.onnx", projection)
    int8_vision(variants / "vision_int8.onnx", projection)
    text(variants / "text_masked.onnx", table, projection, length=16, masked=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
