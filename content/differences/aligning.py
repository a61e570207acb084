"""What in the new stands for what in the old: sections by key or likeness, blocks in order, moves found."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from content.differences.blocks import Block
from content.differences.entries import Entry
from content.sequences import Budget, spans

LIKE = 0.4  # Below this, two paragraphs share little more than their little words.
FAR = (
    60  # Rows this far apart in a rewritten stretch are not compared: a table of hundreds would take minutes.
)
Pairs = list[tuple[int, int]]
Bag = Counter[str]


def bag(blocks: Sequence[Block]) -> Bag:
    # The little words tell texts apart only where there are no others.
    words = [token.text.casefold() for block in blocks for token in block.tokens if token.text]
    return Counter([word for word in words if len(word) > 3 or word[0].isnumeric()] or words)


def likeness(old: Bag, new: Bag) -> float:
    """Return Dice's coefficient of two bags of words, from 0 to 1."""
    size = old.total() + new.total()
    return 2 * sum(min(count, new[word]) for word, count in old.items()) / size if size else 1.0


def paired_entries(old: Sequence[Entry], new: Sequence[Entry], budget: Budget) -> Pairs:
    # By key where there is one, else the likest first; in the order of the new.
    at = {entry.key: index for index, entry in enumerate(old) if entry.key}
    pairs = [(at[entry.key], index) for index, entry in enumerate(new) if entry.key in at]
    taken_old, taken_new = set(), set()
    compared = _likest if budget.pays(_pairs_of_words(old, new)) else _called_the_same
    for _, _, i, j in sorted(compared(old, new)):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            pairs.append((i, j))
    return sorted(pairs, key=lambda pair: pair[1])


def _pairs_of_words(old: Sequence[Entry], new: Sequence[Entry]) -> int:
    words = sum(1 + len(block.tokens) for entry in old if not entry.key for block in entry.blocks)
    return words * sum(not entry.key for entry in new)


def _called_the_same(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[float, int, int, int]]:
    # The first of a name is the first of that name, the second the second.
    there: dict[tuple[str, str], list[int]] = {}
    for i in reversed(range(len(old))):
        if not old[i].key:
            there.setdefault((old[i].name, old[i].parent), []).append(i)
    for j, entry in enumerate(new):
        if not entry.key and (known := there.get((entry.name, entry.parent))):
            i = known.pop()
            yield -0.7, abs(i - j), i, j


def _likest(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[float, int, int, int]]:
    bags = [bag(entry.blocks) for entry in new]
    for i, mine in enumerate(old):
        if mine.key:
            continue
        words = bag(mine.blocks)
        for j, other in enumerate(new):
            if other.key:
                continue
            like = likeness(words, bags[j])
            same_name, same_parent = mine.name == other.name, mine.parent == other.parent
            if like >= LIKE or (same_name and same_parent):
                yield -(like + 0.5 * same_name + 0.2 * same_parent), abs(i - j), i, j


def in_order(pairs: Pairs) -> set[tuple[int, int]]:
    """Choose as many pairs as can be without one that overtook another; the others have moved.

    `pairs` are in new order.
    """
    ends: list[int] = []
    last: list[tuple[int, int]] = []  # of the chain of each length
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in pairs:
        at = bisect_left(ends, pair[0])
        before[pair] = last[at - 1] if at else None
        ends[at : at + 1], last[at : at + 1] = [pair[0]], [pair]
    link, chosen = last[-1] if last else None, set()
    while link:
        chosen.add(link)
        link = before[link]
    return chosen


def merged(
    olds: int, news: int, pairs: Pairs, backbone: set[tuple[int, int]]
) -> Iterator[tuple[int | None, int | None]]:
    """Give every index of both, in reading order: what is gone stands after what it stood after, before what is new."""
    partner = {j: i for i, j in pairs}
    kept = set(partner.values())
    fixed = {i for i, _ in backbone}

    def gone(start: int) -> Iterator[tuple[int | None, int | None]]:
        for i in range(start, olds):
            if i in fixed:
                return
            if i not in kept:
                yield i, None

    yield from gone(0)
    for j in range(news):
        i = partner.get(j)
        yield i, j
        if i is not None and (i, j) in backbone:
            yield from gone(i + 1)


def paired_blocks(old: Sequence[Block], new: Sequence[Block], budget: Budget) -> Pairs:
    pairs: Pairs = []
    for is_same, was, now in spans(old, new, budget):
        if is_same:
            pairs += zip(range(was.start, was.stop), range(now.start, now.stop), strict=True)
        else:
            likely = _likely(old[was], new[now], budget)
            pairs += [(was.start + i, now.start + j) for i, j in likely]
    return pairs


def _likely(old: Sequence[Block], new: Sequence[Block], budget: Budget) -> Pairs:
    """Return the pairs, in order, whose likenesses add up to most; none where they are too many to compare."""
    words = sum(1 + len(block.tokens) for block in old)
    if not (old and new) or not budget.pays(
        len(old) * len(new) // 2 + words * min(len(new), 2 * FAR + 1) // 2
    ):
        return []
    likes = _likenesses(old, new)
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = best[i + 1][j + 1] + likes[i, j] if (i, j) in likes else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if (i, j) in likes and best[i][j] == best[i + 1][j + 1] + likes[i, j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likenesses(old: Sequence[Block], new: Sequence[Block]) -> dict[tuple[int, int], float]:
    old_bags, new_bags = [bag([block]) for block in old], [bag([block]) for block in new]
    found = {}
    for i, mine in enumerate(old):
        here = i * len(new) // len(old)
        for j in range(max(0, here - FAR), min(len(new), here + FAR + 1)):
            like = _block_likeness(mine, new[j], old_bags[i], new_bags[j])
            if like >= LIKE:
                found[i, j] = like
    return found


def _block_likeness(old: Block, new: Block, old_bag: Bag, new_bag: Bag) -> float:
    if old.name != new.name:
        return 0.0
    like = likeness(old_bag, new_bag)
    if old.name:
        return 0.5 + like / 2
    # A cell that holds nothing but a dose is still the same cell.
    return max(like, LIKE) if old.is_cell and old.place[-1] == new.place[-1] else like
