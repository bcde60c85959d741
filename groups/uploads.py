"""What is taken of a file while it is sent."""

from django.core.files.uploadhandler import FileUploadHandler

from .pictures import MOST_BYTES


class NoMoreThanTaken(FileUploadHandler):
    """Drops what comes after the most a picture may have, so that it fills neither memory nor disk.

    One byte more than that arrives, and the form says that the file is too large.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data[: MOST_BYTES + 1 - start] if start <= MOST_BYTES else None

    def file_complete(self, file_size):
        return None
