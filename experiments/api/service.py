"""A service as a person named it: address, model, what it costs, how much may be spent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from advisor.catalog import price_at
from advisor.errors import PlanError
from advisor.vocabulary import MTOK
from experiments.api import address

NEED = "service"  # what the card of an arm says that asks a service
MAX_USD = 1.0  # assumption: enough for some hundred short rows of a large model, and no harm where it is not
CONCURRENCY, MOST_CONCURRENCY = 4, 32
MOST_USD = 10_000.0
UNPAID = "the address is this machine's own and no price is given, so no cost is counted and no cap is held"


@dataclass(frozen=True, slots=True)
class Service:
    """Prices in USD per million tokens; None where nobody knows them, then nothing can be capped or counted.

    `keyed`: a key is sent with every call; the key itself is not here.
    """

    base_url: str
    api_model: str
    max_usd: float = MAX_USD
    input_usd_per_mtok: float | None = None
    output_usd_per_mtok: float | None = None
    price_source: str = ""
    concurrency: int = CONCURRENCY
    keyed: bool = False
    max_new_tokens: int | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """What the arms that ask it get; everything but the key."""
        return asdict(self)

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> Service:
        """The inverse of `settings`, from the settings of an arm."""
        return cls(**{name: settings[name] for name in cls.__dataclass_fields__ if name in settings})

    @property
    def priced(self) -> bool:
        """Whether a call's cost is known."""
        return self.input_usd_per_mtok is not None and self.output_usd_per_mtok is not None

    @property
    def free(self) -> bool:
        """Whether no call is counted to cost anything: no price is known, or both are 0. A cap means nothing then."""
        return not self.input_usd_per_mtok and not self.output_usd_per_mtok

    def usd(self, tokens_sent: float, tokens_received: float) -> float:
        """What so many tokens cost; 0 where the price is not known (nothing is capped then, and it is said)."""
        sent, received = self.input_usd_per_mtok or 0.0, self.output_usd_per_mtok or 0.0
        return (tokens_sent * sent + tokens_received * received) / MTOK

    @property
    def limit_usd(self) -> float:
        """The cap; none where the price is not known."""
        return self.max_usd if self.priced else math.inf


def service(base_url: str, api_model: str, **more: Any) -> Service:
    """A service that may be asked: address checked, price looked up unless it was typed.

    Raises:
        InputError: an address that may not be asked.
        PlanError: a cap, a price or a rate that cannot be; or a foreign service whose price nobody knows.
    """
    url, name = address.checked(base_url), api_model.strip()
    if not name:
        raise PlanError("No model is named.", "Give --api-model NAME, as the service calls it.")
    made = Service(url, name, **{key: value for key, value in more.items() if value is not None})
    _check(made)
    if made.priced:
        return Service(**{**made.settings, "price_source": "typed"})
    if made.input_usd_per_mtok is not None or made.output_usd_per_mtok is not None:
        raise PlanError("Only one of the two prices is given.", "Give both --usd-per-1m-input and --usd-per-1m-output.")
    found = price_at(url, name)
    if found is not None:
        prices = {"input_usd_per_mtok": found.input_usd_per_mtok, "output_usd_per_mtok": found.output_usd_per_mtok}
        return Service(**{**made.settings, **prices, "price_source": found.source.text})
    if not address.is_here(url):
        raise PlanError(
            f"Nobody here knows what {address.host_of(url)} charges for '{name}', so no cap could be held.",
            "Give --usd-per-1m-input and --usd-per-1m-output from its price list (0 and 0 for a server of your own).",
        )
    return made


def _check(made: Service) -> None:
    if not 0 < made.max_usd <= MOST_USD:
        raise PlanError(f"A cap of {made.max_usd:g} USD cannot be.", f"Give --max-usd above 0, up to {MOST_USD:,.0f}.")
    for price in (made.input_usd_per_mtok, made.output_usd_per_mtok):
        if price is not None and not 0 <= price < math.inf:
            raise PlanError(f"{price:g} USD is no price.", "Give USD per million tokens, 0 or more.")
    if not 1 <= made.concurrency <= MOST_CONCURRENCY:
        raise PlanError(f"{made.concurrency} calls at a time cannot be.", f"Choose 1 to {MOST_CONCURRENCY}.")
    if made.max_new_tokens is not None and made.max_new_tokens < 1:
        raise PlanError(f"{made.max_new_tokens} tokens are no answer.", "Give 1 or more.")


def consent(made: Service, rows: int, *, at_most: bool = False) -> str:
    """What a person agrees to, in words: what is sent where, with what, for how much."""
    examples = "with the instruction, the labels and the examples of the prompt"
    key = "with the key" if made.keyed else "without a key"
    cost = (
        f"at most {made.max_usd:g} USD are spent ({made.input_usd_per_mtok:g} in and {made.output_usd_per_mtok:g} out "
        f"per million tokens, {made.price_source})"
        if made.priced
        else f"nothing is paid: {UNPAID}"
    )
    where = f"{made.base_url} (model {made.api_model})"
    return f"Sent to {where}: the texts of {'at most ' * at_most}{rows:,} rows, {examples}, {key}; {cost}."
