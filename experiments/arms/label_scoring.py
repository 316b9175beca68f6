"""Which label fits: log-probability of every label after a prompt, many labels in one pass.

The prompts of a task begin alike (instruction, labels, fixed demonstrations): the keys and values of that beginning
are computed once. Each query then goes through the model once, together with a tree of all labels' tokens: a node
sees the beginning, its query and its own ancestors. The end token is scored too, else "card" would always beat
"card lost". Calibration, fixed in advance: batch calibration (Zhou et al. 2023, arXiv 2309.17249) in log space: the
mean log share that each label gets over the validation inputs is subtracted; no answer of theirs is looked at. On
the starter (snips, 140 test rows, seven prompts) it was ahead of dividing by the mean share with every prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

Tokens = Sequence[int]
PASS_TOKENS = 512  # positions in one pass: past this, a 2-core CPU gains nothing from larger batches (measured)
CACHE_BYTES = 256 * 2**20  # assumption: copies of the beginning's keys and values may take this much memory


@dataclass(frozen=True)
class LabelTree:
    """All labels as a tree of tokens. Node 0 is the end of the prompt; nodes are in order of depth-first entry.

    `parents[i]` is the parent of node i (-1 for 0); `depth[i]` its distance from node 0. Label `j` is the sum, over
    its `paths[j]` of (node, token), of the log-probability of the token after the node. A leaf that only carries an
    end token is never fed: its token is scored at its parent.
    """

    tokens: tuple[int, ...]
    parents: tuple[int, ...]
    depth: tuple[int, ...]
    paths: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def build(cls, labels: Sequence[Tokens]) -> LabelTree:
        """The tree of these labels, each with its end token."""
        tokens, parents, depth = [-1], [-1], [0]
        children: dict[tuple[int, int], int] = {}
        paths = []
        for label in labels:
            node, path = 0, []
            for position, token in enumerate(label):
                path.append((node, token))
                if position == len(label) - 1:
                    break
                if (node, token) not in children:
                    children[node, token] = len(tokens)
                    tokens.append(token)
                    parents.append(node)
                    depth.append(depth[node] + 1)
                node = children[node, token]
            paths.append(tuple(path))
        return cls(tuple(tokens), tuple(parents), tuple(depth), tuple(paths))

    @property
    def fed(self) -> int:
        """Nodes that go through the model beside the prompt."""
        return len(self.tokens) - 1

    def ancestors(self) -> torch.Tensor:
        """Square matrix over the fed nodes: row sees column (itself and its ancestors)."""
        seen = torch.zeros(self.fed, self.fed, dtype=torch.bool)
        for node in range(1, len(self.tokens)):
            up = node
            while up > 0:
                seen[node - 1, up - 1] = True
                up = self.parents[up]
        return seen


def common_prefix(prompts: Sequence[Tokens]) -> list[int]:
    """The longest beginning that all prompts share, leaving at least one token to each."""
    if not prompts:
        return []
    low, high = min(map(list, prompts)), max(map(list, prompts))
    limit = min(len(p) for p in prompts) - 1
    length = 0
    while length < limit and low[length] == high[length]:
        length += 1
    return low[:length]


def begins(prompt: Tokens, prefix: Tokens) -> bool:
    """Whether a prompt begins so."""
    return list(prompt[: len(prefix)]) == list(prefix)


class LabelScorer:
    """Scores labels after prompts; holds the keys and values of `prefix`, with which most of them begin."""

    def __init__(self, model: Any, prefix: Tokens, labels: Sequence[Tokens], past: Any = None) -> None:
        """`past`: keys and values that stand before every prompt (prefix tuning), batch size 1."""
        self.model = model
        self.prefix = list(prefix)
        self.labels, self.tree = labels, LabelTree.build(labels)
        self.device = model.device
        self._before = [] if past is None else layers_of(past)
        self._layers = self._prefix_layers(past)
        self.past_length = self._layers[0][0].shape[2] if self._layers else 0
        self._ancestors = self.tree.ancestors().to(self.device)
        self._depth = torch.tensor(self.tree.depth[1:], device=self.device, dtype=torch.long)

    def _prefix_layers(self, past: Any) -> list[tuple[torch.Tensor, torch.Tensor]]:
        if not self.prefix:
            return self._before
        ids = torch.tensor([self.prefix], device=self.device)
        with torch.inference_mode():
            out = body(self.model)(input_ids=ids, past_key_values=past, use_cache=True)
        return layers_of(out.past_key_values)

    def batch_size(self, longest_query: int) -> int:
        """How many queries go through the model at once without needing much memory."""
        by_positions = PASS_TOKENS // (longest_query + self.tree.fed)
        per_row = sum(k.nbytes + v.nbytes for k, v in self._layers)
        by_cache = CACHE_BYTES // per_row if per_row else by_positions
        return max(1, min(by_positions, by_cache))

    def query_length(self, prompt: Tokens) -> int:
        """How many tokens of a prompt go through the model."""
        return len(prompt) - len(self.prefix) if begins(prompt, self.prefix) else len(prompt)

    @cached_property
    def _whole(self) -> LabelScorer:
        """For prompts with another beginning: too long for what the others show."""
        past = expanded(self._before, 1, self.model.config) if self._before else None
        return LabelScorer(self.model, [], self.labels, past)

    def score(self, prompts: Sequence[Tokens]) -> np.ndarray:
        """Log-probability of each label (columns) after each prompt (rows), in one pass for each beginning."""
        scores = np.zeros((len(prompts), len(self.tree.paths)))
        same = np.array([begins(prompt, self.prefix) for prompt in prompts])
        for rows, score in ((same, self._after_prefix), (~same, lambda others: self._whole.score(others))):
            if rows.any():
                scores[rows] = score([prompt for prompt, row in zip(prompts, rows, strict=True) if row])
        return scores

    def _after_prefix(self, prompts: Sequence[Tokens]) -> np.ndarray:
        queries = [list(p[len(self.prefix) :]) for p in prompts]
        if any(not q for q in queries):
            raise ValueError("a prompt holds nothing beyond the prefix of this scorer")
        longest = max(map(len, queries))
        ids, mask, positions = self._inputs(queries, longest)
        with torch.inference_mode():
            out = body(self.model)(
                input_ids=ids,
                attention_mask=mask,
                position_ids=positions,
                past_key_values=expanded(self._layers, len(queries), self.model.config),
                use_cache=True,
            )
            return self._gather(out.last_hidden_state[:, longest - 1 :])

    def _inputs(self, queries: list[list[int]], longest: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Queries padded at their left, then the tree; who sees whom; positions as if each label followed alone."""
        fed, past = self.tree.fed, self.past_length
        total = longest + fed
        ids = torch.zeros(len(queries), total, dtype=torch.long)
        mask = torch.zeros(len(queries), 1, total, past + total, dtype=torch.bool)
        positions = torch.zeros(len(queries), total, dtype=torch.long)
        causal = torch.ones(longest, longest, dtype=torch.bool).tril()
        for row, query in enumerate(queries):
            pad = longest - len(query)
            ids[row, pad:longest] = torch.tensor(query)
            ids[row, longest:] = torch.tensor(self.tree.tokens[1:], dtype=torch.long)
            positions[row, pad:longest] = past + torch.arange(len(query))
            positions[row, longest:] = past + len(query) - 1 + self._depth.cpu()
            mask[row, 0, :, :past] = True
            mask[row, 0, :longest, past : past + longest] = causal
            mask[row, 0, longest:, past + pad : past + longest] = True
            mask[row, 0, pad:longest, past : past + pad] = False
            mask[row, 0, longest:, past + longest :] = self._ancestors.cpu()
        return ids.to(self.device), self._added(mask).to(self.device), positions.to(self.device)

    def _added(self, mask: torch.Tensor) -> torch.Tensor:
        """The mask as numbers to add: as truth values every layer would convert it again (an eighth of the time)."""
        if not self._layers:
            return mask
        dtype = self._layers[0][0].dtype
        return torch.zeros(mask.shape, dtype=dtype).masked_fill_(~mask, torch.finfo(dtype).min)

    def _gather(self, hidden: torch.Tensor) -> np.ndarray:
        """Sum the log-probabilities along each label's path; the head runs row by row to bound memory."""
        nodes = torch.tensor([node for path in self.tree.paths for node, _ in path], device=self.device)
        tokens = torch.tensor([token for path in self.tree.paths for _, token in path], device=self.device)
        owner = np.repeat(np.arange(len(self.tree.paths)), [len(path) for path in self.tree.paths])
        scores = np.zeros((hidden.shape[0], len(self.tree.paths)))
        head = self.model.get_output_embeddings()
        for row in range(hidden.shape[0]):
            logits = head(hidden[row]).float()
            chosen = logits[nodes, tokens] - torch.logsumexp(logits, dim=-1)[nodes]
            np.add.at(scores[row], owner, chosen.double().cpu().numpy())
        return scores


