"""Pure reckoning about files: their true type, whether they are whole, a safe name."""

from tongban.files.rules.judging import LARGEST, Judged, judge_image, judge_ofd, refuse_second_type, type_of
from tongban.files.rules.names import SHOWN, SUFFIXES, safe_name

__all__ = [
    "LARGEST",
    "SHOWN",
    "SUFFIXES",
    "Judged",
    "judge_image",
    "judge_ofd",
    "refuse_second_type",
    "safe_name",
    "type_of",
]
