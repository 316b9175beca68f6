"""Pairs of rules that pull apart: what each says, and what reconciles them."""

from __future__ import annotations

# rule, the other rule, what they say, the way out
PULLS = (
    (
        "few_examples", "enough_examples",
        "Guides ask for 100 to 500 examples before training; one study saw training ahead from about 115 on.",
        "Both hold: the number of categories and the strength of the prompt decide. A pilot on your rows tells.",
    ),
    (
        "many_categories", "frozen_features",
        "With many categories, looked-up examples in the prompt beat training; with few rows each, a classifier on "
        "embeddings learned most.",
        "The first was measured against LoRA on large models, the second against small ones: try both in a pilot.",
    ),
    (
        "volume_pays", "task_keeps_changing",
        "So many requests favour a trained model; a task that keeps changing favours a prompt.",
        "Price a retraining per change: if that is under the monthly saving, train a simple model that retrains fast.",
    ),
    (
        "volume_pays", "few_examples",
        "So many requests favour a trained model, but there are few examples to train on.",
        "Let a large model label your past requests (see its terms), or label a few hundred by hand.",
    ),
    (
        "volume_pays", "prompting_nearly_there",
        "So many requests speak for training, a prompt that is good already speaks against it.",
        "Compare the two bills: train only if the service's bill is most of what the prompt costs; then for the price, "
        "not for the score.",
    ),
    (
        "speed_needs_small", "broad_reasoning",
        "Answers this fast need a small model; this kind of task rewards a large one.",
        "Split it: a small model answers the easy part at once, a large one takes the rest, or allow more time.",
    ),
    (
        "data_stays_here", "broad_reasoning",
        "This kind of task rewards the largest models, which are hosted; no data may leave.",
        "Take the largest open model your machines hold, or ask for an agreement with one provider.",
    ),
    (
        "must_be_small", "broad_reasoning",
        "It must run on a small device; this kind of task rewards a large model.",
        "Narrow the task until a small model can do it, or let a server answer.",
    ),
    (
        "retrieval_for_facts", "style_is_learned",
        "Facts belong into the prompt, style into the weights.",
        "Both can be had: look the facts up, and train the style on texts that contain them.",
    ),
    (
        "small_classifier_enough", "frontier_ahead_lately",
        "Small trained classifiers won most published comparisons, but only 3 of 10 against the large models of 2026.",
        "The years explain it: what the best prompt you can afford scores on 100 of your rows tells which holds.",
    ),
    (
        "lora_by_default", "full_at_scale_nears",
        "LoRA equals full fine-tuning up to some ten thousand rows; from about 100,000 on, full learns more.",
        "Start with LoRA; if its score still rises with the last doubling of rows, try full fine-tuning.",
    ),
    (
        "noisy_labels", "words_are_not_enough",
        "Only examples can say what is wanted, but they are noisy.",
        "Clean two hundred first and measure on those; training on the rest teaches their noise.",
    ),
)  # fmt: skip
