"""How good the estimates, the advice and the speed are, as figures against published or measured ones."""
