"""Which addresses may be asked, and what is said about them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from advisor.catalog import provider_at
from advisor.errors import InputError

CHAT = "/chat/completions"
MEND = "Give the address that stands in the service's manual, such as https://api.openai.com/v1."
# what cloud machines answer about themselves (credentials among it); link-local addresses cover the others
METADATA = ("metadata.google.internal", "fd00:ec2::254", "100.100.100.200")


def checked(text: str) -> str:
    """The address without a trailing slash; refused where it could leak a key or is no web address."""
    url = text.strip().rstrip("/").removesuffix(CHAT)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{text!r} is no address ({error}).", MEND) from error
    if parts.scheme.lower() not in ("http", "https") or not host or not url.isascii() or not url.isprintable():
        raise InputError(f"{text!r} is no address of a web service: only http and https are asked.", MEND)
    if parts.username is not None or parts.password is not None:
        raise InputError("The address holds a user name or password.", "Leave it out; keys go to the key field.")
    if parts.query or parts.fragment:
        raise InputError("The address holds a '?' or '#', where keys may hide.", "Leave out what follows it.")
    if host in METADATA or (address(host) is not None and _link_local(host)):
        raise InputError(f"{host} is the address at which cloud machines keep their own keys.", MEND)
    return url


def address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """A host that is a number; an IPv4 address inside an IPv6 one is taken out of it."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _link_local(host: str) -> bool:
    found = address(host)
    return found is not None and found.is_link_local


def host_of(url: str) -> str:
    """The host and, where one is named, the port."""
    return urlsplit(url).netloc.lower()


def is_here(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = (urlsplit(url).hostname or "").lower()
    found = address(host)
    return host == "localhost" or host.endswith(".localhost") or (found is not None and found.is_loopback)


def place(url: str) -> str:
    """Where it is measured, in the words of an option's place: `api:openai`, or the host of a service unknown here."""
    return f"api:{provider_at(url) or host_of(url)}"


def warning(url: str) -> str:
    """What a person should know before anything is sent; "" when there is nothing."""
    if urlsplit(url).scheme.lower() == "http" and not is_here(url):
        return f"{host_of(url)} is asked without encryption: anybody on the way can read the rows and the key."
    return ""
