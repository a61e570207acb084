"""Uploaded bytes become a picture of our own making: what it shows, and nothing else the file held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from PIL import Image, ImageCms, ImageOps

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_ON_A_SIDE = 12_000
LONGEST_SIDE = 2400
ENDINGS = {"JPEG": (".jpg", ".jpeg", ".jfif"), "PNG": (".png",), "WEBP": (".webp",)}
NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}
BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
PNG, JPEG = "image/png", "image/jpeg"
ENOUGH = f"{LONGEST_SIDE} pixels on its longer side are enough"
SAVE_IT = "Save it as PNG or JPEG, and upload what you saved."

# Pictures we do not take, by how their files begin. Only to say what is wrong; what is taken is asked of the decoder.
OTHERS = {
    b"GIF8": "a GIF",
    b"<svg": "an SVG drawing",
    b"<?xml": "an SVG drawing or other XML",
    b"BM": "a BMP picture",
    b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture",
    b"%PDF-": "a PDF document",
    b"ftyp": "a HEIC or AVIF picture, or a film",
}


class Unusable(Exception):
    """The bytes are no picture that can be taken; `words` say why, and how to fix it."""

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        self.words = words
        super().__init__(words)


@dataclass(frozen=True)
class Cleaned:
    data: bytes
    media_type: str
    width: int
    height: int


def cleaned(data: bytes, name: str) -> Cleaned:
    """Decode and encode the picture anew. The same bytes always give the same ones. Raises Unusable."""
    refuse_size(data, name)
    refuse_others(data, name)
    with decoding(data, name), Image.open(BytesIO(data), formats=tuple(ENDINGS)) as opened:
        kind = opened.format or ""
        if kind == "MPO":  # what phones call a JPEG with a second picture behind the first
            kind = "JPEG"
        elif getattr(opened, "is_animated", False):
            raise Unusable("picture-animated", f"“{name}” is animated. Upload a still picture.")
        refuse_ending(kind, name)
        refuse_pixels(*opened.size, name)
        is_sharp = kind == "PNG" or (kind == "WEBP" and b"VP8L" in data)  # lossless: most likely a drawing
        shown = plain(upright(opened))
    return encoded(shown, PNG if is_sharp or shown.mode == "RGBA" else JPEG)


def refuse_size(data: bytes, name: str) -> None:
    if not data:
        raise Unusable("picture-empty", f"“{name}” is an empty file. Get the picture from its source again.")
    if len(data) > LARGEST:
        words = f"“{name}” is larger than {LARGEST // 1024 // 1024} MB. Make it smaller: {ENOUGH}."
        raise Unusable("picture-too-large", words)


@contextmanager
def decoding(data: bytes, name: str) -> Iterator[None]:
    # Whatever hostile bytes make the decoder raise comes out as Unusable.
    try:
        yield
    except Unusable:
        raise
    except MemoryError as error:
        raise too_much(name) from error
    # Pillow's own limits stand above ours, which is asked as soon as the size is known.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels(name) from error
    except Exception as error:  # decoders raise anything from SyntaxError to struct.error
        if not data.startswith(BEGINNINGS):
            raise Unusable(
                "picture-kind", f"“{name}” is not a PNG, JPEG or WebP picture. {SAVE_IT}"
            ) from error
        words = f"“{name}” is damaged: it cannot be read to its end. Get the picture from its source again."
        raise Unusable("picture-broken", words) from error


def refuse_others(data: bytes, name: str) -> None:
    begins = data[:64].lstrip()
    for start, kind in OTHERS.items():
        if begins.startswith(start) or data[4:8] == start:
            raise Unusable("picture-kind", f"“{name}” is {kind}. {SAVE_IT}")


def refuse_ending(kind: str, name: str) -> None:
    path = PurePath(name)
    if path.suffix.lower() not in ENDINGS[kind]:
        better = f"{path.stem}{ENDINGS[kind][0]}"
        words = f"“{name}” is a {NAMES[kind]} picture by its content. Name it {better}, and upload it again."
        raise Unusable("picture-ending", words)


def refuse_pixels(width: int, height: int, name: str) -> None:
    # Scaling takes memory by how much longer a side is than it shall be, however few pixels there are.
    if max(width, height) > MOST_ON_A_SIDE:
        words = f"“{name}” is more than {MOST_ON_A_SIDE} pixels wide or high. Make it smaller: {ENOUGH}."
        raise Unusable("picture-too-long", words)
    if width * height > MOST_PIXELS:
        raise too_many_pixels(name)


def too_many_pixels(name: str) -> Unusable:
    most = MOST_PIXELS // 1_000_000
    words = f"“{name}” has more than {most} million pixels. Make it smaller: {ENOUGH}."
    return Unusable("picture-too-many-pixels", words)


def too_much(name: str) -> Unusable:
    words = (
        f"“{name}” takes more memory or time to open than a picture may. Open it in a picture editor, save it as PNG "
        "or JPEG, and upload what you saved."
    )
    return Unusable("picture-too-much", words)


def upright(opened: Image.Image) -> Image.Image:
    # At most the longest side, turned as the camera says it was held.
    shown = unpaletted(opened)
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(shown)


def unpaletted(opened: Image.Image) -> Image.Image:
    # In tones that can be scaled: the neighbours of a palette's colour are other colours.
    opened.load()
    if opened.mode.startswith(
        "I"
    ):  # 16 bits of grey, as X-rays have; converting alone cuts off all above 255
        return opened.convert("I").point(lambda tone: tone * (1 / 256)).convert("L")
    if opened.has_transparency_data and opened.mode != "RGBA":
        return opened.convert("RGBA")
    return opened.convert("RGB") if opened.mode in {"P", "1"} else opened


def plain(shown: Image.Image) -> Image.Image:
    # In sRGB or grey, with no profile, comment, place or other words about it left.
    shown = in_srgb(shown)
    if shown.mode not in {"L", "RGB", "RGBA"}:
        shown = shown.convert("RGB")
    shown.info.clear()
    return shown


def in_srgb(shown: Image.Image) -> Image.Image:
    # The colour of a rash must not shift when the profile that tells it is taken away.
    profile = shown.info.get("icc_profile")
    if not profile:
        return shown
    mode = "RGBA" if shown.mode == "RGBA" else "RGB"
    try:
        found = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(shown, found, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return shown  # a profile of something else: browsers ignore it too
    return turned or shown


def encoded(shown: Image.Image, media_type: str) -> Cleaned:
    out = BytesIO()
    if media_type == PNG:
        shown.save(out, "PNG")
    else:
        shown.save(out, "JPEG", quality=90, progressive=True)
    return Cleaned(out.getvalue(), media_type, *shown.size)
