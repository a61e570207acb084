"""The process that opens one picture: a name and the bytes come in; a line of JSON goes out, and the picture."""

import json
import sys

from content.pictures import cleaning
from content.pictures.limits import limit_this_process


def main() -> None:
    name = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    limit_this_process()
    try:
        clean = cleaning.cleaned(data, name)
    except cleaning.Unusable as unusable:
        answer({"code": unusable.code, "words": unusable.words})
    else:
        answer(
            {"media_type": clean.media_type, "width": clean.width, "height": clean.height},
            clean.data,
        )


def answer(told: dict[str, object], picture: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)


if __name__ == "__main__":
    main()
