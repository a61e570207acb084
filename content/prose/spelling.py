from content.prose.blocks import Block
from content.prose.parsing import parsed
from content.prose.tidying import tidy
from content.prose.writing import written


def read(html: str) -> list[Block]:
    return tidy(parsed(html))


def canonical(html: str) -> str:
    """Return the one spelling of this prose.

    It is harmless, and the same for all inputs that look the same to a reader.
    """
    return written(read(html))


def is_clean(html: str) -> bool:
    return html == canonical(html)
