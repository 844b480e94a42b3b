"""Why a file was refused: each says what is wrong and what to do instead."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Gone, Refusal, TooLarge, Unavailable


class RefusedFile(Refusal):
    """A file that cannot be taken; the sentence stands beside the upload."""

    status = 422
    code = "file_refused"


class EmptyFile(RefusedFile):
    """No bytes."""

    code = "file_empty"
    message = _("This file is empty. Please choose it again; perhaps it had not been saved yet.")


class TooLargeFile(TooLarge):
    """More than LARGEST bytes."""

    code = "file_too_large"
    message = _("This file is larger than 20 MB. Please make it smaller, or divide it, and send it again.")


class UnknownType(RefusedFile):
    """Neither PDF, JPEG, PNG nor OFD, whatever its name says."""

    code = "file_type_unknown"
    message = _(
        "This is no PDF, JPEG, PNG or OFD file, whatever its name says. Please save it as one of these or take a photo."
    )


class Damaged(RefusedFile):
    """Begins as one of the types but cannot be read to its end."""

    code = "file_damaged"
    message = _("This file is damaged or incomplete and cannot be opened. Please save or scan it again.")


class Locked(RefusedFile):
    """A document that opens with a password only."""

    code = "file_locked"
    message = _("This document is protected by a password. Please save it without one and send it again.")


class TooManyPixels(RefusedFile):
    """A picture too large to be shown."""

    code = "file_too_many_pixels"
    message = _("This picture has more than 120 million pixels. Please scan it at 300 dpi or make it smaller.")


class TwoTypes(RefusedFile):
    """A file that is two types at once, so that it may be read as something else than it shows."""

    code = "file_two_types"
    message = _("This file hides a second one inside it. Please save or scan it again as a plain document.")


class Infected(RefusedFile):
    """The virus scanner found something."""

    code = "file_infected"
    message = _("A virus was found in this file, so we did not keep it. Please check your device.")


class ScannerSilent(Unavailable):
    """The virus scanner does not answer: nothing is taken unseen."""

    code = "scanner_silent"
    message = _("Files cannot be checked for viruses at the moment. Please try again in a few minutes.")


class StorageFull(Unavailable):
    """The bytes could not be written down."""

    code = "storage_full"
    message = _("We cannot keep files at the moment. Please try again later; nothing else you entered is lost.")


class StorageSilent(Unavailable):
    """The place where the bytes are does not answer."""

    code = "storage_silent"
    message = _("This file cannot be opened at the moment. Please try again in a few minutes.")


class DoesNotOpen(Unavailable):
    """The bytes are not those that were sealed, or their key is missing; the log says which file."""

    code = "file_does_not_open"
    message = _("This file does not open: it was damaged where we keep it. Please tell the office that handles it.")


class BackupRuns(Unavailable):
    """A backup is copying; what is to be removed is removed after it."""

    code = "backup_runs"
    message = _("A backup is running; bytes are removed after it.")


class Erased(Gone):
    """The file was erased when its retention period ended."""

    code = "file_erased"
    message = _("This file was erased when the time for keeping it had ended.")
