"""How much of anything one file may cost; every limit is said to the person who meets it."""

from __future__ import annotations

MIB = 2**20
GIB = 2**30

# assumption: the largest file a team uploads by hand; 50 MB is the size the speed is promised for
FILE_BYTES = 100 * MIB
# threats T3: inflated size and ratio of an archive; a compressed table rarely shrinks more than 30 times
INFLATED_BYTES = 100 * MIB
INFLATED_RATIO = 100
INFLATED_RATIO_FROM_BYTES = MIB
ARCHIVE_ENTRIES = 1_000
# threats T2: rows and decoded bytes, counted while streaming, never taken from a header
ROWS = 1_000_000
DECODED_BYTES = 500 * MIB
# threats T1: no honest example is deeper or longer
JSON_DEPTH = 64
CELL_CHARACTERS = 10 * MIB
LINE_CHARACTERS = 10 * MIB
COLUMNS = 20_000
# spreadsheets are XML and cost about ten times what the same rows cost as text: a lower limit, said when it is met
XLSX_CELLS = 1_000_000
XLSX_ROWS = 100_000
XLSX_PART_BYTES = 100 * MIB

# threats T1: what the reading process may take
MEMORY_BYTES = 2 * GIB
CPU_SECONDS = 120
WALL_SECONDS = 180
TOKENIZER_BYTES = 64 * MIB
RESULT_BYTES = 600 * MIB

PREVIEW_ROWS = 200
PREVIEW_CHARACTERS = 500
PREVIEW_COLUMNS = 50
FINDING_ROWS = 200
REJECTED_LISTED = 10_000
# all-pairs work and cross-validation: on this many rows unless every row is asked for
SAMPLE_ROWS = 20_000
# long texts have many words: so many characters are compared in 200 MB, measured on random words
SAMPLE_CHARACTERS = 10_000_000
# of a very large file so few are looked at that a smaller sample says as much
LARGE_ROWS, LARGE_SAMPLE_ROWS = 100_000, 10_000
# fewer kept rows cannot give a training, a validation and a test row
FEWEST_ROWS = 3
# assumption: below this no test, and below that no training that deserve the names
FEWEST_SPLIT_ROWS, FEWEST_TRAIN_ROWS = 10, 8
