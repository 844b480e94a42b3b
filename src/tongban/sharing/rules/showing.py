"""A request in plain lines, as it is archived. Pure."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tongban.sharing.models import DataRequest

OPERATORS = {"in": "属于", "not_in": "不属于", "begins_with": "开头为", "at_least": "不小于", "at_most": "不大于"}


def condition_words(condition: dict[str, object]) -> str:
    """Return a condition of a filter as a short Chinese phrase."""
    values = condition.get("values")
    shown = "、".join(str(one) for one in values) if isinstance(values, list) else ""
    return f"{condition.get('field')} {OPERATORS.get(str(condition.get('operator')), '')} {shown}"


def request_lines(request: "DataRequest") -> list[str]:
    """Return what was asked and what came of it, one line each, in Chinese."""
    found = [
        f"申请单位：{request.consumer.name}",
        f"信息资源：{request.resource.name}（{request.resource.code}）",
        f"信息项：{'、'.join(request.fields)}",
        f"用途：{request.purpose_words}（{request.purpose}）",
        f"依据：{request.basis_law} {request.basis_article}",
        f"服务事项：{'、'.join(request.items_served) or '不限'}",
        f"筛选条件：{'；'.join(condition_words(one) for one in request.row_filter) or '无'}",
        f"用量：预计每日 {request.expected_per_day} 次，每分钟最多 {request.rate_per_minute} 次",
        f"期限：至 {request.valid_until}",
    ]
    if request.reason:
        found.append(f"说明：{request.reason}")
    if request.outcome:
        found.append(f"结果：{request.outcome}；准予：{'、'.join(request.granted_fields) or '无'}")
    if request.refusal_law:
        found.append(f"不予共享依据：{request.refusal_law} {request.refusal_article}")
    return found
