"""The OAuth2 token endpoint: a client's id and secret for a token (RFC 6749, section 4.4, client credentials)."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from tinylake.catalog.access_tokens import Issuer
from tinylake.catalog.edge import TOKENS_PATH
from tinylake.catalog.settings import Client

router = APIRouter()

LARGEST_BYTES = 16_384
FORM = "application/x-www-form-urlencoded"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  (a type's name)
UNCACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass
class OAuthError(Exception):
    """A refusal in OAuth2's form (RFC 6749, section 5.2)."""

    error: str
    description: str
    status: int = 400


@router.post(TOKENS_PATH)
async def get_token(request: Request) -> JSONResponse:
    """A token; a refusal has OAuth2's form, not Iceberg's."""
    issuer: Issuer = request.app.state.catalog.issuer
    try:
        form = await _form(request)
        if form.get("grant_type") != "client_credentials":
            raise _unsupported(form.get("grant_type"))
        client_id, client = _client(issuer, request.headers.get("authorization", ""), form)
        scope = _scope(client, form.get("scope"))
    except OAuthError as refusal:
        return _refused(refusal)
    token, seconds = issuer.issue(client_id)
    granted = {"access_token": token, "token_type": "bearer", "expires_in": seconds}
    return JSONResponse({**granted, "issued_token_type": ACCESS_TOKEN, "scope": scope}, headers=UNCACHED)


async def _form(request: Request) -> dict[str, str]:
    """The body's parameters, each of which stands once."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"send the parameters as {FORM}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise OAuthError("invalid_request", f"the body has more than {LARGEST_BYTES} bytes")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise OAuthError("invalid_request", "the body is not a form") from error
    if len(dict(pairs)) < len(pairs):
        raise OAuthError("invalid_request", "a parameter stands more than once")
    return {name: value for name, value in pairs if value}


def _unsupported(grant_type: str | None) -> OAuthError:
    if grant_type is None:
        return OAuthError("invalid_request", "grant_type is missing")
    return OAuthError("unsupported_grant_type", "the only grant type is client_credentials")


def _client(issuer: Issuer, header: str, form: dict[str, str]) -> tuple[str, Client]:
    """Who asks: by HTTP Basic or by the form, not by both. A bearer token beside the form is an old one: no matter."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "basic":
        tried = [(form.get("client_id", ""), form.get("client_secret", ""))]
    elif "client_secret" in form:
        raise OAuthError("invalid_request", "send the secret by HTTP Basic or in the form, not by both")
    else:
        tried = _basic(given)
    for client_id, secret in tried:
        if client := issuer.client(client_id, secret):
            return client_id, client
    raise OAuthError("invalid_client", "no client has this id and secret", 401)


def _basic(given: str) -> list[tuple[str, str]]:
    """Id and secret as they stand, and as they are when the client encoded them first (RFC 6749, section 2.3.1)."""
    try:
        client_id, _, secret = b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return []
    return [(client_id, secret), (unquote_plus(client_id), unquote_plus(secret))]


def _scope(client: Client, asked: str | None) -> str:
    """The scope that is granted: what was asked, or all; 400 for one that the client does not have."""
    if asked is None:
        return " ".join(client.scopes)
    if set(asked.split(" ")) - set(client.scopes):
        raise OAuthError("invalid_scope", f"this client's scopes are: {' '.join(client.scopes)}")
    return asked


def _refused(refusal: OAuthError) -> JSONResponse:
    challenge = {"WWW-Authenticate": 'Basic realm="tinylake.catalog"'} if refusal.status == 401 else {}
    body = {"error": refusal.error, "error_description": refusal.description}
    return JSONResponse(body, status_code=refusal.status, headers=UNCACHED | challenge)
