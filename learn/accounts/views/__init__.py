"""Pages around accounts: joining, signing in, the own account."""

from learn.accounts.views import (
    authenticator,
    code,
    devices,
    invitation,
    linking,
    moving,
    notifications,
    own_data,
    own_passkeys,
    profile,
    proof,
    providers,
    registering,
    reset,
    sign_in_methods,
    signing_in,
)
from learn.accounts.views.blueprint import pages, person_of_token

__all__ = [
    "authenticator",
    "code",
    "devices",
    "invitation",
    "linking",
    "moving",
    "notifications",
    "own_data",
    "own_passkeys",
    "pages",
    "person_of_token",
    "profile",
    "proof",
    "providers",
    "registering",
    "reset",
    "sign_in_methods",
    "signing_in",
]
