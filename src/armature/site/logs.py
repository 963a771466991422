"""Log lines as JSON: one object a line, so that no customer's line break or colour code can forge another line."""

import json
import logging


class JsonLines(logging.Formatter):
    """Time, level, logger, words, and the traceback when there is one. Never a message's body."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "words": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)
