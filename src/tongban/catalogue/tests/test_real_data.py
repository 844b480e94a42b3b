from datetime import datetime
from pathlib import Path

import pytest

from tongban.base.actor import SYSTEM
from tongban.catalogue import actions, queries
from tongban.catalogue.models import HandlingItem

pytestmark = pytest.mark.django_db


def test_all_guides_of_hunan_import_and_can_be_applied_for(shared: Path, now: datetime) -> None:
    report = actions.import_guides(actor=SYSTEM, paths=[shared / "service-guides"], now=now)
    assert [report.broken, len(report.added)] == [[], 8]
    assert (
        HandlingItem.objects.filter(
            applicable=True, current__form__isnull=False, current__process__isnull=False
        ).count()
        == 8
    )
    again = actions.import_guides(actor=SYSTEM, paths=[shared / "service-guides"], now=now)
    assert [len(again.added), len(again.changed), len(again.unchanged), again.absent] == [0, 0, 8, []]
    for r in report.remarks:
        print(r)
    for r in report.contradictions:
        print(r)


def test_the_list_of_guangan_imports_as_guides_to_come(shared: Path, now: datetime) -> None:
    import time

    t = time.time()
    report = actions.import_guides(actor=SYSTEM, paths=[shared / "service-list-guangan.json"], now=now)
    print(time.time() - t)
    assert [report.broken, len(report.added)] == [[], 1135]
    assert not HandlingItem.objects.filter(applicable=True).exists()
    t = time.time()
    print(report.remarks[:10], report.contradictions[:3])
    again = actions.import_guides(actor=SYSTEM, paths=[shared / "service-list-guangan.json"], now=now)
    print(time.time() - t)
    assert len(again.unchanged) == 1135
    for q in [
        "开饭店",
        "canyin",
        "cydkb",
        "食品京营",
        "shipnjingying",
        "区人社局",
        "上户口",
        "tuixiu",
        "食品经营许可证",
        "补身份证",
        "zzzz",
        "烟证",
        "我想开一家药店需要什么材料",
    ]:
        t = time.time()
        f = queries.search(q)
        print(q, f.total, f.near, [h.row.name for h in f.hits[:4]], round(1000 * (time.time() - t)))
    print(queries.departments()[:3])
