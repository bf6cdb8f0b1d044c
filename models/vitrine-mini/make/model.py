"""The two towers of vitrine-mini."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DIM = 512  # size of the shared embedding
CONTEXT = 32  # tokens of a text, start and end marks included
PAD, BOS, EOS = 0, 1, 2


class Block(nn.Module):
    """Residual pair of 3x3 convolutions: [N, C, H, W] -> the same shape."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.na = nn.BatchNorm2d(width)
        self.b = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.nb = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.nb(self.b(F.relu(self.na(self.a(x))))))


def _down(cin: int, cout: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(cin, cout, kernel, stride, padding=kernel // 2, bias=False),
                         nn.BatchNorm2d(cout), nn.ReLU())


class Vision(nn.Module):
    """Small residual network over pictures of 112 x 112."""

    def __init__(self, width: int = 40) -> None:
        super().__init__()
        w = width
        self.body = nn.Sequential(
            _down(3, w, 7, 4), Block(w),  # 28 x 28
            _down(w, 2 * w, 3, 2), Block(2 * w),  # 14 x 14
            _down(2 * w, 4 * w, 3, 2), Block(4 * w),  # 7 x 7
            _down(4 * w, 8 * w, 1, 1))
        self.project = nn.Linear(16 * w, DIM)

    def forward(self, x: Tensor) -> Tensor:
        """CLIP-normalised [N, 3, 112, 112] -> [N, 512], not yet of unit length."""
        x = self.body(x)
        return self.project(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1))


class VisionExport(nn.Module):
    """What the ONNX file holds: halves the picture, runs the network, scales to unit length."""

    def __init__(self, vision: Vision) -> None:
        super().__init__()
        self.vision = vision

    def forward(self, pixel_values: Tensor) -> Tensor:
        """[N, 3, 224, 224] -> [N, 512] of unit length."""
        return unit(self.vision(F.avg_pool2d(pixel_values, 2)))


class Layer(nn.Module):
    """One pre-norm transformer layer over [N, L, width]."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        n, length, width = x.shape
        q, k, v = self.qkv(self.n1(x)).chunk(3, -1)
        q, k, v = (t.reshape(n, length, self.heads, width // self.heads).transpose(1, 2) for t in (q, k, v))
        scores = q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, length, width)
        x = x + self.out(y)
        return x + self.down(F.relu(self.up(self.n2(x))))


class Text(nn.Module):
    """Small transformer; pad positions are neither attended to nor pooled."""

    def __init__(self, vocabulary: int, width: int = 192, heads: int = 6, layers: int = 2) -> None:
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(CONTEXT, width) * 0.02)
        nn.init.normal_(self.token.weight, std=0.05)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.score = nn.Linear(width, 1)
        self.project = nn.Linear(2 * width, DIM)

    def forward(self, input_ids: Tensor) -> Tensor:
        """Token ids [N, L], L <= 32 -> [N, 512], not yet of unit length."""
        real = (input_ids != PAD).float()
        x = self.token(input_ids) + self.position[: input_ids.shape[1]]
        bias = ((real - 1) * 1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        x = self.norm(x)
        weight = (self.score(x).squeeze(-1) + (real - 1) * 1e4).softmax(-1)
        pooled = (x * weight[:, :, None]).sum(1)
        mean = (x * real[:, :, None]).sum(1) / real.sum(1, keepdim=True).clamp(min=1.0)
        return self.project(torch.cat([pooled, mean], 1))


class TextExport(nn.Module):
    """What the ONNX file holds."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.text = text

    def forward(self, input_ids: Tensor) -> Tensor:
        """[N, L] -> [N, 512] of unit length."""
        return unit(self.text(input_ids))


def unit(x: Tensor) -> Tensor:
    """Scale the rows to unit length."""
    return x / x.square().sum(-1, keepdim=True).clamp(min=1e-12).sqrt()
