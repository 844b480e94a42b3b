"""The words of the API's page: subjects and operations. The description for machines stays in English."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words

SUBJECTS: Mapping[str, Words] = {
    "Items": _("Matters and guides"),
    "Session": _("Session and account"),
    "Drafts": _("Applying"),
    "Cases": _("Cases"),
    "Tasks": _("Tasks of officials"),
    "Exchange": _("Data between offices"),
}

SUMMARIES: Mapping[str, Words] = {
    "find_items": _("Find matters"),
    "read_item": _("Read a guide"),
    "list_themes": _("List themes"),
    "list_departments": _("List departments"),
    "read_session": _("Read the session"),
    "open_session": _("Sign in"),
    "end_session": _("Sign out"),
    "read_me": _("See who one is"),
    "list_applicants": _("See for whom one may apply"),
    "begin_draft": _("Begin an application"),
    "list_drafts": _("List one's drafts"),
    "read_draft": _("Read a draft"),
    "discard_draft": _("Throw a draft away"),
    "save_step": _("Save a step of the form"),
    "choose_delivery": _("Choose how the result arrives"),
    "submit_draft": _("Submit an application"),
    "add_file": _("Add a file for a material"),
    "add_word": _("Say why there is no file"),
    "remove_file": _("Take a file or word away"),
    "send_supplement_file": _("Send a file for a supplement"),
    "answer_supplement": _("Answer a supplement request"),
    "list_cases": _("List cases"),
    "read_case": _("Follow a case"),
    "read_clocks": _("Read how the days of a case are counted"),
    "withdraw_case": _("Take a case back"),
    "rate_case": _("Rate a case"),
    "stand_aside": _("Stand aside from a case"),
    "look_up": _("Look something up"),
    "list_resources": _("Search the catalogue of data"),
    "read_resource": _("Read an entry of the catalogue of data"),
    "list_grants": _("List the grants of one's office"),
    "read_log": _("Read the log of look-ups"),
    "read_inbox": _("See the inbox"),
    "read_task": _("Read a task"),
    "claim_task": _("Take a task"),
    "release_task": _("Give a task back"),
    "hand_over_task": _("Hand a task over"),
    "begin_procedure": _("Begin a special procedure"),
    "suspend_by_law": _("Suspend a case by law"),
    "resume_case": _("End a suspension"),
    "ask_extension": _("Ask for an extension of the limit"),
    "ask_late_supplement": _("Ask whether something may be asked for late"),
    "answer_approval": _("Answer what an official asks"),
    "accept": _("Accept a case"),
    "ask_supplement": _("Ask for a supplement"),
    "refuse_acceptance": _("Do not accept a case"),
    "pass_on": _("Pass a case on"),
    "complete_review": _("Finish a review step"),
    "decide": _("Decide a case"),
    "deliver": _("Record a delivery"),
}
