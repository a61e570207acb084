from content.admin import drugs, evidence, pictures
from content.admin.articles import article_admin
from content.admin.references import reference_admin

__all__ = ["article_admin", "drugs", "evidence", "pictures", "reference_admin"]
