import pytest
from tests import cast

pytestmark = pytest.mark.django_db


def test_smoke(client):
    people = cast.cast()
    from reviews import gate

    edition = cast.submitted(people["ann"])
    print([f.code for f in gate.findings(edition)])
    cast.signed(edition, people)
    print(gate.findings(edition))
    pub = cast.publish(edition, people["dora"])
    print(pub.credit, pub.last_revised_on)
    r = client.get("/articles/immunotherapy-kaposi/")
    print(r.status_code, r.content.decode()[:3000])
    from content import verifying

    named = {}
    print(list(verifying.ledger_holds(named)), list(verifying.evidence_holds(named)))
    for who in people:
        client.force_login(people[who])
        for path in (
            "/admin/",
            f"/admin/articles/{edition.article_id}/readiness/",
            f"/admin/editions/{edition.pk}/",
            f"/admin/editions/{edition.pk}/publish/",
            f"/admin/content/article/{edition.article_id}/change/",
            f"/admin/content/article/{edition.article_id}/audit/",
            f"/admin/content/article/{edition.article_id}/history/",
            f"/admin/content/reference/",
            "/admin/content/drug/",
        ):
            try:
                r = client.get(path)
                print(who, path, r.status_code)
            except Exception as e:
                print(who, path, type(e), e)
