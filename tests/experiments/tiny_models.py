"""Tiny random models made on the spot: the real classes and files, in a few hundred kilobytes, without network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = (
    "play some music please rate this book book a table for two what is the weather like tomorrow add this song "
    "to my list find the film Input Output label labels answer decide which fits text user assistant system "
    '{"people": "2", "time": "10 am"} 0 1 2 3 4 5 6 7 8 9 . , : ; ! ? <|im_end|>'
)
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def tokenizer(template: str | None = TEMPLATE) -> Any:
    """A byte-level BPE with ChatML's control tokens, pad and end being the same as in the starter."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator([WORDS] * 4, trainer)
    made = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        unk_token="<|endoftext|>",
        model_max_length=512,
    )
    if template is not None:
        made.chat_template = template
    return made


def save_causal(folder: Path, *, template: str | None = TEMPLATE, seed: int = 0) -> Path:
    """A random two-layer Llama with its tokenizer, as save_pretrained leaves it."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    made = tokenizer(template)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(made),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        initializer_range=0.2,
        tie_word_embeddings=True,
        bos_token_id=made.bos_token_id,
        eos_token_id=made.eos_token_id,
        pad_token_id=made.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    made.save_pretrained(folder)
    return folder


def save_embedder(folder: Path) -> Path:
    """A random two-layer BERT with a tokenizer: near texts stay near, which is all that is asked of it."""
    import torch
    from transformers import BertConfig, BertModel

    made = tokenizer(None)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(made),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=512,
        pad_token_id=made.pad_token_id,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    made.save_pretrained(folder)
    return folder
