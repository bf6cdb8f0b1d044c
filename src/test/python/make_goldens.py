#!/usr/bin/env python3
"""Makes the golden pictures of dev.vitrine.image with Pillow, whose pixels the Java code must reproduce.

    python3 -m venv venv && venv/bin/pip install pillow numpy
    venv/bin/python src/test/python/make_goldens.py src/test/resources/golden

Beside the pictures it writes goldens.json. Every case has the size of the upright picture and the SHA-256 of the
224 x 224 x 3 bytes (row-major RGB) that CLIP's resize and centre crop make of it. Small pictures also have
NAME.rgb.gz: all their decoded bytes, so that a difference can be measured, not just seen.

Only Python needs this file's dependencies; the Java tests read what it wrote.
"""
import gzip
import hashlib
import io
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageDraw, ImageOps

SIDE = 224
CLIP_MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
CLIP_STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
FILTERS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "nearest": Image.Resampling.NEAREST,
}


def clip_crop(image, filter_name="bicubic"):
    width, height = image.size
    short = min(width, height)
    size = (SIDE * width // short, SIDE * height // short)
    image = image.resize(size, FILTERS[filter_name])
    left, top = (size[0] - SIDE) // 2, (size[1] - SIDE) // 2
    return np.asarray(image)[top : top + SIDE, left : left + SIDE]


def shelf(width, height, seed):
    """A shop's shelf gone wild: stripes of every pitch, discs, lettering-like bars, a soft background, a little grain."""
    rng = np.random.default_rng(20_000 + seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    planes = np.stack(
        [128 + 90 * np.sin(rng.uniform(2, 9) * x + rng.uniform(2, 9) * y + rng.uniform(0, 6)) for _ in range(3)], -1
    )
    for _ in range(6):
        angle, pitch = rng.uniform(0, np.pi), rng.uniform(8, 260)
        where = np.hypot(x - rng.uniform(0, 1), y - rng.uniform(0, 1)) < rng.uniform(0.08, 0.3)
        wave = np.sin(pitch * (x * np.cos(angle) + y * np.sin(angle)))
        planes[where] += 70 * wave[where][:, None] * rng.uniform(-1, 1, 3)
    planes += rng.normal(0, 2, planes.shape)
    image = Image.fromarray(np.clip(planes, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        x0, y0 = int(rng.integers(0, width)), int(rng.integers(0, height))
        x1, y1 = x0 + int(rng.integers(1, width // 4 + 2)), y0 + int(rng.integers(1, height // 4 + 2))
        shape = draw.ellipse if rng.random() < 0.4 else draw.rectangle
        shape((x0, y0, x1, y1), fill=tuple(int(c) for c in rng.integers(0, 256, 3)))
    return image


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(samples, depth, colour_type, interlaced=False, before_data=b""):
    """Writes the PNG kinds that Pillow does not; samples are [height, width, channels]."""

    def packed(part):
        rows = []
        for row in part:
            flat = row.reshape(-1)
            if depth == 16:
                rows.append(b"\0" + flat.astype(">u2").tobytes())
            elif depth == 8:
                rows.append(b"\0" + flat.astype(np.uint8).tobytes())
            else:
                bits = (flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1
                rows.append(b"\0" + np.packbits(bits.astype(np.uint8).reshape(-1)).tobytes())
        return b"".join(rows)

    height, width = samples.shape[:2]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        parts = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in passes]
        data = b"".join(packed(part) for part in parts if part.size)
    else:
        data = packed(samples)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + before_data
        + png_chunk(b"IDAT", zlib.compress(data, 9))
        + png_chunk(b"IEND", b"")
    )


def bmp(width, height, depth, compression, data, masks=b"", palette=b"", colours=0):
    start = 14 + 40 + len(masks) + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, compression, len(data), 2835, 2835, colours, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + masks + palette + data


def bmp16(image, bits):
    a = np.asarray(image).astype(np.uint32)
    green = 6 if bits == 565 else 5
    words = (a[..., 0] >> 3) << (5 + green) | (a[..., 1] >> (8 - green)) << 5 | a[..., 2] >> 3
    width, height = image.size
    padded = np.zeros((height, (width + 1) // 2 * 2), "<u2")
    padded[:, :width] = words[::-1]
    if bits == 565:
        return bmp(width, height, 16, 3, padded.tobytes(), masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    return bmp(width, height, 16, 0, padded.tobytes())


def bmp_runs(image):
    a = np.asarray(image)
    data = b""
    for row in a[::-1]:
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and run < 255 and row[x + run] == row[x]:
                run += 1
            data += bytes([run, row[x]])
            x += run
        data += b"\0\0"
    data += b"\0\1"
    palette = np.zeros((256, 4), np.uint8)
    colours = np.array(image.getpalette()).reshape(-1, 3)
    palette[: len(colours), :3] = colours[:, ::-1]
    return bmp(*image.size, 8, 1, data, palette=palette.tobytes(), colours=256)


def without_segments(jpeg, markers):
    out, at = bytearray(jpeg[:2]), 2
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        if jpeg[at + 1] not in markers:
            out += jpeg[at:end]
        at = end
    return bytes(out + jpeg[at:])


def jpegs(small):
    cmyk = saved(small.convert("CMYK"), "JPEG", quality=92)
    adobe = cmyk.index(b"Adobe")
    ycbcr = saved(small, "JPEG", quality=90)
    return {
        "baseline-420.jpg": ycbcr,
        "baseline-422.jpg": saved(small, "JPEG", quality=80, subsampling="4:2:2"),
        "baseline-444.jpg": saved(small, "JPEG", quality=95, subsampling="4:4:4"),
        "progressive-420.jpg": saved(small, "JPEG", quality=75, progressive=True),
        "progressive-444.jpg": saved(small, "JPEG", quality=90, progressive=True, subsampling="4:4:4"),
        "low-quality.jpg": saved(small, "JPEG", quality=8),
        "restarts.jpg": saved(small, "JPEG", quality=85, restart_marker_blocks=3),
        "grey.jpg": saved(small.convert("L"), "JPEG", quality=90),
        "grey-progressive.jpg": saved(small.convert("L"), "JPEG", quality=90, progressive=True),
        "rgb-coded.jpg": saved(small, "JPEG", quality=90, keep_rgb=True),
        "cmyk-adobe.jpg": cmyk,
        "ycck-adobe.jpg": cmyk[: adobe + 11] + b"\2" + cmyk[adobe + 12 :],
        "cmyk-unmarked.jpg": without_segments(cmyk, {0xEE}),
        "unmarked-420.jpg": without_segments(ycbcr, {0xE0}),
        "unmarked-444.jpg": without_segments(saved(small, "JPEG", quality=90, subsampling="4:4:4"), {0xE0}),
        "broken-profile.jpg": saved(small, "JPEG", quality=90, icc_profile=b"no profile" * 40),
        "appended.jpg": ycbcr + b"SEFT appended by a phone \xff\xd8 more",
    }


def pngs(small):
    a = np.asarray(small).astype(np.int64)
    grey = np.asarray(small.convert("L")).astype(np.int64)[..., None]
    alpha = (np.arange(grey.size).reshape(grey.shape) * 7) % 256
    fine = np.random.default_rng(5).integers(0, 256, a.shape)
    palette16 = small.quantize(16)
    palette_chunk = png_chunk(b"PLTE", bytes(palette16.getpalette()[:48]))
    indices = np.asarray(palette16).astype(np.int64)[..., None]
    nonsense = png_chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 900_000, 9))
    return {
        "rgb.png": saved(small, "PNG"),
        "rgb-interlaced.png": png(a, 8, 2, interlaced=True),
        "rgb16.png": png(a * 256 + fine, 16, 2),
        "rgba.png": png(np.concatenate([a, alpha], -1), 8, 6),
        "rgba16.png": png(np.concatenate([a * 256 + fine, alpha * 257], -1), 16, 6),
        "grey.png": saved(small.convert("L"), "PNG"),
        "grey1.png": saved(small.convert("1"), "PNG"),
        "grey2.png": png(grey >> 6, 2, 0),
        "grey4.png": png(grey >> 4, 4, 0),
        "grey4-interlaced.png": png(grey >> 4, 4, 0, interlaced=True),
        "grey-alpha.png": png(np.concatenate([grey, alpha], -1), 8, 4),
        "grey-alpha16.png": png(np.concatenate([grey * 257, alpha * 257], -1), 16, 4),
        "palette256.png": saved(small.quantize(256), "PNG"),
        "palette16.png": png(indices, 4, 3, before_data=palette_chunk),
        "palette4-interlaced.png": png(indices % 4, 2, 3, interlaced=True, before_data=palette_chunk),
        "palette-transparent.png": saved(small.quantize(64), "PNG", transparency=3),
        "rgb-transparent.png": saved(small, "PNG", transparency=tuple(int(v) for v in a[0, 0])),
        "broken-profile.png": png(a, 8, 2, before_data=nonsense),
        "gamma.png": png(a, 8, 2, before_data=png_chunk(b"gAMA", struct.pack(">I", 100000))),
    }


def gifs(small, other):
    plain = saved(small.quantize(64), "GIF", interlace=0)
    wider = bytearray(plain)
    wider[6:10] = struct.pack("<HH", small.width + 23, small.height + 9)
    clear = bytearray(saved(small.quantize(31), "GIF", transparency=5))
    clear[6:10] = struct.pack("<HH", small.width + 10, small.height + 30)
    narrower = bytearray(plain)
    narrower[6:10] = struct.pack("<HH", small.width // 2, small.height // 2)
    return {
        "palette.gif": plain,
        "interlaced.gif": saved(small.quantize(200), "GIF", interlace=1),
        "two-colours.gif": saved(small.convert("1"), "GIF"),
        "grey.gif": saved(small.convert("L"), "GIF"),
        "animated.gif": saved(small, "GIF", save_all=True, append_images=[other, small], duration=80),
        "frame-smaller.gif": bytes(wider),
        "frame-smaller-transparent.gif": bytes(clear),
        "frame-larger.gif": bytes(narrower),
    }


def webps(small, other):
    see_through = small.copy()
    see_through.putalpha(small.convert("L"))
    return {
        "lossless.webp": saved(small, "WEBP", lossless=True),
        "lossless-alpha.webp": saved(see_through, "WEBP", lossless=True, exact=True),
        "lossless-palette.webp": saved(small.quantize(12).convert("RGB"), "WEBP", lossless=True),
        "lossy-90.webp": saved(small, "WEBP", quality=90),
        "lossy-20.webp": saved(small, "WEBP", quality=20),
        "lossy-alpha.webp": saved(see_through, "WEBP", quality=80),
        "lossy-0-fast.webp": saved(small, "WEBP", quality=0, method=0),
        "lossy-100-slow.webp": saved(small, "WEBP", quality=100, method=6),
        "lossy-odd.webp": saved(small.crop((0, 0, 61, 47)), "WEBP", quality=85),
        "lossy-flat.webp": saved(Image.new("RGB", (64, 48), (200, 30, 90)), "WEBP", quality=80),
        "profile.webp": saved(small, "WEBP", lossless=True, icc_profile=profile()),
        "animated.webp": saved(
            small, "WEBP", lossless=True, save_all=True, append_images=[other], duration=80, minimize_size=True
        ),
    }


def profile():
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def bmps(small):
    see_through = small.copy()
    see_through.putalpha(small.convert("L"))
    a = np.asarray(small)
    top_down = np.zeros((small.height, (small.width * 3 + 3) // 4 * 4), np.uint8)
    top_down[:, : small.width * 3] = a[..., ::-1].reshape(small.height, -1)
    return {
        "rgb.bmp": saved(small, "BMP"),
        "rgba.bmp": saved(see_through, "BMP"),
        "palette.bmp": saved(small.quantize(200), "BMP"),
        "grey.bmp": saved(small.convert("L"), "BMP"),
        "two-colours.bmp": saved(small.convert("1"), "BMP"),
        "top-down.bmp": bmp(small.width, -small.height, 24, 0, top_down.tobytes()),
        "rgb565.bmp": bmp16(small, 565),
        "rgb555.bmp": bmp16(small, 555),
        "runs.bmp": bmp_runs(small.quantize(7)),
    }


def tiffs(small):
    see_through = small.copy()
    see_through.putalpha(small.convert("L"))
    return {
        "plain.tiff": saved(small, "TIFF"),
        "lzw.tiff": saved(small, "TIFF", compression="tiff_lzw"),
        "deflate.tiff": saved(small, "TIFF", compression="tiff_adobe_deflate"),
        "packbits.tiff": saved(small, "TIFF", compression="packbits"),
        "jpeg.tiff": saved(small, "TIFF", compression="jpeg"),
        "grey.tiff": saved(small.convert("L"), "TIFF", compression="tiff_lzw"),
        "bilevel-g4.tiff": saved(small.convert("1"), "TIFF", compression="group4"),
        "palette.tiff": saved(small.quantize(99), "TIFF"),
        "rgba.tiff": saved(see_through, "TIFF"),
        "cmyk.tiff": saved(small.convert("CMYK"), "TIFF"),
    }


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    small, other = shelf(101, 76, 1), shelf(101, 76, 2)
    files = {}
    for group in (jpegs(small), pngs(small), gifs(small, other), webps(small, other), bmps(small), tiffs(small)):
        files.update(group)
    decoded = dict.fromkeys(files, True)

    files["photo-640x480.jpg"] = saved(shelf(640, 480, 3), "JPEG", quality=88)
    files["photo-480x640.jpg"] = saved(shelf(480, 640, 4), "JPEG", quality=85, progressive=True)
    files["tall-100x1500.jpg"] = saved(shelf(100, 1500, 5), "JPEG", quality=80)
    files["wide-1800x90.jpg"] = saved(shelf(1800, 90, 6), "JPEG", quality=80)
    files["exact-224x224.png"] = saved(shelf(224, 224, 7).quantize(64), "PNG")
    files["odd-451x333.png"] = saved(shelf(451, 333, 8).quantize(64), "PNG")
    files["tiny-1x1.png"] = saved(shelf(1, 1, 9), "PNG")
    files["small-30x40.png"] = saved(shelf(30, 40, 10), "PNG")
    files["lossy-640x480.webp"] = saved(shelf(640, 480, 11), "WEBP", quality=82)

    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x112] = orientation
        files[f"orientation{orientation}.jpg"] = saved(small, "JPEG", quality=90, exif=exif)
        decoded[f"orientation{orientation}.jpg"] = True
    exif = Image.Exif()
    exif[0x112] = 6
    files["orientation6.png"] = saved(small, "PNG", exif=exif)
    files["orientation6.webp"] = saved(small, "WEBP", lossless=True, exif=exif)
    files["orientation8.tiff"] = saved(small, "TIFF", tiffinfo={0x112: 8})
    decoded |= {"orientation6.png": True, "orientation6.webp": True, "orientation8.tiff": True}

    # Pillow cuts 16-bit grey off at 255, which makes nearly every such picture white. Right is its upper byte.
    grey16 = np.asarray(small.convert("L")).astype(np.int64)[..., None] * 256 + 77
    files["grey16.png"] = png(grey16, 16, 0)
    files["grey16.tiff"] = saved(Image.fromarray(grey16[..., 0].astype(np.uint16)), "TIFF")
    decoded |= {"grey16.png": True, "grey16.tiff": True}

    cases = {}
    for name, data in files.items():
        (out / name).write_bytes(data)
        with Image.open(io.BytesIO(data)) as opened:
            stored = opened.convert("RGB") if not name.startswith("grey16") else small.convert("L").convert("RGB")
            upright = stored if name.endswith(".tiff") else ImageOps.exif_transpose(opened)
            upright = stored if name.startswith("grey16") else upright.convert("RGB")
            mode = opened.mode
        case = {"mode": mode, "width": upright.width, "height": upright.height}
        case["clip_sha256"] = hashlib.sha256(clip_crop(upright).tobytes()).hexdigest()
        if name.startswith("orientation"):
            case["stored_sha256"] = hashlib.sha256(stored.tobytes()).hexdigest()
        if name in ("photo-640x480.jpg", "odd-451x333.png", "small-30x40.png", "tall-100x1500.jpg"):
            for other_filter in ("bilinear", "nearest"):
                crop = clip_crop(upright, other_filter)
                case[f"{other_filter}_sha256"] = hashlib.sha256(crop.tobytes()).hexdigest()
            scaled = (clip_crop(upright).astype(np.float64) * (1 / 255)).astype(np.float32)
            tensor = ((scaled - CLIP_MEAN) / CLIP_STD).transpose(2, 0, 1)
            case["tensor_sha256"] = hashlib.sha256(np.ascontiguousarray(tensor).astype("<f4").tobytes()).hexdigest()
        if decoded.get(name):
            (out / f"{name}.rgb.gz").write_bytes(gzip.compress(upright.tobytes(), 9, mtime=0))
        cases[name] = case
    (out / "goldens.json").write_text(json.dumps({"pillow": PIL.__version__, "cases": cases}, indent=1) + "\n")
    total = sum(f.stat().st_size for f in out.iterdir())
    print(f"{len(cases)} cases, {total / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
