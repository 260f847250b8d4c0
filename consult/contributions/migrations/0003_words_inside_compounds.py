from django.db import migrations

# The same expression as the lookup `comment__icontains` gives.
INDEX = """
CREATE INDEX contribution_words_parts ON django_comments USING gin (UPPER(comment) gin_trgm_ops)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0002_comment_search"),
        # It brings the operator class.
        ("editions", "0002_words_inside_compounds"),
    ]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX contribution_words_parts")]
