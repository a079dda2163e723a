"""The one clock: instants in UTC, days in Europe/Berlin."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """The present instant in UTC, aware."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


def today() -> date:
    """The present day in Europe/Berlin."""
    return now().astimezone(BERLIN).date()


def local(instant: datetime) -> datetime:
    """The instant as Europe/Berlin shows it."""
    return instant.astimezone(BERLIN)
