#!/usr/bin/env python
"""Django's command line for Imprimatur."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    from django.core.management import execute_from_command_line
    from django.db import Error

    try:
        execute_from_command_line(sys.argv)
    except Error as error:
        from content import outages

        words = outages.in_words(error)
        if not words or "--traceback" in sys.argv:
            raise
        sys.exit(words)
