from django.db import migrations

# The same expression as SearchVector("comment_row__comment", config="german") gives.
INDEX = """
CREATE INDEX contribution_words_german ON django_comments
USING gin (to_tsvector('german'::regconfig, COALESCE(comment, '')))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0001_initial"),
        ("django_comments", "0004_add_object_pk_is_removed_index"),
    ]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX contribution_words_german")]
