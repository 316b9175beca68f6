"""What the parts of a split are called, in several languages: one word per part and spelling, and how they begin."""

from __future__ import annotations

import re
import unicodedata

# by the beginning of the word; `publictest` and `not_train` are found by what they hold
BEGINNINGS = (
    ("validation", re.compile(r"(?:valid|val|dev|eval_dev|tune_dev|entwicklung|public_?test)")),
    ("test", re.compile(r"(?:(?:private_?|final_)?test|tst|eval|hold_?out|held_?out)")),
    ("train", re.compile(r"(?:train|trn|tr|fit|learn|lern)")),
)
# a part's word may be followed by these, or by nothing
END = re.compile(r"(?:uation|ation|idation|elopment|ing|set|daten|data|split|s|_?\d|_set|_data|_split)*")
# Spanish, German, French, Italian, Portuguese, Dutch, Polish, Russian, Chinese, Japanese, Korean
WORDS = {
    "train": """
        entrenamiento trainieren training trainingsdaten trainingsset lernen apprentissage entraînement addestramento
        allenamento treino treinamento treinar treningowy trening обучение обучающая 训练 训练集 訓練 訓練集
        訓練用 学習 学習用 トレーニング 훈련 학습
    """,
    "validation": """
        validación validierung validierungsdaten développement validazione sviluppo validação desenvolvimento validatie
        ontwikkeling desarrollo walidacja walidacyjny валидация проверка 验证 验证集 開発 开发集 検証 検証用 검증
    """,
    "test": """
        prueba pruebas evaluación testdaten testen essai essais évaluation prova valutazione teste testes avaliação
        toets evaluatie testowy тест тестовая 测试 测试集 測試 テスト テスト用 評価 테스트 평가
    """,
}


def plain(word: str) -> str:
    """A word for comparing: small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")


BY_WORD = {plain(word): part for part, words in WORDS.items() for word in words.split()}


def part(value: str) -> str | None:
    """`train`, `validation` or `test`, as a split column spells it."""
    lowered = re.sub(r"[\s\-.]+", "_", value.strip().lower())
    for word, pattern in BEGINNINGS:
        found = pattern.match(lowered)
        if found and END.fullmatch(lowered[found.end() :]):
            return word
    return BY_WORD.get(plain(value))


def within(name: str) -> set[str]:
    """The parts whose words stand in a name of several words, such as `datos_entrenamiento`."""
    return {BY_WORD[word] for word in re.split(r"[\W\d_]+", plain(name)) if word in BY_WORD}
