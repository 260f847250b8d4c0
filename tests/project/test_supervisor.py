"""The supervisor: ready, stop, restart, give up, and no process left in any case."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from consult.project import supervisor
from consult.project.embedded.claim import Claim
from consult.project.embedded.processes import Launch, start_identity
from consult.project.supervisor import PortTakenError, Program, run_processes

REPOSITORY = Path(__file__).parents[2]
SITE = """
import os, socket, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(os.environ.get("STATUS", 200)))
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

print("serving", flush=True)
server = HTTPServer(("", 0), Page, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""
# Some of these tests leave processes behind on purpose, for others to end.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SLEEP = "import time; time.sleep(600)"
ENDS_AFTER = """
import sys, time
from pathlib import Path
while not Path(sys.argv[1]).exists():
    time.sleep(0.05)
sys.exit(3)
"""
DEAF = """
import os, signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
WHOLE_DEMO = """
import os, sys
from pathlib import Path
from consult.project import supervisor
from consult.project.embedded import services
from consult.project.embedded.claim import Claim, StartError

def main(data_dir, port):
    with (
        supervisor.stop_on_signals(),
        Claim(data_dir) as claim,
        supervisor.listen(port) as listener,
        services.start(data_dir, durable=False, claim=claim) as running,
    ):
        web = [sys.executable, "-m", "gunicorn", "--worker-class=gthread", "--workers=2"]
        web += [f"--bind=fd://{listener.fileno()}", "wsgiref.simple_server:demo_app"]
        worker = [sys.executable, "-c", "import time; time.sleep(600)"]
        return supervisor.run_processes(
            {"web": supervisor.Program(web, listener=listener),
             "worker": supervisor.Program(worker)},
            claim=claim, address=("127.0.0.1", port), services=running,
            env=os.environ | running.environment(),
            on_ready=lambda: print("ready", flush=True))

try:
    status = main(Path(sys.argv[1]), int(sys.argv[2]))
except StartError as refused:
    print(refused, file=sys.stderr)
    status = refused.exit_status
sys.exit(status)
"""


def python(script, *arguments):
    return [sys.executable, "-c", script, *arguments]


def runs(pid):
    return start_identity(pid) is not None


def wait_until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def claim(tmp_path):
    with Claim(tmp_path / "data") as held:
        yield held


@pytest.fixture
def listener():
    with supervisor.listen(0) as held:
        yield held


@pytest.fixture
def site(listener):
    return Program(python(SITE, str(listener.fileno())), listener=listener)


@pytest.fixture
def said():
    return []


@pytest.fixture
def run(claim, listener, said):
    """Run the programs; ``then`` is called when ready, and asks for the end unless it loops."""

    def run_them(programs, then=lambda: None, **options):
        def on_ready():
            said.append("ready")
            then()
            if options.get("restarts_a_minute") is None:
                os.kill(os.getpid(), signal.SIGTERM)

        with supervisor.stop_on_signals():
            return run_processes(
                programs,
                claim=claim,
                address=listener.getsockname(),
                on_ready=on_ready,
                say=said.append,
                **options,
            )

    return run_them


def pid_that_answers(address):
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", "/")
    return int(connection.getresponse().read())


class TestPort:
    def test_taken_port_is_refused_in_one_sentence(self, listener):
        port = listener.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"Port {port} .* set PORT") as refused:
            supervisor.listen(port)
        assert refused.value.exit_status == 2
        assert "\n" not in str(refused.value)

    def test_number_beyond_all_ports_is_refused(self):
        with pytest.raises(PortTakenError):
            supervisor.listen(70000)

    def test_port_can_be_taken_again_at_once(self, site, listener, run):
        address = listener.getsockname()
        run({"web": site}, then=lambda: pid_that_answers(address))
        listener.close()
        supervisor.listen(address[1]).close()


class TestStop:
    def test_signal_after_ready_ends_all_with_status_0(self, run, site, listener, claim, said):
        pids = []

        def note():
            pids.append(pid_that_answers(listener.getsockname()))

        assert run({"web": site, "worker": Program(python(SLEEP))}, then=note) == 0
        assert said == ["ready"]
        assert not runs(pids[0])
        assert (claim.data_dir / "processes.json").read_text() == "{}"
        assert "serving" in (claim.logs / "web.log").read_text()

    def test_deaf_program_and_its_children_are_killed(self, run, site, claim):
        log = claim.logs / "worker.log"
        deaf = Program(python(DEAF), patience=0.3)
        programs = {"web": site, "worker": deaf}

        def until_it_is_deaf():
            wait_until(lambda: log.exists() and log.read_text().endswith("\n"))

        started = time.monotonic()
        assert run(programs, then=until_it_is_deaf) == 0
        assert time.monotonic() - started < 15
        leader, child = map(int, log.read_text().split())
        wait_until(lambda: not runs(leader) and not runs(child))

    def test_signal_before_ready_ends_all_with_status_0(self, run, said):
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        assert run({"worker": Program(python(SLEEP))}) == 0
        assert said == []

    def test_signals_after_the_first_do_not_interrupt_the_stopping(self):
        seen = []
        # Ignored where the tests themselves run in the background.
        before = signal.getsignal(signal.SIGINT)

        @supervisor.stop_on_signals()
        def work():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                seen.append("stopped in peace")

        with pytest.raises(SystemExit) as stop:
            work()
        assert stop.value.code == 128 + signal.SIGTERM
        assert seen == ["stopped in peace"]
        assert signal.getsignal(signal.SIGINT) is before


class TestClaim:
    def test_release_ends_a_process_that_nobody_stopped(self, tmp_path):
        launch = Launch(python(SLEEP), log=tmp_path / "log", ladder=((signal.SIGTERM, 5),))
        with Claim(tmp_path / "data") as claim:
            forgotten = claim.start("worker", launch).pid
            assert runs(forgotten)
        assert not runs(forgotten)

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere orphans are not found")
    def test_children_of_a_killed_program_are_ended(self, tmp_path):
        launch = Launch(python(DEAF), log=tmp_path / "log", ladder=((signal.SIGTERM, 5),))
        with Claim(tmp_path / "data") as claim:
            claim.start("worker", launch)
            wait_until(lambda: launch.log.read_text().endswith("\n"))
            leader, child = map(int, launch.log.read_text().split())
            os.kill(leader, signal.SIGKILL)
            wait_until(lambda: not runs(leader))
            assert runs(child)
        wait_until(lambda: not runs(child))


class TestRestart:
    def test_program_that_was_killed_is_started_again(self, run, site, listener, said):
        address = listener.getsockname()
        answered = []

        def ask_and_stop():
            answered.append(pid_that_answers(address))
            os.kill(os.getpid(), signal.SIGTERM)

        def kill_and_ask_again():
            answered.append(pid_that_answers(address))
            os.kill(answered[0], signal.SIGKILL)
            wait_until(lambda: not runs(answered[0]))
            threading.Thread(target=ask_and_stop).start()

        assert run({"web": site}, then=kill_and_ask_again, restarts_a_minute=5) == 0
        sentence = f"web (process {answered[0]}) was killed by signal 9. It is started again."
        assert said == ["ready", sentence]
        assert len(set(answered)) == 2

    def test_program_that_ends_too_often_ends_everything(self, run, site, said, tmp_path):
        flag = tmp_path / "ready"
        programs = {"web": site, "worker": Program(python(ENDS_AFTER, str(flag)))}
        assert run(programs, then=flag.touch, restarts_a_minute=1) == 1
        assert said[0] == "ready"
        assert "ended with status 3. It is started again." in said[1]
        assert "worker ended 2 times within a minute: everything is stopped." in said[2]


class TestNeverReady:
    def test_program_that_fails_is_named_with_the_end_of_its_log(self, run, site, said):
        broken = Program(python("print('no settings'); raise SystemExit(4)"))
        assert run({"worker": broken}) == 1
        assert len(said) == 1
        assert "ended with status 4. no settings" in said[0]

    def test_program_that_does_not_exist(self, run, said):
        assert run({"worker": Program(["/nowhere/celery"])}) == 1
        assert said == ["worker cannot be run: /nowhere/celery: No such file or directory."]

    def test_front_page_with_an_error_is_not_ready(self, run, site, said):
        status = run({"web": site}, env=os.environ | {"STATUS": "500"}, ready_within=1)
        assert status == 1
        assert "answers with status 500" in said[0]

    def test_redirect_is_ready(self, run, site, said):
        assert run({"web": site}, env=os.environ | {"STATUS": "302"}) == 0
        assert said == ["ready"]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo") / "data"
    yield made
    shutil.rmtree(json.loads((made / "services.json").read_text())["base"])


class TestWholeDemo:
    """As the command line does it: servers, gunicorn and a worker, in a process of its own."""

    @pytest.fixture
    def port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    @pytest.fixture
    def demo(self, data_dir, port):
        command = python(WHOLE_DEMO, str(data_dir), str(port))
        with subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        ) as started:
            assert started.stdout.readline() == "ready\n"
            yield started
            started.kill()

    @pytest.fixture
    def descendants(self, demo):
        """Every process below the demo at this moment."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        parents = dict(map(int, line.split()) for line in listed.splitlines())
        found = {demo.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        assert len(found) > 8
        return found - {demo.pid}

    def test_sigterm_leaves_no_process(self, demo, descendants):
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(20) == 0
        assert not [pid for pid in descendants if runs(pid)]

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of the end")
    def test_kill_leaves_no_process(self, demo, descendants):
        demo.kill()
        wait_until(lambda: not [pid for pid in descendants if runs(pid)])

    def test_second_demo_is_refused_before_anything_starts(self, demo, data_dir, port, tmp_path):
        for directory, reason in ((data_dir, "already running"), (tmp_path, f"Port {port}")):
            done = subprocess.run(
                python(WHOLE_DEMO, str(directory), str(port)),
                cwd=REPOSITORY,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 2
            assert reason in done.stderr
            assert len(done.stderr.splitlines()) == 1
        assert not (tmp_path / "services.json").exists()
