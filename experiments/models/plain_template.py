"""What stands in for a chat template where a model has none; the same shape as a completion prompt."""

NO_TEMPLATE = "No chat template in this model: a plain 'Input: … Output: …' prompt is used."
PLAIN_TEMPLATE = (
    "{% for m in messages %}{% if m['role'] == 'system' %}{{ m['content'] + '\n\n' }}"
    "{% elif m['role'] == 'user' %}{{ 'Input: ' + m['content'] + '\nOutput: ' }}"
    "{% else %}{{ m['content'] + eos_token + '\n\n' }}{% endif %}{% endfor %}"
)
