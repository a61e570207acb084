"""What the site says when it starts."""

import warnings

from django.core.wsgi import get_wsgi_application


def test_demonstration_starts_without_a_warning(settings):
    settings.WHITENOISE_AUTOREFRESH = False  # as without IMPRIMATUR_DEBUG

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        get_wsgi_application()

    assert [str(each.message) for each in said] == []
