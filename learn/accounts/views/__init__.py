"""Pages around accounts: joining, signing in, the own account."""

from learn.accounts.views import (
    __all__,
    authenticator,
    code,
    devices,
    from,
    import,
    own_passkeys,
    pages,
    person_of_token,
    proof,
    sign_in_methods,
    signing_in,
)
from learn.accounts.views.blueprint import pages, person_of_token

__all__ = [
    "__all__",
    "authenticator",
    "code",
    "devices",
    "from",
    "import",
    "own_passkeys",
    "pages",
    "pages",
    "person_of_token",
    "person_of_token",
    "proof",
    "sign_in_methods",
    "signing_in",
]
