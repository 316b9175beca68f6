"""The flags of a service that is asked: they are the person's consent, and what they mean is printed before."""

from __future__ import annotations

import argparse
import getpass
import sys

from advisor.catalog import provider_at
from advisor.errors import PlanError, RunError
from advisor.vocabulary import PilotPlan
from experiments.api import address, secret
from experiments.api.secret import Secret
from experiments.api.service import CONCURRENCY, MAX_USD, UNPAID, Service, consent, service
from experiments.pilot.hosted import services
from experiments.runners import local
from workspace import Store

OTHERS = ("max_usd", "usd_per_1m_input", "usd_per_1m_output", "api_at_once", "api_max_tokens")


def add_flags(parser: argparse.ArgumentParser) -> None:
    """What a service is asked, and for how much; its key has no flag, for flags are seen by everybody."""
    group = parser.add_argument_group(
        "a hosted model",
        "Rows leave this machine only with these flags. The key is read from OPENAI_API_KEY, or asked for.",
    )
    group.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible service")
    group.add_argument("--api-model", metavar="NAME", help="the model, as the service calls it")
    group.add_argument("--max-usd", type=float, metavar="X", help=f"never spend more (default {MAX_USD:g})")
    group.add_argument("--usd-per-1m-input", type=float, metavar="X", help="price, where the catalog has none")
    group.add_argument("--usd-per-1m-output", type=float, metavar="X", help="price, where the catalog has none")
    group.add_argument("--api-at-once", type=int, metavar="N", help=f"calls at a time (default {CONCURRENCY})")
    group.add_argument("--api-max-tokens", type=int, metavar="N", help="longest answer; more for models that think")


def asked_for(args: argparse.Namespace) -> tuple[Service | None, Secret]:
    """The service of the command line and its key; none where no flag names one."""
    if args.base_url is None and args.api_model is None:
        given = [f"--{name.replace('_', '-')}" for name in OTHERS if getattr(args, name) is not None]
        if given:
            raise PlanError(f"{given[0]} without a service.", "Add --base-url URL and --api-model NAME.")
        return None, Secret()
    if args.base_url is None or args.api_model is None:
        raise PlanError("A service needs an address and a model.", "Give both --base-url URL and --api-model NAME.")
    url = address.checked(args.base_url)
    key = key_for(url)
    found = service(
        url,
        args.api_model,
        max_usd=args.max_usd,
        input_usd_per_mtok=args.usd_per_1m_input,
        output_usd_per_mtok=args.usd_per_1m_output,
        concurrency=args.api_at_once,
        max_new_tokens=args.api_max_tokens,
        keyed=bool(key),
    )
    if args.max_usd is not None and found.free:
        why = "both prices are 0" if found.priced else UNPAID
        raise PlanError(
            f"--max-usd {args.max_usd:g} would cap nothing: {why}.",
            "Leave it out, or give what the calls cost with --usd-per-1m-input and --usd-per-1m-output.",
        )
    return found, key


def key_for(url: str) -> Secret:
    """The key from the environment, else from the keyboard; a server of one's own may need none."""
    key = secret.from_person()
    if not key and not address.is_here(url) and sys.stdin.isatty():
        key = Secret(getpass.getpass(f"Key for {address.host_of(url)} (kept for this run only; Enter for none): "))
    if not key and provider_at(url) is not None:
        raise PlanError(
            f"{address.host_of(url)} wants a key, and there is none.",
            f"Set it in the environment as {secret.ASKED_FROM}.",
        )
    return key


def announce(plan: PilotPlan) -> None:
    """Say on stderr what will be sent where, before it is."""
    for asked in list(services(plan).values())[:1]:
        print(consent(asked, len(plan.test_rows) + len(plan.validation_rows)), file=sys.stderr, flush=True)
        if text := address.warning(asked.base_url):
            print(f"Warning: {text}", file=sys.stderr, flush=True)


def key_again(store: Store, run_id: str) -> Secret:
    """The key of a run that goes on asking; nothing is asked for where it asks nobody any more."""
    asked = local.still_asks(store, run_id)
    if asked is None:
        return Secret()
    print(f"This run goes on sending rows to {asked.base_url} (model {asked.api_model}).", file=sys.stderr, flush=True)
    if not asked.keyed:
        return Secret()
    key = key_for(asked.base_url)
    if not key:
        raise RunError(f"Run {run_id} needs its key again; keys are never kept.", f"Set {secret.ASKED_FROM}.")
    return key
