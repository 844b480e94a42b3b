from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.base.errors import NotFound
from tongban.base.ids import new_id
from tongban.forms import actions, queries
from tongban.forms.errors import UnsoundForm
from tongban.forms.models import FormVersion
from tongban.forms.rules import FormDocument, check_step, default_document
from tongban.forms.tests.documents import PERSON, STREET_SHOP

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_same_document_is_the_same_version() -> None:
    first = actions.publish(code="shop", document=STREET_SHOP, now=NOW)
    again = actions.publish(code="shop", document=STREET_SHOP.model_dump(mode="json"), now=NOW)
    assert again == first
    changed = STREET_SHOP.model_copy(update={"title": "新标题"})
    assert actions.publish(code="shop", document=changed, now=NOW).version == 2
    assert queries.document(first.id) == STREET_SHOP
    assert queries.document(first.id) is queries.document(first.id)


@pytest.mark.django_db
def test_a_published_version_never_changes() -> None:
    version = actions.publish(code="shop", document=STREET_SHOP, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormVersion.objects.filter(id=version.id).update(document={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT document->>'title' FROM forms_formversion WHERE id = %s", [version.id])
        assert cursor.fetchone() == ("经营场所登记",)


@pytest.mark.django_db
def test_an_absent_form_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.document(new_id())


def field(**more: Any) -> dict[str, Any]:
    return {"key": "a", "type": "text", "label": "甲"} | more


def of(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"title": "表", "steps": [{"key": "s", "title": "步", "fields": list(fields)}]}


@pytest.mark.parametrize(
    "document",
    [
        of(field(), field()),
        of(field(type="choice")),
        of(field(condition="form.b == 1"), field(key="b")),
        of(field(condition="form.a == ")),
        of(field(checks=[{"expression": "form.nobody == 1", "message": "错"}])),
        of(field(type="integer", checks=[{"expression": "startsWith(form.a, 'x')", "message": "错"}])),
        of(field(type="number")),
        of(field(minimum="2020-01-01")),
        of(field(type="date", minimum=3)),
        of(field(key="Ä")),
        of(field(pattern="(a+)+$")),
        {"title": "表", "steps": []},
    ],
)
@pytest.mark.django_db
def test_an_unsound_document_is_refused_and_nothing_is_kept(document: dict[str, Any]) -> None:
    with pytest.raises(UnsoundForm) as refused:
        actions.publish(code="bad", document=document, now=NOW)
    assert refused.value.details["problems"]
    assert not FormVersion.objects.exists()


@pytest.mark.parametrize("audiences", [("person",), ("enterprise",), ("person", "enterprise")])
def test_the_default_form_can_be_filled_in(audiences: tuple[str, ...]) -> None:
    document = default_document(audiences=audiences, guide_name="某" * 300)
    enterprise = PERSON | {"applicant": {"kind": "enterprise"}}
    typed = {"contact_name": "张三", "contact_phone": "0731-12345678"}
    for context in (PERSON, enterprise):
        assert check_step(document, "contact", typed, context).ok
        assert check_step(document, "request", {}, context).ok
    assert ("contact_name" in check_step(document, "contact", {}, enterprise).errors) == ("enterprise" in audiences)
    assert FormDocument.model_validate(document.model_dump(mode="json")) == document
