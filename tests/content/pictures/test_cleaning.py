"""What becomes of a picture's bytes, and which bytes are no picture we take."""

import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from content.pictures import cleaning
from tests.content.drawing import TALL, WIDE, drawn, halves, moving, opened, saved

SECRETS = (b"Secretplace", b"Secretcamera", b"Secretcomment", b"Exif", b"GPS", b"ICC", b"<?xpacket", b"tEXt")


def told_all(orientation=1):
    """EXIF with place, camera and the way it was held."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Model] = "Secretcamera"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSAreaInformation] = b"Secretplace"
    return exif


def srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def near(pixel, wanted):
    return all(abs(is_ - should) < 12 for is_, should in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "name", "options", "media_type"),
    [
        ("PNG", "a.png", {}, "image/png"),
        ("PNG", "a.PNG", {"mode": "1", "colour": 1}, "image/png"),
        ("PNG", "a.png", {"mode": "P", "colour": 3}, "image/png"),
        ("PNG", "a.png", {"mode": "LA", "colour": (90, 9)}, "image/png"),
        ("JPEG", "a.jpg", {}, "image/jpeg"),
        ("JPEG", "a.JPEG", {"mode": "L", "colour": 90}, "image/jpeg"),
        ("JPEG", "a.jfif", {"mode": "CMYK", "colour": (0, 0, 0, 0)}, "image/jpeg"),
        ("WEBP", "a.webp", {}, "image/jpeg"),
        ("WEBP", "a.webp", {"lossless": True}, "image/png"),
        ("WEBP", "a.webp", {"mode": "RGBA", "colour": (1, 2, 3, 4)}, "image/png"),
    ],
)
def test_cleaned_gives_a_png_or_a_jpeg(kind, name, options, media_type):
    found = cleaning.cleaned(drawn(kind, **options), name)

    assert (found.media_type, found.width, found.height) == (media_type, *WIDE)
    assert opened(found.data).get_format_mimetype() == media_type
    assert opened(found.data).size == WIDE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_cleaned_takes_place_camera_comment_and_profile_out(kind):
    told = {
        "exif": told_all(),
        "icc_profile": srgb(),
        "comment": b"Secretcomment",
        "xmp": b"<?xpacket Secretcomment",
    }
    data = drawn(kind, **told)

    found = cleaning.cleaned(data, f"a.{kind.lower()}")

    assert b"Secretplace" in data
    assert b"Secretcamera" in data
    assert [secret for secret in SECRETS if secret in found.data] == []
    assert dict(opened(found.data).getexif()) == {}


def test_cleaned_takes_what_hangs_behind_the_picture_off():
    found = cleaning.cleaned(drawn() + b"PK\x03\x04 Secretcomment", "a.png")

    assert found.data == cleaning.cleaned(drawn(), "a.png").data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_cleaned_turns_a_picture_as_it_was_held(kind, orientation):
    held = halves()
    data = saved(
        held, kind, exif=told_all(orientation), **({"quality": 100} if kind == "JPEG" else {"lossless": True})
    )
    tagged = held.copy()
    tagged.info["exif"] = told_all(orientation).tobytes()
    upright = ImageOps.exif_transpose(tagged)

    shown = opened(cleaning.cleaned(data, f"a.{kind.lower()}").data).convert("RGB")

    assert shown.size == (TALL if orientation > 4 else WIDE)
    corners = [(2, 2), (shown.width - 3, shown.height - 3)]
    assert [near(shown.getpixel(at), upright.getpixel(at)) for at in corners] == [True, True]


def test_cleaned_turns_a_picture_with_a_palette_too():
    data = saved(halves().quantize(2), "PNG", exif=told_all(6))

    assert opened(cleaning.cleaned(data, "a.png").data).size == TALL


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((2400, 2400), (2400, 2400)),
        ((4800, 1200), (2400, 600)),
        ((1200, 4800), (600, 2400)),
        ((2401, 1), (2400, 1)),
    ],
)
def test_cleaned_scales_what_is_longer_than_any_screen(size, shown):
    found = cleaning.cleaned(drawn("JPEG", size=size, mode="L", colour=90), "a.jpg")

    assert (found.width, found.height) == shown


def test_cleaned_gives_the_same_bytes_for_the_same_bytes():
    data = saved(halves(), "JPEG")

    assert cleaning.cleaned(data, "a.jpg") == cleaning.cleaned(data, "b.jpeg")


def test_cleaned_keeps_colours_when_their_profile_goes():
    """The profile says that what the file calls red is green: readers saw green before, and see green after."""
    swapped = bytearray(srgb())
    red, green = (swapped.index(tag) for tag in (b"rXYZ", b"gXYZ"))
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    data = drawn("PNG", colour="red", icc_profile=bytes(swapped))

    found = opened(cleaning.cleaned(data, "a.png").data)

    assert near(found.getpixel((5, 5)), (0, 255, 0))


def test_cleaned_ignores_a_profile_that_is_none():
    data = drawn("JPEG", colour="red", icc_profile=b"not a profile" * 20)

    assert near(opened(cleaning.cleaned(data, "a.jpg").data).getpixel((5, 5)), (254, 0, 0))


def test_cleaned_keeps_the_greys_of_an_x_ray():
    data = saved(Image.new("I;16", WIDE, 32768), "PNG")

    assert opened(cleaning.cleaned(data, "a.png").data).getpixel((5, 5)) == 128


def test_cleaned_takes_the_first_picture_of_a_phone_that_takes_two():
    first, second = Image.new("RGB", WIDE, "red"), Image.new("RGB", WIDE, "blue")

    found = cleaning.cleaned(saved(first, "MPO", save_all=True, append_images=[second]), "a.jpg")

    assert near(opened(found.data).getpixel((5, 5)), (254, 0, 0))
    assert b"MPF" not in found.data


def test_cleaned_asks_no_decoder_of_other_kinds(monkeypatch):
    """The fewer decoders read what strangers made, the better."""
    asked = []
    monkeypatch.setattr(Image, "ID", [*Image.ID, "OTHER"])
    monkeypatch.setitem(Image.OPEN, "OTHER", (None, lambda prefix: asked.append(prefix) or False))

    with pytest.raises(cleaning.Unusable):
        cleaning.cleaned(b"Dear doctor", "a.png")
    with pytest.raises(UnidentifiedImageError):
        opened(b"Dear doctor")

    assert asked == [b"Dear doctor"]


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def claiming(width, height):
    """A PNG of a few bytes that says it is as large as this."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", zlib.compress(b"\0" * 999)) + png_chunk(b"IEND", b"")
    )


