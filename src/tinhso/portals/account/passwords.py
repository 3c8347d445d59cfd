"""What passwords must be, said in our words where Django has no Vietnamese or names a field of a table."""

from django.contrib.auth.password_validation import MinimumLengthValidator, UserAttributeSimilarityValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """So many characters at least."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("Too short: at least %(number)s characters.") % {"number": self.min_length}

    def get_help_text(self) -> str:
        """What is wanted."""
        return self.get_error_message()


class NotLikeYou(UserAttributeSimilarityValidator):
    """Not one's own name, address or number."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("Too much like your name, e-mail address or phone number.")
