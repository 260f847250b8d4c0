import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("editions", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="editiontext",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("plain"), name="gin_trgm_ops"
                ),
                name="edition_text_parts",
            ),
        ),
    ]
