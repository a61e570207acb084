"""What the library offers a draft, told naively: whatever readers would see otherwise by now."""

from datetime import date

from content.models import AccessCheck, Citation, Pin


def offered(world, oracle, article, word):
    """The keys of the offers; what was left can still be taken."""
    updates = {
        f"{table}-{world.shared[table].pk}-{versions[-1][0]}"
        for table, versions in world.versions.items()
        if differs(versions, pins(oracle, article)[table], word)
    }
    return updates | newer_checks(world, oracle, article) if word == "take" else updates


def pins(oracle, article):
    return {row["row_kind"]: row for row in oracle.rows[Pin] if row["article_id"] == article}


def differs(versions, pin, word):
    texts = {key: text for key, _, text in versions}
    newest = texts[versions[-1][0]]
    was_left = pin["declined_version"] is not None and texts[pin["declined_version"]] == newest
    return texts[pin["version"]] != newest and not (word == "leave" and was_left)


def newer_checks(world, oracle, article):
    """Of the title that the draft shows; a check of the other one is neither printed nor offered."""
    title = world.shown(article)["reference"]
    checks = {row["id"]: row for row in oracle.rows[AccessCheck] if row["work"]["title"] == title}
    newest = max(checks.values(), key=opened, default=None)
    return {
        f"access check-{row['id']}-{newest['id']}"
        for row in oracle.rows[Citation]
        if row["article_id"] == article
        and newest
        and (row["access_check_id"] not in checks or opened(newest) > opened(checks[row["access_check_id"]]))
    }


def opened(check):
    return check["opened_on"] or date.min, check["recorded_at"], check["id"]
