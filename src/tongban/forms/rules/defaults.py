"""The form of an item for which nobody has designed one: who applies can be reached and can say what they want."""

from collections.abc import Iterable

from tongban.forms.rules.document import FormDocument, FormField, FormStep


def _contact_fields(*, for_enterprises: bool) -> list[FormField]:
    fields = []
    if for_enterprises:
        fields.append(
            FormField(
                key="contact_name",
                type="name",
                label="联系人姓名",
                label_en="Contact person",
                hint="负责办理本事项、方便联系的人",
                hint_en="Who looks after this matter and can be reached",
                condition='applicant.kind == "enterprise"',
                source="submitter.name",
            )
        )
    fields += [
        FormField(
            key="contact_phone", type="phone", label="联系电话", label_en="Telephone",
            hint="手机号码，或带区号的座机号码，如 0731-12345678",
            hint_en="A mobile number, or a landline number with its area code",
            source="submitter.phone",
        ),
        FormField(
            key="contact_address", type="text", label="通讯地址", label_en="Postal address",
            hint="填到街道、门牌号；需要邮寄文书时使用",
            hint_en="With street and house number; used where papers are sent by post",
            required=False, max_length=200, personal=True,
        ),
    ]  # fmt: skip
    return fields


def default_document(*, audiences: Iterable[str], guide_name: str) -> FormDocument:
    """Return a form that is sensible for any item: how to reach the applicant, and what they ask for."""
    statement = FormField(
        key="statement", type="long_text", label="申请事由", label_en="What you ask for",
        hint="用自己的话说明即可；没有要补充的可以不填",
        hint_en="In your own words; leave it open if there is nothing to add",
        required=False, max_length=2000,
    )  # fmt: skip
    return FormDocument(
        title=f"{guide_name}申请表"[:200],
        title_en="Application form",
        steps=(
            FormStep(
                key="contact",
                title="联系方式",
                title_en="How we reach you",
                fields=tuple(_contact_fields(for_enterprises="enterprise" in set(audiences))),
            ),
            FormStep(key="request", title="申请内容", title_en="Your request", fields=(statement,)),
        ),
    )
