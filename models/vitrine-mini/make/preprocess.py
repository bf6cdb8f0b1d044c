"""The picture preparation that preprocessor_config.json describes."""
from __future__ import annotations

import numpy as np
from PIL import Image

MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
SIZE = 224


def resize_crop(img: Image.Image) -> np.ndarray:
    """RGB, short side to 224 (bicubic), centre crop: uint8 [224, 224, 3]."""
    img = img.convert("RGB")
    w, h = img.size
    short = min(w, h)
    new = (SIZE, int(SIZE * h / short)) if w <= h else (int(SIZE * w / short), SIZE)
    img = img.resize(new, Image.BICUBIC)
    x, y = (new[0] - SIZE) // 2, (new[1] - SIZE) // 2
    return np.asarray(img.crop((x, y, x + SIZE, y + SIZE)))


def pixel_values(img: Image.Image) -> np.ndarray:
    """The model's input for one picture: float32 [3, 224, 224], CLIP-normalised."""
    a = resize_crop(img).astype(np.float32) * np.float32(1 / 255)
    return ((a - MEAN) / STD).transpose(2, 0, 1)
