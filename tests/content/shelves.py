"""A library as large as wanted, of works whose titles differ by little, and some of them twice."""

import random
from itertools import count

from content.citing import matching
from content.library import adding
from content.models import Reference, ReferenceKey

DRUGS = (
    "pomalidomide lenalidomide thalidomide nivolumab pembrolizumab atezolizumab durvalumab avelumab cemiplimab "
    "trastuzumab pertuzumab bevacizumab ramucirumab rituximab obinutuzumab imatinib dasatinib nilotinib lapatinib "
    "gefitinib erlotinib sorafenib regorafenib sunitinib pazopanib cabozantinib paclitaxel docetaxel cabazitaxel "
    "cisplatin carboplatin oxaliplatin doxorubicin epirubicin etoposide"
).split()
ORGANS = (
    "breast rectal prostate bladder kidney liver pancreatic ovarian cervical thyroid gastric esophageal skin oral anal"
).split()
FAMILIES = (
    "Bauer Meyer Roe Doe Smith Garcia Kim Lee Chen Rossi Silva Novak Ivanov Khan Sato Okafor Haddad".split()
)
PHASES = ("phase I", "phase II", "phase III", "phase I/II")


def papers(chance):
    for number in count(1):
        drug, other, organ = chance.choice(DRUGS), chance.choice(DRUGS), chance.choice(ORGANS)
        phase = chance.choice(PHASES)
        title = chance.choice(
            (
                f"{drug.title()} for advanced {organ} cancer in adults: a {phase} study",
                f"{drug.title()} versus {other} in previously treated {organ} cancer: a randomised {phase} trial",
                f"Quality of life with {drug} or {other} in people with {organ} cancer",
            )
        )
        yield Reference(
            type="article-journal",
            title=title,
            author=[{"family": chance.choice(FAMILIES), "given": "A"} for _ in range(2)],
            issued=[chance.randint(1990, 2025)],
            container_title="Journal of Tests",
            doi=f"10.1000/test.{number}",
            more={"volume": str(chance.randint(1, 40)), "page": str(chance.randint(1, 9000))},
        )


def pages():
    for number in count():
        organ = ORGANS[number % len(ORGANS)].title()
        readers = ("Health Professional", "Patient")[number // len(ORGANS) % 2]
        year = 1900 + number // (2 * len(ORGANS))
        yield Reference(
            type="agency-page",
            title=f"{organ} Cancer Treatment (PDQ®)–{readers} Version",
            author=[{"literal": "National Cancer Institute"}],
            issued=[year],
            url=f"https://cancer.example/{number}",
        )


def guidelines():
    for number in count():
        organ = ORGANS[number % len(ORGANS)].title()
        yield Reference(
            type="guideline",
            title=f"NCCN Clinical Practice Guidelines in Oncology (NCCN Guidelines): {organ} Cancer",
            author=[{"literal": "National Comprehensive Cancer Network"}],
            version=f"{number // len(ORGANS) % 6 + 1}.{1990 + number // len(ORGANS) // 6}",
            url="www.nccn.example",
        )


def labels():
    for number in count():
        drug, year = DRUGS[number % len(DRUGS)], 1990 + number // len(DRUGS)
        yield Reference(type="label", title=f"{drug[:5].title()}ax ({drug})", issued=[year])


def works(number):
    """As many different works; the same ones whenever it is called."""
    chance = random.Random(5)
    shelves = [papers(chance)] * 6 + [pages(), guidelines(), labels()]
    found, seen = [], set()
    while len(found) < number:
        work = next(chance.choice(shelves))
        if (work.title, work.version, *work.issued) not in seen:
            seen.add((work.title, work.version, *work.issued))
            found.append(work)
    return found


def slip(title, chance):
    """One letter too few, too many, wrong, or two swapped."""
    words = title.split()
    place = chance.choice([n for n, word in enumerate(words) if word.isalpha() and len(word) > 4])
    word, at = words[place], chance.randint(1, len(words[place]) - 2)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    words[place] = chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)


def again(work, number, chance):
    """The same work as somebody else would enter it."""
    double = Reference(
        type=work.type,
        title=work.title,
        author=work.author,
        issued=work.issued,
        container_title="J Tests",
        doi="",
    )
    match number % 6:
        case 0:
            double.doi, double.title = f"https://doi.org/{work.doi.upper()}", "Untitled"
        case 1:
            double.title = slip(work.title, chance)
        case 2:
            double.title = work.title.upper() + "."
        case 3:
            double.title = work.title.replace(":", " –").replace("randomised", "randomized")
        case 4:
            double.issued = [work.issued[0] + 1]
        case _:
            double.title = (
                work.title.replace(" advanced", "").replace(" previously", "").replace(" people", "")
            )
            double.author = work.author[:1]
    return double


def store(references):
    for reference in references:
        reference.normalise()
    Reference.objects.bulk_create(references)
    ReferenceKey.objects.bulk_create(
        ReferenceKey(reference=reference, **key._asdict())
        for reference in references
        for key in matching.keys(reference).values()
    )
    adding.count_anew()


def fill(number, *, doubles):
    """Store so many works and some of them a second time; gives the keys of each such pair."""
    chance = random.Random(7)
    originals = works(number)
    store(originals)
    entered_twice = [work for work in originals if work.type == "article-journal"][:doubles]
    copies = [again(work, place, chance) for place, work in enumerate(entered_twice)]
    store(copies)
    return {(work.pk, copy.pk) for work, copy in zip(entered_twice, copies, strict=True)}


def fill_up(number):
    """Further works, until so many are stored."""
    store(works(number)[Reference.objects.count() :])
