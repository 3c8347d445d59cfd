"""Tables of the numbers: all follow from the ledger and can be counted anew."""

from django.db import models


class Edition(models.Model):
    """One counting of a book. ``digest`` says what is counted how; shown once ``ready_at`` is set."""

    book = models.CharField(max_length=60)
    digest = models.CharField(max_length=12)
    begun_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    fed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "digest"], name="indicators_edition_once")]


class Cell(models.Model):
    """A measure's value for a unit, a day and the book's dimensions ``a``, ``b``, ``c``."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=100)
    day = models.DateField()
    unit = models.CharField(max_length=120)
    a = models.CharField(max_length=120)
    b = models.CharField(max_length=120)
    c = models.CharField(max_length=120)
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "measure", "day", "unit", "a", "b", "c"], name="indicators_cell_once")
        ]
        indexes = [models.Index(fields=["edition", "unit", "day"], name="indicators_cell_unit")]


class Member(models.Model):
    """A member of a measure's set in a month, for a unit and the book's dimensions."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=100)
    day = models.DateField()
    unit = models.CharField(max_length=120)
    a = models.CharField(max_length=120)
    b = models.CharField(max_length=120)
    c = models.CharField(max_length=120)
    member = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "measure", "day", "unit", "a", "b", "c", "member"], name="indicators_member_once"
            )
        ]
