"""The embedded servers: passwords, German text, what a crash leaves, two starts at once."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis
from django.core.cache.backends.redis import RedisCache
from kombu import Connection

from consult.project.embedded import services
from consult.project.embedded.claim import AlreadyRunningError, Claim, ServiceError, StartError
from consult.project.embedded.place import _programs_of_wheels, settle
from consult.project.embedded.postgres import create_database, drop_database
from consult.project.embedded.processes import Launch, start_identity
from consult.project.embedded.valkey import NO_RETRY

REPOSITORY = Path(__file__).parents[2]
ROOT = os.geteuid() == 0
HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
import psycopg
from consult.project.embedded import services

running = services.start(Path(sys.argv[1]), durable=False)
with psycopg.connect(running.database_url) as connection:
    connection.execute("CREATE TABLE kept (word text)")
    connection.execute("INSERT INTO kept VALUES ('angenommen')")
print("started", flush=True)
time.sleep(600)
"""


def base_of(data_dir):
    return Path(json.loads((data_dir / "services.json").read_text())["base"])


def records_of(data_dir):
    return json.loads((data_dir / "processes.json").read_text())


def gone(record, within=15.0):
    end = time.monotonic() + within
    while start_identity(record["pid"]) == record["started"]:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def value(url, query):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


@pytest.fixture
def data_dir(tmp_path):
    """Below a directory that only we may enter, as pytest makes it."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "data"
    if (closed / "data" / "services.json").exists():
        shutil.rmtree(base_of(closed / "data"))


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("embedded") / "data"
    with services.start(data_dir, name="test", durable=False) as started:
        yield started
    shutil.rmtree(base_of(data_dir))


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A data directory with a database that does not run; who changes it changes it back."""
    data_dir = tmp_path_factory.mktemp("stopped") / "data"
    services.start(data_dir, durable=False).stop()
    yield data_dir
    shutil.rmtree(base_of(data_dir))


@contextlib.contextmanager
def replaced(path, text):
    before = path.read_bytes()
    path.write_text(text)
    yield
    path.write_bytes(before)


class TestPasswords:
    def test_application_role_is_no_superuser_but_may_create_databases(self, running):
        query = "SELECT rolsuper::text || rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert value(running.database_url, query) == "falsetrue"

    @pytest.mark.parametrize("user", ["consult", "postgres"])
    @pytest.mark.parametrize("password", ["", "wrong"])
    def test_database_refuses_wrong_password(self, running, user, password):
        directory = parse_qs(urlsplit(running.database_url).query)["host"][0]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=directory, user=user, password=password, dbname="postgres")

    def test_only_the_servers_account_may_enter_the_socket_directory(self, running):
        directory = Path(parse_qs(urlsplit(running.database_url).query)["host"][0])
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700

    def test_database_does_not_listen_on_the_network(self, running):
        assert value(running.database_url, "SHOW listen_addresses") == ""

    def test_queue_refuses_wrong_password(self, running):
        port = urlsplit(running.redis_url).port
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, password="wrong", retry=NO_RETRY).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, retry=NO_RETRY).ping()

    def test_secrets_are_ours_alone_and_not_in_the_process_list(self, running):
        secrets_file = running.claim.data_dir / "services.json"
        assert stat.S_IMODE(secrets_file.stat().st_mode) == 0o600
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        assert "valkey-server" in listed
        for password in json.loads(secrets_file.read_text())["passwords"].values():
            assert password not in listed


class TestDatabase:
    def test_upper_case_and_search_know_german(self, running):
        assert value(running.database_url, "SELECT upper('straße')") == "STRASSE"
        query = "SELECT to_tsvector('german', '„Straßen“ – Ärzte') @@ to_tsquery('german', '{}')"
        assert value(running.database_url, query.format("straße & arzt"))
        assert not value(running.database_url, query.format("wege"))

    @pytest.mark.parametrize("extension", ["pg_trgm", "unaccent"])
    def test_application_may_install_search_extensions(self, running, extension):
        with psycopg.connect(running.database_url) as connection:
            connection.execute(f"CREATE EXTENSION {extension}")
            connection.rollback()

    def test_log_does_not_repeat_what_people_wrote(self, running):
        with pytest.raises(psycopg.Error):
            value(running.database_url, "SELECT 'Frau Yıldız, Lindenstr. 4'::int")
        with pytest.raises(psycopg.Error):
            value(running.database_url, "SELECT 1/0 /* Herr Özdemir */")
        log = running.claim.log_of("postgres").read_text()
        assert "division by zero" in log
        assert "Özdemir" not in log

    def test_copy_of_a_template_is_created_and_dropped(self, running):
        template = create_database(running.database_url, "template_1")
        with psycopg.connect(template) as connection:
            connection.execute("CREATE TABLE seed AS SELECT 7 AS n")
        copy = create_database(running.database_url, "copy_1", template="template_1")
        assert value(copy, "SELECT n FROM seed") == 7
        with psycopg.connect(copy):  # a forgotten connection does not stand in the way
            drop_database(running.database_url, "copy_1")
        drop_database(running.database_url, "copy_1")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(copy)
        drop_database(running.database_url, "template_1")

    def test_durable_only_where_asked(self, running):
        assert value(running.database_url, "SHOW fsync") == "off"


