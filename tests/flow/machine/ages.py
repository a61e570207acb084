"""What becomes worse by itself: reviews past their term, sources that nobody opened for long or that are not as they were."""

from datetime import date

from content.models import AccessCheck, AccessPolicy, Reference
from tests.flow.machine.rows import parsed


class Ages:
    def cited(self, edition):
        parts = parsed(self.editions[edition]["snapshot"])["parts"]
        return [
            pair for pair in zip(parts["references"], parts["access_dates"], strict=True) if pair[0]["url"]
        ]

    def reference(self, entry):
        return next(row for row in self.rows[Reference] if str(row["uid"]) == entry["uid"])

    def age(self, entry, access):
        """In days, and the two limits of its type of source; nothing where no day is printed."""
        if not access["on"]:
            return None
        kind = self.reference(entry)["type"]
        policy = next(row for row in self.rows[AccessPolicy] if row["type"] == kind)
        if policy["exempt"]:
            return None
        return (
            (self.today - date.fromisoformat(access["on"])).days,
            policy["follow_up_after_days"],
            policy["block_after_days"],
        )

    def newest_opening(self, entry):
        key = self.reference(entry)["id"]
        checks = [
            row
            for row in self.rows[AccessCheck]
            if row["reference_id"] == key
            and row["opened_by_id"]
            and row["work"]["title"] in "".join(entry["text"])
        ]
        return max(checks, key=lambda row: (row["opened_on"], row["recorded_at"], row["id"]), default=None)

    def aged_sources(self, edition):
        found = set()
        for entry, access in self.cited(edition):
            uid, age, newest = entry["uid"], self.age(entry, access), self.newest_opening(entry)
            if age and age[0] > age[2]:
                found.add(("access-date-over-age", uid))
            if access["found"] == "gone":
                found.add(("source-gone", uid))
            elif newest and newest["found"] in {"gone", "changed"}:
                printed = date.fromisoformat(access["on"]) if access["on"] else date.min
                is_printed = (newest["opened_on"], newest["found"]) == (printed, access["found"])
                if newest["opened_on"] >= printed and not is_printed:
                    found.add((f"source-{newest['found']}", uid))
        return found

    def ageing_sources(self, edition):
        ages = [self.age(entry, access) for entry, access in self.cited(edition)]
        return {"access-date-ageing" for age in ages if age and age[1] < age[0] <= age[2]}

    def faulty_sources(self, edition):
        codes = set()
        for _, access in self.cited(edition):
            if not access["on"]:
                codes.add("access-date-missing")
            if access["supports"] == "no":
                codes.add("reference-does-not-support")
            if access["supports"] == "not-stated" and access["found"] and not access["imported"]:
                codes.add("support-not-stated")
        return codes
