"""What is wrong with an outside source, in a sentence that says what to do about it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.exchange.rules.outside.codes import Why, Wrong

SENTENCES: Mapping[str, str | Promise] = {
    Why.RESTING: _("It has failed several times and is left alone for a while."),
    Why.BUSY: _("Too many wait for it already."),
    Why.CONNECT: _("It cannot be reached: nobody answers at this address."),
    Why.DEADLINE: _("It did not answer in time."),
    Why.BROKEN: _("Its answer broke off."),
    Why.LOGIN: _("It does not let us in: user or password is wrong, or the database does not exist."),
    Why.NOT_ALLOWED_THERE: _("Its login may not read what was declared. Please have it granted: %(about)s"),
    Why.NO_SUCH_TABLE: _("There is no such table or view there: %(about)s"),
    Why.NO_SUCH_COLUMN: _("One of the columns declared is not there. %(about)s"),
    Why.SQL: _("The database refused the question: %(about)s"),
    Why.NO_DRIVER: _("The driver of this kind of database is not installed here: %(about)s"),
    Why.PLACE_NOT_ALLOWED: _("The operator has not allowed this place: %(about)s (TONGBAN_SOURCES)"),
    Why.TOO_LARGE: _("Its answer is larger than is taken."),
    Why.TOO_MANY: _("It has more records on one subject than are taken."),
    Why.STATUS: _("It answered with status %(about)s."),
    Why.NOT_JSON: _("Its answer is no JSON."),
    Why.NO_RECORDS: _("The answer has no records at the path declared: %(about)s"),
    Why.NOT_A_RECORD: _("What stands for a record is no object."),
    Why.NOT_DECLARED: _("The source is not declared for this item: %(about)s"),
    Why.UNFIT: _("A value does not fit its item: %(about)s"),
    Why.ONLY_NOW: _("This source knows only what is so now, not what was so on another day."),
    Why.NUMBER_UNKNOWN: _("The number of this subject is not known here, and the source finds nobody without it."),
    Why.SETTINGS: _("What was declared does not hold any more. Please declare the source again."),
    Why.NO_FILE: _("There is no such file in the folder: %(about)s"),
    Why.NO_REGULAR_FILE: _("This is no plain file: %(about)s"),
    Why.STILL_WRITTEN: _("The file is still being written. It is looked at again in a minute."),
    Why.FILE_TOO_LARGE: _("The file is larger than is taken: %(about)s bytes."),
    Why.WRONG_CHECKSUM: _("The file is not the one whose checksum lies beside it."),
    Why.WRONG_ENCODING: _("The file is not written in the encoding declared. %(about)s"),
    Why.RAGGED: _("Line %(about)s has another number of values than the first line."),
    Why.UNREADABLE: _(
        "Line %(about)s cannot be read: a quotation mark is not closed, or the line is longer than is taken."
    ),
    Why.NO_SUCH_HEADING: _("The first line lacks a heading that was declared: %(about)s"),
    Why.HEADING_TWICE: _("A heading stands twice in the first line: %(about)s"),
    Why.BAD_ROWS: _("These lines are wrong: %(about)s"),
    Why.TOO_FEW_ROWS: _("The file has %(about)s rows, fewer than it must have."),
    Why.TOO_MANY_ROWS: _("The file has more rows than are taken."),
    Why.NOTHING_YET: _("No file has been taken in yet."),
    Why.NUMBER_READS_WRONG: _("The test subject's number is no such number."),
    Why.NO_TRIAL: _("Nobody has named a test subject."),
    Why.NOTHING_FOUND: _("Nothing was found on the test subject. It must be known to the source."),
}
UNFIT: Mapping[str, str | Promise] = {
    Wrong.NOT_A_TEXT: _("no text"),
    Wrong.BROKEN_TEXT: _("a text with signs that were broken on the way"),
    Wrong.NOT_A_NUMBER: _("no number"),
    Wrong.NOT_A_WHOLE_NUMBER: _("no whole number"),
    Wrong.NOT_YES_OR_NO: _("neither yes nor no"),
    Wrong.NOT_A_DAY: _("no day"),
    Wrong.NOT_AN_INSTANT: _("no date with time"),
    Wrong.LONGER_THAN_DECLARED: _("longer than declared"),
    Wrong.NOT_IN_CODE_LIST: _("not in the list of codes"),
    Wrong.NOT_THERE: _("not in the answer"),
}


def sentence(why: str, about: str = "") -> str:
    """Return what is wrong, in the reader's language. "field code: code of UNFIT" is put into words, too."""
    if why not in SENTENCES:
        return gettext("It does not answer.")
    return str(SENTENCES[why]) % {"about": _unfit(about) if why in {Why.UNFIT, Why.BAD_ROWS} else about}


def _unfit(about: str) -> str:
    said = []
    for part in filter(None, about.split("; ")):
        field, _colon, why = part.rpartition(": ")
        said.append(f"{field}: {UNFIT[why]}" if why in UNFIT else part)
    return " · ".join(said)