def body(model: Any) -> Any:
    """The model without its head: it gives hidden states, so the head runs only where a score is needed."""
    return model.get_decoder()


def layers_of(cache: Any) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Keys and values of each layer of a cache."""
    return [(layer.keys, layer.values) for layer in cache.layers]


def expanded(layers: list[tuple[torch.Tensor, torch.Tensor]], batch: int, config: Any) -> Any:
    """A fresh cache for `batch` rows over the same keys and values (views until the model adds to them)."""
    from transformers import DynamicCache

    cache = DynamicCache(config=config)
    for index, (keys, values) in enumerate(layers):
        cache.update(keys.expand(batch, -1, -1, -1), values.expand(batch, -1, -1, -1), index)
    return cache


def label_shares(scores: np.ndarray) -> np.ndarray:
    """Log-probabilities → log shares among the labels of each row."""
    top = scores.max(axis=1, keepdims=True)
    shares: np.ndarray = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return shares


def batch_prior(scores: np.ndarray) -> np.ndarray:
    """The mean log share of each label over unlabelled inputs; all zero (no calibration) without any."""
    if not len(scores):
        return np.zeros(scores.shape[1])
    prior: np.ndarray = label_shares(scores).mean(axis=0)
    return prior


def batches_by_length(lengths: Sequence[int], size_for: Any) -> list[list[int]]:
    """Indices in batches of similar length, longest last; `size_for(longest)` says how many fit together.

    The batches depend on the lengths alone, so a resumed cell forms the same ones and gets the same figures.
    """
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    batches: list[list[int]] = []
    for index in order:
        if batches and len(batches[-1]) < size_for(lengths[index]):
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches
