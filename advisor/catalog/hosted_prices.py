"""What a hosted model costs today, read from the genai-prices snapshot on this machine; nothing is fetched."""

from __future__ import annotations

import datetime
import importlib.metadata
import re

import genai_prices
import genai_prices.data_snapshot

from advisor.vocabulary import MTOK, Source, TokenPrice

REQUEST_TOKENS = 1000  # prices of a request of this size; some services charge more above 200,000 tokens
SCALE = MTOK / REQUEST_TOKENS
URL = "https://github.com/pydantic/genai-prices"


def hosted_price(provider: str, name: str, on: datetime.date | None = None) -> tuple[TokenPrice, int]:
    """The price per million tokens on that day (today), at noon UTC, and the context length."""
    day = on or datetime.datetime.now(tz=datetime.UTC).date()
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)

    def usd(**tokens: int) -> float:
        usage = genai_prices.Usage(**tokens)
        return float(
            genai_prices.calc_price(usage, name, provider_id=provider, genai_request_timestamp=noon).total_price
        )

    plain = usd(input_tokens=REQUEST_TOKENS)
    cached = usd(input_tokens=REQUEST_TOKENS, cache_read_tokens=REQUEST_TOKENS)
    model = genai_prices.calc_price(
        genai_prices.Usage(input_tokens=1), name, provider_id=provider, genai_request_timestamp=noon
    ).model
    version = importlib.metadata.version("genai-prices")
    source = Source(f"genai-prices {version}, prices of {day.isoformat()}", URL, day.isoformat())
    price = TokenPrice(
        plain * SCALE,
        usd(input_tokens=0, output_tokens=REQUEST_TOKENS) * SCALE,
        cached * SCALE if cached < plain else None,
        source,
    )
    return price, int(model.context_window or 128_000)  # assumption: 128k where the snapshot does not say


def provider_at(base_url: str) -> str | None:
    """The provider that answers at this address; None for addresses nobody here knows."""
    known = genai_prices.data_snapshot.get_snapshot().providers
    return next((p.id for p in known if re.match(rf"(?:{p.api_pattern})(?:/|$)", base_url)), None)


def price_at(base_url: str, name: str, on: datetime.date | None = None) -> TokenPrice | None:
    """What the service at this address charges for a model; None where its price is not in the snapshot."""
    provider = provider_at(base_url)
    if provider is None:
        return None
    try:
        return hosted_price(provider, name.removeprefix(f"{provider}/"), on)[0]
    except LookupError:
        return None
