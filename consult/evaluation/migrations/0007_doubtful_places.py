import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0006_answers_in_other_languages")]

    operations = [
        migrations.AddField(
            model_name="proposalmember",
            name="doubt",
            field=models.CharField(
                blank=True,
                choices=[
                    ("off_topic", "fern von allen Themen"),
                    ("between", "näher an einem anderen Thema"),
                    ("weak", "fern von den anderen im Thema"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="proposalmember",
            name="doubt_strength",
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name="proposalmember",
            name="near_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evaluation.themeproposal",
            ),
        ),
    ]
