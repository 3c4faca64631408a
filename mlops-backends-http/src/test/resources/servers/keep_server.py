"""Starts MLflow's server in a folder, says its port once it is ready, does what it is told line by line (empty, kill,
start, pause, resume), and stops it when its own input ends or it is told to end."""

import base64
import glob
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

folder = sys.argv[1]
setup = sys.argv[2] if len(sys.argv) > 2 else "PLAIN"
database = os.path.join(folder, "mlflow.db")
artifacts = os.path.join(folder, "artifacts")
os.mkdir(artifacts)
prefix = "/ml/flow" if setup == "PREFIX" else ""
programs = []
folders = []


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def options():
    if setup == "FOLDER":
        return ["--no-serve-artifacts", "--default-artifact-root", artifacts]
    served = ["--artifacts-destination", artifacts]
    if setup == "PREFIX":
        return served + ["--static-prefix", prefix]
    if setup == "USERS":
        return served + ["--app-name", "basic-auth"]
    return served


def start(port, store):
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    # Nine processes of 230 MB that evaluate what we never ask for.
    environment = dict(os.environ, MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
    if setup == "USERS":
        environment["MLFLOW_AUTH_CONFIG_PATH"] = users_settings()
    with open(os.path.join(folder, "server.log"), "ab") as log:
        # A session of its own, so that its workers end with it.
        return subprocess.Popen(
            command + ["--backend-store-uri", store] + options(),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def users_settings():
    """What MLflow has by default, and passwords that are believed for a minute: each look costs a third of a second."""
    path = os.path.join(folder, "users.ini")
    with open(path, "w", encoding="utf-8") as settings:
        settings.write(
            "[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///basic_auth.db\nadmin_username = admin\n"
            "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
            "grant_default_workspace_access = false\nauth_cache_ttl_seconds = 60\n"
        )
    return path


def wait_until_ready(server, port):
    # The first question of each kind makes the tables, and experiment 0 in them.
    for path in ["health", "api/2.0/mlflow/experiments/get?experiment_id=0", "api/2.0/mlflow/registered-models/search"]:
        wait_until_answered(server, f"http://127.0.0.1:{port}{prefix}/{path}")


def wait_until_answered(server, question):
    request = urllib.request.Request(question)
    if setup == "USERS":
        who = "admin:" + os.environ["MLFLOW_AUTH_ADMIN_PASSWORD"]
        request.add_header("Authorization", "Basic " + base64.b64encode(who.encode()).decode())
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=60):
                return
        except urllib.error.HTTPError as refused:
            # A server that was emptied and started again has no experiment 0.
            if refused.code == 404 and "RESOURCE_DOES_NOT_EXIST" in refused.read().decode():
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("the server did not get ready")


def start_postgresql():
    """Starts a database in a folder of its user, since it does not run as root."""
    found = [shutil.which("initdb")] + sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    programs_folder = os.path.dirname(os.path.realpath(next(path for path in found if path)))
    data = tempfile.mkdtemp(prefix="mlflow-postgresql-", dir="/tmp")
    folders.append(data)
    user = {}
    if os.getuid() == 0:
        shutil.chown(data, "postgres", "postgres")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    port = free_port()

    def run(program, *arguments):
        command = [os.path.join(programs_folder, program), *arguments]
        return subprocess.Popen(command, cwd=data, stdout=log, stderr=log, start_new_session=True, **user)

    with open(os.path.join(folder, "postgresql.log"), "ab") as log:
        files = os.path.join(data, "files")
        if run("initdb", "-D", files, "-U", "mlflow", "--auth=trust", "-E", "UTF8", "--no-sync").wait() != 0:
            sys.exit("there is no database")
        here = ["-h", "127.0.0.1", "-p", str(port)]
        programs.append(run("postgres", "-D", files, *here, "-k", data, "-c", "fsync=off"))
        deadline = time.monotonic() + 60
        while run("createdb", *here, "-U", "mlflow", "mlflow").wait() != 0:
            if time.monotonic() > deadline:
                sys.exit("the database did not get ready")
            time.sleep(0.2)
    return f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/mlflow"


def empty():
    tables = sqlite3.connect(database, timeout=60)
    names = tables.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in names.fetchall():
        if name != "alembic_version":
            tables.execute(f'DELETE FROM "{name}"')
    tables.commit()
    tables.close()
    for name in os.listdir(artifacts):
        shutil.rmtree(os.path.join(artifacts, name), ignore_errors=True)


def kill():
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def end(*_):
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
server = None
ready = False
try:
    store = start_postgresql() if setup == "POSTGRESQL" else "sqlite:///" + database
    port = free_port()
    server = start(port, store)
    wait_until_ready(server, port)
    print(port, flush=True)
    ready = True
    for line in sys.stdin:
        what = line.strip()
        if what == "empty":
            empty()
        elif what == "kill":
            kill()
        elif what == "start":
            server = start(port, store)
            wait_until_ready(server, port)
        elif what in ("pause", "resume"):
            os.killpg(server.pid, signal.SIGSTOP if what == "pause" else signal.SIGCONT)
        else:
            sys.exit("what is " + what + "?")
        print(what, flush=True)
finally:
    if server and server.poll() is None:
        kill()
    for program in programs:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    # Who did not start has left the reason there.
    for each in [folder] * ready + folders:
        shutil.rmtree(each, ignore_errors=True)
