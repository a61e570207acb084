"""Pictures for the tests, drawn when they are needed."""

import os
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WIDE, TALL = (40, 20), (20, 40)


def saved(image, kind, **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def drawn(kind="PNG", *, size=WIDE, mode="RGB", colour="teal", **options):
    return saved(Image.new(mode, size, colour), kind, **options)


def halves(*, size=WIDE):
    """Red at the left, blue at the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def noise(*, size):
    """No two bytes alike: nothing to compress."""
    return saved(Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)), "PNG", compress_level=0)


def moving(kind):
    frames = [Image.new("RGB", WIDE, colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def upload(data=None, name="cell.png"):
    return SimpleUploadedFile(name, drawn() if data is None else data)


def opened(data):
    return Image.open(BytesIO(data))
