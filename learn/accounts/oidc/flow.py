"""The code flow with PKCE: out to the provider, back with a code, code for tokens, tokens for claims."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import RequestException

from learn.accounts.oidc import Claims, Client, Departure, Description, Failed, Return, discovery, http
from learn.accounts.oidc.addresses import checked
from learn.accounts.oidc.discovery import Metadata
from learn.accounts.oidc.tokens import claims_of, same

SCOPE = ("openid", "email", "profile")
ADDRESS = ("email", "email_verified")
LONGEST_CODE = 8000
UNKNOWN = ("invalid_client", "unauthorized_client")  # what a provider says that does not know us


def begin(client: Client) -> Departure:
    """State, nonce and verifier of at least 128 bits each, and the address that carries their public half."""
    found = discovery.metadata(client)
    state, nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    address, _state = session(client, found).create_authorization_url(
        found.authorization, state=state, nonce=nonce, code_verifier=verifier
    )
    return Departure(checked(address, local=client.local), state, nonce, verifier)


def finish(client: Client, came: Return, wanted: Iterable[str]) -> Claims:
    """Exchange the code; the provider answers us directly, nothing of it comes through the browser."""
    found = discovery.metadata(client)
    if (came.issuer or found.names_itself) and not same(came.issuer, client.issuer):
        raise Failed("issuer")
    if not 0 < len(came.code) <= LONGEST_CODE:
        raise Failed("code")
    oauth = session(client, found)
    try:
        token = oauth.fetch_token(
            found.token,
            grant_type="authorization_code",
            code=came.code,
            code_verifier=came.verifier,
            allow_redirects=False,
        )
        claims = claims_of(token.get("id_token"), client, came.nonce)
        if all(name in claims for name in wanted) or not found.userinfo:
            return claims
        return joined(claims, userinfo(oauth, found, claims))
    except OAuthError as problem:
        raise Failed("secret" if problem.error in UNKNOWN else "code") from None
    except (AuthlibBaseError, RequestException, ValueError):
        raise Failed("answer") from None


def userinfo(oauth: Any, found: Metadata, claims: Claims) -> Mapping[str, Any]:
    """What the provider tells of the same subject on request."""
    response = oauth.get(found.userinfo, allow_redirects=False)
    if response.status_code != 200:
        raise Failed("status")
    told = http.json_of(response)
    if not same(told.get("sub"), claims["sub"]):
        raise Failed("claims")
    return told


def joined(claims: Claims, told: Claims) -> Claims:
    """Both together; an address and whether it is confirmed come from one of them, never mixed."""
    kept = {name: value for name, value in claims.items() if name not in ADDRESS or "email" not in told}
    return {**told, **kept}


def describe(client: Client) -> Description:
    """Both documents, asked anew."""
    found = discovery.metadata(client, fresh=True)
    return Description(
        keys=len(discovery.keys(client, fresh=True)),
        s256="S256" in found.challenges if found.challenges else None,
        verified_address="email_verified" in found.claims if found.claims else None,
        names_itself=found.names_itself,
    )


def session(client: Client, found: Metadata) -> Any:
    """Authlib's client under our rules for HTTP."""
    scope = [*SCOPE, client.scope] if client.scope in found.scopes else SCOPE
    oauth = OAuth2Session(
        client.client_id,
        client.secret,
        token_endpoint_auth_method=found.auth_method,
        scope=" ".join(scope),
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
    )
    return http.prepared(oauth, local=client.local)
