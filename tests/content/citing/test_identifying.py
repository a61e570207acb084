import pytest

from content.citing.identifying import ADDRESS, DOI, ISBN, LINE, PMID, identified


@pytest.mark.parametrize(
    ("text", "kind", "bare"),
    [
        (" 10.1200/JCO.2016.69.3812 ", DOI, "10.1200/JCO.2016.69.3812"),
        ("doi: 10.1200/JCO.2016.69.3812.", DOI, "10.1200/JCO.2016.69.3812"),
        ("https://doi.org/10.1016/S0140-6736%2820%2930183-5", DOI, "10.1016/S0140-6736(20)30183-5"),
        ("27863194", PMID, "27863194"),
        ("PMID: 27863194", PMID, "27863194"),
        ("https://pubmed.ncbi.nlm.nih.gov/27863194/", PMID, "27863194"),
        ("978-0-323-47674-4", ISBN, "978-0-323-47674-4"),
        ("www.nccn.org", ADDRESS, "www.nccn.org"),
        ("nccn.org", ADDRESS, "nccn.org"),
        ("https://www.cancer.gov/types?x=1#top", ADDRESS, "https://www.cancer.gov/types?x=1#top"),
        ("Roe A. Rare tumors. 2024.", LINE, "Roe A. Rare tumors. 2024."),
        ("javascript:alert(1)", LINE, "javascript:alert(1)"),
        ("0123456780", LINE, "0123456780"),
        ("", LINE, ""),
    ],
)
def test_identified_tells_what_was_typed(text, kind, bare):
    assert identified(text) == (kind, bare)
