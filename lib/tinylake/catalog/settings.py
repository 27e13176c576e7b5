"""What the catalog is told by its environment."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Json,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.catalog.names import Namespace

PREFIX = "TINYLAKE_CATALOG_"

Grant = Literal["read", "write"]
ClientId = Annotated[str, Field(pattern=r"^[^:\x00-\x1f]+$")]  # a colon ends it, in HTTP Basic and in PyIceberg

Scheme = Literal["s3", "abfss", "gs", "file"]
FORMS: dict[Scheme, re.Pattern[str]] = {  # of locations, with their last slash
    "s3": re.compile(r"s3://[^/*?]{3,}/([^*?]*/)?"),
    "abfss": re.compile(r"abfss://[a-z0-9-]{3,63}@[a-z0-9]{3,24}\.dfs\.[a-z0-9.-]+/([^/*?#%]+/)*"),
    "gs": re.compile(r"gs://[a-z0-9._-]{3,222}/([^/*?#%]+/)*"),
    "file": re.compile(r"file:///([^/*?#%]+/)+"),
}
DOTS = {".", ".."}
DEMANDED: dict[Scheme, tuple[str, ...]] = {
    "s3": ("s3_endpoint", "s3_access_key_id", "s3_secret_access_key"),
    "abfss": ("azure_account_key",),
}


class SettingsError(Exception):
    """A setting is missing or wrong; the message names each, and is all that a user needs."""


class Principal(BaseModel):
    """Who a token speaks for, and what that one may do."""

    model_config = ConfigDict(frozen=True)

    principal: str = Field(min_length=1)
    grant: Grant
    namespaces: tuple[str, ...] = ("*",)
    expires_at: AwareDatetime | None = None

    def may_see(self, namespace: Namespace) -> bool:
        """Whether a pattern covers this namespace or one that it lies in (levels joined by dots)."""
        ancestors = (".".join(namespace[:depth]) for depth in range(1, len(namespace) + 1))
        return any(fnmatchcase(name, pattern) for name in ancestors for pattern in self.namespaces)


class Client(Principal):
    """Who gets tokens for a secret, and whom these speak for. The scopes are those that clients ask for unasked.

    A scope does not narrow a grant: each one stands for all that the principal may do.
    """

    secret: SecretStr = Field(min_length=8)
    scopes: tuple[str, ...] = Field(default=("catalog", "PRINCIPAL_ROLE:ALL"), min_length=1)


def _slash(location: Any) -> Any:
    """A location ends with exactly one slash here, so that `orders` is never a prefix of `orders2`."""
    return f"{location.rstrip('/')}/" if isinstance(location, str) else location


def _scheme(location: str) -> Scheme:
    return next(scheme for scheme in FORMS if location.startswith(f"{scheme}://"))


def _form(location: str) -> str:
    """A location that is well formed for its scheme; ValueError for any other, without repeating it."""
    if not any(form.fullmatch(location) for form in FORMS.values()) or DOTS & set(location.split("/")):
        known = (
            "s3://bucket/prefix, abfss://container@account.dfs.core.windows.net/path, gs://bucket/path, file:///path"
        )
        raise ValueError(f"a location is one of {known}")
    return location


class Settings(BaseModel):
    """All settings; `location` has its last slash. What its scheme needs is demanded, and the rest may be left out."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database: str = Field(repr=False)  # a SQLAlchemy URL, which may hold a password
    warehouse: str = Field(pattern=r"^[A-Za-z0-9_.-]+$")
    location: Annotated[str, BeforeValidator(_slash), AfterValidator(_form)]
    s3_endpoint: str = Field(default="", pattern=r"^(https?://.*)?$", validate_default=True)
    s3_addressing: Literal["path", "virtual"] = "path"
    sts_endpoint: str = Field(default="", pattern=r"^(https?://.*)?$")  # empty: where S3 is
    s3_region: str = "us-east-1"
    s3_access_key_id: str = Field(default="", validate_default=True)
    s3_secret_access_key: SecretStr = Field(default=SecretStr(""), validate_default=True)
    vending: Literal["role_policy", "session_policy"] = "role_policy"
    role_arn: str = Field(default="", validate_default=True)  # with session policies: the one that is assumed
    azure_endpoint: str = Field(default="", pattern=r"^(https?://.*)?$")  # without the account; empty: Azure
    azure_account_key: SecretStr = Field(default=SecretStr(""), validate_default=True)  # in base64
    azure_sas: Literal["directory", "container"] = "directory"  # the former takes a hierarchical namespace
    gcs_endpoint: str = Field(default="", pattern=r"^(https?://.*)?$")  # an emulator's; empty: Google's own
    gcs_token: SecretStr = SecretStr(
        ""
    )  # the catalog's own; empty: what Google's libraries find, and nothing is vended
    gcs_token_endpoint: str = Field(default="https://sts.googleapis.com/v1/token", pattern=r"^https?://.*$")
    gcs_service_account: str = Field(
        default="", pattern=r"^[^/:]*$"
    )  # whose short tokens are vended; empty: gcs_token's
    gcs_iam_endpoint: str = Field(default="https://iamcredentials.googleapis.com", pattern=r"^https?://.*$")
    credential_seconds: int = Field(default=900, ge=1, le=43_200)
    foreign_locations: Literal["refuse", "replace"] = "refuse"  # what Iceberg's compatibility tests need is "replace"
    tokens: Json[dict[Annotated[str, Field(min_length=1)], Principal]] = Field(repr=False)
    clients: Json[dict[ClientId, Client]] = Field(default={}, repr=False)
    token_seconds: int = Field(default=3_600, ge=1, le=86_400)  # how long a client's token lasts

    @property
    def scheme(self) -> Scheme:
        """Which kind of store `location` names."""
        return _scheme(self.location)

    @field_validator(*(name for names in DEMANDED.values() for name in names))
    @classmethod
    def _demanded(cls, value: str | SecretStr, given: ValidationInfo) -> str | SecretStr:
        """What the location's scheme needs must be there."""
        location = given.data.get("location")
        if not value and location and given.field_name in DEMANDED.get(_scheme(location), ()):
            raise ValueError(f"required where tables are kept in {_scheme(location)}://")
        return value

    @field_validator("azure_account_key")
    @classmethod
    def _in_base64(cls, key: SecretStr) -> SecretStr:
        try:
            b64decode(key.get_secret_value(), validate=True)
        except binascii.Error:
            raise ValueError("an account's key is in base64") from None
        return key

    @field_validator("role_arn")
    @classmethod
    def _role_to_assume(cls, arn: str, given: ValidationInfo) -> str:
        if given.data.get("vending") == "session_policy" and not arn.startswith("arn:"):
            raise ValueError("session policies narrow a role, and this is none")
        return arn


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings; SettingsError names every variable that is missing or wrong, without its value."""
    variables = {name: PREFIX + name.upper() for name in Settings.model_fields}
    given = {name: environment[variable] for name, variable in variables.items() if variable in environment}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        faults = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("tinylake.catalog needs other settings:\n  " + "\n  ".join(faults)) from None
