"""Writes the two ONNX files, config.json and preprocessor_config.json.

    python export.py --weights model.pt [--out ..]

Weights are stored in half precision, each behind a Cast to float32 that ONNX Runtime
folds when it loads the file; all arithmetic is in float32.
"""
from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from tokenizers import Tokenizer

from model import BOS, CONTEXT, DIM, EOS, PAD, Text, TextExport, Vision, VisionExport

OPSET, IR_VERSION = 17, 8


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store float32 weights of more than 256 numbers as float16 behind a Cast."""
    casts = []
    for init in model.graph.initializer:
        a = numpy_helper.to_array(init)
        if a.dtype == np.float32 and a.size > 256:
            name = init.name
            init.CopyFrom(numpy_helper.from_array(a.astype(np.float16), name + "_half"))
            casts.append(helper.make_node("Cast", [name + "_half"], [name], name=name + "_cast",
                                          to=onnx.TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def export(module: torch.nn.Module, sample: torch.Tensor, inp: str, out: str, axes: dict[int, str], path: Path) -> None:
    """Trace a tower and write it; ``axes`` names the input's dynamic axes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module.eval(), (sample,), str(path), input_names=[inp], output_names=[out], dynamo=False,
                          opset_version=OPSET, dynamic_axes={inp: axes, out: {0: "batch_size"}})
    model = halve(onnx.load(str(path)))
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version, model.doc_string = "vitrine-mini", "1", ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--weights", type=Path, required=True)
    ap.add_argument("--out", type=Path, default=Path(__file__).parent.parent)
    args = ap.parse_args()
    tok = Tokenizer.from_file(str(args.out / "tokenizer.json"))
    towers = torch.nn.ModuleDict({"vision": Vision(), "text": Text(tok.get_vocab_size())})
    towers.load_state_dict(torch.load(args.weights)["towers"])
    export(VisionExport(towers["vision"]), torch.randn(2, 3, 224, 224), "pixel_values", "image_embeds",
           {0: "batch_size"}, args.out / "onnx" / "vision_model.onnx")
    ids = torch.tensor([[BOS, 9, 8, EOS, PAD], [BOS, 7, 6, 5, EOS]])
    export(TextExport(towers["text"]), ids, "input_ids", "text_embeds", {0: "batch_size", 1: "sequence_length"},
           args.out / "onnx" / "text_model.onnx")
    config = {
        "model_type": "clip", "name": "vitrine-mini", "projection_dim": DIM, "logit_scale_init_value": 2.6592,
        "text_config": {"model_type": "clip_text_model", "vocab_size": tok.get_vocab_size(),
                        "max_position_embeddings": CONTEXT, "hidden_size": towers["text"].token.embedding_dim,
                        "num_hidden_layers": len(towers["text"].layers),
                        "num_attention_heads": towers["text"].layers[0].heads, "projection_dim": DIM,
                        "pad_token_id": PAD, "bos_token_id": BOS, "eos_token_id": EOS},
        "vision_config": {"model_type": "vitrine_mini_vision", "image_size": 224, "num_channels": 3,
                          "projection_dim": DIM},
    }
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    prep = {
        "image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True, "do_resize": True,
        "size": {"shortest_edge": 224}, "resample": 3, "do_center_crop": True,
        "crop_size": {"height": 224, "width": 224}, "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    }
    (args.out / "preprocessor_config.json").write_text(json.dumps(prep, indent=2) + "\n")
    for f in sorted(args.out.glob("*.json")) + sorted(args.out.glob("onnx/*.onnx")):
        print(f"{f.stat().st_size:>10} {f.name}")


if __name__ == "__main__":
    main()
