"""The blueprint of the pages that join several packages, and what a course's address is made of."""

from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from learn.core.web import Pages

pages = Pages("site", __name__, template_folder="templates")


class Slug(BaseConverter):
    """The name of a course's folder or a lesson's file (content.md section 1)."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


def know_slugs(state: BlueprintSetupState) -> None:
    """Let rules of the whole application use `<slug:…>`; comes before the first rule of this blueprint."""
    state.app.url_map.converters.setdefault("slug", Slug)


pages.record_once(know_slugs)