def test_one_address_serves_cache_and_queue(running):
    cache = RedisCache(running.redis_url, {})
    cache.set("key", "Wert")
    assert cache.get("key") == "Wert"
    with Connection(running.redis_url) as connection:
        queue = connection.SimpleQueue("round")
        queue.put("task")
        assert queue.get(timeout=5).payload == "task"
        queue.close()


def test_restart_keeps_data_and_leaves_no_process(data_dir):
    with services.start(data_dir) as first:
        assert value(first.database_url, "SHOW fsync") == "on"
        with psycopg.connect(first.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'bleibt' AS word")
        records = records_of(data_dir)
    assert set(records) == {"postgres", "valkey"}
    assert all(start_identity(record["pid"]) is None for record in records.values())
    assert records_of(data_dir) == {}
    with services.start(data_dir) as second:
        assert second.database_url == first.database_url
        assert value(second.database_url, "SELECT word FROM kept") == "bleibt"


def test_second_start_on_the_same_directory_is_refused(running):
    with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"):
        services.start(running.claim.data_dir)
    assert value(running.database_url, "SELECT 1") == 1


def test_killed_servers_come_back_under_their_addresses(stopped):
    with services.start(stopped) as held:
        before = held.environment()
        with psycopg.connect(held.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'bleibt' AS word")
        assert held.revive() == []
        for record in records_of(stopped).values():
            os.kill(record["pid"], signal.SIGKILL)
        revived = set()
        end = time.monotonic() + 15
        while revived < {"postgres", "valkey"} and time.monotonic() < end:
            revived |= set(held.revive())
            time.sleep(0.05)
        assert held.environment() == before
        assert value(held.database_url, "SELECT word FROM kept") == "bleibt"
        assert redis.Redis.from_url(held.redis_url).ping()


@pytest.fixture
def killed(data_dir):
    """A data directory whose holder was ended by kill -9, with the records of that moment."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_UNTIL_KILLED, data_dir],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder, holder.stdout as output:
        assert output.readline() == "started\n"
        records = records_of(data_dir)
        holder.kill()
    return data_dir, records


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of the end")
def test_servers_end_when_their_holder_is_killed(killed):
    _data_dir, records = killed
    assert all(gone(record) for record in records.values())


def test_start_after_kill_stops_the_old_servers_and_keeps_what_was_accepted(killed):
    data_dir, records = killed
    with services.start(data_dir) as held:
        assert all(gone(record, within=0) for record in records.values())
        assert value(held.database_url, "SELECT word FROM kept") == "angenommen"


class TestStalePidFile:
    """PostgreSQL refuses to start while a process with the number in its pid file lives."""

    def test_number_of_another_program_is_not_taken_for_a_server(self, stopped):
        account = {"user": "nobody"} if ROOT else {}
        with subprocess.Popen(["sleep", "60"], **account) as stranger:
            pid_file = base_of(stopped) / "cluster" / "postmaster.pid"
            pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n1\n5432\n\n\n0 0\n")
            with services.start(stopped, durable=False) as held:
                assert value(held.database_url, "SELECT 1") == 1
            assert stranger.poll() is None
            stranger.kill()

    def test_server_that_no_record_names_is_stopped(self, stopped):
        with Claim(stopped) as claim:
            place = settle(stopped)
            programs, cluster = place.programs.postgres, place.cluster
            argv = [str(programs / "postgres"), "-D", str(cluster), "-k", str(place.sockets)]
            launch = Launch(
                [*argv, "-c", "listen_addresses="],
                log=claim.log_of("stray"),
                ladder=((signal.SIGINT, 10),),
                cwd=place.base,
                account=place.account,
            )
            stray = claim.start("stray", launch)
            place.leave()
            (stopped / "processes.json").unlink()
        end = time.monotonic() + 10
        while not (cluster / "postmaster.pid").exists() and time.monotonic() < end:
            time.sleep(0.02)
        with services.start(stopped, durable=False) as held:
            assert value(held.database_url, "SELECT 1") == 1
            assert stray.exit_status is not None


class TestRefusals:
    def test_directory_of_another_account(self, data_dir):
        data_dir.mkdir()
        memory = {"instance": "x", "uid": os.geteuid() + 1, "passwords": {}, "base": "/nowhere"}
        (data_dir / "services.json").write_text(json.dumps(memory))
        with pytest.raises(StartError, match="belongs to account number"):
            services.start(data_dir)
        (data_dir / "services.json").unlink()

    @pytest.mark.skipif(not ROOT, reason="only root looks for another place")
    def test_no_place_for_the_database(self, tmp_path, monkeypatch):
        monkeypatch.setattr("consult.project.embedded.place.SHARED_PARENTS", (tmp_path,))
        with pytest.raises(StartError, match=r"account 'nobody' may run programs .* ordinary"):
            services.start(tmp_path / "data")

    def test_directory_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(StartError, match="cannot be used"):
            services.start(tmp_path / "file" / "data")

    def test_database_of_another_major_version(self, stopped):
        with (
            replaced(base_of(stopped) / "cluster" / "PG_VERSION", "9\n"),
            pytest.raises(ServiceError, match="made by PostgreSQL 9, 18 is installed"),
        ):
            services.start(stopped)

    def test_broken_database_is_named_with_the_end_of_its_log(self, stopped):
        with (
            replaced(base_of(stopped) / "cluster" / "global" / "pg_control", ""),
            pytest.raises(ServiceError, match=r"pg_control.*postgres\.log"),
        ):
            services.start(stopped)
        assert records_of(stopped) == {}
        Claim(stopped).release()


@pytest.mark.skipif(not ROOT, reason="only root keeps the database away from the data directory")
class TestRoot:
    def test_servers_run_unprivileged_and_no_parent_is_opened(self, running):
        records = records_of(running.claim.data_dir)
        owners = {Path(f"/proc/{record['pid']}").stat().st_uid for record in records.values()}
        assert owners == {pwd.getpwnam("nobody").pw_uid}
        assert stat.S_IMODE(running.claim.data_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(running.claim.data_dir.parent.stat().st_mode) == 0o700

    def test_servers_account_cannot_change_its_programs(self, running):
        base = base_of(running.claim.data_dir)
        programs = [base, *base.glob("programs-*"), *base.glob("programs-*/**/*")]
        assert len(programs) > 100
        assert all(path.lstat().st_uid == 0 for path in programs)
        assert not any(path.stat().st_mode & 0o022 for path in programs)

    def test_database_of_a_deleted_directory_is_set_aside(self, data_dir, capsys):
        services.start(data_dir, durable=False).stop()
        shutil.rmtree(data_dir)
        with services.start(data_dir, durable=False) as held:
            assert value(held.database_url, "SELECT 1") == 1
        aside = base_of(data_dir) / "cluster.aside"
        assert (aside / "PG_VERSION").exists()
        assert str(aside) in capsys.readouterr().out

    def test_copied_directory_cannot_start_beside_the_original(self, running, tmp_path):
        (tmp_path / "copy").mkdir()
        shutil.copy(running.claim.data_dir / "services.json", tmp_path / "copy")
        with pytest.raises(AlreadyRunningError):
            services.start(tmp_path / "copy")


BECOME_NOBODY = """
import encodings.idna, os, pwd, sys  # afterwards the library is out of reach
from pathlib import Path
import psycopg
from consult.project.embedded import services

account = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(account.pw_gid)
os.setuid(account.pw_uid)
with services.start(Path(sys.argv[1]), durable=False) as running:
    with psycopg.connect(running.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    print(running.database_url)
"""


def nobody_may_run(program):
    try:
        done = subprocess.run([program, "--version"], user="nobody", cwd="/", capture_output=True)
        return done.returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not ROOT, reason="every other test already runs as an ordinary account")
def test_ordinary_account_with_a_long_path_of_german_letters():
    programs = _programs_of_wheels()
    if not nobody_may_run(programs.postgres / "initdb"):
        pytest.skip("the environment lies where an ordinary account cannot go")
    home = Path(tempfile.mkdtemp())
    try:
        shutil.chown(home, "nobody")
        data_dir = home / "Städtische Daten, 100%" / ("lang" * 30)
        done = subprocess.run(
            [sys.executable, "-c", BECOME_NOBODY, data_dir],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        directory = Path(parse_qs(urlsplit(done.stdout.strip()).query)["host"][0])
        assert data_dir not in directory.parents
        assert not directory.exists()
        assert (data_dir / "services" / "cluster").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    finally:
        shutil.rmtree(home)


def test_taken_port_of_the_queue_is_replaced(stopped, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = probe.getsockname()[1]
        ports = iter([taken.getsockname()[1], free])
        monkeypatch.setattr("consult.project.embedded.valkey._free_port", lambda: next(ports))
        with services.start(stopped, durable=False) as held:
            assert urlsplit(held.redis_url).port == free
