"""Spark Connect by address: with parameters, over TLS, with a token; and what an address must not hold."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from ipaddress import ip_address

import pytest
import stores
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lakebook import poll
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.lake.spark_connect import SparkConnect
from lakebook.stack import ports, services, spark_connect

TOKEN = "a-token-of-this-test"
ASK = "import sys; from lakebook.stack import spark_connect; print(spark_connect.engine_version(sys.argv[1]))"


@pytest.fixture(scope="module")
def sail():
    """The port of a Sail that knows no catalog."""
    port = ports.free()
    command = [sys.executable, "-m", "pysail", "spark", "server", "--ip", ports.LOOPBACK, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        poll.until(
            lambda: spark_connect.engine_version(f"sc://{ports.LOOPBACK}:{port}"),
            what="Sail to answer",
            deadline_seconds=60,
        )
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("behind", ["", "/", "/;user_id=me", "/;user_id=me;user_agent=lakebook"])
def test_an_address_may_have_parameters(sail, behind):
    address = f"sc://{ports.LOOPBACK}:{sail}{behind}"
    assert spark_connect.engine_version(address).split()
    engine = SparkConnect(spark_connect.address(address), "lake", "sail")
    try:
        assert engine.sql("SELECT 7 AS n").column("n").to_pylist() == [7]
    finally:
        engine.stop()


@pytest.mark.parametrize("address", ["sc://localhost:15002/;token=abc", "sc://localhost:15002/;use_ssl=true;token=abc"])
def test_an_address_that_holds_a_token_is_refused_and_the_token_not_shown(address):
    with pytest.raises(ConfigurationError, match=r"engine\.token") as refused:
        spark_connect.address(address)
    assert "abc" not in str(refused.value)


@pytest.mark.parametrize("address", ["sc://localhost:15002/;use_ssl", "sc://localhost:15002/path;user_id=me"])
def test_an_address_that_pyspark_does_not_take_is_wrong_usage(address):
    with pytest.raises(ConfigurationError, match="no address of a Spark Connect server"):
        spark_connect.engine_version(address)


@contextmanager
def tls_before(port, folder):
    """Lend the port of something that speaks TLS before another port, and the file of its certificate."""
    certificate = self_signed(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, folder / "key.pem")
    context.set_alpn_protocols(["h2"])
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def pass_on(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def met(reader, writer):
        there, back = await asyncio.open_connection(ports.LOOPBACK, port)
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer), return_exceptions=True)

    listening = asyncio.start_server(met, ports.LOOPBACK, 0, ssl=context)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(30)
    try:
        yield server.sockets[0].getsockname()[1], certificate
    finally:
        loop.call_soon_threadsafe(loop.stop)


def self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address(ports.LOOPBACK))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem"


def asked(address, certificate):
    """What a process that trusts a certificate hears from a server."""
    environment = {**os.environ, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(certificate)}
    command = [sys.executable, "-c", ASK, address]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120).stdout


def test_an_address_may_ask_for_tls(sail, tmp_path):
    with tls_before(sail, tmp_path) as (port, certificate):
        assert "None" not in asked(f"sc://localhost:{port}/;use_ssl=true", certificate)
        assert asked(f"sc://localhost:{port}", certificate).strip() == "None"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """The address of an Apache Spark that demands a token, which PySpark sends without TLS to localhost alone."""
    folder = tmp_path_factory.mktemp("spark")
    place = stores.site("spark", folder)
    launch = services.get("spark").launch(place)
    environment = {**os.environ, **launch.environment, "SPARK_CONNECT_AUTHENTICATE_TOKEN": TOKEN}
    with (folder / "spark.log").open("w") as log:
        process = subprocess.Popen(launch.command, env=environment, stdout=log, stderr=log, cwd=folder)
    address = f"sc://localhost:{place.port}"
    try:
        poll.until(lambda: spark_connect.engine_version(address, TOKEN), what="Spark to answer", deadline_seconds=180)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(600)
@stores.asked_for("spark")
def test_a_server_that_demands_a_token_is_asked_with_it(guarded):
    for wrong in ("", "another token"):
        with pytest.raises(ServiceError, match=r"UNAUTHENTICATED.*\n.*engine\.token"):
            spark_connect.engine_version(guarded, wrong)
    engine = SparkConnect(guarded, "lake", "spark", token=TOKEN)
    try:
        assert engine.sql("SELECT 7 AS n").column("n").to_pylist() == [7]
    finally:
        engine.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
@stores.asked_for("spark")
def test_the_token_is_a_secret_of_the_service_and_no_part_of_its_address(guarded, tmp_path):
    place = stores.site("spark_connect", tmp_path, address=guarded, catalog="lake", token=TOKEN)
    running = stores.start(place, tmp_path)
    assert running.version.startswith("4.")
    assert (running.endpoint.url, running.endpoint.secrets) == (guarded, {"token": TOKEN})
    with pytest.raises(ServiceError, match="refuses its client"):
        stores.start(stores.site("spark_connect", tmp_path, address=guarded, catalog="lake"), tmp_path)
