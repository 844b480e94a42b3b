"""What is asked of everybody online may be left open by some: nobody is kept from applying for want of a telephone."""

from tongban.forms.rules.document import FormDocument, FormStep

CONTACTS = frozenset({"mobile", "phone", "email"})


def without_duty_of_contact(document: FormDocument) -> FormDocument:
    """Return the form with every question for a telephone or an e-mail address of the applicant left to their wish.

    Those are the questions that an account would answer by itself (`source`); the number of a landlord stays a duty.
    """
    return FormDocument(
        title=document.title, title_en=document.title_en, steps=tuple(_eased(step) for step in document.steps)
    )


def _eased(step: FormStep) -> FormStep:
    return step.model_copy(
        update={
            "fields": tuple(
                asked.model_copy(update={"required": False}) if asked.type in CONTACTS and asked.source else asked
                for asked in step.fields
            )
        }
    )
