"""Typed words that pass for the page's own, and links that lead elsewhere than they say."""

import pytest

from content.checks.imitations import imitated, misleading

IMITATIONS = """
Last Medical Review: May 1, 2030
Last medically reviewed on June 2, 2026
Last Revised: 2026
Last updated June 2026
last reviewed by Dr. Roe
Medically reviewed by Jane Roe, MD
This page was reviewed by the American Society of Clinical Oncology.
This article has been medically reviewed by our doctors.
Reviewed by: J. Roe, MD
Approved by the FDA panel of editors
Developed by the American Cancer Society medical and editorial content team with medical review by ASCO.
The text below was written with medical review by ASCO.
Fact-checked by J. Roe
Última revisión médica: 1 de mayo de 2030
Última revisión: mayo de 2026
Última actualización el 3 de junio
Revisado por la doctora Roe
Revisado médicamente por J. Roe
Fecha de la última revisión
con revisión médica de la Sociedad
before minor corrections
""".strip().splitlines()

INNOCENT = """
Ask your doctor to review your medicines.
Your last review of medicines may have been long ago.
The drug was approved by the FDA in 2014.
Your scans will be reviewed by a radiologist.
This treatment was developed by researchers in Boston.
When was your last period?
Su médico revisará sus medicamentos.
Este medicamento fue aprobado por la FDA en 2014.
Sus exámenes serán revisados por un radiólogo.
La última dosis se da en la semana 6.
""".strip().splitlines()


@pytest.mark.parametrize("words", IMITATIONS)
def test_words_that_imitate_a_date_or_a_credit_are_found(words):
    assert imitated(words)


@pytest.mark.parametrize("words", INNOCENT)
def test_plain_sentences_are_left_alone(words):
    assert not imitated(words)


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://evil.example/", "www.cancer.org"),
        ("https://evil.example/cancer.org", "https://cancer.org/treatment"),
        ("https://cancer.org.evil.example/", "cancer.org"),
        ("https://cancer.org@evil.example/", "the society"),
        ("https://www.cancer.org:pass@evil.example/", "the society"),
        ("https://c\u0430ncer.org/", "the society"),
        ("https://xn--cncer-3ve.org/", "the society"),
        ("http://[broken/", "the society"),
        ("https://notcancer.org/", "cancer.org"),
        ("https://evil.example/", "FDA (fda.gov)"),
    ],
)
def test_a_link_that_hides_where_it_leads_is_named(href, text):
    assert misleading(href, text)


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://www.cancer.org/treatment.html", "cancer.org"),
        ("https://www.cancer.org/treatment.html", "www.cancer.org/treatment.html"),
        ("https://www.cancer.org/a", "American Cancer Society"),
        ("https://www.accessdata.fda.gov/label.pdf", "fda.gov"),
        ("https://www.accessdata.fda.gov/label.pdf", "the label (label.pdf)"),
        ("https://example.org/x", "1.5 mg vs. 2.5 mg"),
        ("https://example.org/spl/drugInfo.cfm?id=1", "https://example.org/spl/drugInfo.cfm?id=1"),
        ("article:00000000-0000-4000-8000-000000000001", "Immunotherapy"),
        ("mailto:help@example.org", "help@example.org"),
        ("tel:18002272345", "1-800-227-2345"),
    ],
)
def test_a_link_that_says_where_it_leads_is_left_alone(href, text):
    assert misleading(href, text) == ""
