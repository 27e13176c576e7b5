"""Run as a script, by a Python that has JPype: serves the Iceberg project's REST fixture on loopback only.

The fixture's own main class listens on every interface, and has no setting for it. So its servlet is put into a Jetty
of this script's making, with all the rest as there: `RESTCatalogServer.start`, Iceberg 1.11. The catalog's properties
are JSON in the environment, for keys are among them.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

import jpype

PROPERTIES = "REST_FIXTURE_PROPERTIES"
_LOOPBACK = "127.0.0.1"


def main(jvm: str, class_path: str, port: str, *options: str) -> None:
    """Start the JVM in this process and serve on a port until it is ended."""
    jpype.startJVM(jvm, *options, classpath=class_path.split(os.pathsep))
    address = jpype.JClass("java.net.InetSocketAddress")(_LOOPBACK, int(port))
    server = jpype.JClass("org.eclipse.jetty.server.Server")(address)
    server.setHandler(_handler(_servlet(json.loads(os.environ[PROPERTIES]))))
    server.start()
    threading.Event().wait()  # in Python: a call into Java would come back when the JVM ends, and crash at times


def _servlet(given: dict[str, str]) -> Any:
    """Return the fixture's servlet on its adapter, which is not public: it is made by reflection."""
    properties = jpype.java.util.HashMap(given)
    configuration = jpype.JClass("org.apache.hadoop.conf.Configuration")()
    catalog = jpype.JClass("org.apache.iceberg.CatalogUtil").buildIcebergCatalog("rest", properties, configuration)
    context = _made("org.apache.iceberg.rest.RESTCatalogServer$CatalogContext", catalog, properties)
    adapter = _made("org.apache.iceberg.rest.RESTServerCatalogAdapter", context)
    return _made("org.apache.iceberg.rest.RESTCatalogServlet", adapter)


def _made(name: str, *arguments: Any) -> Any:
    loader = jpype.JClass("java.lang.ClassLoader").getSystemClassLoader()
    (constructor,) = jpype.java.lang.Class.forName(name, True, loader).getDeclaredConstructors()
    constructor.setAccessible(True)
    return constructor.newInstance(*arguments)


def _handler(servlet: Any) -> Any:
    servlets = "org.eclipse.jetty.ee10.servlet"
    handler = jpype.JClass(f"{servlets}.ServletContextHandler")(0)  # no sessions
    handler.addServlet(jpype.JClass(f"{servlets}.ServletHolder")(servlet), "/*")
    compression = jpype.JClass("org.eclipse.jetty.compression.server.CompressionHandler")()
    compression.putCompression(jpype.JClass("org.eclipse.jetty.compression.gzip.GzipCompression")())
    handler.insertHandler(compression)
    return handler


if __name__ == "__main__":
    main(*sys.argv[1:])
