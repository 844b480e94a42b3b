"""Which rows a life has written: for each table, how its rows are found. What is not in here makes a test fail."""

from collections.abc import Mapping

OF_A_CASE: Mapping[str, str] = {
    "processes_processrun": "id = (SELECT run_id FROM cases_case WHERE id = %(case)s)",
    "cases_case": "id = %(case)s",
    "cases_clock": "case_id = %(case)s",
    "cases_suspension": "case_id = %(case)s",
    "cases_clockextension": "clock_id IN (SELECT id FROM cases_clock WHERE case_id = %(case)s)",
    "cases_clockinterval": "clock_id IN (SELECT id FROM cases_clock WHERE case_id = %(case)s)",
    "cases_task": "case_id = %(case)s",
    "cases_approval": "case_id = %(case)s",
    "cases_handover": "task_id IN (SELECT id FROM cases_task WHERE case_id = %(case)s)",
    "cases_recusal": "case_id = %(case)s",
    "cases_supplementrequest": "case_id = %(case)s",
    "cases_supplementpoint": "request_id IN (SELECT id FROM cases_supplementrequest WHERE case_id = %(case)s)",
    "cases_nonacceptance": "case_id = %(case)s",
    "cases_withdrawal": "case_id = %(case)s",
    "cases_decision": "case_id = %(case)s",
    "cases_feedemand": "case_id = %(case)s",
    "cases_result": "case_id = %(case)s",
    "cases_delivery": "case_id = %(case)s",
    "cases_rating": "case_id = %(case)s",
    "cases_archive": "case_id = %(case)s",
    "cases_casepaper": "case_id = %(case)s",
    "insight_finishedcase": "case_id = %(case)s",
    "papers_paper": "subject_id = %(case)s",
    "applications_application": "case_id = %(case)s",
    "applications_applicationmaterial": (
        "application_id IN (SELECT id FROM applications_application WHERE case_id = %(case)s)"
    ),
    "files_storedfile": (
        "id IN (SELECT file_id FROM applications_applicationmaterial JOIN applications_application AS application"
        " ON application.id = application_id WHERE application.case_id = %(case)s"
        " UNION SELECT file_id FROM cases_archive WHERE case_id = %(case)s)"
    ),
    "ledger_event": (
        "(subject_kind = 'case' AND subject_id = %(case)s)"
        " OR (subject_kind = 'paper' AND subject_id IN (SELECT id FROM papers_paper WHERE subject_id = %(case)s))"
        " OR (subject_kind = 'draft' AND subject_id IN (SELECT (data ->> 'draft_id')::uuid FROM ledger_event"
        " WHERE subject_kind = 'case' AND subject_id = %(case)s AND kind = 'applications.application_submitted'))"
    ),
    "ledger_handled": (
        "event_id IN (SELECT id FROM ledger_event WHERE subject_kind = 'case' AND subject_id = %(case)s)"
    ),
    "notifications_message": (
        "key IN (SELECT 'case-event-' || uid FROM ledger_event WHERE subject_kind = 'case' AND subject_id = %(case)s)"
    ),
    "notifications_carriage": (
        "message_id IN (SELECT id FROM notifications_message WHERE key IN (SELECT 'case-event-' || uid"
        " FROM ledger_event WHERE subject_kind = 'case' AND subject_id = %(case)s))"
    ),
}
"""Rows of one case, from its application to its archive."""

OF_A_RESIDENT: Mapping[str, str] = {
    "accounts_account": "id = %(account)s",
    "accounts_person": "account_id = %(account)s",
    "accounts_consent": "account_id = %(account)s",
    "ledger_event": "subject_id IN (%(account)s, %(person)s) AND kind LIKE 'accounts.%%'",
}
OF_AN_ENTERPRISE: Mapping[str, str] = {
    "accounts_enterprise": "id = %(enterprise)s",
    "ledger_event": "subject_id = %(enterprise)s",
}
OF_AN_ITEM: Mapping[str, str] = {
    "catalogue_catalogueitem": (
        "id = (SELECT catalogue_item_id FROM catalogue_serviceitem WHERE id = (SELECT service_item_id"
        " FROM catalogue_handlingitem WHERE id = %(item)s))"
    ),
    "catalogue_serviceitem": "id = (SELECT service_item_id FROM catalogue_handlingitem WHERE id = %(item)s)",
    "catalogue_handlingitem": "id = %(item)s",
    "catalogue_handlingitem_themes": "handlingitem_id = %(item)s",
    "catalogue_handlingversion": "id = %(version)s",
    "forms_formversion": "id = %(form)s",
    "ledger_event": "subject_id IN (%(item)s, %(form)s)",
}

COUNTED_APART = frozenset(
    {
        "papers_papercounter", "ledger_handlerplace", "catalogue_searchentry", "catalogue_searchword",
        "catalogue_changecount", "coordination_finding", "coordination_order", "ledger_leaf", "ledger_tile",
        "ledger_checkpoint", "insight_place",
    }
)  # fmt: skip
"""Written at the end, from what was poured: counters, places of handlers, what items are found by, warnings."""
PASSING = frozenset(
    {
        "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers",
        "accounts_trycount", "applications_draft", "applications_draftmaterial",
    }
)  # fmt: skip
"""Written on the way and gone at its end: jobs that have been done, tries that were counted, drafts submitted."""
