"""Starts MLflow's server in a folder, says its port once it is ready, empties it on request, and stops it when its
own input ends or it is told to end."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

folder = sys.argv[1]
database = os.path.join(folder, "mlflow.db")
artifacts = os.path.join(folder, "artifacts")
os.mkdir(artifacts)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(port):
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    # Nine processes of 230 MB that evaluate what we never ask for.
    environment = dict(os.environ, MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
    places = ["--backend-store-uri", "sqlite:///" + database, "--artifacts-destination", artifacts]
    with open(os.path.join(folder, "server.log"), "wb") as log:
        # A session of its own, so that its workers end with it.
        return subprocess.Popen(
            command + places,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(server, port):
    # The first question of each kind makes the tables, and experiment 0 in them.
    for path in ["health", "api/2.0/mlflow/experiments/get?experiment_id=0", "api/2.0/mlflow/registered-models/search"]:
        wait_until_answered(server, f"http://127.0.0.1:{port}/{path}")


def wait_until_answered(server, question):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(question, timeout=60):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not get ready")


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


def end(*_):
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
port = free_port()
server = start(port)
try:
    wait_until_ready(server, port)
    print(port, flush=True)
    for line in sys.stdin:
        empty()
        print("empty", flush=True)
finally:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)
