"""Benchmarks of the whole house, each run by `python -m bench.NAME` and printing ratios. See README.md in this folder."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
os.environ.setdefault("IMPRIMATUR_DEBUG", "0")
django.setup()
