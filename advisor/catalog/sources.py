"""Every source behind the catalog, gathered: what rests on it, its address, its date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from advisor.catalog.reader import facts, rows


@dataclass(frozen=True, slots=True)
class Cited:
    """One source: what it is about, how many facts rest on it."""

    about: str
    facts: int
    text: str
    url: str
    checked: str

    def source_json(self) -> dict[str, str]:
        """The source itself, as JSON."""
        return {"text": self.text, "url": self.url, "checked": self.checked}


def sources() -> tuple[Cited, ...]:
    """Models, GPUs, rents, token prices, capability and published results, each source once."""
    known = facts()
    count: Counter[tuple[str, str, str, str]] = Counter()
    for model in known.models:
        url = model.source.url if model.hosted else "https://huggingface.co"
        count["hosted models" if model.hosted else "open models", model.source.text, url, model.source.checked] += 1
        if model.price is not None:
            price = model.price.source
            count["token prices", price.text, price.url, price.checked] += 1
    for gpu in known.gpus:
        count["GPU figures", gpu.source.text, gpu.source.url, gpu.source.checked] += 1
        if gpu.price_source is not None:
            rent = gpu.price_source
            count["GPU rent", rent.text, rent.url, rent.checked] += 1
    for row in rows("capability.csv"):
        count["capability", f"{row['quantity']}: {row['source']}", row["source_url"], row["checked"]] += 1
    for result in known.published:
        count["published results", result.source, "", known.catalog_date] += 1
    return tuple(Cited(about, n, text, url, checked) for (about, text, url, checked), n in count.items())
