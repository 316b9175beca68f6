"""Opening: migrated once, backed up before, refused politely when it is not ours."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from advisor.errors import Damaged, NoPermission, NoSpace, SituationError
from workspace import Store, database, schema


def test_migrations_build_what_the_schema_says(tmp_path: Path) -> None:
    Store(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / database.FILE}")
    found = inspect(engine)
    for name, table in schema.metadata.tables.items():
        columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(name)}
        assert columns == {c.name: (str(c.type), c.nullable) for c in table.columns}
        assert found.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]
    assert set(found.get_table_names()) == {*schema.metadata.tables, "alembic_version"}
    engine.dispose()


def test_every_migration_is_listed() -> None:
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    assert sorted(f.stem for f in folder.glob("v*.py")) == [f"v{revision}" for revision in schema.REVISIONS]


def test_the_database_is_private_and_a_write_ahead_log(tmp_path: Path) -> None:
    Store(tmp_path).close()
    path = tmp_path / database.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_old_database_is_copied_before_it_is_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.projects.create("kept")
    store.close()
    migrated: list[Path] = []
    monkeypatch.setattr(database, "REVISIONS", (*schema.REVISIONS, "9999"))
    monkeypatch.setattr(database, "_migrate", migrated.append)
    Store(tmp_path).close()
    assert migrated == [tmp_path / database.FILE]
    copies = list((tmp_path / "backups").iterdir())
    assert len(copies) == 1
    connection = sqlite3.connect(copies[0])
    assert connection.execute("SELECT name FROM project").fetchall() == [("kept",)]
    connection.close()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / database.FILE)
    connection.execute("UPDATE alembic_version SET version_num = '7777'")
    connection.commit()
    connection.close()
    with pytest.raises(SituationError, match="newer version"):
        Store(tmp_path)


@pytest.mark.parametrize("content", [b"not a database at all, surely" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_database_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / database.FILE).write_bytes(content)
    with pytest.raises(Damaged, match=r"workspace\.sqlite3"):
        Store(tmp_path)
    assert (tmp_path / database.FILE).read_bytes() == content


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / database.FILE)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    with pytest.raises(Damaged, match="another program"):
        Store(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    Store(tmp_path).close()
    (tmp_path / database.FILE).chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(NoPermission, match="cannot be"):
            Store(tmp_path).projects.create("x")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    project = store.projects.create("first").id
    saved: list[str] = []

    def fill() -> None:
        for n in range(100):
            store.answers.save(project, f"{n}: " + "x" * 2000)
            saved.append(str(n))

    with store._database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(NoSpace, match="full"):
        fill()
    store.close()
    again = Store(tmp_path)
    assert len(again.answers.history(project)) == len(saved) > 0
    again.close()


def test_a_failed_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def half() -> None:
        with store._database.write() as connection:
            connection.exec_driver_sql("INSERT INTO project VALUES ('a', 'b', 'c', NULL)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert store.projects.all() == ()
    store.close()
