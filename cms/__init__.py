# The one place of the version; the newest section of CHANGELOG.md has the same.
__version__ = "0.1.0"
