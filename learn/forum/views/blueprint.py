"""The blueprint of the forum's pages."""

from learn.core.web import Pages

pages = Pages("forum", __name__, template_folder="../templates")
