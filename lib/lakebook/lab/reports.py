"""A server extension of JupyterLab: the reports of runs, as pages whose links to each other work.

JupyterLab's own `/files/` refuses them: it shows a page apart from everything (as this does), and a link on such a page
comes without a referrer, by which it knows its own.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import AuthenticatedFileHandler
from jupyter_server.utils import url_path_join

from lakebook import project
from lakebook.lab.server import REPORTS


class Report(AuthenticatedFileHandler):  # type: ignore[misc]  # JupyterLab is an extra
    """Serves a file of a run to whoever may use this JupyterLab; what it has of scripts reaches nothing else."""

    def check_xsrf_cookie(self) -> None:
        """Allow any link to lead here: a report is read, and nothing is done by reading it."""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    place = url_path_join(server.base_url, REPORTS, "(.*)")
    server.web_app.add_handlers(".*$", [(place, Report, {"path": str(project.state() / "runs")})])
