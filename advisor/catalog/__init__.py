"""Facts that age: models, GPUs, prices, published results. The only room of the advice that reads tables."""

from advisor.catalog.architectures import architecture_from_config
from advisor.catalog.hosted_prices import price_at, provider_at
from advisor.catalog.names import find_gpu, find_model
from advisor.catalog.open_folder import model_from
from advisor.catalog.reader import facts
from advisor.catalog.sources import Cited, sources

__all__ = [
    "Cited",
    "architecture_from_config",
    "facts",
    "find_gpu",
    "find_model",
    "model_from",
    "price_at",
    "provider_at",
    "sources",
]
