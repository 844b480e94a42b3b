"""What a post has to answer is read from its index in the order in which it is shown: the first few and no more."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index is made beside the running release, which needs the old one only for speed."""

    atomic = False
    dependencies: ClassVar = [("coordination", "0002_orders_withdrawn")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "order",
            models.Index(
                condition=models.Q(("state", "waiting")), fields=["post", "due_on", "id"], name="order_owed_in_time"
            ),
        ),
        RemoveIndexConcurrently("order", "order_owed"),
    ]
