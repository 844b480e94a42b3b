"""What must agree about papers: numbers without gap or double, counters, and the event of each issue."""

from tongban.base.books import Disagreements, Look, ask, comparison
from tongban.papers.events import PaperIssued


@comparison(
    "papers.numbers", holds="Numbers of a series and year run from 1 without gap or double, as its counter says"
)
def numbers(look: Look) -> Disagreements:
    """Compare each series with its counter; name the first number missing where they differ."""
    return ask(
        look,
        """
        WITH given AS (
            SELECT series, year, count(*) AS papers, count(DISTINCT serial) AS different, max(serial) AS last
            FROM papers_paper WHERE serial IS NOT NULL GROUP BY series, year
        )
        SELECT COALESCE(given.series, counter.series) || '〔' || COALESCE(given.year, counter.year) || '〕 has '
            || COALESCE(given.papers, 0) || ' papers, the last number is ' || COALESCE(given.last, 0)
            || ', the counter stands at ' || COALESCE(counter.last::text, 'nothing')
            || COALESCE((
                SELECT ', missing is ' || min(missing.serial)
                FROM generate_series(1, given.last) AS missing (serial)
                WHERE NOT EXISTS (
                    SELECT FROM papers_paper AS paper WHERE paper.series = given.series
                        AND paper.year = given.year AND paper.serial = missing.serial
                )
            ), '')
        FROM given
        FULL JOIN papers_papercounter AS counter ON counter.series = given.series AND counter.year = given.year
        WHERE (given.papers, given.different, given.last) IS DISTINCT FROM (given.last, given.last, counter.last)
            AND NOT (given.series IS NULL AND counter.last = 0)
        """,
    )


@comparison("papers.written_numbers", holds="The number that a paper carries is that of its series, year and place")
def written_numbers(look: Look) -> Disagreements:
    """See `rules.number`."""
    return ask(
        look,
        """
        SELECT 'paper ' || number || ' stands at ' || series || ' ' || year || ' ' || serial
        FROM papers_paper WHERE serial IS NOT NULL AND number <> series || '〔' || year || '〕' || serial || '号'
        """,
    )


@comparison("papers.issued", holds="Each paper was issued once in the ledger, with the same digest")
def issued(look: Look) -> Disagreements:
    """Compare papers with their events, both ways."""
    return ask(
        look,
        """
        SELECT 'paper ' || COALESCE(paper.id, event.subject_id) || ' ' || CASE
                WHEN event.id IS NULL THEN 'was never issued in the ledger'
                WHEN paper.id IS NULL THEN 'is in the ledger only'
                ELSE 'has another digest in the ledger' END
        FROM papers_paper AS paper
        FULL JOIN (SELECT * FROM ledger_event WHERE kind = %(issued)s) AS event ON event.subject_id = paper.id
        WHERE paper.id IS NULL OR event.id IS NULL OR event.data ->> 'digest' IS DISTINCT FROM paper.digest
        UNION ALL
        SELECT 'paper ' || subject_id || ' was issued ' || count(*) || ' times'
        FROM ledger_event WHERE kind = %(issued)s GROUP BY subject_id HAVING count(*) > 1
        """,
        {"issued": PaperIssued.kind},
    )
