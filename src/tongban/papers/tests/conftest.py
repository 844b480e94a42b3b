from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation
    from tongban.papers.kinds import PaperContent

NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
OFFICE = "云澜市市场监督管理局"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def office() -> "Organisation":
    from tongban.organisations.models import Organisation

    return Organisation.objects.create(name=OFFICE, slug="market", paper_prefix="云市监")


@pytest.fixture
def content() -> "PaperContent":
    from tongban.papers.kinds import PaperContent

    return PaperContent(
        office=OFFICE,
        addressee="欧阳·阿卜杜拉",
        paragraphs=(
            "您提出的食品经营许可申请，材料齐全，依照《中华人民共和国行政许可法》第三十二条的规定，决定予以受理。",
        ),
        rows=(("办件编号", "YL20261123000012"), ("承诺办结日期", "2026年12月7日")),
        table_head=("序号", "材料"),
        table=(("1", "食品经营许可申请书"), ("2", "营业执照")),
        remarks=("联系电话：0731-12345678",),
        valid_from=date(2026, 11, 23),
        valid_to=date(2031, 11, 22),
        predecessor="云市监证〔2021〕7号",
    )
