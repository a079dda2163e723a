"""The blueprint of the pages that join several packages, and what a course's address is made of."""

from werkzeug.routing import BaseConverter

from learn.core.web import Pages

pages = Pages("site", __name__, template_folder="templates")


class Slug(BaseConverter):
    """The name of a course's folder or a lesson's file (content.md section 1)."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


pages.record_once(lambda state: state.app.url_map.converters.setdefault("slug", Slug))
