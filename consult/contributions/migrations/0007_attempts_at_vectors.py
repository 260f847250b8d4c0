from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0006_vectors_once")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="vector_attempts",
            field=models.PositiveSmallIntegerField(default=0),
        )
    ]
