"""What logs do not say."""

import logging
import re

# Whoever reads a log must not be able to open what a mailed link opens.
SECRET_ADDRESS = re.compile(r"(/(?:l|checkin|account/unsubscribe)/)[^/\s?#\"']+")


class WithoutSecrets(logging.Filter):
    """Takes the secret out of every address of a mailed link."""

    def filter(self, record):
        message = record.getMessage()
        masked = SECRET_ADDRESS.sub(r"\1…", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
