"""What every runner of a race has before it begins: all the code, and no connection."""

import os

import django
from django.urls import get_resolver

os.environ["IMPRIMATUR_DEBUG"] = "0"
django.setup()
get_resolver().url_patterns  # noqa: B018  reading it imports every view
