"""The exported model as a user of the files sees it: ONNX Runtime, tokenizer.json, Pillow."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image
from tokenizers import Tokenizer

from preprocess import pixel_values


class Mini:
    """Loads a model folder; embeds pictures and texts."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        opts = ort.SessionOptions()
        opts.intra_op_num_threads = threads
        opts.inter_op_num_threads = 1
        self.vision, self.text = (ort.InferenceSession(str(folder / "onnx" / f"{n}_model.onnx"), opts,
                                                       providers=["CPUExecutionProvider"]) for n in ("vision", "text"))
        text_config = json.loads((folder / "config.json").read_text())["text_config"]
        self.context = text_config["max_position_embeddings"]
        self.tok = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tok.enable_truncation(self.context)
        self.tok.enable_padding(pad_id=text_config["pad_token_id"], pad_token="<pad>", length=self.context)

    def ids(self, texts: list[str]) -> np.ndarray:
        """Token ids, int64 [N, context]."""
        return np.array([e.ids for e in self.tok.encode_batch(texts)], np.int64)

    def texts(self, texts: list[str]) -> np.ndarray:
        """Unit embeddings of texts, float32 [N, 512]."""
        z = self.text.run(["text_embeds"], {"input_ids": self.ids(texts)})[0]
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    def pictures(self, pictures: list[Image.Image], batch: int = 8) -> np.ndarray:
        """Unit embeddings of pictures, float32 [N, 512]."""
        out = []
        for i in range(0, len(pictures), batch):
            x = np.stack([pixel_values(p) for p in pictures[i:i + batch]])
            out.append(self.vision.run(["image_embeds"], {"pixel_values": x})[0])
        z = np.concatenate(out)
        return z / np.linalg.norm(z, axis=1, keepdims=True)


def recall(queries: np.ndarray, answers: np.ndarray, k: int) -> float:
    """Share of rows i of ``queries`` [N, 512] whose k nearest ``answers`` [N, 512] include row i."""
    scores = queries @ answers.T
    own = np.take_along_axis(scores, np.arange(len(scores))[:, None], 1)
    return float((((scores > own).sum(1)) < k).mean())
