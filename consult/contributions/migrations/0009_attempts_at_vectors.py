from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0008_language_of_the_quote")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="vector_attempts",
            field=models.PositiveSmallIntegerField(default=0),
        )
    ]
