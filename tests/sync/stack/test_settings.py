from pathlib import Path

import pytest

from sync.common.errors import ConfigError, StackError
from sync.stack.models import DEFAULT, MODELS, TunedModel
from sync.stack.project_file import SAMPLE_TITLE
from sync.stack.settings import Settings, UpOptions, read_project_file, resolve


def settled(folder: Path, toml: str | None = None, env: str = "", **options: object) -> Settings:
    path = folder / "labeltune.toml"
    if toml is not None:
        path.write_text(toml)
    environ = {"LABELTUNE_LOCAL_MODEL": env}
    return resolve(UpOptions(path, **options), read_project_file(path), environ)  # type: ignore[arg-type]


def test_defaults(tmp_path: Path) -> None:
    found = settled(tmp_path)
    assert (found.port, found.backend_port, found.llm_port) == (8080, 9090, 9091)
    assert found.local_model is not None
    assert (found.llm_model, found.llm_url) == (DEFAULT, "http://127.0.0.1:9091/v1")


def test_options_before_file_before_defaults(tmp_path: Path) -> None:
    toml = (
        '[label_studio]\nurl = "http://127.0.0.1:8181"\n'
        '[backend]\nurl = "http://localhost:9191"\n[llm]\nbase_url = "http://127.0.0.1:9192/v1"'
    )
    found = settled(tmp_path, toml, port=8282)
    assert (found.port, found.backend_port, found.llm_port) == (8282, 9191, 9192)


def test_urls_of_the_environment_do_not_move_ports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "https://elsewhere.example")
    assert settled(tmp_path, "").port == 8080


def test_small_model_by_environment(tmp_path: Path) -> None:
    found = settled(tmp_path, env="smollm2-135m")
    assert found.local_model is not None
    assert found.local_model.name == found.llm_model == "smollm2-135m"


def test_a_tuned_model_is_served_as_its_base_with_an_adapter(tmp_path: Path) -> None:
    tuned = TunedModel("tuned:bank", MODELS["smollm2-135m"], tmp_path / "adapter.gguf")
    toml = '[llm]\nbase_url = "http://127.0.0.1:9192/v1"\nmodel = "tuned:bank"\n'
    found = settled(tmp_path, toml, tuned=tuned)
    assert found.local_model == MODELS["smollm2-135m"]
    assert (found.llm_model, found.llm_port) == ("tuned:bank", 9192)
    assert found.adapter == tmp_path / "adapter.gguf"


def test_unknown_local_model_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"'gpt-9' \(known: qwen.*smollm2-135m\)"):
        settled(tmp_path, env="gpt-9")


def test_llm_url_means_no_local_model(tmp_path: Path) -> None:
    found = settled(tmp_path, llm_url="https://llm.example/v1/", llm_model="big")
    assert found.local_model is None
    assert (found.llm_url, found.llm_model) == ("https://llm.example/v1", "big")


@pytest.mark.parametrize(
    ("base_url", "model"),
    [("https://llm.example/v1", DEFAULT), ("http://127.0.0.1:11434/v1", "llama3")],
)
def test_endpoint_of_the_file_is_followed(tmp_path: Path, base_url: str, model: str) -> None:
    toml = f'[llm]\nbase_url = "{base_url}"\nmodel = "{model}"\n'
    found = settled(tmp_path, toml)
    assert found.local_model is None
    assert (found.llm_url, found.llm_model) == (base_url, model)
    local = settled(tmp_path, toml, env="smollm2-135m")
    assert local.local_model is not None
    assert local.llm_port == 9091


def test_label_studio_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"label_studio\.url is https://labels\.example"):
        settled(tmp_path, '[label_studio]\nurl = "https://labels.example"\n')


def test_faulty_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'url'"):
        settled(tmp_path, '[backend]\nurk = "x"\n')


@pytest.mark.parametrize(("title", "ours"), [(SAMPLE_TITLE, True), ("Mine", False)])
def test_sample_is_known_by_its_title(tmp_path: Path, title: str, ours: bool) -> None:
    path = tmp_path / "labeltune.toml"
    path.write_text(f'[label_studio]\nproject = "{title}"\n')
    found = read_project_file(path)
    assert found is not None
    assert found.is_sample is ours
