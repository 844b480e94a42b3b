"""What is done to the database of a whole city, by the comparison that must name it.

`<case>` stands for a case under review. What the tables themselves refuse (a paper changed, an event deleted, a double of
something unique) cannot be done here either: it is done by what they let through.
"""

EVENT = """
    INSERT INTO ledger_event (uid, kind, happened_at, actor_kind, subject_kind, subject_id, data, transaction, position)
    SELECT gen_random_uuid(), '{kind}', now() {ago}, 'system', '{about}', {subject}, '{{}}', 1, {position}
"""


def _event(kind: str, about: str, subject: str, *, ago: str = "", position: str = "") -> str:
    last = "(SELECT max(position) + 1 FROM ledger_event)"
    return EVENT.format(kind=kind, about=about, subject=subject, ago=ago, position=position or last)


PAPER = """
    INSERT INTO papers_paper (id, kind, organisation_id, series, year, serial, number, subject_id, content, digest,
        unprintable, issued_at, void_reason)
    SELECT gen_random_uuid(), '{kind}', organisation_id, series, year, {serial}, series || '〔' || year || '〕' || {serial}
        || '号{after}', subject_id, content, digest, '', issued_at, '' FROM papers_paper WHERE kind = '{kind}' LIMIT 1
"""


def _paper(kind: str, *, serial: int = 1000, after: str = "") -> str:
    return PAPER.format(kind=kind, serial=serial, after=after)


