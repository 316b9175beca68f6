"""Method × model × where it is trained and served: for each kind of place the cheapest that fits and carries the load.

Kinds of place: the team's own machines (with any CPU), rented GPUs, an API. Where none of a kind will do, the
cheapest of it stays, with the facts that block it, so that every method keeps at least one option.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from advisor.errors import UnknownName
from advisor.estimators.blocking import Situation, api_blocks, model_blocks, place_blocks, situation_of
from advisor.estimators.siting import Site, serving_site, training_site
from advisor.methods import METHODS
from advisor.vocabulary import Facts, MethodCard, ModelCard, Option, OptionPlan, TaskProfile
from advisor.vocabulary.saying import nearest

KINDS = ("own", "rented")
NOTHING = TaskProfile()


def plans(
    profile: TaskProfile, facts: Facts, only: Collection[tuple[str, str]] | None = None
) -> tuple[OptionPlan, ...]:
    """Every option for this profile, blocked ones included, in the order of the methods.

    `only` keeps these pairs of method and model id, for whoever asks again and again.
    """
    situation = situation_of(profile, facts)
    open_models, hosted_models = _candidates(profile, facts)
    found: list[OptionPlan] = []
    for card in METHODS:
        if card.trained == "head":
            found += _on_cpu(card, facts, situation)
            continue
        for model in open_models:
            if only is None or (card.name, model.id) in only:
                found += _on_machines(card, model, situation)
        if not card.needs_open_weights or card.hosted_tuning:
            found += [_at_provider(card, model, situation) for model in hosted_models]
    return tuple(p for p in found if only is None or (p.option.method, p.option.model) in only)


def unknown_names(profile: TaskProfile, facts: Facts) -> list[UnknownName]:
    """Every model and GPU of the answers that the catalog does not know, one error for each."""
    asked = [replace(NOTHING, gpus=(gpu,)) for gpu in profile.gpus or ()]
    asked += [replace(NOTHING, open_models=(name,)) for name in profile.open_models or ()]
    asked += [replace(NOTHING, hosted_models=(name,)) for name in profile.hosted_models or ()]
    wrong: list[UnknownName] = []
    for single in asked:
        try:
            situation_of(single, facts)
            _candidates(single, facts)
        except UnknownName as error:
            wrong.append(error)
    return wrong


def _candidates(profile: TaskProfile, facts: Facts) -> tuple[list[ModelCard], list[ModelCard]]:
    open_models = [m for m in facts.models if not m.hosted]
    hosted_models = [m for m in facts.models if m.hosted]
    named = (profile.prompted_model, *(timed.model for timed in profile.hosted_times or ()))
    found = [_called(name, [*facts.models]) for name in named if name]
    measured = {model.id for model in found if model is not None}
    return (
        _chosen(profile.open_models, open_models, "open model", measured),
        _chosen(profile.hosted_models, hosted_models, "hosted model", measured),
    )


def _chosen(names: tuple[str, ...] | None, models: list[ModelCard], kind: str, measured: set[str]) -> list[ModelCard]:
    """The models the team named; where it named none, the catalog's defaults and those it has scored or timed."""
    if names is None:
        return [m for m in models if m.default or m.id in measured]
    found = []
    for name in names:
        match = _called(name, models)
        if match is None:
            near = nearest(name, [s for m in models for s in (m.id, m.name, *m.aliases)], cutoff=0.45)
            mend = f"{near} See python -m advisor models.".strip()
            raise UnknownName(f"'{kind.replace(' ', '_')}s': there is no {kind} called {name!r} in the catalog.", mend)
        if match not in found:
            found.append(match)
    return found


def _called(name: str, models: list[ModelCard]) -> ModelCard | None:
    plain = name.casefold()
    return next((m for m in models if plain in (s.casefold() for s in (m.id, m.name, *m.aliases))), None)


def _on_cpu(card: MethodCard, facts: Facts, situation: Situation) -> Iterator[OptionPlan]:
    """A head on features (or on word counts) needs no GPU: one option, on a CPU."""
    wants_model = card.epochs is not None
    model = next(tool for tool in facts.tools if (tool.architecture is not None) == wants_model)
    site = Site("cpu", situation.cpu, 1)
    blocks = (*model_blocks(card, model, situation), *place_blocks("own", site, situation))
    yield OptionPlan(
        Option(card.name, card.family, model.id, "cpu", "cpu"), card, model, site.placement, site.placement, blocks
    )


def _on_machines(card: MethodCard, model: ModelCard, situation: Situation) -> Iterator[OptionPlan]:
    for kind in KINDS:
        served = serving_site(card, model, situation.needs, situation.pool(kind))
        blocks = [*model_blocks(card, model, situation), *place_blocks(kind, served, situation)]
        trained = None
        if card.trained != "nothing":
            trained = training_site(card, model, situation.needs, situation.training_pools(kind))
            against = place_blocks("trained", trained, situation)
            blocks += [b for b in against if b.limit not in {x.limit for x in blocks}]
        option = Option(card.name, card.family, model.id, served.name, trained.name if trained else None)
        yield OptionPlan(option, card, model, served.placement, trained.placement if trained else None, tuple(blocks))


def _at_provider(card: MethodCard, model: ModelCard, situation: Situation) -> OptionPlan:
    place = f"api:{model.provider}"
    trained_at = None if card.trained == "nothing" else place
    option = Option(card.name, card.family, model.id, place, trained_at)
    blocks = (*model_blocks(card, model, situation), *api_blocks(card, model, situation))
    return OptionPlan(option, card, model, None, None, blocks)
