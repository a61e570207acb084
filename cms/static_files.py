from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names each file by its content, also where one script imports another: no browser mixes two releases."""

    support_js_module_import_aggregation = True
