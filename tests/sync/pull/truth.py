"""What the table must equal: a project by Label Studio's own full export."""

import httpx

from sync.store.rows import TaskRow, from_label_studio


def exported(http: httpx.Client, project_id: int) -> list[TaskRow]:
    """Every task, by id, from the full JSON export.

    It holds predictions by id only; what is in them comes from a plain listing.
    """
    path = f"/api/projects/{project_id}/export"
    options = {"exportType": "JSON", "download_all_tasks": "true"}
    tasks = {task["id"]: task for task in http.get(path, params=options).json()}
    listing: dict[str, str | int] = {"project": project_id, "fields": "all", "page_size": 100_000}
    listed = http.get("/api/tasks/", params=listing).json()["tasks"] if tasks else []
    drafts = {draft["id"]: draft for task in listed for draft in task["predictions"]}
    return [
        from_label_studio(
            project_id, task | {"predictions": [drafts[i] for i in task["predictions"]]}
        )
        for _, task in sorted(tasks.items())
    ]
