#!/usr/bin/env python3
"""Makes vit-b32-cost.onnx, the model of `./vitrine bench`.

    python3 -m venv venv && venv/bin/pip install onnx numpy
    venv/bin/python vit_b32_cost.py vit-b32-cost.onnx

It has the layers of CLIP ViT-B/32's image tower (float32, 87.8 million weights), so a picture costs what it costs with
the real model. Its vectors mean nothing: the file holds no weights but a formula for each of them, a sine over
0, 1, 2, ..., which ONNX Runtime works out once when it loads the file. So it fits into 72 KB and needs no download.

pixel_values float32 [N, 3, 224, 224] -> image_embeds float32 [N, 512], not of unit length
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, PATCH, WIDTH, LAYERS, HEADS, OUT = 224, 32, 768, 12, 12, 512
TOKENS = (SIDE // PATCH) ** 2 + 1

nodes, constants, frequencies = [], [], 0


def constant(value, dtype):
    constants.append(numpy_helper.from_array(np.array(value, dtype), f"c{len(constants)}"))
    return constants[-1].name


def ints(*values):
    return constant(values, np.int64)


def number(value):
    return constant(value, np.float32)


def node(kind, *inputs, out=None, **attributes):
    out = out or f"n{len(nodes)}"
    nodes.append(helper.make_node(kind, inputs, [out], **attributes))
    return out


def weights(*shape, size=0.03, around=0.0):
    """A tensor that only the loaded model holds; no two have the same frequency."""
    global frequencies
    frequencies += 1
    count = node("Range", number(0), number(np.prod(shape)), number(1))
    wave = node("Sin", node("Mul", count, number(7.3 + 61.7 * frequencies % 89)))
    return node("Reshape", node("Add", node("Mul", wave, number(size)), number(around)), ints(*shape))


def dense(x, width_in, width_out):
    return node("Add", node("MatMul", x, weights(width_in, width_out)), weights(width_out, size=0.01))


def norm(x):
    return node("LayerNormalization", x, weights(WIDTH, size=0.1, around=1), weights(WIDTH), axis=-1, epsilon=1e-5)


def attention(x):
    heads, together = ints(0, 0, HEADS, WIDTH // HEADS), ints(0, 0, WIDTH)
    query, key, value = (node("Reshape", dense(x, WIDTH, WIDTH), heads) for _ in range(3))
    query = node("Transpose", query, perm=[0, 2, 1, 3])
    key = node("Transpose", key, perm=[0, 2, 3, 1])
    value = node("Transpose", value, perm=[0, 2, 1, 3])
    alike = node("Mul", node("MatMul", query, key), number((WIDTH / HEADS) ** -0.5))
    mixed = node("Transpose", node("MatMul", node("Softmax", alike, axis=-1), value), perm=[0, 2, 1, 3])
    return dense(node("Reshape", mixed, together), WIDTH, WIDTH)


def perceptron(x):
    hidden = dense(x, WIDTH, 4 * WIDTH)
    gate = node("Sigmoid", node("Mul", hidden, number(1.702)))  # CLIP's QuickGELU
    return dense(node("Mul", hidden, gate), 4 * WIDTH, WIDTH)


def tower():
    patches = node("Conv", "pixel_values", weights(WIDTH, 3, PATCH, PATCH), strides=[PATCH, PATCH])
    patches = node("Transpose", node("Reshape", patches, ints(0, WIDTH, -1)), perm=[0, 2, 1])
    pictures = node("Gather", node("Shape", "pixel_values"), ints(0))
    summary = node("Expand", weights(1, 1, WIDTH), node("Concat", pictures, ints(1, WIDTH), axis=0))
    x = node("Add", node("Concat", summary, patches, axis=1), weights(1, TOKENS, WIDTH))
    x = norm(x)
    for _ in range(LAYERS):
        x = node("Add", x, attention(norm(x)))
        x = node("Add", x, perceptron(norm(x)))
    x = norm(node("Gather", x, constant(0, np.int64), axis=1))
    node("MatMul", x, weights(WIDTH, OUT), out="image_embeds")


tower()
graph = helper.make_graph(
    nodes,
    "vit_b32_cost",
    [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["N", 3, SIDE, SIDE])],
    [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["N", OUT])],
    constants,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, sys.argv[1])