LOOK_UP = """
    INSERT INTO exchange_lookup (id, at, system, subject_kind, fields, purpose, reference_kind, reference, refused,
        secret_order, transaction, grant_id, resource_id, subject_key)
    SELECT gen_random_uuid(), now() - interval '1 hour', '', '', '{{name,more}}', '', '', '', '{refused}', '', 0,
        {grant}, {resource}, gen_random_uuid()
"""
GRANT = """
    INSERT INTO exchange_resource (id, slug, code, provider_id, subject_kind, name, name_en, field_codes, created_at)
    SELECT gen_random_uuid(), 'broken', '101001/99', id, 'person', '', '', '{name}', now()
    FROM organisations_organisation LIMIT 1;
    INSERT INTO exchange_grant (id, resource_id, consumer_id, consumer_system, fields, row_filter, purpose, purpose_words,
        basis_law, basis_article, items_served, standing, may_be_secret, valid_from, valid_until, rate_per_minute, state,
        state_word, granted_at)
    SELECT gen_random_uuid(), id, provider_id, '', '{name}', '[]', 'x', 'x', 'x', 'x', '{}', '', false, now(),
        now() + interval '1 day', 1, 'active', '', now() FROM exchange_resource WHERE slug = 'broken'
"""
NEW_PAPER = "(SELECT id FROM papers_paper WHERE serial = 1000)"
BREAKS: dict[str, list[str]] = {
    "sharing.requests": ["UPDATE cases_case SET kind = 'data_request' WHERE id = <case>"],
    "sharing.disputes": ["UPDATE cases_case SET kind = 'data_dispute' WHERE id = <case>"],
    "sharing.answers": [
        _event("sharing.request_answered", "data_request", "gen_random_uuid()", ago="- interval '1 hour'")
    ],
    "ledger.positions": [_event("x.y", "case", "<case>", position="(SELECT max(position) + 2 FROM ledger_event)")],
    "ledger.sealed": [_event("x.y", "case", "<case>", ago="- interval '1 hour'", position="NULL")],
    "ledger.leaves": [
        ("INSERT INTO ledger_leaf (position, event_id, commitment) SELECT max(position) + 1, 0, '' FROM ledger_leaf"),
        ";".join(
            (
                _event("x.y", "case", "<case>"),
                "INSERT INTO ledger_leaf SELECT max(position) + 1, max(id), '', NULL FROM ledger_event",
            )
        ),
    ],
    "ledger.grown": [_event("x.y", "case", "<case>", ago="- interval '1 hour'")],
    "ledger.tiles": ["INSERT INTO ledger_tile (level, number, hashes, root) VALUES (1, 99, '', '')"],
    "ledger.checkpoint": [
        "DELETE FROM ledger_checkpoint",
        (
            "INSERT INTO ledger_checkpoint (size, root, key, note, made_at) SELECT size + 1, root, key, note, made_at"
            " FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"
        ),
    ],
    "ledger.chains": [
        (
            "INSERT INTO ledger_chain (key, salt, pseudonym, begun, count, head)"
            " VALUES (gen_random_uuid(), '', 'x', 1, 1, 'x')"
        )
    ],
    "ledger.handled": ["DELETE FROM ledger_handled WHERE id = (SELECT max(id) FROM ledger_handled)"],
    "ledger.handled_by_right": [
        (
            "INSERT INTO ledger_handled (event_id, handler, handled_at) SELECT id, 'cases.tell_lapsed', now()"
            " FROM ledger_event WHERE kind = 'cases.case_opened' LIMIT 1"
        )
    ],
    "exchange.look_ups": [
        LOOK_UP.format(refused="no_grant", grant="NULL", resource="NULL"),
        _event("exchange.looked_up", "look_up", "gen_random_uuid()", ago="- interval '1 hour'"),
    ],
    "exchange.grants": [
        ";".join(
            (
                GRANT,
                LOOK_UP.format(
                    refused="",
                    grant="(SELECT id FROM exchange_grant LIMIT 1)",
                    resource="(SELECT id FROM exchange_resource LIMIT 1)",
                ),
            )
        )
    ],
    "papers.numbers": [
        "UPDATE papers_papercounter SET last = last + 1 WHERE id = (SELECT min(id) FROM papers_papercounter)",
        "DELETE FROM papers_papercounter WHERE id = (SELECT min(id) FROM papers_papercounter)",
        _paper("receipt"),
    ],
    "papers.written_numbers": [_paper("receipt", after="之一")],
    "papers.issued": [
        _paper("receipt"),
        _event("papers.paper_issued", "paper", "gen_random_uuid()"),
        ";".join((_paper("receipt"), _event("papers.paper_issued", "paper", NEW_PAPER))),
        _event("papers.paper_issued", "paper", "(SELECT id FROM papers_paper LIMIT 1)"),
    ],
    "cases.step_clocks": [
        (
            "UPDATE cases_clock SET kind = 'step', task_id = (SELECT id FROM cases_task WHERE state <> 'open' LIMIT 1)"
            " WHERE id = (SELECT id FROM cases_clock WHERE state = 'running' LIMIT 1)"
        )
    ],
    "cases.renewal_clocks": [
        (
            "UPDATE cases_clock SET at_end = 'deemed_renewed'"
            " WHERE id = (SELECT id FROM cases_clock WHERE state = 'running' LIMIT 1)"
        )
    ],
    "notifications.once": [
        (
            "INSERT INTO notifications_carriage (id, message_id, channel, address, subject, body, mail_message_id, state,"
            " tries, next_try_at, last_error, created_at) SELECT gen_random_uuid(), message_id, channel, address, subject,"
            " body, 'again', state, tries, next_try_at, last_error, created_at FROM notifications_carriage LIMIT 1"
        )
    ],
    "notifications.carried": ["UPDATE notifications_carriage SET next_try_at = now() - interval '1 hour'"],
    "notifications.states": ["UPDATE notifications_carriage SET state = 'sent'"],
    "catalogue.versions": [
        "UPDATE catalogue_handlingitem SET current_id = NULL",
        "UPDATE catalogue_handlingversion SET version = 3",
    ],
    "catalogue.found": ["DELETE FROM catalogue_searchentry"],
    "catalogue.words": [
        "DELETE FROM catalogue_searchword WHERE word LIKE '~%'",
        "UPDATE catalogue_searchword SET standing = standing + 1",
    ],
    "applications.cases": [
        "DELETE FROM applications_application WHERE case_id = <case>",
        "UPDATE cases_case SET kind = 'test' WHERE state = 'decided'",
    ],
    "applications.submissions": [
        "UPDATE applications_application SET receipt_id = NULL WHERE case_id = <case>",
        _paper("receipt"),
        (
            "UPDATE applications_application SET receipt_id = (SELECT max(receipt_id::text)::uuid FROM"
            " applications_application)"
        ),
        "DELETE FROM applications_application WHERE case_id = <case>",
        _event("applications.application_submitted", "case", "<case>"),
    ],
    "applications.drafts": [
        "UPDATE applications_draft SET idempotency_key = (SELECT idempotency_key FROM applications_application LIMIT 1)"
    ],
    "applications.results": [
        (
            "UPDATE cases_feedemand SET state = 'paid', settled_at = now() - interval '1 hour' WHERE state = 'due'"
            " AND case_id = (SELECT id FROM cases_case WHERE state = 'decided')"
        )
    ],
    "applications.answers": [
        (
            "INSERT INTO applications_applicationanswer (id, application_id, kind, key, resource, purpose, about, items,"
            " outcome, records, names, looked_at, is_fixed, look_up_id) SELECT gen_random_uuid(), id, 'material', 'plan',"
            " 'population', 'settling', 'applicant', '{}', 'answered', '', '{}', now(), false, NULL"
            " FROM applications_application LIMIT 1"
        ),
    ],
    "applications.most_used": ["UPDATE catalogue_handlingitem SET times_applied = times_applied + 1"],
    "cases.states": [
        "UPDATE cases_case SET state = 'suspended' WHERE state = 'review'",
        "UPDATE cases_case SET revision = revision + 1 WHERE state = 'decided'",
        "DELETE FROM cases_case WHERE id = <case>",
        _event("cases.case_withdrawn", "case", "<case>"),
        _event("cases.case_opened", "case", "<case>"),
    ],
    "cases.dates": [
        "UPDATE cases_case SET accepted_at = NULL WHERE state = 'review'",
        "UPDATE cases_case SET accepted_at = now() WHERE state = 'submitted'",
        "UPDATE cases_case SET decided_at = NULL WHERE state = 'decided'",
        "UPDATE cases_case SET completed_at = NULL WHERE state = 'completed'",
        "UPDATE cases_case SET delivered_at = NULL WHERE state = 'delivered'",
        "UPDATE cases_case SET ended_at = NULL WHERE state = 'withdrawn'",
        "UPDATE cases_case SET retain_until = NULL WHERE state = 'not_accepted'",
    ],
    "cases.parts": [
        "DELETE FROM cases_decision",
        "DELETE FROM cases_nonacceptance",
        "DELETE FROM cases_withdrawal",
        "DELETE FROM cases_delivery WHERE case_id = <case>",
        "UPDATE cases_delivery SET delivered_at = NULL",
        "UPDATE cases_supplementrequest SET answered_at = now()",
        "DELETE FROM cases_archive",
    ],
    "cases.papers": [
        "DELETE FROM cases_casepaper WHERE id = (SELECT id FROM cases_casepaper LIMIT 1)",
        "UPDATE cases_casepaper SET case_id = <case>",
        "DELETE FROM cases_feedemand WHERE state = 'due'",
        _paper("acceptance"),
    ],
    "cases.open_tasks": [
        "UPDATE cases_task SET state = 'cancelled' WHERE state = 'open' AND kind = 'acceptance'",
        "UPDATE cases_task SET state = 'cancelled' WHERE state = 'open' AND kind = 'review'",
        "UPDATE cases_task SET state = 'cancelled' WHERE state = 'open' AND kind = 'decision'",
        "UPDATE cases_task SET state = 'cancelled' WHERE state = 'open' AND kind = 'delivery'",
        "UPDATE cases_task SET state = 'open' WHERE state = 'done' AND kind = 'acceptance'",
    ],
    "cases.holders": [
        "UPDATE cases_task SET holder_id = NULL WHERE state = 'open' AND holder_id IS NOT NULL",
        (
            "UPDATE cases_task SET holder_id = (SELECT id FROM accounts_official LIMIT 1) WHERE state = 'open'"
            " AND kind = 'review'"
        ),
        "UPDATE cases_task SET done_by_id = NULL WHERE state = 'done'",
        "UPDATE cases_task SET holder_id = NULL WHERE state = 'done'",
        "UPDATE cases_task SET ended_at = NULL WHERE state = 'cancelled'",
        "UPDATE cases_task SET claimed_at = NULL WHERE state = 'open' AND holder_id IS NOT NULL",
    ],
    "cases.came_in": [
        "UPDATE cases_task SET case_submitted_at = case_submitted_at + interval '1 day' WHERE kind = 'decision'",
        "UPDATE cases_task SET case_submitted_at = NULL WHERE state = 'open'",
    ],
    "cases.processes": [
        "UPDATE cases_task SET engine_id = 'elsewhere' WHERE state = 'open' AND kind = 'review'",
        "UPDATE cases_task SET state = 'done' WHERE state = 'open' AND kind = 'review'",
        "UPDATE cases_case SET run_id = NULL WHERE state = 'review'",
        "UPDATE processes_processrun SET ended_at = NULL WHERE ended_at IS NOT NULL",
    ],
    "cases.clocks": [
        "UPDATE cases_clock SET state = 'ended' WHERE state = 'running' AND kind = 'notice'",
        "UPDATE cases_clock SET state = 'ended' WHERE state = 'running' AND kind = 'promised'",
        "UPDATE cases_clock SET state = 'stopped' WHERE state = 'running' AND kind = 'statutory'",
        "UPDATE cases_clock SET state = 'running' WHERE state = 'ended'",
    ],
    "cases.intervals": [
        "DELETE FROM cases_clockinterval WHERE until IS NULL",
        "UPDATE cases_clockinterval SET until = NULL WHERE until IS NOT NULL",
        "UPDATE cases_clockinterval SET running = false WHERE until IS NULL",
        "UPDATE cases_clock SET ended_at = NULL WHERE state = 'ended'",
        "UPDATE cases_clock SET ended_by = '' WHERE state = 'ended'",
        "UPDATE cases_clockinterval SET until = until + interval '1 day'",
    ],
    "cases.order_of_work": [
        "UPDATE cases_task SET due_on = due_on + 1 WHERE state = 'open' AND kind = 'review'",
        "UPDATE cases_task SET due_on = NULL WHERE state = 'open' AND kind = 'acceptance'",
    ],
    "site.jobs": [
        (
            "UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 hour'; UPDATE procrastinate_events SET at ="
            " now() - interval '1 hour'"
        ),
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT max(id) FROM procrastinate_jobs)",
        "UPDATE procrastinate_jobs SET status = 'failed'",
    ],
}


def statement(broken: str) -> str:
    """Return it as it is sent."""
    return broken.replace("<case>", "(SELECT id FROM cases_case WHERE state = 'review' LIMIT 1)")
