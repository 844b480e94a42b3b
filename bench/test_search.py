"""How long a search takes among 10,000 matters: `.venv/bin/pytest -n0 -s bench/test_search.py`."""

import time
from datetime import datetime

import pytest
from django.db import connection

from tongban.base.clock import OFFICE_ZONE
from tongban.catalogue import queries
from tongban.catalogue.tests.many import publish_many

NUMBER = 10_000
ROUNDS = 5
LIMIT_MS = 100
TYPED = (
    "开饭店", "食品经营许可", "canyin", "cydkb", "身份证", "补身份证", "shipinjingying", "公共场所卫生许可", "食品京营",
    "我想开一家饭店需要什么材料", "许可", "登记", "变更", "老年人津贴", "shipnjingying", "qqqzzz", "zhengshu", "sp", "",
    "不动产证书转移", "劳务派譴", "上户口", "驾照",
)  # fmt: skip


@pytest.mark.django_db
def test_searching_is_quick() -> None:
    """Search in 100 ms with 10,000 matters, 95 times of 100."""
    publish_many(NUMBER, datetime(2026, 11, 23, 9, 30, tzinfo=OFFICE_ZONE))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for words in TYPED:
        queries.search(words)
    took = sorted(_milliseconds(words) for words in TYPED * ROUNDS)
    p95 = took[int(len(took) * 0.95)]
    print(f"search among {NUMBER}: median {took[len(took) // 2]:.0f} ms, p95 {p95:.0f} ms, longest {took[-1]:.0f} ms")
    assert p95 < LIMIT_MS  # noqa: S101 - a measurement that is also a test


def _milliseconds(words: str) -> float:
    start = time.perf_counter()
    queries.search(words)
    return (time.perf_counter() - start) * 1000
