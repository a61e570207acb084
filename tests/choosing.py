"""Choosing in a page what the library has thousands of."""


def choose_source(page, citation, title):
    """In the citation of this number on the article form, as people do: type, then press the one that is offered."""
    page.locator(f"#citations-{citation} .field-reference .select2-selection").click()
    page.get_by_role("searchbox").last.press_sequentially(title)
    page.get_by_role("option", name=title).first.click()
