"""The catalogue: item → service item of one organisation → handling item → its versions."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tongban.base.models import Entity


class Theme(Entity):
    """A theme or life event by which matters are found."""

    class Kind(models.TextChoices):
        """How it groups."""

        THEME = "theme", "theme"
        LIFE_EVENT = "life_event", "life event"

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    audience = models.CharField(max_length=12, help_text="person or enterprise")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)


class CatalogueItem(Entity):
    """An entry of the basic catalogue 基本目录. One code may hold dozens of handling items."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    item_type = models.CharField(max_length=2, help_text="GB/T 39046 A.1")


class ServiceItem(Entity):
    """A catalogue item as one organisation carries it out 实施清单."""

    catalogue_item = models.ForeignKey(CatalogueItem, on_delete=models.PROTECT, related_name="service_items")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="empty: the jurisdiction's intake post takes it in and passes it on",
    )
    implementation_code = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=60, blank=True, help_text="the import it came by")
    authority_name = models.CharField(max_length=200, blank=True, help_text="who handles it, as the source says")
    region_code = models.CharField(max_length=12, blank=True, help_text="where it is carried out, if stated")

    class Meta:
        """Carried out once by an organisation, as one source tells; localities have versions of their own."""

        constraints = (
            models.UniqueConstraint(
                fields=[
                    "catalogue_item",
                    "organisation",
                    "implementation_code",
                    "source",
                    "authority_name",
                    "region_code",
                ],
                nulls_distinct=False,
                name="service_item_once",
            ),
        )


class HandlingItem(Entity):
    """The smallest thing that can be applied for 业务办理项."""

    class State(models.TextChoices):
        """在用, 暂停, 取消."""

        IN_USE = "in_use", "in use"
        SUSPENDED = "suspended", "suspended"
        CANCELLED = "cancelled", "cancelled"

    service_item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="handling_items")
    code = models.SlugField(max_length=120, unique=True, help_text="in its address")
    source_key = models.CharField(max_length=200, blank=True, help_text="what identifies it in its source")
    state = models.CharField(max_length=10, choices=State, default=State.IN_USE)
    current = models.OneToOneField("HandlingVersion", on_delete=models.PROTECT, null=True, related_name="current_of")
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    audiences = ArrayField(models.CharField(max_length=20), default=list)
    themes = models.ManyToManyField(Theme, related_name="handling_items")
    applicable = models.BooleanField(default=False, help_text="has a guide, a form and a process")
    times_applied = models.PositiveIntegerField(default=0)
    has_guide = models.BooleanField(default=True, help_text="no: only its name is known, the guide is to come")
    changed_at = models.DateTimeField()

    class Meta:
        """What a source names once is here once."""

        constraints = (
            models.UniqueConstraint(
                fields=["source_key"], condition=~models.Q(source_key=""), name="handling_item_source_once"
            ),
        )
        indexes = (
            models.Index(fields=["state", "-applicable", "-times_applied", "name"], name="handling_item_most_used"),
            GinIndex(fields=["audiences"], name="handling_item_audiences"),
        )


class HandlingVersion(Entity):
    """A version of a handling item. A case keeps the version it began under."""

    handling_item = models.ForeignKey(HandlingItem, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    guide = models.JSONField(help_text="the shape of catalogue.guide.Guide")
    digest = models.CharField(max_length=64, help_text="of guide, form and process together")
    form = models.ForeignKey("forms.FormVersion", on_delete=models.PROTECT, null=True, related_name="+")
    process = models.ForeignKey("processes.ProcessVersion", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    warnings: tuple[str, ...] = ()
    """What whoever publishes should know: what is asked of registers without a grant."""

    class Meta:
        """Versions are numbered."""

        constraints = (models.UniqueConstraint(fields=["handling_item", "version"], name="handling_version_once"),)


class SearchEntry(models.Model):
    """What a handling item is found by: words, pinyin, initials, pairs of characters for typing mistakes."""

    handling_item = models.OneToOneField(
        HandlingItem, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    names = SearchVectorField(help_text="words of its name, of what people call it, of its result")
    words = SearchVectorField(help_text="those, and words of offices, themes and the text of the guide")
    pinyin = models.TextField(help_text="full pinyin of its names, each without gaps: shipinjingyingxuke kaifandian")
    initials = models.TextField(help_text="first letters of the same: spjyxk kfd")
    pairs = ArrayField(models.TextField(), default=list, help_text="pairs of characters and sounds; =whole names")
    letters = models.GeneratedField(
        expression=models.Func("pinyin", "initials", function="catalogue_letters"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    """All runs of two and three letters of pinyin and initials: what holds a part of a text holds its runs."""

    class Meta:
        """Each way of finding has its index."""

        indexes = (
            GinIndex(fields=["names"], name="search_names", fastupdate=False),
            GinIndex(fields=["words"], name="search_words", fastupdate=False),
            GinIndex(fields=["pairs"], name="search_pairs", fastupdate=False),
            GinIndex(fields=["letters"], name="search_letters", fastupdate=False),
        )


class SearchWord(models.Model):
    """A word by which an item is found, with what orders what was found: a search reads the index of this alone.

    Written by triggers on the search entry and the item, never from here. Cancelled items have none.
    """

    id = models.BigAutoField(primary_key=True)
    handling_item_id = models.UUIDField(db_index=True)
    word = models.TextField(help_text="a word; =an everyday name in one piece; ~a pair")
    characters = models.SmallIntegerField(help_text="of a word; 0 for the others")
    named = models.BooleanField(help_text="a word of the name, of everyday names, of the result")
    later = models.BooleanField(help_text="the name says that somebody has the thing already")
    standing = models.FloatField(help_text="applicable, and how often it was applied for, roughly")

    class Meta:
        """A word of an item stands once, and its row lies in the index whole."""

        constraints = (
            models.UniqueConstraint(
                fields=["word", "handling_item_id"],
                include=["characters", "named", "later", "standing"],
                name="search_word_once",
            ),
        )


class ChangeCount(models.Model):
    """How often what lists and search show was changed: the sum of all rows, one of which each change adds to.

    Written by triggers, in the transaction of the change.
    """

    id = models.BigAutoField(primary_key=True)
    changes = models.BigIntegerField()
