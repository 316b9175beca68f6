"""What columns are usually called, as data: one row per role. Names are compared in lower case, with underscores."""

from __future__ import annotations

import re

from experiments.dataset.part_words import part


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair.split("+")) for pair in text.split())


# the earlier a name stands, the surer it is
INPUT = _words(
    """
    input text utterance sentence prompt question query message body content request document dialogue dialog
    conversation transcript article passage context clause review comment comment_text description email mail
    ticket tweet post complaint feedback note source_text input_text text_input src source premise
    sentence1 text_a question1 abstract headline title subject user user_input user_message natural_language nl
    utterances texts x tokens
    eingabe texte frage nachricht anfrage texto mensaje pregunta entrée entrada testo tekst
    """
)
OUTPUT = _words(
    """
    output label labels completion answer answers ideal response target targets class category categories intent intents
    sentiment emotion emotions summary summaries highlights tags topics topic sql expected expected_output
    ground_truth gold gold_label reference references translation reply y classification tag spans entities
    ner_tags chosen solution code assistant annotation annotations target_text output_text tldr verdict
    correct_answer label_id label_ids class_id class_ids category_id category_ids intent_id tag_ids
    ausgabe kategorie klasse antwort etiquette étiquette catégorie categorie réponse reponse
    etiqueta categoría categoria clase respuesta risposta etichetta
    """
)
REFERENCES = ("references", "answers", "all_answers", "other_answers")
# words in the names of numbered columns: right answers to one input, people who judge, what they say
REFERENCE_WORDS = _words(
    """
    ref refs reference references human gold summary translation correct acceptable paraphrase simplification
    headline ideal target referenz referencia référence
    """
)
ANNOTATOR_WORDS = _words("annotator annotation rater coder judge worker expert vote voter reviewer crowd lf")
# before `_label` these say which kind of label it is, not whose
NO_ANNOTATOR = _words(
    """
    gold true ground correct final pred predicted prediction model system given old new main sub fine coarse weak noisy
    clean original parent child top
    """
)
OPINION_WORDS = _words("label labels class category intent sentiment emotion tag topic stance rating")
# names that may be an answer, where nothing surer is there
WEAK_OUTPUT = _words(
    """
    queue department team type section priority severity score rating stars grade value price status polarity
    stance toxic spam is_spam urgency product bereich abteilung thema slots result outcome decision reason
    subcategory area domain code_label num number
    """
)
WEAK_OUTPUT_ENDS = _words(
    """
    _type _label _class _category _intent _tag _topic _sentiment _answer _summary _code
    """
)
NUMERIC_OUTPUT = _words(
    """
    score rating grade value price num number amount y target label stars
    """
)
# an answer that is free text even when it is short: numbers in it are answers, not a scale
FREE_OUTPUT = _words(
    """
    output answer answers ideal completion response solution reply chosen correct_answer antwort
    """
)
LABEL_OUTPUT = _words(
    """
    label labels class category categories intent intents sentiment emotion emotions tag tags topic topics
    gold_label label_id label_ids class_id category_id intent_id classification
    kategorie klasse etiquette étiquette catégorie categorie etiqueta categoría
    categoria clase etichetta y
    """
)
SUMMARY_OUTPUT = ("summary", "summaries", "highlights", "tldr", "abstract_summary")
# also what trackers of tickets call the title
TITLE_OR_SUMMARY = ("summary", "summaries")
# answers kept as a tree under one name and written out as text under another
WRITTEN_OUT = {"sql": ("query", "sql_query")}
# who speaks: no answer where only these words stand there
ROLES = ("role", "speaker", "sender", "from")
SPEAKERS = frozenset(_words("user assistant prompter system human gpt bot model tool function agent customer ai"))
INSTRUCTION = (
    "instruction",
    "instructions",
    "system",
    "system_prompt",
    "system_instruction",
    "task_description",
    "anweisung",
)
SPLIT = _words(
    """
    split set subset partition data_split dataset_split part fold_name train_test conjunto partición particion
    aufteilung ensemble jeu suddivisione insieme deel
    """
)
GIVEN = _words(
    """
    given prediction predictions predicted predicted_label pred model_output model_answer model_response
    current_system current_answer present_system system_output bot_answer llm_answer gpt_answer gpt4 gpt_output
    baseline our_system old_label vorhersage
    """
)
GIVEN_ENDS = ("_prediction", "_pred", "_output_model", "_system_answer")
GROUP = _words(
    """
    group group_id source_contract contract doc document_id doc_id source_document user_id customer customer_id
    author author_id session session_id conversation_id dialogue_id dialog_id thread_id patient patient_id company
    url case_id article_id passage_id context_id speaker speaker_id account_id client_id source_id file filename
    contract_id order_id video_id paper_id
    """
)
IDENTIFIER = _words(
    """
    id uid uuid guid parent_id index idx row row_id nr no key unnamed:_0 example_id sample_id ticket_id message_id
    """
)
TIME = _words(
    """
    date time timestamp created created_at datum datetime updated_at sent_at received_at when
    """
)
PERSON = _words(
    """
    owner agent assignee requester submitter reporter name user_name username annotator rater worker worker_id reviewer
    """
)
CIRCUMSTANCE = _words(
    """
    channel language lang locale country region status source fold answer_type difficulty split version amount
    metadata meta via custom_fields brand
    """
)
# columns only an export of tickets has: tags there are work notes of many kinds, not labels somebody chose
TICKET = _words(
    """
    requester requester_id requester_email assignee assignee_id submitter submitter_id via custom_fields brand
    brand_id ticket_form ticket_form_id satisfaction satisfaction_rating ticket_id group group_id organization
    organization_id reporter issue_key
    """
)
TICKET_COLUMNS, TICKET_TAGS = 2, ("tags", "tag")
CONVERSATION = ("messages", "conversations", "conversation", "contents", "dialog", "dialogue", "chat", "turns")
TOOLS = ("tools", "functions")
# lists of what can be chosen, one per line in the input
OFFERED = ("options", "choices")
# columns that belong together: all of them are the input, in this order
TOGETHER = _pairs(
    """
    article+question+options article+question+choices passage+question+options passage+question+choices
    context+question+options context+question+choices question+options question+choices
    instruction+input question+context question+passage context+question premise+hypothesis sentence1+sentence2
    text_a+text_b question1+question2 title+body subject+body title+text subject+text subject+message
    title+content title+description query+document query+passage headline+body
    """
)
# columns of yes and no that say which part a row is in → the part of yes, the part of no
PART_FLAGS = {
    "is_test": ("test", "train"),
    "in_test": ("test", "train"),
    "test_set": ("test", "train"),
    "is_train": ("train", "test"),
    "in_train": ("train", "test"),
    "is_training": ("train", "test"),
    "is_validation": ("validation", "train"),
    "is_valid": ("validation", "train"),
    "is_val": ("validation", "train"),
    "is_dev": ("validation", "train"),
}
YES, NO = ("1", "true", "yes", "y", "t", "1.0"), ("0", "false", "no", "n", "f", "0.0")


def plain(name: str) -> str:
    """A column's name for comparing: `Customer ID ` and `customer-id` are `customer_id`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s\-.]+", "_", spaced).strip("_").lower()


def unnumbered(name: str) -> str:
    """`output_1` and `label2` are an output and a label."""
    return re.sub(r"_?\d$", "", name)


def part_in(column: str, value: str) -> str | None:
    """The same in a column whose name may say what yes and no mean."""
    if (flags := PART_FLAGS.get(plain(column))) is None:
        return part(value)
    lowered = value.strip().lower()
    return flags[0] if lowered in YES else flags[1] if lowered in NO else None


KNOWN = frozenset(
    name
    for row in (
        INPUT,
        OUTPUT,
        WEAK_OUTPUT,
        INSTRUCTION,
        SPLIT,
        GIVEN,
        GROUP,
        IDENTIFIER,
        TIME,
        PERSON,
        CIRCUMSTANCE,
        CONVERSATION,
        TOOLS,
    )
    for name in row
)


def is_known(name: str) -> bool:
    """Is this a name columns usually have?"""
    return plain(name) in KNOWN or plain(name).endswith(WEAK_OUTPUT_ENDS)
