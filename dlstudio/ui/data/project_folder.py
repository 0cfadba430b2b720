"""A folder for the project, where a job needs one."""

from __future__ import annotations

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.shell.folder_names import projects_folder
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.studio import Studio
from dlstudio.workers.project_files import free_folder


def ensure_folder(studio: Studio, projects: ProjectController | None) -> bool:
    """Whether the project has a folder; saves the project if it has none.

    Args:
        studio: The window's services.
        projects: Asks where to save it; None to choose a folder.
    """
    session = studio.session
    try:
        session.check_folder()
        if session.folder is not None:
            return True
        if projects is not None:
            return projects.save()
        name = session.project.name or _("Untitled")
        session.save(free_folder(projects_folder(), name))
    except UserError as error:
        studio.notices.error(error)
        return False
    return True
