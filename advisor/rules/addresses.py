"""Where the sources of the rules stand, and when they were looked at."""

from __future__ import annotations

import functools
import re

from advisor.vocabulary.saying import parts

READ = "2026-11-25"
GITHUB, ARXIV = re.compile(r"^([\w.-]+/[\w.-]+)\b"), re.compile(r"arXiv (\d{4}\.\d{5})")
DATED = re.compile(r"\((?:read|checked) \d{4}-\d\d-\d\d\)")
VERTEX = "https://cloud.google.com/vertex-ai/generative-ai/docs/models/tune-text-models"
META = "https://ai.meta.com/blog/when-to-fine-tune-llms-vs-other-techniques"
AZURE = "https://learn.microsoft.com/en-us/azure/ai-services/openai/concepts/fine-tuning-considerations"
OPENAI = "https://www.daqianai.cc/docs/openai/guides/model-optimization"  # a mirror: the page itself needs a login
FINGPT = "https://github.com/AI4Finance-Foundation/FinGPT"
# what a source's name begins with → its address; names with an arXiv number or a repository need no line
ADDRESSES = {
    "96 published pairs": "advisor/catalog/tables/published.csv",
    "Anthropic, fine-tuning Claude 3 Haiku": "https://anthropic.com/news/fine-tune-claude-3-haiku-ga",
    "Anyscale": "https://www.anyscale.com/blog (fine-tuning Llama 2, a case study)",
    "AWS guidance": "https://speakerdeck.com/player/a74b23e18f76404fa56f25c37451c0d5",
    "Databricks IE bench": "https://dspy.ai/api/optimizers/BetterTogether",
    "DB-GPT-Hub": "https://github.com/eosphoros-ai/DB-GPT-Hub",
    "DSPy BetterTogether": "https://dspy.ai/api/optimizers/BetterTogether",
    "FinGPT": FINGPT,
    "Google Vertex AI": VERTEX,
    "Llama community licence": "https://www.llama.com/license",
    "Meta and Microsoft guidance": META,
    "Meta's guide, part 3": META,
    "Meta, when to fine-tune": META,
    "Microsoft": AZURE,
    "OpenAI cookbook, distillation": "https://github.com/openai/openai-cookbook",
    "OpenAI model-optimisation guide": OPENAI,
    "OpenAI, optimising LLM accuracy": "https://chatgpt.cadn.net.cn/docs_en/guides_optimizing-llm-accuracy",
    "OpenAI": OPENAI,
    "SetFit results": "https://github.com/huggingface/setfit",
    "setfit-blog-2022": "https://huggingface.co/blog/setfit",
    "sqlcoder-2024": "https://github.com/defog-ai/sqlcoder",
    "applied-llms.org": "https://applied-llms.org",
    "faresgr.github.io": "https://faresgr.github.io",
    "huggingface/blog, LoRA": "https://huggingface.co/blog/Lora-for-sequence-classification-with-Roberta-Llama-Mistral",
    "huggingface/blog": "https://huggingface.co/blog/synthetic-data-save-costs",
    "model card of all-MiniLM-L6-v2": "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    "practitioners' guides to Vertex AI": "https://oneuptime.com",
    "providers' terms": "https://diomgis.com/learn/distillation-and-terms-of-service-constraints",
    "reports on OpenAI's notice": "https://techscurrent.com/2026/07/openai-fine-tuning-cutoff-migration-clock",
    "tinycls2026": "https://github.com/MaximeRivest/tiny-classifiers",
    "tiny-classifiers": "https://github.com/MaximeRivest/tiny-classifiers",
}


@functools.cache
def cited(source: str) -> str:
    """Every part of a source with its address and the day it was read; the team's own answers have none."""
    return "; ".join(_with_address(part) for part in parts(source))


def _with_address(part: str) -> str:
    where = None if DATED.search(part) else address(part)
    return f"{part}, {where} (read {READ})" if where else part


def address(part: str) -> str | None:
    """A source's address by its name; None for what needs none (an answer, a marked assumption)."""
    if found := ARXIV.search(part):
        return f"https://arxiv.org/abs/{found[1]}"
    known = [name for name in ADDRESSES if part.startswith(name)]
    if known:
        return ADDRESSES[max(known, key=len)]
    if found := GITHUB.match(part):
        return f"https://github.com/{found[1]}"
    return None
