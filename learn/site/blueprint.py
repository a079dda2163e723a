"""The blueprint of the pages that join several packages."""

from learn.core.web import Pages

pages = Pages("site", __name__, template_folder="templates")