def with_text_bomb():
    """A few kilobytes of comment that unpack to 50 MB."""
    data = drawn()
    bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 50_000_000, 9))
    return data[:33] + bomb + data[33:]


KIND = "Save it as PNG or JPEG, and upload what you saved."
BROKEN = "“{}” is damaged: it cannot be read to its end. Get the picture from its source again."
MANY = "“{}” has more than 40 million pixels. Make it smaller: 2400 pixels on its longer side are enough."
HOSTILE = {
    "nothing": ("a.png", lambda: b"", "picture-empty", "“a.png” is an empty file. Get the picture from its source again."),
    "words": ("a.png", lambda: b"Dear doctor", "picture-kind", f"“a.png” is not a PNG, JPEG or WebP picture. {KIND}"),
    "html": ("a.png", lambda: b"<html><script>", "picture-kind", f"“a.png” is not a PNG, JPEG or WebP picture. {KIND}"),
    "svg": (
        "a.svg", lambda: b"\n<svg onload='alert(1)'/>", "picture-kind", f"“a.svg” is an SVG drawing. {KIND}",
    ),
    "svg as png": (
        "a.png", lambda: b"<?xml version='1.0'?><svg/>", "picture-kind",
        f"“a.png” is an SVG drawing or other XML. {KIND}",
    ),
    "gif": ("a.gif", lambda: drawn("GIF"), "picture-kind", f"“a.gif” is a GIF. {KIND}"),
    "bmp": ("a.bmp", lambda: drawn("BMP"), "picture-kind", f"“a.bmp” is a BMP picture. {KIND}"),
    "tiff": ("a.tif", lambda: drawn("TIFF"), "picture-kind", f"“a.tif” is a TIFF picture. {KIND}"),
    "pdf": ("a.pdf", lambda: drawn("PDF"), "picture-kind", f"“a.pdf” is a PDF document. {KIND}"),
    "heic": (
        "a.heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0", "picture-kind",
        f"“a.heic” is a HEIC or AVIF picture, or a film. {KIND}",
    ),
    "postscript": (
        "a.png", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "picture-kind",
        f"“a.png” is not a PNG, JPEG or WebP picture. {KIND}",
    ),
    "moving png": (
        "a.png", lambda: moving("PNG"), "picture-animated", "“a.png” is animated. Upload a still picture.",
    ),
    "moving webp": (
        "a.webp", lambda: moving("WEBP"), "picture-animated", "“a.webp” is animated. Upload a still picture.",
    ),
    "jpeg called png": (
        "a.b.png", lambda: drawn("JPEG"), "picture-ending",
        "“a.b.png” is a JPEG picture by its content. Name it a.b.jpg, and upload it again.",
    ),
    "png called svg": (
        "a.svg", drawn, "picture-ending",
        "“a.svg” is a PNG picture by its content. Name it a.png, and upload it again.",
    ),
    "png called html": (
        "a.html", drawn, "picture-ending",
        "“a.html” is a PNG picture by its content. Name it a.png, and upload it again.",
    ),
    "no ending": (
        "cell", lambda: drawn("WEBP"), "picture-ending",
        "“cell” is a WebP picture by its content. Name it cell.webp, and upload it again.",
    ),
    "half a png": ("a.png", lambda: drawn(size=(400, 400), compress_level=0)[:9000], "picture-broken", BROKEN.format("a.png")),
    "half a jpeg": ("a.jpg", lambda: drawn("JPEG", size=(400, 400))[:-500], "picture-broken", BROKEN.format("a.jpg")),
    "half a webp": ("a.webp", lambda: drawn("WEBP", size=(400, 400))[:-20], "picture-broken", BROKEN.format("a.webp")),
    "a png with a wrong bit": ("a.png", lambda: drawn().replace(b"IDAT", b"IDBT"), "picture-broken", BROKEN.format("a.png")),
    "the head of a png": ("a.png", lambda: drawn()[:20], "picture-broken", BROKEN.format("a.png")),
    "a comment that unpacks to much": ("a.png", with_text_bomb, "picture-broken", BROKEN.format("a.png")),
    "a side that is too long": (
        "a.png",
        lambda: claiming(12_001, 1),
        "picture-too-long",
        "“a.png” is more than 12000 pixels wide or high. Make it smaller: 2400 pixels on its longer side are enough.",
    ),
    "just too many pixels": ("a.png", lambda: claiming(8_000, 5_001), "picture-too-many-pixels", MANY.format("a.png")),
    "more pixels than pillow likes": ("a.png", lambda: claiming(10_000, 10_000), "picture-too-many-pixels", MANY.format("a.png")),
    "more pixels than pillow takes": ("a.png", lambda: claiming(60_000, 60_000), "picture-too-many-pixels", MANY.format("a.png")),
    "too many bytes": (
        "a.png", lambda: drawn() + b"\0" * cleaning.LARGEST, "picture-too-large",
        "“a.png” is larger than 10 MB. Make it smaller: 2400 pixels on its longer side are enough.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code", "words"), HOSTILE.values(), ids=HOSTILE)
def test_cleaned_refuses_in_plain_words(name, data, code, words):
    with pytest.raises(cleaning.Unusable) as refused:
        cleaning.cleaned(data(), name)

    assert (refused.value.code, refused.value.words) == (code, words)
