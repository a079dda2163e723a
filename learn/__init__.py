"""Smart Cities: Schule. `create_app` wires the parts together and does nothing else."""

from flask import Flask, has_app_context

from learn.accounts import owndata as account_data
from learn.accounts.views import pages as account_pages
from learn.accounts.views import person_of_token
from learn.config import Config
from learn.core import (
    errors,
    forms,
    headers,
    health,
    holdings,
    hosts,
    i18n,
    large_forms,
    limits,
    logs,
    sessions,
    static,
    templating,
    web,
)
from learn.core.assets import asset
from learn.core.db import Databases, end_reading, session
from learn.courses import indexing as course_index
from learn.courses import owndata as course_data
from learn.courses.views import pages as course_pages
from learn.desk import pages as desk_pages
from learn.forum import forgetting, notifying, overdue, weekly
from learn.forum import indexing as forum_index
from learn.forum import mail as forum_mail
from learn.forum import owndata as forum_data
from learn.forum import upkeep as forum_upkeep
from learn.forum.views import pages as forum_pages
from learn.learning import handing_out as note_data
from learn.learning import keeping as kept_data
from learn.learning import owndata as learning_data
from learn.learning.badges import beginning
from learn.network import indexing as network_index
from learn.network import owndata as network_data
from learn.network import vocabulary
from learn.notices import bounces, sending
from learn.notices import owndata as notice_data
from learn.search import owndata as search_data
from learn.search import rebuilding
from learn.site import pages as site_pages
from learn.site.badge import badge
from learn.site.display import display
from learn.workshop import owndata as workshop_data
from learn.workshop.views import pages as workshop_pages

# importing registers
OWN_DATA = (
    *(account_data, course_data, forum_data, forgetting, holdings),
    *(learning_data, kept_data, note_data, network_data, notice_data, search_data, workshop_data),
)
UPKEEP = (forum_upkeep, beginning)
TOLD = (bounces, forum_mail, notifying, overdue, sending, weekly)
SEARCHED = (course_index, forum_index, network_index, rebuilding)
TEMPLATE_GLOBALS = {
    "asset": asset,
    "day": i18n.day,
    "month": i18n.month,
    "minutes": i18n.minutes,
    "minutes_left": sessions.minutes_left,
    "nonce": headers.nonce,
    "rescued": forms.rescued,
}


def create_app(config: Config) -> Flask:
    """The whole application. Opens no database: the process that answers first does."""
    app = Flask("learn", static_folder=None)
    app.jinja_environment = templating.Environment
    app.config.from_mapping(web.settings(config), **sessions.settings(config))
    app.extensions["learn.config"] = config
    app.extensions["learn.database"] = Databases(config)
    i18n.install(app)
    vocabulary.MEMORY.open = lambda: session() if has_app_context() else None

    app.extensions["learn.state"] = health.State()

    app.before_request(logs.note_route)
    app.before_request(hosts.check_host)
    app.before_request(limits.check_size)
    app.before_request(large_forms.check)
    app.before_request(limits.check_text)
    app.before_request(health.check_schema)
    sessions.install(app, person_of_token)
    forms.install(app)
    app.before_request(web.check_access)
    app.after_request(sessions.renew)
    app.teardown_appcontext(end_reading)
    errors.install(app)

    app.url_map.converters["slug"] = web.Slug
    app.url_map.merge_slashes = False  # its redirect would repeat the Host header
    for pages in (
        account_pages,
        course_pages,
        forum_pages,
        workshop_pages,
        site_pages,
        desk_pages,
        health.pages,
    ):
        app.register_blueprint(pages)
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
    app.context_processor(web.values_of_every_page)
    app.context_processor(lambda: {"display": display()})
    app.context_processor(badge)
    return layered(app, config)


def layered(app: Flask, config: Config) -> Flask:
    """Put the WSGI layers around the application, the headers outermost."""
    inner = hosts.trusting(static.files(app.wsgi_app, config), config.trusted_proxies)
    logged = logs.RequestLog(inner, logs.logger(config.log))
    app.wsgi_app = headers.Headers(logged, https=config.https)  # type: ignore[method-assign]
    return app
