"""Keep the search entry of a handling item. Only `publish` and `index_again` call this."""

from itertools import islice

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Func, TextField, Value

from tongban.catalogue.guide import Guide
from tongban.catalogue.models import HandlingItem, SearchEntry
from tongban.catalogue.rules.finding import findable

BATCH = 500


class _AsVector(Func):
    """Read a text as a tsvector: the words are taken apart already, PostgreSQL's parser knows no Chinese."""

    template = "(%(expressions)s)::tsvector"
    output_field = SearchVectorField()


def index(item: HandlingItem, guide: Guide) -> None:
    """Write how the item is found, in the transaction of its change."""
    write_entries([entry_of(item, guide)])


def entry_of(item: HandlingItem, guide: Guide) -> SearchEntry:
    """Return how the item is found."""
    service = item.service_item
    offices = [guide.authority_name, service.authority_name]
    if service.organisation is not None:
        offices += [service.organisation.name, service.organisation.short_name, service.organisation.name_en]
    entry = findable(guide, office_names=dict.fromkeys(filter(None, offices)))
    return SearchEntry(
        handling_item=item,
        names=_AsVector(Value(entry.names, output_field=TextField())),
        words=_AsVector(Value(entry.words, output_field=TextField())),
        pinyin=entry.pinyin,
        initials=entry.initials,
        pairs=list(entry.pairs),
    )


def write_entries(entries: list[SearchEntry]) -> None:
    """Write entries, in place of those that are there."""
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["handling_item"],
        update_fields=["names", "words", "pinyin", "initials", "pairs"],
    )


def index_again() -> int:
    """Write all search entries anew, for instance after the table of everyday names has grown. Returns how many."""
    done = 0
    items = HandlingItem.objects.select_related("service_item__organisation", "current").order_by("id")
    shown = items.filter(current__isnull=False).iterator(chunk_size=BATCH)
    while batch := list(islice(shown, BATCH)):
        entries = [entry_of(item, Guide.model_validate(item.current.guide)) for item in batch if item.current]
        with transaction.atomic():
            write_entries(entries)
        done += len(entries)
    return done
